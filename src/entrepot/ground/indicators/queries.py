"""Reading values: as a table of places and periods, with what is hidden from this reader taken out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from entrepot.kernel.principals import Principal

from .core import Told, hidden, span_text, spans_between
from .enums import Every
from .models import Indicator, Series, Value
from .rules import series_rules, value_rules

MOST = 60
"""Periods on a page: five years of months."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one reader may know of one value. `shown` is None where it is hidden."""

    value: Any
    shown: Decimal | None
    n: int | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Places (as series) against periods; `cells[i][j]` is None where there is no value."""

    periods: tuple[date, ...]
    names: tuple[str, ...]
    series: tuple[Series, ...]
    cells: tuple[tuple[Cell | None, ...], ...]

    @property
    def empty(self) -> bool:
        """Whether nothing is there."""
        return not any(cell for row in self.cells for cell in row)


def told(principal: Principal, indicator: Indicator, values: Iterable[Value]) -> dict[int, Cell]:
    """For each value (with its series and place at hand) what this principal may know of it, by the value's id."""
    rows = list(values)
    away = _away(indicator, rows)
    found = {}
    for value in rows:
        away_here = value.pk in away and not series_rules.may(principal, "enter", value.series)
        found[value.pk] = Cell(value, None if away_here else value.value, None if away_here else value.n, away_here)
    return found


def _away(indicator: Indicator, rows: Sequence[Value]) -> frozenset[Any]:
    """The ids of those values that are not said to others, reckoned over all values of their periods: a sum gives an office away whether
    or not its own figure is among `rows`."""
    if not indicator.about_people:
        return frozenset()
    beside = Value.objects.filter(series__indicator=indicator, starts_on__in={value.starts_on for value in rows})
    known = beside.values_list("pk", "series__place__lineage", "starts_on", "n")
    return hidden(Told(*one) for one in known)


def table(principal: Principal, indicator: Indicator, *, places: Sequence[int] | None = None, most: int | None = MOST) -> Table:
    """The values of an indicator that this principal may see, the latest `most` periods. Three queries at most, whatever there is."""
    series = list(series_rules.visible_to(principal).filter(indicator=indicator).select_related("place").order_by("place__name"))
    values = value_rules.visible_to(principal).filter(series__in=series).select_related("series__place").order_by("starts_on")
    rows = list(values)
    cells = told(principal, indicator, rows)
    if places is not None:
        series = [one for one in series if one.place_id in places]
    kept = {one.pk for one in series}
    rows = [value for value in rows if value.series_id in kept]
    every = Every(indicator.every)
    periods = tuple(spans_between(rows[0].starts_on, rows[-1].starts_on, every)) if rows else ()
    periods = periods[-most:] if most else periods
    at = {(value.series_id, value.starts_on): cells[value.pk] for value in rows}
    names = tuple(span_text(day, every) for day in periods)
    return Table(periods, names, tuple(series), tuple(tuple(at.get((one.pk, day)) for day in periods) for one in series))


def figures(indicator: Indicator, places: Iterable[int], *, shared_only: bool = True) -> dict[tuple[int, date], float]:
    """(place, first day) → figure, for reckoning: no value about fewer than five people is among them, whoever asks."""
    found = Value.objects.filter(series__indicator=indicator, series__place__in=list(places)).select_related("series__place")
    if shared_only:
        found = found.filter(series__shared_at__isnull=False)
    rows = list(found)
    away = _away(indicator, rows)
    return {(value.series.place_id, value.starts_on): float(value.value) for value in rows if value.pk not in away}
