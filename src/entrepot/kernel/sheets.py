"""Rows of a file made in a spreadsheet program: CSV in its usual dialects, or an Excel workbook. No Django, nothing executed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook

from .texts import Text, gettext_noop
from .workbooks import LARGEST, MOST_LINES, MOST_ROWS, WIDEST, ErrorValue, Formula, Merged, UnreadableTable, open_book

__all__ = ["LARGEST", "MOST_ROWS", "UnreadCell", "UnreadableTable", "bare", "cell_text", "inert", "inert_csv", "put", "read_table", "saved"]

_RUN = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")  # an office with wide letters writes a formula so
_RUN_LATER = re.compile('([;\t\r\n]"*)(?=[=+@＝＋－＠-])')
_A_NUMBER = re.compile(r"-\d+(\.\d+)?")
_MOST_NAMED = 20


class UnreadCell(ValueError):
    """A cell holds what cannot be read as an answer; `text` says why and what to write."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(str(text))


def cell_text(raw: Any) -> str:
    """A cell of `read_table` or of a workbook as the text that its writer sees.

    Raises `UnreadCell` for a formula, an error value, a date, and a cell that is merged with others.

    >>> cell_text(3.0), cell_text("'-1 to 5"), cell_text(True), cell_text(None)
    ('3', '-1 to 5', 'yes', '')
    """
    match raw:
        case None:
            return ""
        case Formula():
            raise UnreadCell(Text(gettext_noop("This is a formula. Write the value itself.")))
        case ErrorValue(text):
            raise UnreadCell(Text(gettext_noop("This cell shows an error (%(text)s). Write the answer itself."), {"text": text}))
        case Merged(name):
            said = gettext_noop("The cells %(cells)s are merged. Unmerge them and give each row a value of its own.")
            raise UnreadCell(Text(said, {"cells": name}))
        case datetime() | date():
            raise UnreadCell(Text(gettext_noop("This cell holds a date. Write the answer as text.")))
        case bool():
            return "yes" if raw else "no"
        case float() if raw.is_integer():
            return str(int(raw))
        case _:
            return bare(str(raw).strip())


