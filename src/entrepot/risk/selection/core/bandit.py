"""How much to explore, learnt from what it brought: adversarial bandits, because a trade that adapts does not stand still."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from entrepot.kernel.errors import Invalid
from entrepot.risk.measures.core import Floats

ARMS = (0.02, 0.05, 0.10, 0.20, 0.30)


@dataclass(slots=True)
class Bandit:
    """Exp3.S over shares of exploration. Rewards lie from 0 to 1; `mixing` keeps every arm alive, `forgetting` lets old weeks fade.

    >>> bandit = Bandit(arms=(0.1, 0.3))
    >>> for _ in range(60):
    ...     bandit.learn(1, 0.9)
    ...     bandit.learn(0, 0.1)
    >>> bool(bandit.chances()[1] > 0.5)
    True

    Source: Auer, Cesa-Bianchi, Freund and Schapire, SIAM Journal on Computing 32 (2002), section 8; used for selection in ADAPT
    (arXiv 2109.14155). Oracle: the update by hand.
    """

    arms: tuple[float, ...] = ARMS
    mixing: float = 0.2
    forgetting: float = 0.02
    weights: Floats = field(default_factory=lambda: np.array([]))

    def __post_init__(self) -> None:
        if not self.arms or not (0 < self.mixing <= 1 and 0 <= self.forgetting < 1):
            raise Invalid({"bandit": "it needs arms, a mixing above 0 and at most 1, a forgetting from 0 to below 1"})
        if not len(self.weights):
            self.weights = np.ones(len(self.arms))

    def chances(self) -> Floats:
        """With which chance each arm is chosen, (arms,)."""
        return (1 - self.mixing) * self.weights / self.weights.sum() + self.mixing / len(self.arms)

    def choose(self, rng: np.random.Generator) -> int:
        """The number of an arm."""
        return int(rng.choice(len(self.arms), p=self.chances()))

    def learn(self, arm: int, reward: float) -> None:
        """Take in what the arm brought, from 0 to 1."""
        count = len(self.arms)
        gain = min(max(reward, 0.0), 1.0) / float(self.chances()[arm])
        grown = self.weights.copy()
        grown[arm] *= np.exp(self.mixing * gain / count)
        self.weights = grown + np.e * self.forgetting / count * self.weights.sum()
        self.weights = self.weights / self.weights.sum()
