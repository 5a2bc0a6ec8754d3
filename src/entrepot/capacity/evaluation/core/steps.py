"""What is told of answers that still come in: no look differs from an earlier one by fewer than five people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from entrepot.kernel.disclosure import FEWEST

V = TypeVar("V")


def stepped(first: Sequence[V | None], last: Sequence[V | None], *, of: int | None = None, ended: bool = False) -> dict[int, V]:
    """{place in the row: what is told of it} of answers in the order in which they came: as each was `first` given, and as it stands `last`
    (None where there is none).

    While answers are taken, those of the first 5, 10, 15 … are told as they were first given; with `of` people who can answer, only as long
    as five more of them can follow, so that little is left over. Once that has `ended` all are told as they stand, if that moves nobody or
    five at least; else what was told before stays.

    >>> sorted(stepped([4, 4, 4, 4, 4, 1], [4, 4, 4, 4, 4, 1])), stepped([4] * 5, [4] * 5, of=6)
    ([0, 1, 2, 3, 4], {})
    >>> [len(stepped([4] * n, [4] * n, ended=True)) for n in (12, 15)], len(stepped([4] * 9, [4] * 9, of=9, ended=True))
    ([10, 15], 9)
    """
    there = [at for at, value in enumerate(first) if value is not None]
    could = len(there) if of is None else max(0, min(len(there), of - FEWEST))
    now = {at: value for at in there[: could // FEWEST * FEWEST] if (value := first[at]) is not None}
    if not ended:
        return now
    final = {at: value for at, value in enumerate(last) if value is not None}
    moved = sum(now.get(at) != final.get(at) for at in now.keys() | final.keys())
    return final if not now or not moved or moved >= FEWEST else now
