"""Drift, watched where it can be seen honestly: on the rows that were drawn blindly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.risk.measures.core import Bools, Floats, Interval, rate_change, stability_index, wilson


@dataclass(frozen=True, slots=True)
class Drift:
    """Random rows of one period beside those of the one before: the rate found in each, the chance of such a change by accident, and the
    population stability index of the score and of each feature."""

    before: Interval
    now: Interval
    p_value: float
    score_index: float
    feature_index: dict[str, float]

    @property
    def is_suspect(self) -> bool:
        """Whether someone should look: a change in rate at one in a hundred, or an index above a quarter."""
        return self.p_value < 0.01 or self.score_index > 0.25 or any(index > 0.25 for index in self.feature_index.values())


def drift(now: Bools, found: Bools, score: Floats, features: dict[str, Floats]) -> Drift:
    """Compare the rows of `now` with the others. All arrays are (n,), of random rows only.

    Oracle of its parts: those of `wilson`, `rate_change` and `stability_index`; of the whole: worlds in which the rate, or a score, does or
    does not change.
    """
    old = ~now
    hits, trials = (int(found[old].sum()), int(old.sum())), (int(found[now].sum()), int(now.sum()))
    return Drift(
        before=wilson(*hits),
        now=wilson(*trials),
        p_value=rate_change(*hits, *trials),
        score_index=stability_index(score[old], score[now]) if old.any() and now.any() else 0.0,
        feature_index={
            name: stability_index(values[old], values[now]) if old.any() and now.any() and np.isfinite(values[old]).any() else 0.0
            for name, values in features.items()
        },
    )
