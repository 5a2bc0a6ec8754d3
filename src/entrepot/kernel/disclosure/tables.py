"""Which cells of a table of people are not said, so that neither a cell nor a subtraction tells of fewer than five of them.

A count from one to four is *primarily* suppressed (law 5 of the house). Wherever totals are published as well, other cells are suppressed
with it (*secondarily*) until no sum and no combination of sums gives a suppressed cell away. A nought tells of nobody and is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

from .fewest import FEWEST

TOTAL = ""
"""Stands in a key for all values of that dimension."""

K = TypeVar("K", bound=Hashable)
Sum = tuple[K, Sequence[K]]
_PRIME = (1 << 61) - 1


def suppress(counts: Mapping[K, int], sums: Sequence[Sum[K]] = (), *, fewest: int = FEWEST) -> frozenset[K]:
    """The keys of `counts` (people, 0 or more) that are not to be said, where each of `sums` says that a total equals the sum of its parts.

    Everything that is published together belongs into one call: a figure for all and one for all but a few are two cells and the sum
    that ties them. After it, for every sum with suppressed parts and a total that is shown, at least two parts are suppressed and they
    hold `fewest` people together; and no suppressed cell follows from the shown ones by any combination of the sums. What is not a
    count (a mean, a share) is suppressed where the number of people behind it is.

    >>> sorted(suppress({"all": 20, "a": 9, "b": 3, "c": 8}, [("all", ["a", "b", "c"])]))
    ['b', 'c']

    Source: A. Hundepool and others, Statistical Disclosure Control (Wiley, 2012), chapter 4; which cell goes is ours: the smallest.
    """
    hidden = {key for key, n in counts.items() if 0 < n < fewest}
    while True:
        more = _too_few(counts, sums, hidden, fewest) or _given_away(counts, sums, hidden)
        if not more:
            return frozenset(hidden)
        hidden |= more


def _too_few(counts: Mapping[K, int], sums: Sequence[Sum[K]], hidden: Collection[K], fewest: int) -> set[K]:
    """One more cell for each sum whose suppressed parts are one, or hold too few people."""
    more: set[K] = set()
    for total, parts in sums:
        gone = [part for part in parts if part in hidden or part in more]
        if total in hidden or total in more:
            if not gone:
                more |= _smallest(counts, parts)
        elif gone and (len(gone) == 1 or sum(counts[part] for part in gone) < fewest):
            more |= _smallest(counts, [part for part in parts if part not in gone]) or {total}
    return more - set(hidden)


def _given_away(counts: Mapping[K, int], sums: Sequence[Sum[K]], hidden: Collection[K]) -> set[K]:
    """One more cell beside each that follows from the shown ones by a combination of sums."""
    told = determined(hidden, sums)
    more: set[K] = set()
    for key in told:
        for total, parts in sums:
            if key == total or key in parts:
                shown = [part for part in parts if part not in hidden and part not in more]
                more |= _smallest(counts, shown) or ({total} - set(hidden))
                if more:
                    break
    return more or (_anything_near(counts, sums, hidden, told) if told else set())


def _anything_near(counts: Mapping[K, int], sums: Sequence[Sum[K]], hidden: Collection[K], told: Collection[K]) -> set[K]:
    """The smallest shown cell of a sum that is tied, through hidden cells, to one that is given away; where its own sums show none.

    Two sums with the same hidden cells give their difference away though neither has a shown part left: the next sum has to help.
    """
    tied, grown = set(told), True
    while grown:
        near = [(total, *parts) for total, parts in sums if tied & {total, *parts}]
        reached = {key for cells in near for key in cells if key in hidden}
        grown = not reached <= tied
        tied |= reached
        shown = [key for cells in near for key in cells if key not in hidden]
        if shown:
            return _smallest(counts, shown)
    return set()


def _smallest(counts: Mapping[K, int], keys: Sequence[K]) -> set[K]:
    """The cell with the fewest people that still has some; where none has, a nought."""
    ordered = sorted(keys, key=lambda key: (counts[key] == 0, counts[key], str(key)))
    return set(ordered[:1])


def determined(hidden: Collection[K], sums: Sequence[Sum[K]]) -> set[K]:
    """Those of `hidden` whose value follows from the shown cells by linear combination of the sums.

    By elimination modulo a prime of 61 bits; coefficients are 0, 1 and −1.

    >>> sorted(determined({"a"}, [("all", ["a", "b"])]))
    ['a']
    >>> sorted(determined({"a", "b"}, [("all", ["a", "b"])]))
    []
    """
    rows: list[dict[K, int]] = []
    for total, parts in sums:
        row = {part: 1 for part in parts if part in hidden}
        if total in hidden:
            row[total] = _PRIME - 1
        row = _reduced(row, rows)
        if row:
            pivot = next(iter(row))
            inverse = pow(row[pivot], -1, _PRIME)
            row = {key: value * inverse % _PRIME for key, value in row.items()}
            rows = [_minus(other, row, other.get(pivot, 0)) for other in rows]
            rows.append({pivot: row[pivot], **row})
    return {next(iter(row)) for row in rows if len(row) == 1}


def _reduced(row: dict[K, int], rows: Sequence[dict[K, int]]) -> dict[K, int]:
    for other in rows:
        pivot = next(iter(other))
        row = _minus(row, other, row.get(pivot, 0))
    return row


def _minus(row: dict[K, int], other: Mapping[K, int], times: int) -> dict[K, int]:
    """`row` − `times` · `other`; the order of keys, and with it the pivot, is kept."""
    if not times:
        return row
    found = dict(row)
    for key, value in other.items():
        found[key] = (found.get(key, 0) - times * value) % _PRIME
    return {key: value for key, value in found.items() if value}


def with_totals(counts: Mapping[tuple[str, ...], int]) -> tuple[dict[tuple[str, ...], int], list[Sum[tuple[str, ...]]]]:
    """A table's cells with every total over every choice of its dimensions, and the sums that tie them.

    >>> with_totals({("ATN",): 4, ("HIGH",): 9})
    ({('ATN',): 4, ('HIGH',): 9, ('',): 13}, [(('',), [('ATN',), ('HIGH',)])])
    """
    cells = dict(counts)
    width = len(next(iter(counts), ()))
    parts: dict[tuple[tuple[str, ...], int], dict[tuple[str, ...], None]] = {}
    for key, n in counts.items():
        for size in range(1, width + 1):
            for over in combinations(range(width), size):
                total = _over(key, over)
                cells[total] = cells.get(total, 0) + n
                for dimension in over:
                    part = _over(key, tuple(other for other in over if other != dimension))
                    parts.setdefault((total, dimension), {})[part] = None
    return cells, [(total, list(of)) for (total, _), of in parts.items()]


def _over(key: tuple[str, ...], dimensions: Collection[int]) -> tuple[str, ...]:
    return tuple(TOTAL if index in dimensions else value for index, value in enumerate(key))


def guarded(counts: Mapping[tuple[str, ...], int], *, fewest: int = FEWEST) -> dict[tuple[str, ...], int | None]:
    """A table of people with all its totals, and None where a count is not said.

    >>> guarded({("ATN",): 4, ("HIGH",): 9, ("LAG",): 6})
    {('ATN',): None, ('HIGH',): 9, ('LAG',): None, ('',): 19}
    """
    cells, sums = with_totals(counts)
    hidden = suppress(cells, sums, fewest=fewest)
    return {key: None if key in hidden else n for key, n in cells.items()}
