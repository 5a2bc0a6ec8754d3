"""What the rows of a nomination workbook say. Reading the file is not done here; a row comes as values by column title."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from entrepot.ground.people.core import plain_address
from entrepot.kernel.characters import clean_line, clean_text
from entrepot.kernel.errors import Invalid
from entrepot.kernel.numbers import NotANumber, UnclearNumber, read_whole
from entrepot.kernel.sheets import UnreadCell, cell_text
from entrepot.kernel.texts import Text, gettext_noop

from ..enums import LanguageLevel


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the workbook: its title in the file, what it fills, and the answers offered (empty: free)."""

    title: str
    name: str
    needed: bool = False
    choices: tuple[str, ...] = ()
    width: int = 18


COLUMNS: tuple[Column, ...] = (
    Column("Rank", "rank", needed=True, width=7),
    Column("Full name", "full_name", needed=True, width=28),
    Column("Family name", "family_name"),
    Column("Name in Latin letters", "latin_name", width=24),
    Column("E-mail", "email", width=28),
    Column("Gender", "gender", choices=("F", "M", "X")),
    Column("Post", "post", needed=True, width=22),
    Column("Unit", "unit"),
    Column("Duties", "duties", width=30),
    Column("Years in customs", "years"),
    Column("Language level", "language_level", needed=True, choices=tuple(level.value for level in LanguageLevel)),
    Column("Supervisor's e-mail", "supervisor_email", needed=True, width=28),
    Column("Special needs", "special_needs"),
    Column("Agrees to be nominated", "consent", needed=True, choices=("yes", "no")),
    Column("Contact e-mail", "contact_email", width=28),
    Column("Same person", "same_as", choices=("same", "new")),
)
_LIMITS = {
    "full_name": 200,
    "family_name": 120,
    "latin_name": 200,
    "email": 254,
    "post": 120,
    "unit": 120,
    "duties": 500,
    "special_needs": 500,
}


_MANY_LINES = ("duties", "special_needs")
_BOUNDS = {"rank": (1, 999), "years": (0, 70)}
_NO_ANSWER = frozenset({"n/a", "n.a.", "n.a", "tbd", "tba", "#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#num!", "#null!"})
"""What people and programs write where they know nothing; `na` and `null` are names."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one cell: the row's number in the sheet, the column's title, and why."""

    row: int
    column: str
    text: Text


Rows = list[tuple[int, dict[str, Any]]]


