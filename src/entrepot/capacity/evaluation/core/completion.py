"""Which share of action items was completed some months after it was planned, with those counted that have not been watched that long."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from entrepot.kernel.disclosure import FEWEST

from .figures import wilson

HORIZONS = (3, 6, 12)
"""Months after the planning."""
MONTH = 30.4375
"""Days."""


@dataclass(frozen=True, slots=True)
class Watched:
    """`n` action items alike: days from their planning to the day they were done (None: not done), and days they have been watched."""

    done_after: float | None
    watched: float
    n: int = 1


def alike(items: Iterable[Watched]) -> list[Watched]:
    """The same items, those together that no figure tells apart: what was done after so many days, whenever that began (one of them was
    watched as long as is said), and what was not done and was watched as long."""
    done: dict[float, tuple[float, int]] = {}
    open_for: Counter[float] = Counter()
    for item in items:
        if item.done_after is None:
            open_for[item.watched] += item.n
        else:
            longest, n = done.get(item.done_after, (0.0, 0))
            done[item.done_after] = max(longest, item.watched), n + item.n
    found = [Watched(after, longest, n) for after, (longest, n) in done.items()]
    return found + [Watched(None, watched, n) for watched, n in open_for.items()]


@dataclass(frozen=True, slots=True)
class Completed:
    """The share completed within `months`: `method` is "wilson" where every item was watched that long, else "kaplan-meier".

    `n` items of `people` persons, `whole` of them watched to the end. No value for fewer than five persons, and none by Kaplan-Meier where
    nobody was watched that long.
    """

    months: int
    n: int
    people: int
    whole: int
    share: float | None = None
    low: float | None = None
    high: float | None = None
    method: str = ""


def completed_within(items: Sequence[Watched], months: int, *, people: int) -> Completed:
    """The share of items, planned by so many `people`, that were done within `months` of their planning.

    An item that was dropped stays among those not done: dropping is an outcome, not a loss from view. An item younger than that is censored
    at its age, and the share is 1 − S(t) by Kaplan and Meier (JASA 53, 1958) with the log-log interval on Greenwood's variance.
    """
    horizon, n = months * MONTH, sum(item.n for item in items)
    hits = sum(item.n for item in items if item.done_after is not None and item.done_after <= horizon)
    whole = sum(item.n for item in items if item.watched >= horizon or (item.done_after is not None and item.done_after <= horizon))
    seen = Completed(months, n, people, whole)
    if people < FEWEST:
        return seen
    if whole == n:
        return Completed(months, n, people, whole, hits / n, *wilson(hits, n), "wilson")
    if not any(item.watched >= horizon for item in items):
        return seen
    return Completed(months, n, people, whole, *kaplan_meier([_until(item, horizon) for item in items]), "kaplan-meier")


def _until(item: Watched, horizon: float) -> tuple[float, bool, int]:
    if item.done_after is not None and item.done_after <= min(horizon, item.watched):
        return item.done_after, True, item.n
    return min(item.watched, horizon), False, item.n


def kaplan_meier(times: Sequence[tuple[float, bool, int]], z: float = 1.959963984540054) -> tuple[float, float, float]:
    """(share with the event, low, high) at the end of `times`, each (time, whether the event came then; else censored, how many alike).

    S = Π (1 − d_i/n_i); Greenwood's sum Σ d_i/(n_i(n_i − d_i)); interval of S by S^exp(±z·√sum / ln S). Where nobody or everybody had the
    event the interval is Wilson's of all.

    >>> tuple(round(x, 3) for x in kaplan_meier([(1, True, 1), (2, False, 1), (3, True, 1), (4, False, 1)]))
    (0.625, 0.192, 0.989)
    """
    ended: Counter[float] = Counter()
    done: Counter[float] = Counter()
    for time, event, n in times:
        ended[time] += n
        done[time] += n if event else 0
    survival, greenwood, risk = 1.0, 0.0, ended.total()
    whole = risk
    for step in sorted(ended):
        events = done[step]
        survival *= 1 - events / risk
        if events < risk:
            greenwood += events / (risk * (risk - events))
        risk -= ended[step]
    if survival in (0.0, 1.0):
        low, high = wilson(whole if survival == 0.0 else 0, whole)
        return 1 - survival, low, high
    spread = z * math.sqrt(greenwood) / math.log(survival)
    ends = sorted(survival ** math.exp(sign * spread) for sign in (1, -1))
    return 1 - survival, 1 - ends[1], 1 - ends[0]
