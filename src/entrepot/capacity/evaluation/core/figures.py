"""Figures of an evaluation. Each carries its n; nothing is imputed, and nothing is averaged over fewer than five people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from entrepot.kernel.disclosure import FEWEST


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with the number of people it rests on and the number who could have answered. `low` and `high` bound it at 95 %."""

    value: float | None
    n: int
    of: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """One question, as officer and supervisor of the same participant answered it; None where one of them has not."""

    key: str
    officer: Any
    supervisor: Any


def wilson(hits: int, n: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """The 95 % interval of a share, by Wilson's score (E. B. Wilson, JASA 22, 1927).

    With p = hits/n: centre (p + z²/2n) / (1 + z²/n), half-width z·√(p(1−p)/n + z²/4n²) / (1 + z²/n). `hits` and `n` are counts,
    0 ≤ hits ≤ n, n ≥ 1; raises `ValueError` otherwise.

    >>> tuple(round(bound, 3) for bound in wilson(31, 57))
    (0.416, 0.666)
    """
    if not 0 <= hits <= n or n < 1:
        msg = f"{hits} of {n} is not a share"
        raise ValueError(msg)
    share = hits / n
    wide = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / wide
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / wide
    return max(0.0, centre - half), min(1.0, centre + half)


def rate(hits: int, n: int, *, of: int | None = None) -> Figure:
    """A share of `n` with its interval; no value where `n` is under five."""
    if n < FEWEST:
        return Figure(None, n, n if of is None else of)
    low, high = wilson(hits, n)
    return Figure(hits / n, n, n if of is None else of, low, high)


def mean_of(values: Sequence[float], *, of: int) -> Figure:
    """The mean of what was answered, out of `of` who were asked, with the interval ±1.96·s/√n; no value under five answers.

    >>> mean_of([4, 4, 5, 3, 4], of=9).value
    4.0
    """
    n = len(values)
    if n < FEWEST:
        return Figure(None, n, of)
    mean = sum(values) / n
    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / (n - 1)) / math.sqrt(n)
    return Figure(mean, n, of, mean - 1.959963984540054 * spread, mean + 1.959963984540054 * spread)


def completed(states: Iterable[str]) -> Figure:
    """The share of action items that are done; the people behind them are counted elsewhere, so no item hides a person."""
    known = list(states)
    hits = sum(state == "done" for state in known)
    if not known:
        return Figure(None, 0, 0)
    low, high = wilson(hits, len(known))
    return Figure(hits / len(known), len(known), len(known), low, high)


def side_by_side(keys: Sequence[str], officer: Mapping[str, Any] | None, supervisor: Mapping[str, Any] | None) -> list[Pair]:
    """The two answers to each question."""
    return [Pair(key, (officer or {}).get(key), (supervisor or {}).get(key)) for key in keys]