def read_rows(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> tuple[Rows, list[RowFault]]:
    """The nominations that (row number, values by column title) say, and all faults. Empty rows are passed over.

    A row at fault comes too, without the values that are wrong, so that what else is wrong with it can be told in the same answer. An
    optional column that is not there leaves what was said before.

    >>> read, faults = read_rows([(5, {"Rank": 1, "Full name": "Suri", "E-mail": "suri"})])
    >>> sorted({fault.column for fault in faults})
    ['Agrees to be nominated', 'E-mail', 'Language level', 'Post', "Supervisor's e-mail"]
    """
    read: Rows = []
    faults: list[RowFault] = []
    for number, cells in rows:
        filled = _filled(cells)
        if not filled:
            continue
        if names_nobody(cells):
            said = gettext_noop("This row names no nominee: it has neither rank nor e-mail. Fill it in, or clear the row.")
            faults.append(RowFault(number, filled[0], Text(said)))
            continue
        values, wrong = _row(number, cells)
        faults += wrong
        read.append((number, values))
    faults += _twice(read)
    return read, faults


def _filled(cells: Mapping[str, Any]) -> list[str]:
    return [title for title, value in cells.items() if value is not None and str(value).strip()]


def names_nobody(cells: Mapping[str, Any]) -> bool:
    """Whether a row is a note below the table rather than an officer of whom something is missing."""
    filled = _filled(cells)
    return len(filled) <= 2 and not {"Rank", "E-mail", "Contact e-mail"} & set(filled)


def _row(number: int, cells: Mapping[str, Any]) -> tuple[dict[str, Any], list[RowFault]]:
    values: dict[str, Any] = {}
    faults: list[RowFault] = []
    for column in COLUMNS:
        if column.title not in cells and not column.needed:
            continue
        try:
            values[column.name] = _value(column, cells.get(column.title))
        except (UnreadCell, NotANumber) as error:
            faults.append(RowFault(number, column.title, error.text))
        except Invalid as error:
            faults.append(RowFault(number, column.title, next(iter(error.faults.values()))))
    return values, faults


def _value(column: Column, raw: Any) -> Any:
    """What a cell says. Raises `UnreadCell`, `NotANumber` or `Invalid`."""
    clean = clean_text if column.name in _MANY_LINES else clean_line
    text = clean(cell_text(raw)).strip()
    if not text:
        if column.needed:
            raise UnreadCell(Text(gettext_noop("Please fill this in.")))
        return 0 if column.name == "years" else ""
    if column.name in _BOUNDS:
        return _number(raw if isinstance(raw, int | float) else text, *_BOUNDS[column.name])
    if column.choices:
        return _chosen(column, text)
    _require_an_answer(column, text)
    return _address(text) if "email" in column.name else _within(column, text)


def _chosen(column: Column, text: str) -> Any:
    found = next((choice for choice in column.choices if choice.casefold() == text.casefold()), None)
    if found is None:
        said = gettext_noop("“%(text)s” is not one of: %(choices)s.")
        raise UnreadCell(Text(said, {"text": text[:40], "choices": ", ".join(column.choices)}))
    return found == "yes" if column.name == "consent" else found


def is_answer(text: str) -> bool:
    """Whether a text says anything: a name, a post.

    >>> is_answer("Ng"), is_answer("N/A"), is_answer("–")
    (True, False, False)
    """
    return text.strip().casefold() not in _NO_ANSWER and any(char.isalnum() for char in text)


def _require_an_answer(column: Column, text: str) -> None:
    answers = is_answer(text)
    if not answers and column.needed:
        raise UnreadCell(Text(gettext_noop("“%(text)s” is no answer. Please fill this in."), {"text": text[:40]}))
    if not answers and column.name in ("family_name", "latin_name"):
        raise UnreadCell(Text(gettext_noop("“%(text)s” is no name. Leave this empty if there is none."), {"text": text[:40]}))


def _address(text: str) -> str:
    try:
        return plain_address(text)
    except ValueError:
        raise UnreadCell(Text(gettext_noop("This is not an e-mail address."))) from None


def _within(column: Column, text: str) -> str:
    limit = _LIMITS.get(column.name, 254)
    if len(text) > limit:
        said = (
            gettext_noop("At most %(limit)s characters.")
            if column.name in _MANY_LINES
            else gettext_noop("At most %(limit)s characters, on one line.")
        )
        raise UnreadCell(Text(said, {"limit": limit}))
    return text


def _number(raw: Any, least: int, most: int) -> int:
    try:
        found = read_whole(raw)
    except UnclearNumber:
        raise
    except NotANumber:
        found = -1
    if not least <= found <= most:
        said = gettext_noop("Write a whole number from %(least)s to %(most)s, not “%(text)s”.")
        raise UnreadCell(Text(said, {"least": least, "most": most, "text": str(raw)[:20]}))
    return found


def _twice(rows: Sequence[tuple[int, dict[str, Any]]]) -> list[RowFault]:
    faults: list[RowFault] = []
    for name, title in (("email", "E-mail"), ("rank", "Rank")):
        first: dict[Any, int] = {}
        for number, values in rows:
            if not values.get(name):
                continue
            if values[name] in first:
                said = Text(gettext_noop("The same as in row %(row)s."), {"row": first[values[name]]})
                faults.append(RowFault(number, title, said))
            first.setdefault(values[name], number)
    return faults
