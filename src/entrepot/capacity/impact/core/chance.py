"""Inference by permutation: what the same figures would have said had others taken part, and the interval that follows from it.

Members are few (a dozen to three dozen), series are short and remember themselves, and shocks are shared. Intervals that count on many
independent clusters claim far too much there. Who took part is what we know to have varied, so it is varied: under the null a Member's
whole series stays as it is, and only its part in the activity changes hands. Serial correlation and shared shocks are kept untouched.
The statistic is studentised, which keeps the level close where Members differ in noise too.

Sources: R. A. Fisher, The Design of Experiments (1935); J. G. MacKinnon and M. D. Webb, Journal of Econometrics 218 (2020), randomisation
inference on t statistics for few clusters; A. Janssen, Statistics & Probability Letters 36 (1997), studentised permutation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from .types import Floats, Ints

ENUMERATED = 5_000
"""Up to this many ways they are all looked at; beyond, `DRAWN` are drawn."""
DRAWN = 1_999
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Rounds:
    """The statistic over all ways, linear in a difference that is taken out first.

    Over P ways (the first is the real one): `value` and `shift` (P,) so that the estimate is value − x·shift once x is taken out, and
    `a`, `b`, `c` (P,) so that its squared standard error is a − 2·b·x + c·x². `whole`: whether these are all ways there are.
    """

    value: Floats
    shift: Floats
    a: Floats
    b: Floats
    c: Floats
    whole: bool

    def chance(self, x: float = 0.0) -> float:
        """The share of ways whose |t| is at least the real one's, once x is taken out: the two-sided p of "the difference is x"."""
        spread = np.sqrt(np.maximum(self.a - 2 * self.b * x + self.c * x * x, 1e-300))
        t = np.abs(self.value - x * self.shift) / spread
        hits = int((t >= t[0] * (1 - 1e-9) - 1e-12).sum())
        return hits / len(t)

    @property
    def error(self) -> float:
        """The standard error of the estimate itself."""
        return math.sqrt(max(float(self.a[0]), 0.0))

    def critical(self, level: float = LEVEL) -> float:
        """The |t| that a share `level` of ways exceeds under no difference."""
        spread = np.sqrt(np.maximum(self.a, 1e-300))
        return float(np.quantile(np.abs(self.value) / spread, 1 - level))

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """All differences that are not rejected at `level`, as (low, high); infinite where there are too few ways to reject any."""
        return self._end(-1, level), self._end(1, level)

    def _end(self, sign: int, level: float) -> float:
        centre, step = float(self.value[0]), self.error or 1e-9
        inside, outside = 0.0, step
        while self.chance(centre + sign * outside) > level:
            inside, outside = outside, outside * 1.6
            if outside > 1e4 * step:
                return sign * math.inf
        for _ in range(40):
            middle = (inside + outside) / 2
            if self.chance(centre + sign * middle) > level:
                inside = middle
            else:
                outside = middle
        return centre + sign * outside


def rounds(reckon: Callable[[Floats], tuple[Floats, Floats]], outcome: Floats, exposure: Floats, *, whole: bool) -> Rounds:
    """The rounds of `reckon`, which gives (estimate (P,), each Member's share of the error (P, n)) for contrasts (n, C).

    `outcome` and `exposure` are the contrasts of the values, and of being after.
    """
    value, part = reckon(outcome)
    shift, of_shift = reckon(exposure)
    return Rounds(value, shift, (part**2).sum(-1), (part * of_shift).sum(-1), (of_shift**2).sum(-1), whole)


def ways(labels: Ints) -> int:
    """How many different ways there are to hand out these labels.

    >>> ways(np.array([3, 3, 9, 9]))
    6
    """
    left, found = len(labels), 1
    for count in np.unique(labels, return_counts=True)[1]:
        found *= math.comb(left, int(count))
        left -= int(count)
    return found


def handed_out(labels: Ints, rng: np.random.Generator) -> tuple[Ints, bool]:
    """(P, n) ways to hand out `labels`, the real one first, and whether these are all."""
    if ways(labels) <= ENUMERATED:
        every = np.array(list(_every(tuple(int(label) for label in labels))), dtype=np.int64)
        real = (every == labels).all(axis=1)
        return np.concatenate([every[real], every[~real]]), True
    drawn = rng.permuted(np.tile(labels, (DRAWN, 1)), axis=1)
    return np.concatenate([labels[None, :], drawn]), False


def _every(labels: tuple[int, ...]) -> Iterator[list[int]]:
    kinds = sorted(set(labels))
    counts = [labels.count(kind) for kind in kinds]

    def place(free: tuple[int, ...], kind: int) -> Iterator[dict[int, int]]:
        if kind == len(kinds):
            yield {}
            return
        for chosen in combinations(free, counts[kind]):
            taken = set(chosen)
            for rest in place(tuple(spot for spot in free if spot not in taken), kind + 1):
                yield {**dict.fromkeys(chosen, kinds[kind]), **rest}

    for placed in place(tuple(range(len(labels))), 0):
        yield [placed[spot] for spot in range(len(labels))]


def signs(n: int, rng: np.random.Generator) -> tuple[Floats, bool]:
    """(P, n) ways to swap the two of each of n pairs as ±1, the real one first, and whether these are all."""
    if 2**n <= ENUMERATED:
        return np.array(list(product((1.0, -1.0), repeat=n))), True
    return np.concatenate([np.ones((1, n)), rng.choice([1.0, -1.0], size=(DRAWN, n))]), False
