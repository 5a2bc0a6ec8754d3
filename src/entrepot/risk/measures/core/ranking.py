"""How well scores put what matters first. Ties share: each of several equal scores gets the same part of what their place earns."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from entrepot.kernel.errors import Invalid

from .intervals import Interval
from .types import Floats, Ints


class Ranked:
    """Scores put in order once, so that many weightings of the same rows (a bootstrap) cost only sums.

    `labels` (n,) are 0 or 1, `scores` (n,) finite numbers. Raises `Invalid` where they do not fit together.
    """

    def __init__(self, labels: Any, scores: Any) -> None:
        labels, scores = np.asarray(labels, dtype=float), np.asarray(scores, dtype=float)
        if labels.shape != scores.shape or labels.ndim != 1 or not labels.size:
            raise Invalid({"scores": f"labels {labels.shape} and scores {scores.shape} have to be of one length, at least 1"})
        if not np.isfinite(scores).all() or not np.isin(labels, (0.0, 1.0)).all():
            raise Invalid({"scores": "scores have to be finite and labels 0 or 1"})
        self.order: Ints = np.argsort(-scores, kind="stable")
        ordered = scores[self.order]
        self.starts: Ints = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        self.labels: Floats = labels[self.order]

    def _blocks(self, weights: Floats | None) -> tuple[Floats, Floats]:
        """Weight of positives and of all, for each run of equal scores, from the highest."""
        weight = np.ones(len(self.labels)) if weights is None else weights[self.order]
        return np.add.reduceat(weight * self.labels, self.starts), np.add.reduceat(weight, self.starts)

    def auc(self, weights: Floats | None = None) -> float:
        """Area under the receiver's curve: the chance that a positive scores above a negative, ties counting half. nan without both."""
        positive, whole = self._blocks(weights)
        negative = whole - positive
        below = negative.sum() - np.cumsum(negative)
        pairs = positive.sum() * negative.sum()
        return float((positive * (below + negative / 2)).sum() / pairs) if pairs > 0 else math.nan

    def average_precision(self, weights: Floats | None = None) -> float:
        """`Σ (Rₙ − Rₙ₋₁) Pₙ` over the thresholds. nan without positives."""
        positive, whole = self._blocks(weights)
        total = positive.sum()
        if total <= 0:
            return math.nan
        reached = np.cumsum(whole)
        precision = np.divide(np.cumsum(positive), reached, out=np.zeros_like(reached), where=reached > 0)
        return float((positive * precision).sum() / total)

    def found_at(self, share: float, weights: Floats | None = None) -> tuple[float, float]:
        """Weight of positives and of all among the first `share` of rows (rounded up to a whole row)."""
        positive, whole = self._blocks(weights)
        room = math.ceil(share * whole.sum() - 1e-9)
        before = np.cumsum(whole) - whole
        part = np.clip((room - before) / np.maximum(whole, 1e-300), 0.0, 1.0)
        return float((positive * part).sum()), float(room)

    def precision_at(self, share: float, weights: Floats | None = None) -> float:
        """Part of the first `share` that is positive."""
        found, room = self.found_at(share, weights)
        return found / room if room else math.nan

    def recall_at(self, share: float, weights: Floats | None = None) -> float:
        """Part of all positives that is among the first `share`."""
        positive, _ = self._blocks(weights)
        total = positive.sum()
        return float(self.found_at(share, weights)[0] / total) if total > 0 else math.nan


def auc(labels: Any, scores: Any) -> float:
    """Area under the receiver's operating curve, `P(s₊ > s₋) + ½ P(s₊ = s₋)`; `labels` and `scores` are (n,).

    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75

    nan where one class is missing; raises `Invalid`. Source: Hanley and McNeil, Radiology 143 (1982). Oracle:
    `sklearn.metrics.roc_auc_score`, and Mann–Whitney's U by `scipy.stats`.
    """
    return Ranked(labels, scores).auc()


def average_precision(labels: Any, scores: Any) -> float:
    """Average precision, `Σ (Rₙ − Rₙ₋₁) Pₙ`; `labels` and `scores` are (n,).

    >>> round(average_precision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 4)
    0.8333

    nan without positives; raises `Invalid`. Source: Manning et al., Introduction to Information Retrieval (2008). Oracle:
    `sklearn.metrics.average_precision_score`.
    """
    return Ranked(labels, scores).average_precision()


def precision_at(labels: Any, scores: Any, share: float) -> float:
    """Part of the `share` of rows with the highest scores that is positive: the hit rate if just those were inspected.

    >>> precision_at([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], 0.5)
    0.5

    Ties at the edge share. Raises `Invalid`. Oracle: the mean over all orders of the ties, by brute force.
    """
    return Ranked(labels, scores).precision_at(share)


def recall_at(labels: Any, scores: Any, share: float) -> float:
    """Part of all positives among the `share` of rows with the highest scores.

    >>> recall_at([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], 0.5)
    0.5

    Ties at the edge share. nan without positives; raises `Invalid`. Oracle: the mean over all orders of the ties, by brute force.
    """
    return Ranked(labels, scores).recall_at(share)


def bootstrap(
    groups: Ints, measure: Callable[[Floats], float], rng: np.random.Generator, *, rounds: int = 200, level: float = 0.95
) -> Interval:
    """Percentile interval of `measure(weights)` when whole groups of rows are drawn again with return.

    `groups` (n,) numbers each row's group from 0; rows that belong together (one look-up tuple) are drawn together, because they are not
    independent. `measure` takes weights (n,). Rounds in which it is nan are left out.

    >>> values = np.arange(10.0)
    >>> found = bootstrap(np.arange(10), lambda w: float((w * values).sum() / w.sum()), np.random.default_rng(1))
    >>> found.estimate, found.low < 4.5 < found.high
    (4.5, True)

    Source: Efron, Annals of Statistics 7 (1979); Field and Welsh, JRSS B 69 (2007) for groups. Oracle: a mean's closed interval.
    """
    count = int(groups.max()) + 1
    estimate = measure(np.ones(len(groups)))
    drawn = [measure(np.bincount(rng.integers(0, count, count), minlength=count)[groups].astype(float)) for _ in range(rounds)]
    kept = [value for value in drawn if not math.isnan(value)]
    if not kept:
        return Interval(estimate, math.nan, math.nan)
    tail = (1 - level) / 2
    return Interval(estimate, float(np.quantile(kept, tail)), float(np.quantile(kept, 1 - tail)))
