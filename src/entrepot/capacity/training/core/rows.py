"""What the rows of a nomination workbook say. Reading the file is not done here; a row comes as values by column title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

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
    Column("E-mail", "email", needed=True, width=28),
    Column("Gender", "gender", choices=("F", "M", "X")),
    Column("Post", "post", needed=True, width=22),
    Column("Unit", "unit"),
    Column("Duties", "duties", width=30),
    Column("Years in customs", "years"),
    Column("Language level", "language_level", needed=True, choices=tuple(level.value for level in LanguageLevel)),
    Column("Supervisor's e-mail", "supervisor_email", needed=True, width=28),
    Column("Special needs", "special_needs"),
    Column("Agrees to be nominated", "consent", needed=True, choices=("yes", "no")),
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


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one cell: the row's number in the sheet, the column's title, and why."""

    row: int
    column: str
    text: Text


def read_rows(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> tuple[list[tuple[int, dict[str, Any]]], list[RowFault]]:
    """The nominations that (row number, values by column title) say, and all faults. Empty rows are passed over.

    >>> good, faults = read_rows([(5, {"Rank": 1, "Full name": "Suri", "E-mail": "suri"})])
    >>> sorted({fault.column for fault in faults})
    ['Agrees to be nominated', 'E-mail', 'Language level', 'Post', "Supervisor's e-mail"]
    """
    good: list[tuple[int, dict[str, Any]]] = []
    faults: list[RowFault] = []
    for number, cells in rows:
        if all(value is None or str(value).strip() == "" for value in cells.values()):
            continue
        values, wrong = _row(number, cells)
        faults += wrong
        if not wrong:
            good.append((number, values))
    faults += _twice(good)
    return good, faults


def _row(number: int, cells: Mapping[str, Any]) -> tuple[dict[str, Any], list[RowFault]]:
    values: dict[str, Any] = {}
    faults: list[RowFault] = []
    for column in COLUMNS:
        raw = cells.get(column.title)
        try:
            values[column.name] = _value(column, raw)
        except ValueError as error:
            faults.append(RowFault(number, column.title, error.args[0]))
    return values, faults


def _value(column: Column, raw: Any) -> Any:  # noqa: C901  (one short answer for each sort of column)
    if isinstance(raw, str) and raw.startswith("="):
        raise ValueError(Text(gettext_noop("This is a formula. Write the value itself.")))
    if isinstance(raw, datetime | date) and column.name != "rank":
        raise ValueError(Text(gettext_noop("This cell holds a date. Write the answer as text.")))
    text = _plain(raw)
    if not text:
        if column.needed:
            raise ValueError(Text(gettext_noop("Please fill this in.")))
        return 0 if column.name == "years" else ""
    if column.name in ("rank", "years"):
        return _number(text, 1 if column.name == "rank" else 0)
    if column.choices:
        found = next((choice for choice in column.choices if choice.casefold() == text.casefold()), None)
        if found is None:
            raise ValueError(
                Text(gettext_noop("“%(text)s” is not one of: %(choices)s."), {"text": text[:40], "choices": ", ".join(column.choices)})
            )
        return found == "yes" if column.name == "consent" else found
    limit = _LIMITS.get(column.name, 254)
    if len(text) > limit or any(ord(char) < 32 for char in text):
        raise ValueError(Text(gettext_noop("At most %(limit)s characters, on one line."), {"limit": limit}))
    if "email" in column.name and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise ValueError(Text(gettext_noop("This is not an e-mail address.")))
    return text.lower() if "email" in column.name else text


def _plain(raw: Any) -> str:
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw).strip()


def _number(text: str, least: int) -> int:
    if not re.fullmatch(r"\d{1,3}", text) or int(text) < least:
        raise ValueError(Text(gettext_noop("Write a whole number from %(least)s up, not “%(text)s”."), {"least": least, "text": text[:20]}))
    return int(text)


def _twice(rows: Sequence[tuple[int, dict[str, Any]]]) -> list[RowFault]:
    faults: list[RowFault] = []
    for name, title in (("email", "E-mail"), ("rank", "Rank")):
        first: dict[Any, int] = {}
        for number, values in rows:
            if values[name] in first:
                said = Text(gettext_noop("The same as in row %(row)s."), {"row": first[values[name]]})
                faults.append(RowFault(number, title, said))
            first.setdefault(values[name], number)
    return faults
