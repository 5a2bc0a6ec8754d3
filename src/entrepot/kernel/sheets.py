"""Rows of a file made in a spreadsheet program: CSV in its usual dialects, or an Excel workbook. No Django, nothing executed."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from openpyxl import load_workbook

from .errors import Invalid
from .texts import Text, gettext_noop

LARGEST = 5_000_000
"""Bytes of a file; unpacked it may be thirty times that."""
MOST_ROWS = 20_000
_RUN = ("=", "+", "-", "@", "\t", "\r")
_A_NUMBER = re.compile(r"-\d+(\.\d+)?")


class UnreadableTable(Invalid):
    """The file is no table that can be read."""

    message = gettext_noop("This file cannot be taken. Nothing was changed.")


def require_sane(content: bytes) -> None:
    """Refuse a workbook that unpacks to far more than it is, and merged cells, which the reader cannot see. Raises `UnreadableTable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > 30 * LARGEST:
                raise UnreadableTable({"file": gettext_noop("The file unpacks to far more than such a workbook holds.")})
            for part in packed.namelist():
                if part.startswith("xl/worksheets/sheet1") and b"<mergeCell " in packed.read(part):
                    raise UnreadableTable({"file": gettext_noop("Some cells are merged. Unmerge them: one row is one record.")})
    except zipfile.BadZipFile as error:
        raise UnreadableTable({"file": gettext_noop("This is not an Excel workbook (.xlsx).")}) from error


def read_table(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    """(number of the row as the program shows it, its cells) of the first sheet, empty rows left out. Raises `UnreadableTable`.

    Cells of CSV are texts; those of Excel have their types, a formula stays its text (`=A1+1`), so that the caller can refuse it.

    >>> list(read_table("a;b\\n1,5;2\\n".encode("utf-8-sig")))
    [(1, ['a', 'b']), (2, ['1,5', '2'])]
    """
    if len(content) > LARGEST:
        raise UnreadableTable({"file": Text(gettext_noop("The file is larger than %(limit)s MB."), {"limit": LARGEST // 1_000_000})})
    rows = _excel(content) if content[:2] == b"PK" else _csv(content)
    seen = 0
    for number, cells in rows:
        if any(cell not in (None, "") for cell in cells):
            seen += 1
            if seen > MOST_ROWS:
                raise UnreadableTable({"file": Text(gettext_noop("More than %(n)s rows. Send fewer at a time."), {"n": MOST_ROWS})})
            yield number, cells


def _csv(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    if b"\x00" in content and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableTable({"file": gettext_noop("This is neither an Excel workbook (.xlsx) nor a CSV file.")})
    text = _decoded(content)
    head = text.split("\n", 1)[0]
    # The separator is the one that the titles are parted by most.
    delimiter = max(";\t,", key=head.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            yield number, [bare(cell.strip()) for cell in cells]
    except csv.Error as error:
        raise UnreadableTable(
            {"file": gettext_noop("This CSV file is broken: a quotation mark is not closed, or a cell is too long.")}
        ) from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableTable({"file": gettext_noop("The letters of this file cannot be read. Save it as CSV UTF-8.")})


def _excel(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    require_sane(content)
    try:
        with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)) as book:
            for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
                yield number, [bare(cell.strip()) if isinstance(cell, str) else cell for cell in row]
    except Invalid:
        raise
    except Exception as error:
        raise UnreadableTable({"file": gettext_noop("This is not an Excel workbook (.xlsx).")}) from error


def inert(value: Any) -> Any:
    """A cell for a file that a spreadsheet program will open: a text that it would run is handed out as text. `bare` takes it back.

    >>> inert("=1+1"), inert("-"), inert(-3), inert("-3.5"), inert("'-")
    ("'=1+1", "'-", -3, '-3.5', "''-")
    """
    return "'" + value if isinstance(value, str) and _runs(value) else value


def bare(text: str) -> str:
    """The text that `inert` made this of; a text that it would have left alone stays.

    >>> bare("'=1+1"), bare("''-"), bare("'tis"), bare("'-3.5")
    ('=1+1', "'-", "'tis", "'-3.5")
    """
    return text[1:] if text[:1] == "'" and inert(text[1:]) == text else text


def _runs(text: str) -> bool:
    # With apostrophes before it too, so that no two texts are handed out alike.
    return text.lstrip("'")[:1] in _RUN and not _A_NUMBER.fullmatch(text)
