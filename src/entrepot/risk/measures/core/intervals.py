"""Intervals for proportions: from a plain sample, from a finite population, and from unequal chances of being drawn."""

from __future__ import annotations

import math
from typing import NamedTuple

from scipy import stats

from entrepot.kernel.errors import Invalid


class Interval(NamedTuple):
    """An estimate and the ends of its interval, all in the unit of the estimate."""

    estimate: float
    low: float
    high: float


def _check(hits: float, trials: float, level: float) -> None:
    if not (0 <= hits <= trials and 0 < level < 1):
        raise Invalid({"counts": f"hits {hits} of {trials} at level {level}: hits lie from 0 to trials, the level between 0 and 1"})


def wilson(hits: float, trials: float, level: float = 0.95) -> Interval:
    """Score interval of a proportion: the `p` for which `|p̂ − p| ≤ z √(p(1−p)/n)`.

    `hits` and `trials` are counts ≥ 0 (scalars), `level` the coverage. No trials: estimate nan, interval 0 to 1. Raises `Invalid`.

    >>> tuple(round(x, 4) for x in wilson(8, 20))
    (0.4, 0.2188, 0.6134)

    Source: Wilson, JASA 22 (1927) 209–212. Oracle: `statsmodels.stats.proportion.proportion_confint(method="wilson")`.
    """
    _check(hits, trials, level)
    if trials == 0:
        return Interval(math.nan, 0.0, 1.0)
    z = float(stats.norm.ppf(0.5 + level / 2))
    share, square = hits / trials, z * z / trials
    middle = (share + square / 2) / (1 + square)
    half = z * math.sqrt(share * (1 - share) / trials + square / (4 * trials)) / (1 + square)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def exact(hits: float, trials: float, level: float = 0.95) -> Interval:
    """Clopper–Pearson interval: quantiles of `Beta(x, n−x+1)` and `Beta(x+1, n−x)`; covers at least `level` of the time.

    Counts need not be whole, so that an effective sample size can stand for `trials`. Raises `Invalid`.

    >>> tuple(round(x, 4) for x in exact(0, 10))
    (0.0, 0.0, 0.3085)

    Source: Clopper and Pearson, Biometrika 26 (1934) 404–413. Oracle: `scipy.stats.binomtest(...).proportion_ci("exact")`.
    """
    _check(hits, trials, level)
    if trials == 0:
        return Interval(math.nan, 0.0, 1.0)
    tail = (1 - level) / 2
    low = 0.0 if hits <= 0 else float(stats.beta.ppf(tail, hits, trials - hits + 1))
    high = 1.0 if hits >= trials else float(stats.beta.ppf(1 - tail, hits + 1, trials - hits))
    return Interval(hits / trials, low, high)


def finite(hits: int, drawn: int, population: int, level: float = 0.95) -> Interval:
    """Exact interval for the number of positives in a population of which `drawn` were drawn with equal chances and without return.

    The ends are the smallest and largest `K` that a hypergeometric test at `(1−level)/2` on each side does not reject. In counts, not
    parts. Raises `Invalid`.

    >>> finite(2, 50, 1000)
    Interval(estimate=40.0, low=6, high=134)

    Source: Wright, Exact confidence bounds when sampling from small finite universes (1991). Oracle: trying every `K`.
    """
    _check(hits, drawn, level)
    if drawn > population:
        raise Invalid({"drawn": f"{drawn} cannot be drawn from {population} without return"})
    if drawn == 0:
        return Interval(math.nan, 0, population)
    tail = (1 - level) / 2

    def few(positives: int) -> bool:  # so few that as many hits would be too rare
        return float(stats.hypergeom.sf(hits - 1, population, positives, drawn)) < tail

    def many(positives: int) -> bool:
        return float(stats.hypergeom.cdf(hits, population, positives, drawn)) < tail

    low = _first(hits, population - (drawn - hits), lambda k: not few(k))
    high = _first(low, population - (drawn - hits) + 1, many) - 1
    return Interval(hits / drawn * population, low, high)


def _first(low: int, high: int, holds: object) -> int:
    """The first whole number from `low` on for which `holds`, or `high`; once it holds, it holds for all above."""
    assert callable(holds)
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def mean_interval(values: list[float], level: float = 0.95) -> Interval:
    """Student's interval of a mean of independent values, `mean ± t s/√n`. Fewer than two values: ends nan.

    >>> tuple(round(x, 3) for x in mean_interval([1.0, 2.0, 3.0]))
    (2.0, -0.484, 4.484)

    Source: Student, Biometrika 6 (1908). Oracle: `scipy.stats.ttest_1samp(...).confidence_interval`.
    """
    count = len(values)
    if count == 0:
        return Interval(math.nan, math.nan, math.nan)
    mean = sum(values) / count
    if count == 1:
        return Interval(mean, math.nan, math.nan)
    error = math.sqrt(sum((value - mean) ** 2 for value in values) / (count - 1) / count)
    reach = float(stats.t.ppf(0.5 + level / 2, count - 1)) * error
    return Interval(mean, mean - reach, mean + reach)
