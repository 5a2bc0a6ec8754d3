"""What a plan can find, said before anyone looks: from its design and from the noise of the periods before, and from nothing else.

The noise is what is left once each Member's mean and each period's are taken away; its spread and its memory ρ (corrected for the shortness
of the series) are those of all Members together. Worlds of that noise are drawn, the plan's own estimator is run on each, and the least
difference that it would find in four of five worlds is the promise. It holds where Members do not drift apart by themselves.

Sources: J. Cohen, Statistical Power Analysis (1988), for the convention of 80 %; S. Nickell, Econometrica 49 (1981), on why ρ comes out
too low in short series.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from . import differences, interrupted, matching
from .types import Floats, Panel

WORLDS = 600
POWER = 0.8
KEPT = 0.95
"""The check of slopes turns one plan in twenty away although nothing is wrong: the promise counts that."""


@dataclass(frozen=True, slots=True)
class Noise:
    """The spread of a Member's value about its usual one, in the indicator's unit, and the correlation from one period to the next."""

    spread: float
    rho: float


@dataclass(frozen=True, slots=True)
class Promise:
    """`least`: the least difference found with a chance of 80 %. `power`: the chance for the smallest difference worth knowing.

    `members`: about how many Members in all, in the same proportion, would find that one with 80 %; None where already enough.
    """

    least: float
    power: float
    members: int | None
    noise: Noise


def noise(before: Floats) -> Noise:
    """From (n, T₀) values before anyone began, n ≥ 2 and T₀ ≥ 4.

    >>> made = interrupted.remembering(0.5, (400, 12), np.random.default_rng(3)) * 2
    >>> found = noise(made)
    >>> round(found.spread, 1), round(found.rho, 1)
    (2.0, 0.5)
    """
    n, periods = before.shape
    left = before - before.mean(axis=1, keepdims=True) - before.mean(axis=0, keepdims=True) + before.mean()
    lagged = float((left[:, 1:] * left[:, :-1]).sum() / max(float(((left[:, 1:] ** 2 + left[:, :-1] ** 2) / 2).sum()), 1e-300))
    rho = min(max(_corrected(lagged, periods), 0.0), 0.95)
    # Taking the mean away takes part of the spread with it: all but 1 − v of it, v being the variance of a mean of T₀ such values.
    variance = float((left**2).sum()) / ((n - 1) * periods) / (1 - _mean_variance(rho, periods))
    return Noise(math.sqrt(variance), rho)


def _mean_variance(rho: float, periods: int) -> float:
    lag = np.abs(np.subtract.outer(np.arange(periods), np.arange(periods)))
    return float((rho**lag).mean())


def _corrected(lagged: float, periods: int) -> float:
    """The ρ whose expected correlation, after means are taken away over so few periods, is what was seen."""
    grid = np.linspace(0, 0.95, 96)
    off = np.eye(periods) - 1 / periods
    lag = np.abs(np.subtract.outer(np.arange(periods), np.arange(periods)))
    seen = []
    for rho in grid:
        around = off @ (rho**lag) @ off
        seen.append(np.trace(around, 1) / ((np.trace(around[1:, 1:]) + np.trace(around[:-1, :-1])) / 2))
    return float(np.interp(lagged, np.array(seen), grid))


def _worlds(of: Noise, panel: Panel, rng: np.random.Generator) -> Floats:
    """(WORLDS, n, T) of that noise. Members differ in theirs: each has a spread halfway between its own, seen too short, and all's."""
    before = panel.values[:, : panel.first]
    left = before - before.mean(axis=1, keepdims=True) - before.mean(axis=0, keepdims=True) + before.mean()
    own = (left**2).mean(axis=1)
    size = np.sqrt((own / max(float(own.mean()), 1e-300) + 1) / 2)
    return interrupted.remembering(of.rho, (WORLDS, len(panel.units), panel.periods), rng) * (of.spread * size[:, None])


def _promised(value: Floats, error: Floats, smallest: float, members: int, *, of: Noise, kept: float = KEPT) -> Promise:
    spread = np.maximum(error, 1e-300)
    critical = float(np.quantile(np.abs(value) / spread, 0.95))

    def power(difference: float) -> float:
        # Noise is as likely with the other sign: both are counted.
        found = (np.abs(value + difference) > critical * spread).mean() + (np.abs(difference - value) > critical * spread).mean()
        return kept * float(found) / 2

    high = float(np.median(spread)) or 1e-9
    while power(high) < POWER and high < 1e6 * float(np.median(spread)):
        high *= 2
    low = 0.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if power(middle) >= POWER else (middle, high)
    needed = None if high <= abs(smallest) else math.ceil(members * (high / abs(smallest)) ** 2)
    return Promise(high, power(abs(smallest)), needed, of)


def promise_differences(
    panel: Panel, *, before: int, after: int, smallest: float, rng: np.random.Generator, not_yet: bool = False
) -> Promise:
    """For differences in differences. Of `panel.values` only the periods before the first beginning are read."""
    of = noise(panel.values[:, : panel.first])
    parts = differences.cells(panel, before=before, after=after, not_yet=not_yet)
    worlds = _worlds(of, panel, rng)
    value, part = differences.reckoned(differences.contrasts(worlds, parts), panel.starts, parts)
    return _promised(value, np.sqrt((part**2).sum(-1)), smallest, len(panel.units), of=of)


def promise_pairs(
    panel: Panel, matched: matching.Matched, *, before: int, after: int, smallest: float, rng: np.random.Generator
) -> Promise:
    """For matched pairs, which are known before the outcome is."""
    of = noise(panel.values[:, : panel.first])
    worlds = _worlds(of, panel, rng)
    change = matching.changes(worlds, panel, matched.pairs, before=before, after=after)
    value, part = matching.mean_change(change, np.ones(change.shape[-1]))
    return _promised(value, np.sqrt((part**2).sum(-1)), smallest, 2 * len(matched.pairs), of=of)


def promise_break(values: Floats, start: int, *, smallest: float, rng: np.random.Generator) -> Promise:
    """For one series (T,), of which only the periods before `start` are read; `members` is None, as more Members are another design."""
    columns, weights = interrupted.design(len(values), start)
    early = interrupted.design(start, start - 1)[0][:, :2]
    memory = interrupted.Memory(early, rng)
    rho = float(memory.of(values[:start]))
    left = memory.off @ values[:start]
    kept = np.trace(memory.off @ (rho ** np.abs(np.subtract.outer(np.arange(start), np.arange(start)))))
    of = Noise(math.sqrt(float((left**2).sum()) / float(kept)), rho)
    worlds = interrupted.remembering(rho, (WORLDS, len(values)), rng) * of.spread
    value, error, _ = interrupted.fitted(worlds, columns, weights, interrupted.Memory(columns, rng, cautious=True).of(worlds))
    made = _promised(value, error, smallest, 1, of=of, kept=1.0)
    return Promise(made.least, made.power, None, of)
