"""One table as a file to work on: CSV or an Excel workbook, with nothing in it that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from entrepot.kernel.sheets import inert, inert_csv, saved

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Cell = str | int | float | Decimal | None | Any


def to_csv(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """As CSV in UTF-8, with the mark by which Excel knows that it is."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([inert_csv(title) for title in titles])
    for row in rows:
        writer.writerow([value.isoformat() if isinstance(value, datetime) else inert_csv(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def to_workbook(name: str, titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """As a workbook of one sheet: titles stay in sight, every column can be filtered and is as wide as what it holds."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "".join(c for c in name if c not in r"[]:*?/\'")[:31] or "Table"
    sheet.append([inert(title) for title in titles])
    widths = [len(title) for title in titles]
    for row in rows:
        # Excel knows no zones: moments are told in UTC, and the title says so.
        cells = [value.replace(tzinfo=None) if isinstance(value, datetime) else inert(value) for value in row]
        sheet.append(cells)
        widths = [max(width, len(str(cell))) if cell is not None else width for width, cell in zip(widths, cells, strict=True)]
    for number, width in enumerate(widths, 1):
        head = sheet.cell(1, number)
        head.font, head.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="0A6A72")
        sheet.column_dimensions[get_column_letter(number)].width = min(60, width + 2)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    return saved(book)


def as_table(kind: str, name: str, titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """The table as a download; `kind` is `csv` or `xlsx`."""
    content = to_csv(titles, rows) if kind == "csv" else to_workbook(name, titles, rows)
    return HttpResponse(content, content_type=KINDS[kind], headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'})
