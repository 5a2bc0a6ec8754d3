"""One series and a date: whether its line breaks there. Nothing more, for there is nobody to compare with.

    Y_t = a + b·t + level·[t ≥ T₀] + slope·(t − T₀)·[t ≥ T₀] + e_t,   e_t = ρ·e_{t−1} + noise

fitted by generalised least squares (Prais and Winsten). The break is the mean over the periods after T₀ of what the two last terms say.
A series of two or three dozen periods says little of its own ρ: the usual estimate is far too low, and intervals that trust it claim too
much. So ρ is corrected by simulation of this very design, rather too high than too low, and the interval comes from simulated series of
that ρ (bootstrap t), not from a table.

Sources: E. Kontopantelis et al., BMJ 350 (2015) h2750; S. J. Prais and C. B. Winsten, Cowles discussion paper 383 (1954); D. W. K. Andrews,
Econometrica 61 (1993), on correcting ρ. Oracle: statsmodels' GLSAR and OLS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .types import Floats

SIMULATED = 999
GRID = np.linspace(0, 0.95, 20)


@dataclass(frozen=True, slots=True)
class Break:
    """The mean break after the date in the indicator's unit, its 95 % interval and p; ρ as corrected; what is left of it in residuals."""

    value: float
    error: float
    low: float
    high: float
    chance: float
    rho: float
    residual: float
    before: int
    after: int


def design(periods: int, start: int) -> tuple[Floats, Floats]:
    """The (T, 4) columns of the model, and the (4,) weights that make the mean break of its coefficients."""
    time = np.arange(periods, dtype=float)
    post = (time >= start).astype(float)
    since = (time - start) * post
    columns = np.stack([np.ones(periods), time - time.mean(), post, since], axis=1)
    return columns, np.array([0, 0, 1, since[start:].mean()])


def fitted(values: Floats, columns: Floats, weights: Floats, rho: Floats) -> tuple[Floats, Floats, Floats]:
    """(…, T) series, each with its ρ (…,), by Prais and Winsten: the weighted coefficients, their standard error, the residuals (…, T)."""
    turned, y = _turned(columns, rho), _turned(values[..., None], rho)[..., 0]
    square = np.linalg.inv(np.swapaxes(turned, -1, -2) @ turned)
    coefficients = (square @ np.swapaxes(turned, -1, -2) @ y[..., None])[..., 0]
    left = y - (turned @ coefficients[..., None])[..., 0]
    variance = (left**2).sum(-1) / (values.shape[-1] - columns.shape[1])
    error = np.sqrt(variance * (weights @ square @ weights))
    return coefficients @ weights, error, values - coefficients @ columns.T


def _turned(table: Floats, rho: Floats) -> Floats:
    r = rho[..., None, None]
    rest = table[..., 1:, :] - r * table[..., :-1, :]
    first = np.broadcast_to(np.sqrt(1 - r**2) * table[..., :1, :], (*rest.shape[:-2], 1, rest.shape[-1]))
    return np.concatenate([first, rest], axis=-2)


def remembered(left: Floats) -> Floats:
    """The first autocorrelation of residuals (…, T)."""
    return (left[..., 1:] * left[..., :-1]).sum(-1) / np.maximum((left**2).sum(-1), 1e-300)


def remembering(rho: float | Floats, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """(…, T) stationary series with unit variance and this first autocorrelation, one ρ for all or one for each."""
    noise = rng.normal(size=shape)
    found = np.empty(shape)
    found[..., 0] = noise[..., 0]
    scale = np.sqrt(1 - np.square(rho))
    for t in range(1, shape[-1]):
        found[..., t] = rho * found[..., t - 1] + scale * noise[..., t]
    return found


class Memory:
    """ρ from what residuals of a design show of it: the mean shown at each ρ of a grid, by simulation, read backwards.

    `cautious`: not the mean but what three in ten series fall short of, so that ρ is read too low in three of ten only.
    """

    def __init__(self, columns: Floats, rng: np.random.Generator, *, draws: int = 300, cautious: bool = False) -> None:
        off = np.eye(len(columns)) - columns @ np.linalg.pinv(columns)
        self.off = off
        shown = [remembered(remembering(rho, (draws, len(columns)), rng) @ off) for rho in GRID]
        self.shown = np.array([np.quantile(seen, 0.3) if cautious else seen.mean() for seen in shown])
        self.shown = np.maximum.accumulate(self.shown + 1e-9 * np.arange(len(GRID)))

    def of(self, values: Floats) -> Floats:
        """The corrected ρ of each series (…, T), from 0 to 0.95."""
        return np.interp(remembered(values @ self.off), self.shown, GRID)


def find_break(values: Floats, start: int, rng: np.random.Generator) -> Break:
    """The break of one series (T,) at period `start`. Raises `ValueError` where fewer than six periods lie on a side."""
    periods = len(values)
    if start < 6 or periods - start < 6:
        msg = f"{start} periods before and {periods - start} after; six are the least"
        raise ValueError(msg)
    columns, weights = design(periods, start)
    memory = Memory(columns, rng, cautious=True)
    rho = memory.of(values)
    value, error, left = fitted(values, columns, weights, np.asarray(rho))
    like = remembering(float(rho), (SIMULATED, periods), rng)
    by_chance, its_error, _ = fitted(like, columns, weights, memory.of(like))
    t = np.abs(by_chance / its_error)
    mine = abs(float(value) / max(float(error), 1e-300))
    wide = float(np.quantile(t, 0.95)) * float(error)
    chance = (1 + int((t >= mine).sum())) / (1 + SIMULATED)
    after = left[1:] - rho * left[:-1]
    still = float(remembered(after - after.mean()))
    return Break(
        *(float(value), float(error), float(value) - wide, float(value) + wide, chance),
        *(float(rho), still, start, periods - start),
    )
