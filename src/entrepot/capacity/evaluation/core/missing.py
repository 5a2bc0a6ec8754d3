"""Who answered against who was asked, and what their silence can hide. Nothing fills an answer in: each figure says what it assumes."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from entrepot.kernel.disclosure import FEWEST, guarded

from .figures import Figure, wilson

S = TypeVar("S", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Answered:
    """One part of those who were asked: how many, how many answered, the share with Wilson's interval. None where it is not said."""

    part: str
    asked: int | None
    answered: int | None
    share: float | None = None
    low: float | None = None
    high: float | None = None


def answered_by(asked: Mapping[str, int], answered: Mapping[str, int], *, open_cells: bool = False) -> list[Answered]:
    """The response rate of each part, in the order of `asked`.

    Small parts, and what would give them away, are left out unless the reader may see the people.
    Counts of people: 0 ≤ answered ≤ asked for each part. Cells of those who answered and of those who did not are guarded together.

    >>> [row.answered for row in answered_by({"a": 9, "b": 3, "c": 9}, {"a": 6, "b": 1, "c": 0}, open_cells=True)]
    [6, 1, 0]
    """
    cells: dict[tuple[str, ...], int] = {
        (part, said): n for part in asked for said, n in _split(asked[part], answered.get(part, 0)).items()
    }
    kept: Mapping[tuple[str, ...], int | None] = {**cells, **{(part, ""): asked[part] for part in asked}} if open_cells else guarded(cells)
    return [_row(part, kept[part, ""], kept[part, "yes"]) for part in asked]


def _split(asked: int, answered: int) -> dict[str, int]:
    if not 0 <= answered <= asked:
        msg = f"{answered} of {asked} is not a response"
        raise ValueError(msg)
    return {"yes": answered, "no": asked - answered}


def _row(part: str, asked: int | None, answered: int | None) -> Answered:
    if not asked or answered is None:
        return Answered(part, asked, answered)
    low, high = wilson(answered, asked)
    return Answered(part, asked, answered, answered / asked, low, high)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which values the mean of all who were asked lies, whatever the others think: `low` if they had all answered `worst`."""

    low: float
    high: float
    worst: float
    best: float


def bounds_of(values: Sequence[float], *, of: int, worst: float, best: float) -> Bounds | None:
    """Worst-case bounds of a mean over `of` people of whom `len(values)` answered, on a scale from `worst` to `best`; None for fewer than
    five answers.

    low = (Σ values + (of − n)·worst) / of, high the same with `best`. No assumption about who stays silent; sampling error is not in them.
    Source: C. F. Manski, Partial Identification of Probability Distributions (Springer, 2003), chapter 1.

    >>> bounds_of([4, 4, 4, 4, 4], of=10, worst=1, best=5)
    Bounds(low=2.5, high=4.5, worst=1, best=5)
    """
    n = len(values)
    if n < FEWEST or of < n:
        return None
    total = sum(values)
    return Bounds((total + (of - n) * worst) / of, (total + (of - n) * best) / of, worst, best)


@dataclass(frozen=True, slots=True)
class Weighted:
    """A mean in which each part of those asked counts as much as it was asked, `uncovered` being people of parts where nobody answered."""

    mean: Figure
    uncovered: int


def weighted(values: Sequence[tuple[S, float]], asked: Mapping[S, int]) -> Weighted:
    """The mean weighted by inverse response propensity within parts (weighting classes): a second figure beside the plain one.

    `values` are (part, answer); `asked` counts those asked in each part. Each answer weighs asked/answered of its part, so that the mean is
    Σ_s asked_s·mean_s / Σ_s asked_s over the parts with an answer. It is right where within a part silence says nothing about the answer;
    that cannot be checked. Interval: ±1.96·√(Σ (asked_s/Σ asked)²·s²_s/n_s), s²_s pooled where a part has one answer.

    >>> weighted([("a", 5.0)] * 4 + [("b", 1.0)] * 4, {"a": 4, "b": 12}).mean.value
    2.0

    Source: R. Little and D. Rubin, Statistical Analysis with Missing Data (Wiley, 3rd ed. 2019), 3.3.2.
    """
    groups: dict[S, list[float]] = {}
    for part, value in values:
        groups.setdefault(part, []).append(value)
    n, of = len(values), sum(asked.values())
    uncovered = sum(count for part, count in asked.items() if part not in groups)
    if n < FEWEST:
        return Weighted(Figure(None, n, of), uncovered)
    covered = of - uncovered
    means = {part: sum(group) / len(group) for part, group in groups.items()}
    mean = sum(asked[part] * means[part] for part in groups) / covered
    pooled = sum((value - means[part]) ** 2 for part, value in values) / max(1, n - len(groups))
    variance = 0.0
    for part, group in groups.items():
        own = sum((value - means[part]) ** 2 for value in group) / (len(group) - 1) if len(group) > 1 else pooled
        variance += (asked[part] / covered) ** 2 * own / len(group)
    half = 1.959963984540054 * math.sqrt(variance)
    return Weighted(Figure(mean, n, of, mean - half, mean + half), uncovered)
