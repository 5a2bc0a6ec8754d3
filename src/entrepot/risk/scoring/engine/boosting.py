"""Gradient boosting by LightGBM, for fraud and for revenue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import lightgbm
import numpy as np

from entrepot.risk.measures.core import Floats

from ..core import Matrix, Training, UntrustedModel, check_trees

PARAMETERS: dict[str, Any] = {
    "num_leaves": 15,
    "learning_rate": 0.08,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "deterministic": True,
    "force_col_wise": True,
    "verbosity": -1,
}
ROUNDS = 100
"""A hundred trees of fifteen leaves: three times as fast as the usual three hundred of thirty-one, and no worse in the simulation."""


class Boosting:
    """A LightGBM model, held as the text that is saved; the library's object is made from it after the text has been checked."""

    kind: ClassVar[str] = "boosting"

    def __init__(self, names: tuple[str, ...], text: str) -> None:
        self._names = names
        self.text = text
        self.trees = check_trees(text, names)
        try:
            self.booster = lightgbm.Booster(model_str=text)
        except lightgbm.basic.LightGBMError as error:
            raise UntrustedModel(why=str(error)[:200]) from None

    @property
    def names(self) -> tuple[str, ...]:
        """The features."""
        return self._names

    def margin(self, values: Matrix) -> Floats:
        """Log odds, or the logarithm of expected revenue, (n,)."""
        return np.asarray(self.booster.predict(values, raw_score=True), dtype=np.float64)

    def contributions(self, values: Matrix) -> Floats:
        """Shapley values by trees, (n, k). Source: Lundberg et al., Nature Machine Intelligence 2 (2020); they sum to margin less mean."""
        return np.asarray(self.booster.predict(values, pred_contrib=True), dtype=np.float64)[:, :-1]

    def state(self) -> dict[str, Any]:
        """The library's own text."""
        return {"names": list(self._names), "text": self.text}


def fit_boosting(
    training: Training,
    *,
    seed: int,
    objective: str = "fraud",
    rounds: int = ROUNDS,
    threads: int = 1,
    progress: Callable[[int, int], None] | None = None,
    **changes: Any,
) -> Boosting:
    """Fit trees. `objective` is `fraud` (log loss) or `revenue` (Tweedie deviance on what was recovered: most rows nothing, some much).

    One thread by default: LightGBM's threads wait for each other at every leaf, and on a shared machine two took thirteen times as long
    as one.
    """
    target = training.labels if objective == "fraud" else training.revenue * training.labels
    parameters = {**PARAMETERS, **changes, "seed": seed, "num_threads": threads}
    parameters |= {"objective": "binary"} if objective == "fraud" else {"objective": "tweedie", "tweedie_variance_power": 1.5}
    parameters["min_data_in_leaf"] = min(int(parameters["min_data_in_leaf"]), max(5, len(target) // 50))
    data = lightgbm.Dataset(
        training.values, label=target, weight=training.weights, feature_name=list(training.names), params={"verbosity": -1, "max_bin": 127}
    )
    calls = [lambda at: progress(at.iteration + 1, rounds)] if progress else []
    booster = lightgbm.train(parameters, data, num_boost_round=rounds, callbacks=calls)
    # Only the trees: what follows in the text (importances, parameters) is not needed to predict and would name this machine's settings.
    text = booster.model_to_string(num_iteration=-1)
    return Boosting(training.names, without_parameters(text))


def without_parameters(text: str) -> str:
    """The model's text up to the end of its trees."""
    body, end, _ = text.partition("\nend of trees\n")
    return body + end
