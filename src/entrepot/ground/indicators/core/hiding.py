"""What is not shown to others: figures about fewer than five people, and the one figure from which a hidden one could be reckoned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from entrepot.kernel.disclosure import FEWEST, suppress


@dataclass(frozen=True, slots=True)
class Told:
    """A value as far as hiding goes: its key, its place's lineage, its period, and the people it is about (None: not about people)."""

    key: Hashable
    lineage: str
    period: Hashable
    n: int | None


def hidden(told: Iterable[Told]) -> frozenset[Hashable]:
    """The keys of what is not shown: values about nobody or one to four people, and those beside the latter that would give them away.

    A place and the offices under it are a sum, period by period: see `kernel.disclosure.suppress`. What is left of a place is a part of
    it too: an office of three people that nobody entered.

    >>> rows = [Told("all", "P/M/", 1, 30), Told("a", "P/M/A/", 1, 3), Told("b", "P/M/B/", 1, 9), Told("c", "P/M/C/", 1, 18)]
    >>> sorted(hidden(rows))
    ['a', 'b']
    """
    periods: dict[Hashable, list[Told]] = defaultdict(list)
    for row in told:
        if row.n is not None:
            periods[row.period].append(row)
    return frozenset(key for rows in periods.values() for key in _hidden(rows))


def _hidden(rows: list[Told]) -> frozenset[Hashable]:
    """The same within one period: no sum reaches beyond it."""
    # What is about nobody is no nought that could be shown, but a value without people: hidden, and in no sum.
    people = {row.key: row.n for row in rows if row.n}
    under: dict[str, list[Hashable]] = defaultdict(list)
    for row in rows:
        if row.n:
            under[row.lineage.rstrip("/").rpartition("/")[0] + "/"].append(row.key)
    sums = [(row.key, under[row.lineage]) for row in rows if row.n and row.lineage in under]
    # Whoever has the place and the others has what is left. Where that is about more people, it covers for nobody: it may be no office's.
    rest: dict[Hashable, int] = {("left", key): people[key] - sum(people[part] for part in parts) for key, parts in sums}
    few = {key: n for key, n in rest.items() if 0 < n < FEWEST}
    sums = [(key, [*parts, ("left", key)] if ("left", key) in few else parts) for key, parts in sums]
    return (suppress(people | few, sums) - few.keys()) | {row.key for row in rows if not row.n}
