"""Rows of values as people send them: what is in them, and what is wrong, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from entrepot.kernel.errors import Invalid
from entrepot.kernel.numbers import NotANumber, read_number, read_whole
from entrepot.kernel.texts import Text, gettext_noop

from ..enums import Every
from .spans import read_span, span_text

COLUMNS = ("place", "period", "value", "n", "note")
NEEDED = ("place", "period", "value")
LARGEST = Decimal(10) ** 12
LONGEST = 200
MOST_PEOPLE = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One value: `number` is the row of the file, `place` a code, `n` how many people or cases it rests on where that is said."""

    number: int
    place: str
    starts_on: date
    value: Decimal
    n: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, in words."""

    number: int
    text: Text


class TooLarge(NotANumber):
    """The figure cannot be kept."""

    message = gettext_noop("“%(text)s” is too large to be kept. Give the figure in a larger unit.")


class MissingColumn(Invalid):
    """The table has no row of titles, or lacks a column."""


def read_figure(raw: Any, *, unit: str = "") -> Decimal:
    """A figure as it is kept, with six decimals at most. Raises `NotANumber`, `UnclearNumber`, `TooLarge`.

    >>> read_figure("1 234,5"), read_figure("-0.25"), read_figure(3)
    (Decimal('1234.5'), Decimal('-0.25'), Decimal('3'))
    """
    found = read_number(raw, unit=unit)
    if abs(found) >= LARGEST:
        raise TooLarge(raw)
    return found.quantize(Decimal("0.000001")).normalize() if found else Decimal(0)


def read_rows(
    table: Iterable[tuple[int, Sequence[Any]]], every: Every, *, about_people: bool, unit: str = ""
) -> tuple[list[Row], list[Fault]]:
    """The rows of a table whose first row holds titles (`place`, `period`, `value`, and perhaps `n`, `note`), in any order.

    Raises `MissingColumn`. Every row is either among the rows or among the faults, and a place and period come once.
    """
    rows: list[Row] = []
    faults: list[Fault] = []
    titles: dict[str, int] | None = None
    first: dict[tuple[str, date], int] = {}
    for number, cells in table:
        if titles is None:
            titles = _titles(cells)
            continue
        got = {name: cells[at] if at < len(cells) else None for name, at in titles.items()}
        try:
            row = _row(number, got, every, about_people=about_people, unit=unit)
        except Invalid as error:
            faults += [Fault(number, text) for text in error.faults.values()]
            continue
        before = first.setdefault((row.place, row.starts_on), number)
        if before != number:
            values = {"place": row.place, "period": span_text(row.starts_on, every), "row": before}
            faults.append(Fault(number, Text(gettext_noop("%(place)s, %(period)s stands in row %(row)s already."), values)))
        else:
            rows.append(row)
    if titles is None:
        raise MissingColumn({"file": gettext_noop("The file is empty.")})
    return rows, faults


def _titles(cells: Sequence[Any]) -> dict[str, int]:
    found = {str(cell).strip().rstrip("*").strip().casefold(): at for at, cell in reversed(list(enumerate(cells))) if cell is not None}
    for name in NEEDED:
        if name not in found:
            said = gettext_noop("The first row has to hold the titles place, period, value (and n, note if you like). Missing: %(title)s.")
            raise MissingColumn({"file": Text(said, {"title": name})})
    return {name: found[name] for name in COLUMNS if name in found}


def _row(number: int, got: dict[str, Any], every: Every, *, about_people: bool, unit: str) -> Row:
    faults: dict[str, Text | str] = {}
    place = str(got.get("place") or "").strip().upper()
    if not place:
        faults["place"] = gettext_noop("The place is missing.")
    if any(isinstance(cell, str) and cell.startswith("=") for cell in got.values()):
        raise Invalid({"value": gettext_noop("A cell holds a formula. Paste its value instead.")})
    starts_on, value, n = date.min, Decimal(0), None
    try:
        starts_on = _span(got.get("period"), every)
    except Invalid as error:
        faults.update(error.faults)
    try:
        value = read_figure("" if got.get("value") is None else got["value"], unit=unit)
    except NotANumber as error:
        faults["value"] = error.text
    try:
        n = read_n(got.get("n"), about_people=about_people)
    except Invalid as error:
        faults.update(error.faults)
    note = str(got.get("note") or "").strip()
    if len(note) > LONGEST:
        faults["note"] = Text(gettext_noop("The note is longer than %(limit)s characters."), {"limit": LONGEST})
    if faults:
        raise Invalid(faults)
    return Row(number, place, starts_on, value, n, note)


def _span(raw: Any, every: Every) -> date:
    if isinstance(raw, datetime | date):
        # Spreadsheet programs turn 2025-03 into a day: the first of it.
        raw = span_text(date(raw.year, raw.month, 1), every) if raw.day == 1 else f"{raw:%Y-%m-%d}"
    elif isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return read_span(str(raw if raw is not None else ""), every)


def read_n(raw: Any, *, about_people: bool) -> int | None:
    """How many people or cases; needed where the indicator is about people. Raises `Invalid`."""
    if raw is None or str(raw).strip() == "":
        if about_people:
            raise Invalid({"n": gettext_noop("Say about how many people the figure is (n).")})
        return None
    try:
        found = read_whole(raw)
    except NotANumber as error:
        raise Invalid({"n": error.text}) from None
    if not 0 <= found <= MOST_PEOPLE:
        raise Invalid({"n": Text(gettext_noop("n is a whole number, not “%(text)s”."), {"text": str(raw)[:40]})})
    return found
