"""Differences in differences where Members begin at different times.

For each cohort g (Members that begin in period g) and each period t ≥ g within the window, the group-time difference is

    ATT(g, t) = mean over i in g of (Y_it − base_i)  −  mean over comparison of (Y_jt − base_j),

where base is the mean of the `before` periods ahead of g (Callaway and Sant'Anna take one; several are less noisy), and the comparison are
Members that never take part, or have not by t. Two-way fixed effects are not used: with staggered beginnings they compare with Members
that have begun already. The overall difference is the mean over Members that took part of each one's mean over its own window.

Sources: B. Callaway and P. H. C. Sant'Anna, Journal of Econometrics 225 (2021); A. Goodman-Bacon, same volume, on why not two-way effects.
Oracle: the saturated regression (Member, period and one dummy for each g and t) by statsmodels, whose coefficients are ATT(g, t).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .chance import Rounds, handed_out, rounds
from .types import Floats, Ints, Panel


@dataclass(frozen=True, slots=True)
class Cell:
    """A cohort and a stretch of periods with one comparison: Members whose start is `bound` or later. `weights` (T,) is the contrast."""

    start: int
    bound: int
    weights: Floats


@dataclass(frozen=True, slots=True)
class Estimate:
    """A difference in the indicator's unit, its standard error, its 95 % interval and p by permutation, and what they rest on."""

    value: float
    error: float
    low: float
    high: float
    chance: float
    taking_part: int
    others: int
    ways: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Lead:
    """The difference `at` periods from the beginning (negative: before), with a pointwise 95 % interval and the Members it rests on."""

    at: int
    value: float
    low: float
    high: float
    members: int


def _bound(starts: Ints, periods: int, at: int, *, not_yet: bool) -> int | None:
    """The earliest start that still serves as comparison at period `at`; None where nobody does."""
    if not not_yet:
        return periods if (starts >= periods).any() else None
    later = starts[starts > at]
    return int(later.min()) if later.size else None


def cells(panel: Panel, *, before: int, after: int, not_yet: bool = False) -> list[Cell]:
    """The cells whose sum, over Members of a cohort, is each one's mean over its window of at most `after` periods.

    Raises `ValueError` where a cohort has fewer than `before` periods ahead of it, or nobody is left to compare with.
    """
    periods, found = panel.periods, []
    for start in sorted({int(s) for s in panel.starts if s < periods}):
        if start < before:
            msg = f"only {start} periods before the cohort that begins in period {start}; {before} are asked for"
            raise ValueError(msg)
        window = [(t, _bound(panel.starts, periods, t, not_yet=not_yet)) for t in range(start, min(periods, start + after))]
        kept = [(t, bound) for t, bound in window if bound is not None]
        for bound in sorted({bound for _, bound in kept}):
            here = [t for t, b in kept if b == bound]
            weights = np.zeros(periods)
            weights[here] = 1 / len(kept)
            weights[start - before : start] -= len(here) / len(kept) / before
            found.append(Cell(start, bound, weights))
    if not found:
        msg = "nobody is left to compare with"
        raise ValueError(msg)
    return found


def at_distance(panel: Panel, distance: int, *, before: int, not_yet: bool = False) -> list[Cell]:
    """The cells of ATT(g, g + distance), for the cohorts that have that period and someone to compare with."""
    found = []
    for start in sorted({int(s) for s in panel.starts if s < panel.periods}):
        t = start + distance
        bound = _bound(panel.starts, panel.periods, max(t, start), not_yet=not_yet) if 0 <= t < panel.periods else None
        if bound is None or start < before:
            continue
        weights = np.zeros(panel.periods)
        weights[t] = 1
        weights[start - before : start] -= 1 / before
        found.append(Cell(start, bound, weights))
    return found


def slopes(panel: Panel, *, not_yet: bool = False) -> list[Cell]:
    """The cells of the difference in slope, per period, over the periods before each cohort begins."""
    found = []
    for start in sorted({int(s) for s in panel.starts if s < panel.periods}):
        bound = _bound(panel.starts, panel.periods, start, not_yet=not_yet)
        if bound is None or start < 3:
            continue
        distance = np.arange(start) - (start - 1) / 2
        weights = np.zeros(panel.periods)
        weights[:start] = distance / (distance**2).sum()
        found.append(Cell(start, bound, weights))
    return found


