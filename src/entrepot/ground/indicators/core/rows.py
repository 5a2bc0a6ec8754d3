"""Rows of values as people send them: what is in them, and what is wrong, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from entrepot.kernel.characters import clean_line, clean_text
from entrepot.kernel.errors import Invalid
from entrepot.kernel.numbers import NotANumber, read_number, read_whole
from entrepot.kernel.sheets import UnreadCell, cell_text
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
    names = [str(cell).strip().rstrip("*").strip().casefold() for cell in cells]
    found = {name: names.index(name) for name in COLUMNS if name in names}
    twice = next((name for name in found if names.count(name) > 1), None)
    if twice:
        raise MissingColumn({"file": Text(gettext_noop("Two columns are called %(title)s. Rename one."), {"title": twice})})
    for name in NEEDED:
        if name not in found:
            said = gettext_noop("The first row has to hold the titles place, period, value (and n, note if you like). Missing: %(title)s.")
            raise MissingColumn({"file": Text(said, {"title": name})})
    return found


def _row(number: int, got: dict[str, Any], every: Every, *, about_people: bool, unit: str) -> Row:
    faults: dict[str, Text | str] = {}

    def read(name: str, how: Callable[[Any], Any], nothing: Any) -> Any:
        try:
            return how(got.get(name))
        except (NotANumber, UnreadCell) as error:
            faults[name] = error.text
        except Invalid as error:
            faults[name] = next(iter(error.faults.values()))
        return nothing

    row = Row(
        number,
        place=read("place", _place, ""),
        starts_on=read("period", lambda raw: _span(raw, every), date.min),
        value=read("value", lambda raw: read_figure(_answer(raw), unit=unit), Decimal(0)),
        n=read("n", lambda raw: read_n(_answer(raw), about_people=about_people), None),
        note=read("note", _note, ""),
    )
    if faults:
        raise Invalid(faults)
    return row


def _answer(raw: Any) -> Any:
    """A number as it is, anything else as text. Raises `UnreadCell`."""
    return raw if isinstance(raw, int | float) and not isinstance(raw, bool) else cell_text(raw)


def _place(raw: Any) -> str:
    text = clean_line(cell_text(raw)).upper()
    if not text:
        raise Invalid({"place": gettext_noop("The place is missing.")})
    return text


def _note(raw: Any) -> str:
    text = clean_text(cell_text(raw)).strip()
    if len(text) > LONGEST:
        raise Invalid({"note": Text(gettext_noop("The note is longer than %(limit)s characters."), {"limit": LONGEST})})
    return text


def _span(raw: Any, every: Every) -> date:
    if isinstance(raw, datetime | date):
        # Spreadsheet programs turn 2025-03 into a day: the first of it.
        raw = span_text(date(raw.year, raw.month, 1), every) if raw.day == 1 else f"{raw:%Y-%m-%d}"
    return read_span(cell_text(raw), every)


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
