"""Whether what comes now is like what came before."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from .intervals import Interval


def stability_index(before: Any, now: Any, bins: int = 10) -> float:
    """Population stability index, `Σ (q − p) ln(q/p)` over `bins` quantiles of `before`; half a count is added to each bin.

    `before` (n,) and `now` (m,) are values; missing ones form a bin of their own. By custom 0.1 is worth a look and 0.25 a change.

    >>> round(stability_index(range(100), range(100)), 3)
    0.0

    Source: Lewis, An introduction to credit scoring (1994); it is Jeffreys' divergence. Oracle: the sum of both Kullback–Leibler
    divergences by `scipy.stats.entropy`.
    """
    old, new = np.asarray(before, dtype=float), np.asarray(now, dtype=float)
    edges = np.unique(np.nanquantile(old, np.linspace(0, 1, bins + 1)[1:-1])) if np.isfinite(old).any() else np.array([])
    counts = []
    for values in (old, new):
        place = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="right"))
        counts.append(np.bincount(place, minlength=len(edges) + 2) + 0.5)
    part, other = (count / count.sum() for count in counts)
    return float(((other - part) * np.log(other / part)).sum())


def rate_change(hits_before: int, trials_before: int, hits_now: int, trials_now: int) -> float:
    """Two-sided p-value that a rate is the same before and now: Fisher's exact test. nan without trials on either side.

    >>> round(rate_change(5, 100, 20, 100), 4)
    0.0022

    Source: Fisher (1922). Oracle: the sum of hypergeometric chances by brute force.
    """
    if trials_before == 0 or trials_now == 0:
        return math.nan
    table = [[hits_before, trials_before - hits_before], [hits_now, trials_now - hits_now]]
    return float(stats.fisher_exact(table).pvalue)


def difference(before: list[float], now: list[float], level: float = 0.95) -> Interval:
    """Welch's interval for the difference of two means, `now − before`. Fewer than two values on a side: ends nan.

    >>> difference([1.0, 2.0, 3.0], [2.0, 3.0, 4.0]).estimate
    1.0

    Source: Welch, Biometrika 34 (1947). Oracle: `scipy.stats.ttest_ind(equal_var=False).confidence_interval`.
    """
    gap = float(np.mean(now) - np.mean(before))
    if min(len(before), len(now)) < 2:
        return Interval(gap, math.nan, math.nan)
    one, two = np.var(before, ddof=1) / len(before), np.var(now, ddof=1) / len(now)
    error = math.sqrt(one + two)
    if error == 0:
        return Interval(gap, gap, gap)
    freedom = (one + two) ** 2 / (one**2 / (len(before) - 1) + two**2 / (len(now) - 1))
    reach = float(stats.t.ppf(0.5 + level / 2, freedom)) * error
    return Interval(gap, gap - reach, gap + reach)
