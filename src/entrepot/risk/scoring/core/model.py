"""The small interface that every model meets, and what turns its margin into a probability."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from entrepot.kernel.errors import DomainError, Invalid
from entrepot.risk.measures.core import Floats

Matrix = npt.NDArray[np.float32]
"""Rows × features; nan where a feature is not known."""


class WrongColumns(DomainError):
    """What is to be scored has not the features that the model was fitted on."""

    code = "wrong-columns"
    message = "The model needs the features %(needed)s; missing: %(missing)s."


@dataclass(frozen=True, slots=True)
class Training:
    """What a model learns from. `values` (n, k) with k `names`; `labels` (n,) 0 or 1; `revenue` (n,) recovered; `weights` (n,) above 0.

    Rows stand in the order of time: the last of them serve for calibration.
    """

    names: tuple[str, ...]
    values: Matrix
    labels: Floats
    revenue: Floats
    weights: Floats

    def __post_init__(self) -> None:
        count = len(self.labels)
        fits = self.values.shape == (count, len(self.names)) and len(self.revenue) == count == len(self.weights)
        if not fits or not count:
            raise Invalid({"training": f"values {self.values.shape} do not fit {count} labels and {len(self.names)} names"})
        if not np.isin(self.labels, (0.0, 1.0)).all() or not (self.weights > 0).all() or not np.isfinite(self.revenue).all():
            raise Invalid({"training": "labels are 0 or 1, weights above 0, revenue finite"})

    def part(self, rows: Any) -> Training:
        """Some of the rows."""
        return Training(self.names, self.values[rows], self.labels[rows], self.revenue[rows], self.weights[rows])

    @property
    def has_both(self) -> bool:
        """Whether there is something to tell apart."""
        return 0 < self.labels.sum() < len(self.labels)


@runtime_checkable
class Model(Protocol):
    """Rows in, margins out: log odds for a model of fraud, the logarithm of expected revenue for a model of revenue."""

    kind: ClassVar[str]

    @property
    def names(self) -> tuple[str, ...]:
        """The features, in the order of the columns."""

    def margin(self, values: Matrix) -> Floats:
        """(n,) for (n, k); every row gets a finite number, whatever is missing in it."""

    def contributions(self, values: Matrix) -> Floats:
        """(n, k): by how much each feature moves the margin of each row away from the model's middle."""

    def state(self) -> dict[str, Any]:
        """All that is needed to make it again, as plain JSON."""


def sigmoid(margin: Floats) -> Floats:
    """`1 / (1 + e⁻ᵐ)` for each margin (n,), without overflow.

    >>> [round(float(p), 3) for p in sigmoid(np.array([-1000.0, 0.0, 2.0]))]
    [0.0, 0.5, 0.881]

    Oracle: the closed form.
    """
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(margin, -500, 500))))


def logit(share: Any) -> Floats:
    """Log odds of parts (n,), kept between 1e-9 and 1 − 1e-9.

    >>> float(logit(0.5))
    0.0

    Oracle: the closed form.
    """
    kept = np.clip(np.asarray(share, dtype=float), 1e-9, 1 - 1e-9)
    return np.asarray(np.log(kept / (1 - kept)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """`p = σ(slope × margin + intercept)`; for revenue `scale × e^margin`. The slope is above 0, so that no order changes."""

    slope: float = 1.0
    intercept: float = 0.0

    def probability(self, margin: Floats) -> Floats:
        """Probabilities (n,) for margins (n,)."""
        return sigmoid(self.slope * margin + self.intercept)


def calibrate(margin: Floats, labels: Floats, weights: Floats) -> Calibration:
    """Platt's scaling by Newton's method: the slope and intercept under which `labels` (n,) are most likely, given `margin` (n,).

    Targets are drawn in by a count each, as Platt did, so that separable rows do not send the slope to infinity; a slope that would turn
    the order round (or fewer than ten rows of either label) leaves the margin as it is but for the intercept.

    >>> found = calibrate(np.array([-2.0, -1.0, 1.0, 2.0] * 10), np.array([0.0, 0.0, 1.0, 1.0] * 10), np.ones(40))
    >>> found.slope > 0
    True

    Source: Platt, Probabilistic outputs for support vector machines (1999); Lin, Lin and Weng (2007) for the method. Oracle:
    `sklearn.linear_model.LogisticRegression` without penalty.
    """
    hits = labels.sum()
    if min(hits, len(labels) - hits) < 10:
        rate = (np.sum(weights * labels) + 0.5) / (weights.sum() + 1.0)
        return Calibration(1.0, float(logit(rate) - logit(np.average(sigmoid(margin), weights=weights))))
    target = np.where(labels > 0, (hits + 1) / (hits + 2), 1 / (len(labels) - hits + 2))
    design = np.column_stack([margin, np.ones_like(margin)])
    answer = np.array([1.0, 0.0])
    for _ in range(50):
        p = sigmoid(design @ answer)
        gradient = design.T @ (weights * (p - target))
        bend = (design * (weights * p * (1 - p))[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(bend, gradient)
        answer = answer - np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-9:
            break
    if answer[0] <= 0:
        return Calibration(1.0, float(logit(hits / len(labels)) - np.average(margin, weights=weights)))
    return Calibration(float(answer[0]), float(answer[1]))


@dataclass(frozen=True, slots=True)
class Scorer:
    """A fitted model with its calibration: what is saved, loaded and used.

    `objective` is `fraud` (a score is a probability) or `revenue` (a score is an expected amount). `card` holds measurements.
    """

    model: Model
    calibration: Calibration = field(default_factory=Calibration)
    objective: str = "fraud"
    card: dict[str, Any] = field(default_factory=dict)

    def score(self, values: Matrix) -> Floats:
        """Scores (n,) of rows (n, k), in the order of `model.names`."""
        if values.ndim != 2 or values.shape[1] != len(self.model.names):
            raise WrongColumns(
                needed=", ".join(self.model.names), missing=f"{len(self.model.names)} columns expected, {values.shape} given"
            )
        margin = self.model.margin(values)
        if self.objective == "revenue":
            return np.asarray(np.exp(np.minimum(margin + self.calibration.intercept, 60.0)))
        return self.calibration.probability(margin)

    def reasons(self, values: Matrix, *, top: int = 3) -> list[list[tuple[str, float, float]]]:
        """For each row the `top` features that raise its score most: name, value, contribution to the log odds. Only for what is selected:
        explaining costs a hundred times what scoring does.
        """
        parts = self.model.contributions(values)
        order = np.argsort(-parts, axis=1, kind="stable")[:, :top]
        names = self.model.names
        return [
            [(names[column], float(values[row, column]), float(parts[row, column])) for column in chosen if parts[row, column] > 0]
            for row, chosen in enumerate(order)
        ]
