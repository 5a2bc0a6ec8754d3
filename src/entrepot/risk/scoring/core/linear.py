"""A logistic model, as numbers: also what stands in for any model where there is nothing to tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from entrepot.risk.measures.core import Floats

from .model import Matrix, Training, logit


@dataclass(frozen=True, slots=True)
class Linear:
    """`intercept + Σ weight × (x − middle) / spread`; a missing x counts as the middle. Arrays are (k,)."""

    names: tuple[str, ...]
    middle: Floats
    spread: Floats
    weight: Floats
    intercept: float
    kind: ClassVar[str] = "logistic"

    def standardised(self, values: Matrix) -> Floats:
        """(n, k): centred, scaled, within ±8, nothing missing."""
        scaled = (values.astype(np.float64) - self.middle) / self.spread
        return np.asarray(np.clip(np.nan_to_num(scaled, nan=0.0, posinf=8.0, neginf=-8.0), -8, 8))

    def margin(self, values: Matrix) -> Floats:
        """Log odds (n,)."""
        return np.asarray(self.standardised(values) @ self.weight + self.intercept)

    def contributions(self, values: Matrix) -> Floats:
        """`weight × standardised value`, (n, k)."""
        return np.asarray(self.standardised(values) * self.weight)

    def state(self) -> dict[str, Any]:
        """Plain lists."""
        return {
            "names": list(self.names),
            "middle": self.middle.tolist(),
            "spread": self.spread.tolist(),
            "weight": self.weight.tolist(),
            "intercept": self.intercept,
        }


def scales(values: Matrix) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each column (k,), without what is missing; a column that never varies has spread 1."""
    whole = values.astype(np.float64)
    known = np.isfinite(whole)
    count = np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, whole, 0.0)
    middle = filled.sum(axis=0) / count
    spread = np.sqrt(np.where(known, (whole - middle) ** 2, 0.0).sum(axis=0) / count)
    return middle, np.where(spread > 1e-12, spread, 1.0)


def constant(training: Training) -> Linear:
    """The general rate for every row: `(hits + ½) / (n + 1)`, where labels are all alike. Oracle: the formula."""
    width = len(training.names)
    rate = (float((training.weights * training.labels).sum()) + 0.5) / (float(training.weights.sum()) + 1.0)
    return Linear(training.names, np.zeros(width), np.ones(width), np.zeros(width), float(logit(rate)))
