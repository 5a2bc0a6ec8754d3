"""What is not shown to others: figures about fewer than five people, and the one figure from which a hidden one could be reckoned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

FEWEST = 5
"""Law 5 of the house: under this many people a figure is not shown outside the place whose it is."""


@dataclass(frozen=True, slots=True)
class Told:
    """A value as far as hiding goes: its key, its place's lineage, its period, and the people it is about (None: not about people)."""

    key: Hashable
    lineage: str
    period: Hashable
    n: int | None


def hidden(told: Iterable[Told]) -> frozenset[Hashable]:
    """The keys of what is not shown.

    Beside each value about fewer than five people: where exactly one office under a place is hidden for a period and the place's own value
    stands beside, the difference would tell; the smallest other office is hidden too, or the place's own value where there is none.

    >>> rows = [Told("all", "P/M/", 1, 30), Told("a", "P/M/A/", 1, 3), Told("b", "P/M/B/", 1, 9), Told("c", "P/M/C/", 1, 18)]
    >>> sorted(hidden(rows))
    ['a', 'b']
    """
    rows = list(told)
    away = {row.key for row in rows if row.n is not None and row.n < FEWEST}
    under: dict[tuple[str, Hashable], list[Told]] = defaultdict(list)
    whole = {(row.lineage, row.period): row for row in rows}
    for row in rows:
        under[row.lineage.rstrip("/").rpartition("/")[0] + "/", row.period].append(row)
    for family, children in under.items():
        parent = whole.get(family)
        if parent is None or parent.key in away or sum(child.key in away for child in children) != 1:
            continue
        others = [child for child in children if child.key not in away and child.n is not None]
        away.add(min(others, key=lambda child: (child.n or 0, str(child.key))).key if others else parent.key)
    return frozenset(away)
