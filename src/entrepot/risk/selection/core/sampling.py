"""Draws whose chances are known exactly, because everything that is concluded later rests on them."""

from __future__ import annotations

from typing import Any

import numpy as np

from entrepot.kernel.errors import Invalid
from entrepot.risk.measures.core import Bools, Floats


def systematic(chances: Floats, rng: np.random.Generator) -> Bools:
    """Draw each row with exactly its chance, (n,) → (n,): a random order, one random start, then every whole step of the summed chances.

    The number drawn is the sum of the chances, rounded down or up. Raises `Invalid` for chances outside 0 to 1.

    >>> int(systematic(np.full(10, 0.3), np.random.default_rng(1)).sum())
    3

    Source: Madow, Annals of Mathematical Statistics 20 (1949). Oracle: frequencies over many draws.
    """
    if chances.size and not (np.isfinite(chances).all() and chances.min() >= 0 and chances.max() <= 1 + 1e-12):
        raise Invalid({"chances": "each chance lies from 0 to 1"})
    order = rng.permutation(len(chances))
    reached = np.cumsum(chances[order]) + rng.random()
    before = np.concatenate([[reached[0] - chances[order[0]]], reached[:-1]]) if len(chances) else reached
    drawn = np.zeros(len(chances), dtype=bool)
    drawn[order] = np.floor(reached + 1e-12) > np.floor(before + 1e-12)
    return drawn


def proportional(weights: Floats, total: float) -> Floats:
    """Chances in proportion to `weights` (n,) ≥ 0 that sum to `total`, none above 1: what would exceed 1 is given to the others.

    Rows with weight 0 get nothing unless all others are certain.

    >>> [round(float(c), 3) for c in proportional(np.array([8.0, 1.0, 1.0]), 2.0)]
    [1.0, 0.5, 0.5]

    Source: the usual iteration for sampling proportional to size (Särndal, Swensson and Wretman 1992, 3.6). Oracle: its two properties.
    """
    count = len(weights)
    total = min(total, float(count))
    chances = np.zeros(count)
    if total <= 0 or not count:
        return chances
    weight = np.where(weights > 0, weights, 0.0)
    if not weight.any():
        return np.full(count, total / count)
    certain = np.zeros(count, dtype=bool)
    for _ in range(count):
        left = total - certain.sum()
        free = weight * ~certain
        if not free.any():
            chances = np.where(certain, 1.0, left / max(1, (~certain).sum()))
            break
        share = free / free.max()  # the least numbers there are, and the largest, have no half and no sum
        chances = np.where(certain, 1.0, left * share / share.sum())
        over = (chances >= 1.0) & ~certain
        if not over.any():
            break
        certain |= over
    return np.minimum(chances, 1.0)


def carried(hits: int, chance: float, phase: float) -> tuple[Bools, float]:
    """Which of `hits` in a row a criterion selects at this chance, and the phase to go on with.

    Steps of equal length, carried over from batch to batch, so that never more than `⌈1/chance⌉ − 1` hits in a row go unselected; with a
    random first phase each hit's chance is exactly `chance`. Oracle: runs and frequencies counted.

    >>> carried(5, 0.5, 0.0)[0].tolist()
    [False, True, False, True, False]
    """
    reached = phase + chance * np.arange(1, hits + 1)
    taken = np.floor(reached + 1e-9) > np.floor(reached - chance + 1e-9)
    return taken, float((phase + chance * hits) % 1.0)


def examiners(selected: Any, shares: Floats, rng: np.random.Generator) -> Any:
    """An examiner for each of `selected` rows (n,), at random, so that loads are as the `shares` (m,) of working time say, to within one.

    >>> made = examiners(np.arange(10), np.array([1.0, 0.5]), np.random.default_rng(1))
    >>> np.bincount(made).tolist()
    [7, 3]

    Source: largest remainders. Oracle: its property.
    """
    if not len(shares) or (shares < 0).any() or shares.sum() <= 0:
        raise Invalid({"examiners": "at least one examiner needs a share above 0"})
    count = len(selected)
    exact = count * shares / shares.sum()
    each = np.floor(exact).astype(np.int64)
    each[np.argsort(-(exact - each), kind="stable")[: count - each.sum()]] += 1
    return rng.permutation(np.repeat(np.arange(len(shares)), each))
