"""Excel workbooks as they are: every row that the file holds, whatever it says of its own extent. Nothing is executed.

openpyxl understands the parts (styles, numbers, dates of both calendars); its reader for large files is not used, because it goes by the
extent that a sheet claims, and so loses rows in silence, fills gaps row by row, and does not say what is hidden, merged or an error.

A small file can ask for much work: a text that a million cells name, a sheet that a thousand names lead to, a formula told anew for each
cell. So each text is read once, each part once, no formula at all, and of everything there is a most for the whole book.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader, _find_workbook_part
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import CELL_TAG, FORMULA_TAG, INLINE_STRING, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from .archives import BROKEN, opened, part, swells, unpacked
from .errors import DomainError, Invalid
from .numbers import number_text
from .texts import Text, gettext_noop

LARGEST = 5_000_000
"""Bytes of a file; unpacked its sheets may be six times that."""
LARGEST_PART = 4_000_000
"""Bytes of the texts, of the styles and so on, unpacked: each costs more to read than a sheet's rows."""
MOST_LINES = 200_000
"""Rows that a sheet may have, empty ones with them."""
MOST_CELLS = 500_000
MOST_ELEMENTS = 3_000_000
MOST_LETTERS = 30_000_000
"""Of all cells that are read, a text counted in each that names it."""
MOST_SHEETS = 100
MOST_MERGED = 100
WIDEST = 200
"""Columns of a table; what stands beyond belongs to none."""
MOST_ROWS = 20_000
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ESCAPED = re.compile(r"_x(005F_(?=x[0-9A-Fa-f]{4}_)|000[9AD]_)", re.IGNORECASE)
"""How a workbook writes line ends, and texts that look as if they held one."""
_MERGED_TAG, _TEXT_TAG, _WORDS_TAG, _RUN_TAG = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("mergeCell", "si", "t", "r"))
_TICKED = {"=TRUE()": True, "=FALSE()": False, "=TRUE": True, "=FALSE": False}
"""How LibreOffice saves a tick box of another program."""


