"""What may be concluded about all declarations from those inspected, given the chance with which each was."""

from __future__ import annotations

import math

import numpy as np

from entrepot.kernel.errors import Invalid
from entrepot.risk.measures.core import Bools, Floats, Interval, exact, finite


class NothingKnown(Invalid):
    """Rows that could never be inspected: nothing can be said of them."""

    code = "nothing-known"


def rate(found: Bools, inspected: Bools, propensity: Floats, level: float = 0.95) -> Interval:
    """Part of n rows in which an inspection finds something, estimated from those inspected; all arguments (n,).

    Rows inspected for certain count as found. The others are estimated by Hájek's ratio, `Σ y/π ÷ Σ 1/π` over those drawn. The interval is
    exact (hypergeometric) where all of them had one chance; else Clopper–Pearson with the effective number of draws, `p(1−p)/V` where
    enough was found to know `V`, else Kish's `(Σw)²/Σw²`. Raises `NothingKnown` if a row's chance is 0: without exploration no figure is
    unbiased.

    >>> pi = np.r_[np.ones(10), np.full(90, 1 / 3)]
    >>> seen = np.r_[np.ones(10, bool), np.tile([True, False, False], 30)]
    >>> found = np.zeros(100, bool); found[:5] = True; found[10] = True
    >>> rate(found, seen, pi).estimate
    0.08

    Source: Hájek (1971); Korn and Graubard, Survey Methodology 24 (1998). Oracle: coverage over thousands of draws with known truth.
    """
    count = len(found)
    if not count:
        return Interval(math.nan, 0.0, 1.0)
    if (propensity <= 0).any():
        raise NothingKnown(
            {"propensity": "0"},
            "%(rows)s rows had no chance of inspection: nothing can be said of them. A random share above 0 mends that.",
            rows=int((propensity <= 0).sum()),
        )
    certain = propensity >= 1 - 1e-12
    known = int((found & certain & inspected).sum())
    rest = ~certain
    size, drawn = int(rest.sum()), rest & inspected
    if not size:
        return Interval(known / count, known / count, known / count)
    y, w = found[drawn].astype(float), 1.0 / propensity[drawn]
    if not len(y):
        return Interval(math.nan, known / count, (known + size) / count)
    if np.ptp(w) < 1e-9:
        reach = finite(int(y.sum()), len(y), size, level)
        low, middle, high = reach.low, reach.estimate, reach.high
    else:
        share, low_share, high_share = _weighted(y, w, level)
        low, middle, high = low_share * size, share * size, high_share * size
    return Interval((known + middle) / count, (known + low) / count, (known + high) / count)


def _weighted(y: Floats, w: Floats, level: float) -> Interval:
    share = float((w * y).sum() / w.sum())
    kish = float(w.sum() ** 2 / (w**2).sum())
    effective = kish
    if y.sum() >= 8 and share < 1:
        variance = float((w * (w - 1) * (y - share) ** 2).sum() / w.sum() ** 2) * len(y) / max(1, len(y) - 1)
        effective = share * (1 - share) / variance if variance > 0 else kish
    found = exact(share * effective, effective, level)
    return Interval(share, found.low, found.high)


def total(amount: Floats, inspected: Bools, propensity: Floats) -> tuple[float, float]:
    """Horvitz–Thompson estimate of a sum over n rows, `Σ y/π` over those inspected, with its standard error; arguments (n,).

    >>> total(np.array([5.0, 0.0]), np.array([True, False]), np.array([0.5, 0.5]))[0]
    10.0

    The error is that of independent draws, `√Σ (1−π) y²/π²`, which is not too small for systematic draws in random order. Raises
    `NothingKnown`. Source: Horvitz and Thompson, JASA 47 (1952). Oracle: the mean over many draws.
    """
    if (propensity <= 0).any():
        raise NothingKnown({"propensity": "0"}, "Some rows had no chance of inspection: nothing can be said of them.")
    y, pi = np.nan_to_num(amount[inspected]), propensity[inspected]
    return float((y / pi).sum()), float(np.sqrt(((1 - pi) * y**2 / pi**2).sum()))


def precision(hit: Bools, found: Bools, inspected: Bools, propensity: Floats, level: float = 0.95) -> Interval:
    """Of the rows that a profile or a model points to (`hit`, (n,)), the part in which an inspection finds something: `rate` among them.

    Oracle: the plain mean where all are inspected; `rate`'s coverage otherwise.
    """
    return rate(found[hit], inspected[hit], propensity[hit], level)


def compliance(found: Bools, inspected: Bools, propensity: Floats, level: float = 0.95) -> Interval:
    """One less the `rate`: the part of all declarations in which nothing would be found. Oracle: as for `precision`."""
    found_rate = rate(found, inspected, propensity, level)
    return Interval(1 - found_rate.estimate, 1 - found_rate.high, 1 - found_rate.low)
