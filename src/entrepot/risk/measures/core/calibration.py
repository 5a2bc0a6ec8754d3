"""Whether a score of 0.3 means that three in ten are found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .intervals import Interval, wilson
from .types import Floats


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows with similar scores: how many, their mean score, and what was found with its interval."""

    count: int
    score: float
    found: Interval


def reliability(labels: Any, scores: Any, bins: int = 10) -> list[Bin]:
    """Rows in `bins` groups of equal size by score; `labels` (n,) 0 or 1, `scores` (n,) from 0 to 1.

    >>> [round(b.score, 2) for b in reliability([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], bins=2)]
    [0.15, 0.85]

    Source: Bröcker and Smith, Weather and Forecasting 22 (2007). Oracle: `sklearn.calibration.calibration_curve(strategy="quantile")`.
    """
    labels, scores = np.asarray(labels, dtype=float), np.asarray(scores, dtype=float)
    order = np.argsort(scores, kind="stable")
    parts = [part for part in np.array_split(order, bins) if part.size]
    return [Bin(len(part), float(scores[part].mean()), wilson(float(labels[part].sum()), len(part))) for part in parts]


def calibration_error(labels: Any, scores: Any, bins: int = 10) -> float:
    """Expected calibration error, `Σ nₖ/n |mean scoreₖ − rateₖ|` over `bins` groups of equal size.

    >>> round(calibration_error([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], bins=2), 3)
    0.15

    Source: Naeini, Cooper and Hauskrecht, AAAI (2015). Oracle: by hand.
    """
    found = reliability(labels, scores, bins)
    return sum(one.count * abs(one.score - one.found.estimate) for one in found) / sum(one.count for one in found)


def brier(labels: Any, scores: Any) -> float:
    """Mean squared difference of score and outcome, `Σ (s − y)²/n`.

    >>> round(brier([0, 1], [0.2, 0.7]), 3)
    0.065

    Source: Brier, Monthly Weather Review 78 (1950). Oracle: `sklearn.metrics.brier_score_loss`.
    """
    gap: Floats = np.asarray(scores, dtype=float) - np.asarray(labels, dtype=float)
    return float((gap**2).mean())
