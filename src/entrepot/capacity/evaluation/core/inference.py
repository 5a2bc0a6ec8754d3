"""What can be said of paired scores and of a test's questions. Plain Python: the base install carries no numerical library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from entrepot.kernel.disclosure import FEWEST

from .figures import Figure

_SMALL, _TINY = 1e-14, 1e-300
EXACT_UP_TO = 25
"""Pairs up to which the signed ranks are counted out."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What changed from before to after, over those who have both.

    `mean` with its 95 % interval by Student's t, in the unit of the scores; `p_t` two-sided; `effect` Cohen's d of the differences
    (mean/s); `w` the smaller sum of signed ranks, `p_w` Wilcoxon's two-sided p, `pairs` the differences that are not nought; `rank_effect`
    the matched-pairs rank-biserial correlation, −1 to 1. Everything but the counts is None where fewer than five have both.
    """

    mean: Figure
    only_before: int
    only_after: int
    p_t: float | None = None
    effect: float | None = None
    w: float | None = None
    p_w: float | None = None
    pairs: int = 0
    rank_effect: float | None = None


def gain(before: Mapping[str, float], after: Mapping[str, float], *, of: int) -> Gain:
    """The gain of those who took both tests; whoever took one is counted and nothing is filled in for them.

    Sources: Student (Biometrika 6, 1908); F. Wilcoxon (Biometrics Bulletin 1, 1945); J. Cohen, Statistical Power Analysis (1988), d of
    paired differences; D. S. Kerby (Comprehensive Psychology 3, 2014), rank-biserial.
    """
    both = sorted(before.keys() & after.keys())
    differences = [after[key] - before[key] for key in both]
    n = len(both)
    only = {"only_before": len(before) - n, "only_after": len(after) - n}
    if n < FEWEST:
        return Gain(Figure(None, n, of), **only)
    mean = sum(differences) / n
    spread = math.sqrt(sum((value - mean) ** 2 for value in differences) / (n - 1))
    if spread <= _SMALL:
        return Gain(Figure(mean, n, of, mean, mean), **only, pairs=sum(abs(value) > _SMALL for value in differences))
    error = spread / math.sqrt(n)
    half = t_quantile(0.975, n - 1) * error
    w, p_w, pairs, rank_effect = wilcoxon(differences)
    return Gain(
        Figure(mean, n, of, mean - half, mean + half),
        **only,
        p_t=2 * t_tail(abs(mean / error), n - 1),
        effect=mean / spread,
        w=w,
        p_w=p_w,
        pairs=pairs,
        rank_effect=rank_effect,
    )


def t_tail(t: float, df: float) -> float:
    """P(T > t) of Student's distribution for t ≥ 0: half the regularised incomplete beta function at df/(df + t²).

    >>> round(t_tail(2.0, 10), 6)
    0.036694
    """
    return 0.5 * beta_share(df / 2, 0.5, df / (df + t * t))


def t_quantile(share: float, df: float) -> float:
    """The value below which `share` (0.5 to 1, exclusive) of Student's distribution lies, by bisection.

    >>> round(t_quantile(0.975, 4), 4)
    2.7764
    """
    low, high = 0.0, 1.0
    while 1 - t_tail(high, df) < share:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 - t_tail(middle, df) < share else (low, middle)
    return (low + high) / 2


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by Lentz's continued fraction (Press and others, Numerical Recipes, 6.4)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, 400):
        step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = 1 / _away(1 + step * d), _away(1 + step / c)
        found *= d * c
        step = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / _away(1 + step * d), _away(1 + step / c)
        found *= d * c
        if abs(d * c - 1) < _SMALL:
            break
    return found


def _away(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def wilcoxon(differences: Sequence[float]) -> tuple[float | None, float | None, int, float | None]:
    """(smaller rank sum, two-sided p, differences that are not nought, rank-biserial correlation) of the signed-rank test.

    Noughts are left out (Wilcoxon's way) and equal sizes share their mean rank. Up to `EXACT_UP_TO` differences without ties the
    distribution is counted out; else it is the normal one with its variance corrected for ties, without continuity correction.
    """
    kept = [value for value in differences if abs(value) > _SMALL]
    n = len(kept)
    if n == 0:
        return None, None, 0, None
    ranks, ties = mean_ranks([abs(value) for value in kept])
    plus = sum(rank for rank, value in zip(ranks, kept, strict=True) if value > 0)
    whole = n * (n + 1) / 2
    w = min(plus, whole - plus)
    effect = (2 * plus - whole) / whole
    if n <= EXACT_UP_TO and not ties:
        return w, min(1.0, 2 * _rank_sums(n, int(w))), n, effect
    variance = n * (n + 1) * (2 * n + 1) / 24 - sum(size**3 - size for size in ties) / 48
    z = (w - whole / 2) / math.sqrt(variance)
    return w, min(1.0, math.erfc(abs(z) / math.sqrt(2))), n, effect


def mean_ranks(values: Sequence[float]) -> tuple[list[float], list[int]]:
    """The rank of each value from 1, equal ones sharing their mean, and the sizes of the groups of equals.

    >>> mean_ranks([3.0, 1.0, 3.0])
    ([2.5, 1.0, 2.5], [2])
    """
    rounded = [round(value, 12) for value in values]
    order = sorted(range(len(rounded)), key=rounded.__getitem__)
    ranks, ties, start = [0.0] * len(rounded), [], 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and rounded[order[end + 1]] == rounded[order[start]]:
            end += 1
        for position in order[start : end + 1]:
            ranks[position] = (start + end) / 2 + 1
        if end > start:
            ties.append(end - start + 1)
        start = end + 1
    return ranks, ties


def _rank_sums(n: int, most: int) -> float:
    """The share of the 2ⁿ ways to give signs to ranks 1 … n in which the positive ones sum to `most` or less."""
    ways = [1] + [0] * (n * (n + 1) // 2)
    for rank in range(1, n + 1):
        for total in range(len(ways) - 1, rank - 1, -1):
            ways[total] += ways[total - rank]
    return float(sum(ways[: most + 1])) / 2.0**n


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a test: the share who had it right (`difficulty`; 1 is easy), and the correlation of having it right with the rest of
    the test (`discrimination`, corrected item-total; below 0.2 it tells the knowing from the guessing badly). None where it cannot be
    said: fewer than five answers, or all alike."""

    key: str
    difficulty: float | None
    discrimination: float | None
    n: int


def item_statistics(rights: Sequence[Mapping[str, bool]], keys: Sequence[str]) -> list[Item]:
    """Item statistics from each taker's {question: right or not}; a question not answered is not right, as it is marked.

    Source: L. Crocker and J. Algina, Introduction to Classical and Modern Test Theory (1986), chapter 14.

    >>> item_statistics([{"a": True, "b": True}] * 3 + [{"a": False, "b": False}] * 3, ["a", "b"])[0]
    Item(key='a', difficulty=0.5, discrimination=1.0, n=6)
    """
    found = []
    for key in keys:
        own = [float(bool(row.get(key))) for row in rights]
        rest = [float(sum(bool(row.get(other)) for other in keys if other != key)) for row in rights]
        enough = len(rights) >= FEWEST
        found.append(Item(key, sum(own) / len(own) if enough else None, correlation(own, rest) if enough else None, len(rights)))
    return found


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Pearson's correlation; None where one side is all alike."""
    n = len(xs)
    mx, my = sum(xs) / n, sum(ys) / n
    sxx, syy = sum((x - mx) ** 2 for x in xs), sum((y - my) ** 2 for y in ys)
    if sxx <= _SMALL or syy <= _SMALL:
        return None
    return round(sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / math.sqrt(sxx * syy), 12)
