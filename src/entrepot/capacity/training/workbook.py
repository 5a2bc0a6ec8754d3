"""The nomination workbook: handed out with lists and checks inside, read back strictly.

The file says which invitation it belongs to, so that one for another activity is refused before a row is looked at. Columns are found by
their titles, in any order. Nothing is written here: rows go to `actions.nominate_rows`, all or none.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from typing import Any, BinaryIO
from uuid import UUID

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation

from entrepot.kernel.errors import DomainError, Invalid
from entrepot.kernel.sheets import LARGEST, inert, require_sane
from entrepot.kernel.texts import Text, gettext_noop

from .core import COLUMNS, RowFault, read_rows
from .models import Invitation

SHEET, ABOUT, HEAD = "Nominations", "About", 4
ROWS = 10_000


class WrongFile(Invalid):
    """The file is not a nomination workbook for this invitation."""

    message = gettext_noop("This file cannot be taken. Nothing was changed.")


def write(invitation: Invitation, *, rows: int = 200) -> bytes:
    """The workbook for an invitation, with the nominations that are there already."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    activity = invitation.activity
    sheet["A1"] = f"{activity.title} · {invitation.place.name}"
    sheet["A1"].font = Font(bold=True, size=14)
    limit = activity.asks.max_nominees or "–"
    until = invitation.deadline.until if invitation.deadline else ""
    sheet["A2"] = (
        f"One row for each officer, ranked from 1 (at most {limit}). Please answer {until}: save the file and send it back on the page."
    )
    for number, column in enumerate(COLUMNS, 1):
        cell = sheet.cell(HEAD, number, column.title + (" *" if column.needed else ""))
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0A6A72")
        letter = cell.column_letter
        sheet.column_dimensions[letter].width = column.width
        span = f"{letter}{HEAD + 1}:{letter}{HEAD + rows}"
        check = _check(column.name, column.choices)
        if check:
            sheet.add_data_validation(check)
            check.add(span)
        for row in range(HEAD + 1, HEAD + 1 + rows):
            sheet.cell(row, number).protection = Protection(locked=False)
    sheet.freeze_panes = sheet.cell(HEAD + 1, 3)
    for offset, nomination in enumerate(
        invitation.nominations.filter(withdrawn_at__isnull=True).select_related("person", "supervisor").order_by("rank"), 1
    ):
        for number, value in enumerate(_cells(nomination), 1):
            sheet.cell(HEAD + offset, number, value)
    about = book.create_sheet(ABOUT)
    for row, (name, value) in enumerate({"invitation": str(invitation.uuid), "activity": activity.code, "form": "1"}.items(), 1):
        about.cell(row, 1, name)
        about.cell(row, 2, value)
    about.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _check(name: str, choices: tuple[str, ...]) -> DataValidation | None:
    if choices:
        check = DataValidation(type="list", formula1='"' + ",".join(choices) + '"', allow_blank=True)
        check.error = "Choose one of the answers in the list."
    elif name in ("rank", "years"):
        check = DataValidation(type="whole", operator="between", formula1="1" if name == "rank" else "0", formula2="999", allow_blank=True)
        check.error = "A whole number."
    else:
        return None
    check.showErrorMessage = True
    return check


def _cells(nomination: Any) -> tuple[Any, ...]:
    person, supervisor = nomination.person, nomination.supervisor
    values = {
        **{name: getattr(person, name) for name in ("full_name", "family_name", "latin_name", "email", "gender")},
        **{name: getattr(nomination, name) for name in ("rank", "post", "unit", "duties", "years", "language_level", "special_needs")},
        "supervisor_email": supervisor.email if supervisor else "",
        "consent": "yes" if nomination.consent else "no",
    }
    return tuple(inert(values[column.name]) for column in COLUMNS)


def read(file: BinaryIO, invitation: UUID) -> tuple[list[tuple[int, dict[str, Any]]], list[RowFault]]:
    """The rows of a returned workbook, and each cell's fault. Raises `WrongFile` for what is no such workbook, or another invitation's."""
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise WrongFile({"file": Text(gettext_noop("The file is larger than %(limit)s MB."), {"limit": LARGEST // 1_000_000})})
    require_sane(content)
    try:
        return read_rows(list(_read(content, invitation)))
    except DomainError:
        raise
    except Exception as error:
        raise WrongFile({"file": gettext_noop("This is not an Excel workbook (.xlsx).")}) from error


def _read(content: bytes, invitation: UUID) -> Iterator[tuple[int, dict[str, Any]]]:
    with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)) as book:
        if SHEET not in book.sheetnames or ABOUT not in book.sheetnames:
            raise WrongFile({"file": gettext_noop("This is not the nomination workbook. Download it from this page and fill that in.")})
        about = {str(row[0]): str(row[1]) for row in book[ABOUT].iter_rows(max_row=9, max_col=2, values_only=True) if row and row[0]}
        if about.get("invitation") != str(invitation):
            said = Text(gettext_noop("This workbook belongs to another invitation (%(code)s)."), {"code": about.get("activity", "?")[:40]})
            raise WrongFile({"file": said})
        yield from _rows(book[SHEET])


def _rows(sheet: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    known = {column.title.casefold(): column.title for column in COLUMNS}
    titles: dict[int, str] | None = None
    seen = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if titles is None:
            found = {
                index: known[text]
                for index, value in enumerate(row)
                if value is not None and (text := str(value).strip().removesuffix("*").strip().casefold()) in known
            }
            if len(found) >= 3:
                lost = [column.title for column in COLUMNS if column.needed and column.title not in found.values()]
                if lost:
                    raise WrongFile({"file": Text(gettext_noop("A column is missing: %(title)s."), {"title": lost[0]})})
                titles = found
            elif number > 50:
                break
            continue
        cells = {title: row[index] if index < len(row) else None for index, title in titles.items()}
        if any(value not in (None, "") for value in cells.values()):
            seen += 1
            if seen > ROWS:
                raise WrongFile({"file": Text(gettext_noop("More than %(n)s rows. Send fewer at a time."), {"n": ROWS})})
            yield number, cells
    if titles is None:
        raise WrongFile({"file": gettext_noop("The row with the titles of the columns is missing.")})
