"""The chart of an indicator, from the table beside which it stands."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from entrepot.shell.charts import TONES, Chart, Series, drawn

from .models import Indicator
from .queries import Table

OWN_LINES = 4
"""Up to so many places each has a line of its own; beyond, they are a backdrop to their mean."""
FEWEST_FOR_MEAN = 3


def picture(indicator: Indicator, table: Table) -> tuple[SafeString | str, list[tuple[str, str]]]:
    """(the drawing, its legend as (tone, words)); nothing where there are no values."""
    if table.empty:
        return "", []
    rows = [[None if cell is None or cell.shown is None else float(cell.shown) for cell in row] for row in table.cells]
    names = [one.place.name for one in table.series]
    if len(rows) <= OWN_LINES:
        lines = [Series(name, row, TONES[at]) for at, (name, row) in enumerate(zip(names, rows, strict=True))]
        legend = [(TONES[at], name) for at, name in enumerate(names)]
    else:
        mean = [_mean([row[at] for row in rows]) for at in range(len(table.periods))]
        said = gettext("mean of the %(n)s places shown") % {"n": len(rows)}
        lines = [*(Series(name, row, "faint") for name, row in zip(names, rows, strict=True)), Series(said, mean)]
        legend = [("one", said), ("faint", gettext("each place"))]
    levels = []
    if indicator.baseline is not None:
        levels = [(float(indicator.baseline), gettext("baseline"))]
        legend.append(("level", gettext("baseline")))
    said = gettext("%(title)s, %(first)s to %(last)s, %(n)s places; the table below has every figure.") % {
        "title": indicator.title,
        "first": table.names[0],
        "last": table.names[-1],
        "n": len(rows),
    }
    return drawn(Chart(indicator.title, said, table.names, lines, unit=indicator.unit, levels=levels), "values"), legend


def _mean(column: list[Any]) -> float | None:
    """The mean of a period; none where fewer than three places have a figure."""
    there = [value for value in column if value is not None]
    return sum(there) / len(there) if len(there) >= FEWEST_FOR_MEAN else None
