"""A dual-task network: one hidden layer, two heads, fraud and revenue, after DATE's idea that each task helps the other.

Written on numpy because PyTorch's wheels bring two gigabytes of code for graphics cards to a network of a few thousand weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from entrepot.risk.measures.core import Floats

from .linear import Linear, scales
from .model import Matrix, Training, sigmoid

Weights = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class DualTask:
    """`hidden = relu(x W + b)`; log odds of fraud `hidden u + c`; logarithm of one plus revenue `hidden v + d`.

    The margin is that of fraud, plus `revenue_weight` times the predicted logarithm of revenue, standardised.
    """

    scaler: Linear
    weights: Weights
    revenue_weight: float = 0.0
    kind: ClassVar[str] = "neural"

    @property
    def names(self) -> tuple[str, ...]:
        """The features."""
        return self.scaler.names

    def margin(self, values: Matrix) -> Floats:
        """Log odds (n,)."""
        odds, money = forward(self.weights, self.scaler.standardised(values))[:2]
        return np.asarray(odds + self.revenue_weight * money)

    def contributions(self, values: Matrix) -> Floats:
        """Gradient × input, (n, k): exact for the part of the input space in which the hidden layer's signs are the row's."""
        inputs = self.scaler.standardised(values)
        hidden = inputs @ self.weights["W"] + self.weights["b"] > 0
        out = self.weights["u"] + self.revenue_weight * self.weights["v"]
        return np.asarray(((hidden * out) @ self.weights["W"].T) * inputs)

    def state(self) -> dict[str, Any]:
        """Plain lists."""
        return {
            "scaler": self.scaler.state(),
            "weights": {name: weight.tolist() for name, weight in self.weights.items()},
            "revenue_weight": self.revenue_weight,
        }


def forward(weights: Weights, inputs: Floats) -> tuple[Floats, Floats, Floats]:
    """Log odds (n,), logarithm of revenue (n,), hidden layer (n, h) for inputs (n, k)."""
    hidden = np.maximum(inputs @ weights["W"] + weights["b"], 0.0)
    return hidden @ weights["u"] + weights["c"], hidden @ weights["v"] + weights["d"], hidden


def loss_and_gradient(
    weights: Weights, inputs: Floats, labels: Floats, money: Floats, sample: Floats, *, share: float, decay: float
) -> tuple[float, Weights]:
    """Mean of cross-entropy and, with part `share`, squared error of the logarithm of revenue; plus `decay` times squares of W.

    `inputs` (n, k), `labels`, `money`, `sample` weights (n,). Oracle: central differences in the tests.
    """
    odds, guess, hidden = forward(weights, inputs)
    norm = sample / sample.sum()
    p = sigmoid(odds)
    entropy = np.logaddexp(0.0, odds) - labels * odds
    gap = guess - money
    loss = float((norm * ((1 - share) * entropy + share * 0.5 * gap**2)).sum() + decay * (weights["W"] ** 2).sum())
    of_odds, of_money = norm * (1 - share) * (p - labels), norm * share * gap
    back = (np.outer(of_odds, weights["u"]) + np.outer(of_money, weights["v"])) * (hidden > 0)
    return loss, {
        "W": inputs.T @ back + 2 * decay * weights["W"],
        "b": back.sum(axis=0),
        "u": hidden.T @ of_odds,
        "c": np.array(of_odds.sum()),
        "v": hidden.T @ of_money,
        "d": np.array(of_money.sum()),
    }


def fit_neural(
    training: Training,
    rng: np.random.Generator,
    *,
    hidden: int = 24,
    epochs: int = 30,
    share: float = 0.3,
    rate: float = 0.01,
    batch: int = 512,
    progress: Callable[[int, int], None] | None = None,
) -> DualTask:
    """Adam on mini-batches. Revenue enters as `ln(1 + revenue)` divided by its spread among findings.

    Source: Kim et al., DATE: Dual Attentive Tree-aware Embedding (KDD 2020) for the two tasks; Kingma and Ba (2015) for the steps.
    """
    width = len(training.names)
    middle, spread = scales(training.values)
    scaler = Linear(training.names, middle, spread, np.zeros(width), 0.0)
    inputs = scaler.standardised(training.values)
    money = np.log1p(np.maximum(training.revenue, 0.0))
    money = money / (money.std() or 1.0)
    weights: Weights = {
        "W": rng.normal(0, np.sqrt(2 / width), (width, hidden)),
        "b": np.zeros(hidden),
        "u": rng.normal(0, np.sqrt(1 / hidden), hidden),
        "c": np.zeros(()),
        "v": rng.normal(0, np.sqrt(1 / hidden), hidden),
        "d": np.zeros(()),
    }
    first = {name: np.zeros_like(weight) for name, weight in weights.items()}
    second = {name: np.zeros_like(weight) for name, weight in weights.items()}
    step = 0
    for epoch in range(epochs):
        for rows in np.array_split(rng.permutation(len(inputs)), max(1, len(inputs) // batch)):
            step += 1
            _, gradient = loss_and_gradient(
                weights, inputs[rows], training.labels[rows], money[rows], training.weights[rows], share=share, decay=1e-4
            )
            for name, slope in gradient.items():
                first[name] = 0.9 * first[name] + 0.1 * slope
                second[name] = 0.999 * second[name] + 0.001 * slope**2
                pace = rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
                weights[name] = weights[name] - pace * first[name] / (np.sqrt(second[name]) + 1e-8)
        if progress:
            progress(epoch + 1, epochs)
    return DualTask(scaler, weights)
