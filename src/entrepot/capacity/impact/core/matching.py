"""Matched comparison: each Member that took part beside the one most like it before.

Likeness is Euclidean distance over characteristics known before the beginning (level and slope of the indicator, and any others), each in
standard deviations. Each other Member serves once, and the sum of distances is the least possible (Hungarian method). A pair further apart
than `CALIPER` standard deviations in any characteristic is not made: its Member is named as without anyone like it. Inference swaps the two
of each pair, all 2ⁿ ways.

Sources: D. B. Rubin, Biometrics 29 (1973); H. W. Kuhn, Naval Research Logistics Quarterly 2 (1955); P. R. Rosenbaum, Observational Studies
(2002), section 2.4. Oracle: `scipy.optimize.linear_sum_assignment`, and enumeration by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .chance import rounds, signs
from .differences import Estimate
from .types import Floats, Panel

CALIPER = 1.0
BALANCED = 0.25
"""Standardised mean difference up to which two groups count as alike (Rubin 2001)."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Pairs as (index of who took part, index of the other), who has nobody like them, and how far apart the groups are in each
    characteristic, in standard deviations, before and after matching."""

    pairs: tuple[tuple[int, int], ...]
    alone: tuple[int, ...]
    names: tuple[str, ...]
    apart: tuple[float, ...]
    left: tuple[float, ...]

    @property
    def balanced(self) -> bool:
        """Whether no characteristic is further apart than `BALANCED`."""
        return all(abs(gap) <= BALANCED for gap in self.left)


def assigned(cost: Floats) -> list[int]:
    """For each row of `cost` (n, m), n ≤ m, the column it is given so that the sum is least; each column once.

    >>> assigned(np.array([[4.0, 1, 3], [2, 0, 5]]))
    [1, 0]
    """
    n, m = cost.shape
    if n > m:
        msg = f"{n} rows for {m} columns"
        raise ValueError(msg)
    of_row, of_column = np.zeros(n + 1), np.zeros(m + 1)
    owner = np.zeros(m + 1, dtype=int)
    for row in range(1, n + 1):
        owner[0], column = row, 0
        least, came = np.full(m + 1, np.inf), np.zeros(m + 1, dtype=int)
        seen = np.zeros(m + 1, dtype=bool)
        while owner[column]:
            seen[column] = True
            gain = np.full(m + 1, np.inf)
            gain[1:] = cost[owner[column] - 1] - of_row[owner[column]] - of_column[1:]
            better = ~seen & (gain < least)
            least[better], came[better] = gain[better], column
            following = int(np.argmin(np.where(seen, np.inf, least)))
            step = least[following]
            of_row[owner[seen]] += step
            of_column[seen] -= step
            least[~seen] -= step
            column = following
        while column:
            owner[column] = owner[came[column]]
            column = int(came[column])
    given = {int(owner[column]) - 1: column - 1 for column in range(1, m + 1) if owner[column]}
    return [given[row] for row in range(n)]


def characteristics(panel: Panel) -> tuple[Floats, tuple[str, ...]]:
    """(n, 2): each Member's level (mean) and slope per period before anyone began."""
    early = panel.values[:, : panel.first]
    distance = np.arange(panel.first) - (panel.first - 1) / 2
    slope = early @ distance / max(float((distance**2).sum()), 1e-300)
    return np.stack([early.mean(axis=1), slope], axis=1), ("level", "slope")


def match(panel: Panel, more: Floats | None = None, names: tuple[str, ...] = ()) -> Matched:
    """Pairs from what was known before the beginning. `more` (n, k): other characteristics, with their `names`."""
    found, called = characteristics(panel)
    if more is not None:
        found, called = np.concatenate([found, more], axis=1), (*called, *names)
    part, others = np.flatnonzero(panel.starts < panel.periods), np.flatnonzero(panel.starts >= panel.periods)
    if min(len(part), len(others)) < 2:
        msg = "two Members on each side are the least"
        raise ValueError(msg)
    spread = np.sqrt((found[part].var(axis=0, ddof=1) + found[others].var(axis=0, ddof=1)) / 2)
    scaled = found / np.where(spread > 0, spread, 1)
    gap = scaled[part][:, None, :] - scaled[others][None, :, :]
    far = np.asarray((np.abs(gap) > CALIPER).any(axis=-1), dtype=bool)
    cost = np.sqrt((gap**2).sum(-1)) + 1e6 * far
    # With fewer others than Members that took part, the columns are filled up: whoever is given one of those stays alone.
    filled = np.concatenate([cost, np.full((len(part), len(part)), 1e6)], axis=1)
    given = assigned(filled)
    pairs = tuple((int(part[row]), int(others[at])) for row, at in enumerate(given) if at < len(others) and not far[row, at])
    alone = tuple(int(index) for index in part if index not in {first for first, _ in pairs})
    first, second = [i for i, _ in pairs], [j for _, j in pairs]
    left = scaled[first].mean(axis=0) - scaled[second].mean(axis=0) if pairs else np.full(len(called), np.nan)
    apart = scaled[part].mean(axis=0) - scaled[others].mean(axis=0)
    return Matched(pairs, alone, called, tuple(map(float, apart)), tuple(map(float, left)))


def changes(values: Floats, panel: Panel, pairs: tuple[tuple[int, int], ...], *, before: int, after: int) -> Floats:
    """(…, n, T) values to (…, p): for each pair, how much more the first changed than the second, over the first's own window."""
    found = []
    for part, other in pairs:
        start = int(panel.starts[part])
        if start < before:
            msg = f"only {start} periods before a Member begins; {before} are asked for"
            raise ValueError(msg)
        gap = values[..., part, :] - values[..., other, :]
        found.append(gap[..., start : start + after].mean(-1) - gap[..., start - before : start].mean(-1))
    return np.stack(found, axis=-1)


def mean_change(change: Floats, swapped: Floats) -> tuple[Floats, Floats]:
    """The mean of `change` (…, p) with the two of some pairs swapped (±1), and each pair's share of its error."""
    n = change.shape[-1]
    turned = change * swapped
    value = turned.mean(-1)
    return value, (turned - value[..., None]) / n * np.sqrt(n / max(n - 1, 1))


def compare_pairs(panel: Panel, matched: Matched, *, before: int, after: int, rng: np.random.Generator) -> Estimate:
    """How much more Members that took part changed than those most like them, with the interval from swapping."""
    change = changes(panel.values, panel, matched.pairs, before=before, after=after)
    swapped, whole = signs(len(change), rng)
    every = rounds(lambda contrast: mean_change(contrast[:, 0], swapped), change[:, None], np.ones((len(change), 1)), whole=whole)
    low, high = every.interval()
    n = len(change)
    return Estimate(float(every.value[0]), every.error, low, high, every.chance(), n, n, len(every.value), whole)
