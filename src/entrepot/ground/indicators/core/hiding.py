"""What is not shown to others: figures about fewer than five people, and the one figure from which a hidden one could be reckoned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from entrepot.kernel.disclosure import suppress


@dataclass(frozen=True, slots=True)
class Told:
    """A value as far as hiding goes: its key, its place's lineage, its period, and the people it is about (None: not about people)."""

    key: Hashable
    lineage: str
    period: Hashable
    n: int | None


def hidden(told: Iterable[Told]) -> frozenset[Hashable]:
    """The keys of what is not shown: values about fewer than five people, nobody included, and those beside them that would give them away.

    A place and the offices under it are a sum, period by period: see `kernel.disclosure.suppress`.

    >>> rows = [Told("all", "P/M/", 1, 30), Told("a", "P/M/A/", 1, 3), Told("b", "P/M/B/", 1, 9), Told("c", "P/M/C/", 1, 18)]
    >>> sorted(hidden(rows))
    ['a', 'b']
    """
    rows = list(told)
    # What is about nobody is no nought that could be shown: it is a value without people.
    people = {row.key: max(row.n, 1) for row in rows if row.n is not None}
    under: dict[tuple[str, Hashable], list[Hashable]] = defaultdict(list)
    for row in rows:
        if row.key in people:
            under[row.lineage.rstrip("/").rpartition("/")[0] + "/", row.period].append(row.key)
    sums = [(row.key, under[row.lineage, row.period]) for row in rows if row.key in people and under.get((row.lineage, row.period))]
    return suppress(people, sums)