def contrasts(values: Floats, of: list[Cell]) -> Floats:
    """(…, n, T) values to (…, n, C) contrasts."""
    return values @ np.stack([cell.weights for cell in of], axis=1)


def reckoned(contrast: Floats, labels: Ints, of: list[Cell]) -> tuple[Floats, Floats]:
    """The overall difference, and each Member's share of its error, whose sum of squares is the squared standard error.

    `contrast` (…, n, C), `labels` (…, n): starts as they were or as they might have been. With one cohort and Members that never take part
    the error is Welch's: s₁²/n₁ + s₀²/n₀ over Members' own changes.
    """
    starts = {cell.start for cell in of}
    first = labels.reshape(-1, labels.shape[-1])[0]
    n = sum(int((first == start).sum()) for start in starts)
    own = np.zeros(np.broadcast_shapes(contrast.shape[:-1], labels.shape))
    error = np.zeros_like(own)
    for number, cell in enumerate(of):
        here = contrast[..., number]
        compared = labels >= cell.bound
        m = int((first >= cell.bound).sum())
        mean = (here * compared).sum(-1, keepdims=True) / m
        gap = here - mean
        inside = labels == cell.start
        own += inside * gap
        share = int((first == cell.start).sum()) / n
        error -= compared * gap * (share / m * np.sqrt(m / max(m - 1, 1)))
    part = np.isin(labels, sorted(starts))
    value = (own * part).sum(-1) / n
    error += part * (own - value[..., None]) / n * np.sqrt(n / max(n - 1, 1))
    return value, error


def tried(panel: Panel, of: list[Cell], rng: np.random.Generator) -> Rounds:
    """The overall difference under every (or many) other way of who took part when."""
    labels, whole = handed_out(panel.starts, rng)
    after = (np.arange(panel.periods)[None, :] >= panel.starts[:, None]).astype(float)
    return rounds(lambda contrast: reckoned(contrast, labels, of), contrasts(panel.values, of), contrasts(after, of), whole=whole)


def compare(panel: Panel, *, before: int, after: int, rng: np.random.Generator, not_yet: bool = False) -> Estimate:
    """The overall difference with its interval.

    >>> rng = np.random.default_rng(1)
    >>> values = rng.normal(size=(12, 12)) + 5 * np.outer(np.arange(12) < 6, np.arange(12) >= 6)
    >>> panel = Panel(tuple("abcdefghijkl"), values, np.where(np.arange(12) < 6, 6, 12))
    >>> found = compare(panel, before=6, after=6, rng=rng)
    >>> found.low < 5 < found.high < found.low + 1.3, found.ways, found.whole
    (True, 924, True)
    """
    of = cells(panel, before=before, after=after, not_yet=not_yet)
    every = tried(panel, of, rng)
    low, high = every.interval()
    others = max(int((panel.starts >= cell.bound).sum()) for cell in of)
    part = int(np.isin(panel.starts, [cell.start for cell in of]).sum())
    return Estimate(float(every.value[0]), every.error, low, high, every.chance(), part, others, len(every.value), every.whole)


def leads(panel: Panel, *, before: int, after: int, rng: np.random.Generator, not_yet: bool = False) -> list[Lead]:
    """The differences by distance from the beginning, from `before` periods ahead to `after` periods on."""
    labels, _ = handed_out(panel.starts, rng)
    found = []
    for distance in range(-before, after):
        of = at_distance(panel, distance, before=before, not_yet=not_yet)
        if not of:
            continue
        value, part = reckoned(contrasts(panel.values, of), labels, of)
        spread = np.sqrt((part**2).sum(-1))
        wide = float(np.quantile(np.abs(value) / np.maximum(spread, 1e-300), 0.95) * spread[0])
        members = int(np.isin(panel.starts, [cell.start for cell in of]).sum())
        found.append(Lead(distance, float(value[0]), float(value[0]) - wide, float(value[0]) + wide, members))
    return found


def reach(of: list[Cell], starts: Ints) -> float:
    """How many periods lie, on average, between the middle of the base and the middle of what is compared with it."""
    time = np.arange(len(of[0].weights))
    counts = {cell.start: int((starts == cell.start).sum()) for cell in of}
    whole = sum(counts.values())
    return float(sum(counts[cell.start] / whole * (cell.weights @ time) for cell in of))