class UnreadableTable(Invalid):
    """The file is no table that can be read."""

    message = gettext_noop("This file cannot be taken. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is computed from others."""

    text: str


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A cell whose value could not be computed: `#N/A`, `#REF!`."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row that holds something: its number as the program shows it, its cells by column from 0."""

    number: int
    cells: Mapping[int, Any]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells shown as one, of which only the first has a value. Columns from 0."""

    name: str
    columns: range
    rows: range


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one sheet holds. Cells are texts, numbers, moments, yes or no, `Formula` or `ErrorValue`; a percentage is a text, as shown."""

    name: str
    lines: list[Line]
    merged: Mapping[int, Sequence[Merged]] = field(default_factory=dict)
    """By column."""

    def merged_at(self, row: int, column: int) -> Merged | None:
        """The merged cells that a cell belongs to."""
        return next((found for found in self.merged.get(column, ()) if row in found.rows), None)


class Book:
    """An open workbook."""

    def __init__(self, book: Any, most_rows: int) -> None:
        self._book, self._most, self._room = book, most_rows, _Room()

    @property
    def names(self) -> list[str]:
        """Its sheets, those of charts left out."""
        return [sheet.title for sheet in self._book.worksheets]

    def shown(self, name: str) -> bool:
        """Whether a reader sees the sheet."""
        return bool(self._book[name].sheet_state == "visible")

    def sheet(self, name: str) -> Sheet:
        """What a sheet holds. Raises `UnreadableTable` where that is more rows than are taken."""
        with self._book[name]._get_source() as source:
            parser = _Parser(source, self._book, self._room)
            lines: list[Line] = []
            for number, cells in parser.parse():
                found = {cell["column"] - 1: value for cell in cells if (value := parser.value(cell)) not in (None, "")}
                if found:
                    lines.append(Line(number, found, parser.is_hidden(number)))
                if len(lines) > self._most:
                    raise UnreadableTable({"file": Text(gettext_noop("More than %(n)s rows. Send fewer at a time."), {"n": self._most})})
        return Sheet(name, lines, parser.merged_by_column())


@dataclass(slots=True)
class _Room:
    """What may still be read of a book."""

    lines: int = MOST_LINES
    cells: int = MOST_CELLS
    elements: int = MOST_ELEMENTS
    letters: int = MOST_LETTERS

    def require(self) -> None:
        """Refuse what is more than that. Raises `UnreadableTable`."""
        if self.lines < 0:
            said = gettext_noop("The sheet has more than %(n)s rows, empty ones with them. Copy what is filled into a new sheet.")
            raise UnreadableTable({"file": Text(said, {"n": MOST_LINES})})
        if min(self.cells, self.elements, self.letters) < 0:
            raise UnreadableTable({"file": _SWELLS})


class _Sheet(ReadOnlyWorksheet):  # type: ignore[misc]
    """openpyxl's, that does not look for the extent which a sheet claims."""

    def _get_size(self) -> None:
        pass


class _Reader(ExcelReader):  # type: ignore[misc]
    """openpyxl's, for texts, styles and sheets alone."""

    def read(self) -> None:
        """Read the book, but for what stands in its sheets."""
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self.read_worksheets()

    def read_strings(self) -> None:
        """Each text once, as its writer sees it; whichever cells name it."""
        found = self.package.find(SHARED_STRINGS)
        if found is None:
            return
        with self.archive.open(self._small(found.PartName[1:])) as source:
            for _, element in iterparse(source):
                if element.tag == _TEXT_TAG:
                    self.shared_strings.append(_words(element))
                    element.clear()

    def read_workbook(self) -> None:
        """The names of its sheets."""
        self._small(_find_workbook_part(self.package).PartName[1:])
        super().read_workbook()

    def _small(self, name: str) -> str:
        # Kept among the sheets it would go by their bound.
        if _is_sheet(name):
            raise UnreadableTable({"file": _SWELLS})
        return name

    def read_worksheets(self) -> None:
        """Each sheet under its first name; nothing that a sheet refers to."""
        known: set[str] = set()
        for sheet, to in self.parser.find_sheets():
            if to.target not in self.valid_files or "chartsheet" in to.Type:
                continue
            if to.target in known or len(known) == MOST_SHEETS:
                raise UnreadableTable({"file": _SWELLS})
            known.add(to.target)
            shown = _Sheet(self.wb, sheet.name, to.target, self.shared_strings)
            shown.sheet_state = sheet.state
            self.wb._sheets.append(shown)


def _words(element: Element) -> str:
    """A text of plain words and of those that are set in some way; how it is to be pronounced is left out."""
    runs = (words for run in element.findall(_RUN_TAG) for words in run.findall(_WORDS_TAG))
    return "".join(words.text or "" for words in (*element.findall(_WORDS_TAG), *runs))


class _Parser(WorkSheetParser):  # type: ignore[misc]
    """openpyxl's, for rows and merged cells alone: what else a sheet holds is not looked at, and cannot make it unreadable."""

    def __init__(self, source: Any, book: Any, room: _Room) -> None:
        formats = {"date_formats": book._date_formats, "timedelta_formats": book._timedelta_formats}
        strings = book.worksheets[0]._shared_strings
        super().__init__(source, strings, data_only=False, epoch=book.epoch, **formats)
        self.book, self.merged, self.room = book, list[Merged](), room
        self.texts: dict[str, str] = {}

    def parse(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """(number, cells) of each row in the order of the file."""
        for _, element in iterparse(self.source):
            self.room.elements -= 1
            if element.tag == ROW_TAG:
                self.room.lines -= 1
                self.room.cells -= len(element)
                self.room.require()
                yield self.parse_row(element)
                element.clear()
            elif element.tag == _MERGED_TAG:
                self._merge(element)
            elif element.tag != CELL_TAG:
                self.room.require()

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """A cell, whose own text is put together here: openpyxl builds each piece of one with all its looks."""
        inline = element.find(INLINE_STRING) if element.get("t") == "inlineStr" else None
        cell: dict[str, Any] = super().parse_cell(element)
        if inline is not None and cell["data_type"] != "f":
            cell |= {"value": _words(inline), "data_type": "s"}
        return cell

    def parse_formula(self, element: Element) -> str:
        """A formula as it is written, shared ones as they are where they are first: they are refused, so nobody needs them anew."""
        formula = element.find(FORMULA_TAG)
        assert formula is not None
        text, shared = formula.text, formula.get("si")
        if shared is not None:
            text = self.shared_formulae.setdefault(shared, text)
        return "=" + (text or "")

    def _merge(self, element: Element) -> None:
        if len(self.merged) == MOST_MERGED:
            said = gettext_noop("More than %(n)s times cells are merged. Unmerge them: each row has values of its own.")
            raise UnreadableTable({"file": Text(said, {"n": MOST_MERGED})})
        name = str(element.get("ref", ""))
        left, top, right, bottom = range_boundaries(name)
        self.merged.append(Merged(name, range(left - 1, right), range(top, bottom + 1)))

    def merged_by_column(self) -> dict[int, list[Merged]]:
        """The merged cells, by each of their first columns: none is wider than a table."""
        found: dict[int, list[Merged]] = {}
        for merged in self.merged:
            for column in merged.columns[:WIDEST]:
                found.setdefault(column, []).append(merged)
        return found

    def is_hidden(self, number: int) -> bool:
        """Whether the row is not seen in the program."""
        return self.row_dimensions.get(str(number), {}).get("hidden") in ("1", "true")

    def value(self, cell: dict[str, Any]) -> Any:
        """The cell as `Sheet` tells it."""
        value = cell["value"]
        match cell["data_type"]:
            case "f":
                text = str(value)
                return _TICKED.get(text.upper(), Formula(text))
            case "e":
                return ErrorValue(str(value))
            case "n" if isinstance(value, int | float) and self._is_percentage(cell["style_id"]):
                return number_text(Decimal(repr(value)) * 100) + " %"
        return self._text(value) if isinstance(value, str) else value

    def _text(self, written: str) -> str:
        text = self.texts.get(written)
        if text is None:
            text = self.texts[written] = _ESCAPED.sub(lambda found: chr(int(found[1][:4], 16)), written).strip()
        self.room.letters -= len(written)
        self.room.require()
        return text

    def _is_percentage(self, style: int) -> bool:
        known = self.book._cell_styles[style].numFmtId
        return known in (9, 10) or (known >= 164 and "%" in self.book._number_formats[known - 164])


@contextmanager
def open_book(content: bytes, *, largest: int = LARGEST, most_rows: int = MOST_ROWS) -> Iterator[Book]:
    """Read a workbook within. Raises `UnreadableTable`, with what to do, for what is none or cannot be read."""
    if len(content) > largest:
        raise UnreadableTable({"file": Text(gettext_noop("The file is larger than %(limit)s MB."), {"limit": largest // 1_000_000})})
    try:
        reader = _Reader(require_sane(content, largest=largest), read_only=True, data_only=False, keep_links=False)
        reader.read()
        yield Book(reader.wb, most_rows)
    except DomainError:
        raise
    except Exception as error:
        raise UnreadableTable({"file": _NO_WORKBOOK}) from error


_NO_WORKBOOK = gettext_noop("This is not an Excel workbook (.xlsx).")


def require_sane(content: bytes, *, largest: int = LARGEST) -> io.BytesIO:
    """A workbook's archive, unpacked. Refuses what is no workbook, by name where it is known, and one that unpacks to far more than it is.

    Raises `UnreadableTable`.
    """
    if content[:8] == _OLD:
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise UnreadableTable({"file": _LOCKED if locked else _SAVE_XLS})
    try:
        with opened(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if swells(parts, 6 * largest) or any(one.file_size > LARGEST_PART for one in parts if not _is_sheet(one.filename)):
                raise UnreadableTable({"file": _SWELLS})
            told = _LOCKED if any(one.flag_bits & 1 for one in parts) else _told(packed)
            plain = unpacked(packed, 6 * largest) if not told else io.BytesIO()
    except BROKEN as error:
        raise UnreadableTable({"file": _NO_WORKBOOK}) from error
    if told:
        raise UnreadableTable({"file": told})
    return plain


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and "/_rels/" not in name


_SWELLS = gettext_noop("The file unpacks to far more than such a workbook holds.")
_LOCKED = gettext_noop(
    "This file is locked by a password. Open it, take the password off, save it as Excel Workbook (.xlsx) and send that."
)
_SAVE_XLS = gettext_noop("This file is of an old kind (.xls). Open it, save it as Excel Workbook (.xlsx) and send that.")
_SAVE_OTHER = gettext_noop("This file is of another kind (%(kind)s). Open it, save it as Excel Workbook (.xlsx) and send that.")
_SAVE_STRICT = gettext_noop(
    "This file is saved as Strict Open XML Spreadsheet. Open it, choose Save as, take Excel Workbook (.xlsx) from the list and send that."
)


def _told(packed: zipfile.ZipFile) -> Text | str:
    """What a packed file is that is no such workbook; nothing where it may be one."""
    names = set(packed.namelist())
    if "mimetype" in names and b"opendocument" in part(packed, "mimetype", LARGEST_PART)[:100]:
        return Text(_SAVE_OTHER, {"kind": "OpenDocument"})
    if "xl/workbook.bin" in names:
        return Text(_SAVE_OTHER, {"kind": ".xlsb"})
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        return Text(_SAVE_OTHER, {"kind": "Numbers"})
    if "xl/workbook.xml" in names and b"purl.oclc.org/ooxml" in part(packed, "xl/workbook.xml", LARGEST_PART)[:2000]:
        return _SAVE_STRICT
    return "" if "[Content_Types].xml" in names else _NO_WORKBOOK