def read_table(content: bytes, *, largest: int = LARGEST, most_rows: int = MOST_ROWS) -> Iterator[tuple[int, list[Any]]]:
    """(number of the row as the program shows it, its cells) of the first sheet, empty rows left out. Raises `UnreadableTable`.

    Cells of CSV are texts; those of Excel are what `workbooks.Sheet` says. No row is lost: a file in which rows swallow others (a
    quotation mark that is not closed, another number of cells than titles) is refused with the rows named.

    >>> list(read_table("a;b\\n1,5;2\\n".encode("utf-8-sig")))
    [(1, ['a', 'b']), (2, ['1,5', '2'])]
    """
    if len(content) > largest:
        raise UnreadableTable({"file": Text(gettext_noop("The file is larger than %(limit)s MB."), {"limit": largest // 1_000_000})})
    is_book = content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0"
    seen = 0
    for number, cells in _excel(content, largest, most_rows) if is_book else _csv(content):
        if any(cell not in (None, "") for cell in cells):
            seen += 1
            if seen > most_rows:
                raise UnreadableTable({"file": Text(gettext_noop("More than %(n)s rows. Send fewer at a time."), {"n": most_rows})})
            yield number, [bare(cell) if isinstance(cell, str) else cell for cell in cells]


def _excel(content: bytes, largest: int, most_rows: int) -> Iterator[tuple[int, list[Any]]]:
    with open_book(content, largest=largest, most_rows=most_rows) as book:
        sheet = book.sheet(next((name for name in book.names if book.shown(name)), book.names[0]))
    for line in sheet.lines:
        width = min(max(line.cells) + 1, WIDEST)
        merged = {at: found for at in range(width) if line is not sheet.lines[0] and (found := sheet.merged_at(line.number, at))}
        yield line.number, [merged.get(at, line.cells.get(at)) for at in range(width)]


def _csv(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    text = _decoded(content)
    if text.count("\n") + text.count("\r") > 2 * MOST_LINES:
        said = gettext_noop("The file has more than %(n)s rows, empty ones with them. Copy what is filled into a new file.")
        raise UnreadableTable({"file": Text(said, {"n": MOST_LINES})})
    named = re.match(r"sep=(.)\r?\n", text)
    if named:
        text = text[named.end() :]
    head = re.split("[\r\n]", text, maxsplit=1)[0]
    # The separator is the one that the titles are parted by most.
    delimiter = named[1] if named else max(";\t,", key=head.count)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 2 if named else 1):
            rows.append((number, cells))
    except csv.Error as error:
        raise UnreadableTable({"file": _open_quote(rows)}) from error
    _require_whole(rows, delimiter)
    for number, cells in rows:
        yield number, [Formula(cell.strip()) if cell.strip().startswith("=") else cell.strip() for cell in cells]


def _open_quote(rows: Sequence[tuple[int, list[str]]]) -> Text:
    said = gettext_noop("This CSV file is broken after row %(row)s: a quotation mark is not closed or stands inside a cell.")
    return Text(said, {"row": rows[-1][0] if rows else 0})


def _require_whole(rows: Sequence[tuple[int, list[str]]], delimiter: str) -> None:
    """Refuse a table in which a row does not have a cell for each title, or a cell holds what looks like whole rows."""
    width = next((n for _, cells in rows if (n := len(_trimmed(cells)))), 0)
    faults: dict[str, Text | str] = {}
    for number, cells in rows:
        if not _trimmed(cells):
            continue
        if not width <= len(cells) or len(_trimmed(cells)) > width:
            said = gettext_noop("Row %(row)s has %(n)s cells, the titles have %(width)s. Put what holds a separator into quotation marks.")
            faults[f"row {number}"] = Text(said, {"row": number, "n": len(cells), "width": width})
        elif width > 1 and any("\n" in cell and cell.count(delimiter) >= width - 1 for cell in cells):
            said = gettext_noop("Row %(row)s: a cell holds whole rows. A quotation mark before or in this row is too much or missing.")
            faults[f"row {number}"] = Text(said, {"row": number})
    if faults:
        named = dict(list(faults.items())[:_MOST_NAMED])
        if len(faults) > _MOST_NAMED:
            named["more"] = Text(gettext_noop("%(n)s more rows are like this."), {"n": len(faults) - _MOST_NAMED})
        raise UnreadableTable(named)


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    last = max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return cells[:last]


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding, said = "utf-16", gettext_noop("The letters of this file cannot be read. Save it as CSV UTF-8.")
    elif b"\x00" in content:
        raise UnreadableTable({"file": gettext_noop("This is neither an Excel workbook (.xlsx) nor a CSV file.")})
    else:
        encoding = "utf-8-sig"
        said = gettext_noop(
            "The letters of this file are not in UTF-8: accents and other scripts could be read wrongly. Choose Save as, take CSV UTF-8 "
            "(or Excel Workbook) from the list and send that."
        )
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableTable({"file": said}) from error


def inert(value: Any) -> Any:
    """A cell for a file that a spreadsheet program will open: a text that it would run is handed out as text. `bare` takes it back.

    >>> inert("=1+1"), inert("-"), inert(-3), inert("-3.5"), inert("'-")
    ("'=1+1", "'-", -3, '-3.5', "''-")
    """
    return "'" + value if isinstance(value, str) and _runs(value) else value


def inert_csv(value: Any) -> Any:
    """A cell of a CSV file. Where lists are parted by `;` an office parts it there too, whatever we quoted: a blank goes between.

    >>> inert_csv("=1+1"), inert_csv('tea;"=1+1"'), inert_csv("a; b"), inert_csv(-3)
    ("'=1+1", 'tea;" =1+1"', 'a; b', -3)
    """
    return _RUN_LATER.sub(r"\1 ", inert(value)) if isinstance(value, str) else value


def saved(book: Workbook) -> bytes:
    """A workbook of ours as a file. We write no formulas, so what looks like one is what somebody typed, and goes out as text."""
    for sheet in book.worksheets:
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f":
                    cell.value = inert(cell.value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bare(text: str) -> str:
    """The text that `inert` made this of; a text that it would have left alone stays.

    >>> bare("'=1+1"), bare("''-"), bare("'tis"), bare("'-3.5")
    ('=1+1', "'-", "'tis", "'-3.5")
    """
    return text[1:] if text[:1] == "'" and inert(text[1:]) == text else text


def _runs(text: str) -> bool:
    # With apostrophes before it too, so that no two texts are handed out alike.
    return text.lstrip("'")[:1] in _RUN and not _A_NUMBER.fullmatch(text)


def put(cell: Any, value: Any) -> Any:
    """Write into a cell of openpyxl what `cell_text` reads back: a text stays one, whatever it begins with or looks like."""
    if isinstance(value, str):
        cell.value = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", _UNFIT.sub("", inert(value)))
        cell.data_type = "s"
    else:
        cell.value = value
    return cell


_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What a workbook cannot hold."""
