"""From labelled rows to a scorer: fit on the earlier, calibrate and measure on the later, then fit again on all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from entrepot.kernel.errors import DomainError
from entrepot.risk.measures.core import Floats

from ..core import Calibration, Linear, Model, Scorer, Training, calibrate, constant, fit_lookup, fit_neural, make_card, scales
from .boosting import fit_boosting

KINDS = ("boosting", "logistic", "lookup", "neural", "revenue")
MATRIX_COLUMNS = ("importer_rate", "hs6_rate", "price_score", "claimed_indirect")
"""What the look-up baseline looks at: an officer's risk matrix."""
Progress = Callable[[int, int], None]


class UnableToFit(DomainError):
    """There is nothing to learn from."""

    code = "unable-to-fit"


def fit_logistic(training: Training, *, strength: float = 1.0) -> Linear:
    """Logistic regression with a ridge, on standardised features. Oracle: `statsmodels.Logit` where the ridge is nil."""
    middle, spread = scales(training.values)
    empty = Linear(training.names, middle, spread, np.zeros(len(training.names)), 0.0)
    model = LogisticRegression(C=strength, max_iter=500)
    model.fit(empty.standardised(training.values), training.labels, sample_weight=training.weights)
    return Linear(training.names, middle, spread, model.coef_[0].astype(float), float(model.intercept_[0]))


def fit_model(kind: str, training: Training, *, seed: int, progress: Progress | None = None, **changes: Any) -> Model:
    """One model of this kind; where all labels are alike, the general rate. Raises `UnableToFit` for a kind there is none of."""
    if kind not in KINDS:
        raise UnableToFit("There is no model %(kind)s; there are %(known)s.", kind=kind, known=", ".join(KINDS))
    if not training.has_both or (kind == "revenue" and not (training.revenue * training.labels > 0).any()):
        return constant(training)
    if kind == "logistic":
        return fit_logistic(training)
    if kind == "lookup":
        columns = tuple(training.names.index(name) for name in MATRIX_COLUMNS if name in training.names) or tuple(
            range(min(3, len(training.names)))
        )
        return fit_lookup(training, columns, levels=tuple(range(1, len(columns) + 1)), bins=8, smoothing=20.0)
    if kind == "neural":
        return fit_neural(training, np.random.default_rng(seed), progress=progress)
    return fit_boosting(training, seed=seed, objective="revenue" if kind == "revenue" else "fraud", progress=progress, **changes)


def fit(kind: str, training: Training, *, seed: int = 0, hold: float = 0.2, progress: Progress | None = None, **changes: Any) -> Scorer:
    """A calibrated scorer with its card.

    The last `hold` of the rows (they stand in the order of time) are kept: the model fitted on those before is calibrated and measured on
    them, half for each, and the card says so. The scorer that is returned is fitted on all, with that calibration.
    """
    count = len(training.labels)
    if count < 20:
        raise UnableToFit("There are %(count)s labelled rows; at least 20 are needed.", count=count)
    cut = int(count * (1 - hold))
    early, late = training.part(slice(0, cut)), training.part(slice(cut, count))
    trial = fit_model(kind, early, seed=seed, **changes)
    objective = "revenue" if kind == "revenue" else "fraud"
    rng = np.random.default_rng(seed)
    first = np.arange(len(late.labels)) % 2 == 0
    calibration = _calibration(trial, late.part(first), objective)
    rest = late.part(~first)
    card = make_card(
        kind=kind,
        objective=objective,
        names=training.names,
        labels=rest.labels,
        scores=Scorer(trial, calibration, objective).score(rest.values),
        fitted_on={"rows": count, "found": int(training.labels.sum()), "seed": seed},
        rng=rng,
    )
    model = fit_model(kind, training, seed=seed, progress=progress, **changes)
    return Scorer(model, calibration, objective, card)


def _calibration(model: Model, late: Training, objective: str) -> Calibration:
    margin = model.margin(late.values)
    if objective == "revenue":
        expected, real = float(np.exp(np.minimum(margin, 60)).sum()), float((late.revenue * late.labels).sum())
        return Calibration(1.0, float(np.log(real / expected)) if real > 0 and expected > 0 else 0.0)
    return calibrate(margin, late.labels, late.weights)


def training_from(columns: dict[str, Any], names: tuple[str, ...], *, by_propensity: bool = False, label: str = "outcome") -> Training:
    """The labelled rows of a table of features (columns as numpy arrays), in the order of time.

    With `by_propensity` each row counts one over the chance with which it was inspected (at most 50), so that what is rarely inspected is
    not drowned by what always is. Raises `UnableToFit` where nothing is labelled.
    """
    outcome = np.asarray(columns[label], dtype=float)
    known = np.isfinite(outcome)
    if not known.any():
        raise UnableToFit("No row has an outcome: a model learns from what inspections found. Is the column %(label)s empty?", label=label)
    order = np.argsort(np.asarray(columns["lodged_on"])[known], kind="stable")
    values = np.column_stack([np.asarray(columns[name], dtype=np.float32)[known][order] for name in names])
    weights: Floats = np.ones(known.sum())
    if by_propensity and "propensity" in columns:
        chance = np.nan_to_num(np.asarray(columns["propensity"], dtype=float)[known][order], nan=1.0)
        weights = 1.0 / np.clip(chance, 0.02, 1.0)
    revenue = np.nan_to_num(np.asarray(columns["recovered"], dtype=float)[known][order])
    return Training(names, np.ascontiguousarray(values), outcome[known][order], revenue, weights)
