"""What profiles would have hit, found, cost and shared with each other on past declarations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from entrepot.kernel.errors import Invalid
from entrepot.risk.measures.core import Bools, Floats, Interval, Ints, wilson

from .history import History
from .profile import Profile


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What is known of n past declarations: the day of each, its office, whether it was inspected, found, and what it brought."""

    day: Ints
    office: Ints
    offices: tuple[str, ...]
    inspected: Bools
    found: Bools
    revenue: Floats


@dataclass(frozen=True, slots=True)
class Trial:
    """One profile on history. `hit_rate` is over its inspected hits only: what nobody inspected is unknown.

    `shared` is the part of its hits that another profile hits too; `marginal_found` what it alone among the profiles would have pointed to.
    """

    code: str
    hits: int
    hits_a_day: float
    inspected: int
    found: int
    hit_rate: Interval
    lift: float
    revenue: float
    shared: float
    marginal_hits: int
    marginal_found: int
    marginal_revenue: float
    office_load: dict[str, float]
    """hits a day at each office that has any"""


@dataclass(frozen=True, slots=True)
class BackTest:
    """All trials, and how many hits each pair of profiles has in common, (profiles, profiles)."""

    days: int
    rows: int
    trials: list[Trial]
    overlap: Ints


def back_test(profiles: Sequence[Profile], history: History, outcomes: Outcomes, *, level: float = 0.95) -> BackTest:
    """Try every profile on every row. Costs time in proportion to hits, not to profiles × rows.

    `hit_rate` is found ÷ inspected among the profile's hits, with Wilson's interval; `lift` that rate by the rate among all inspected.
    Overlap and marginal yield count hits, `|A ∩ B|` and `A` less the union of the others. Raises `Invalid` for codes that repeat.
    Oracle: the same sums over `naive`, row by row.
    """
    codes = [profile.code for profile in profiles]
    if len(set(codes)) != len(codes):
        raise Invalid({"profiles": "codes repeat"}, "Two profiles have the same code.")
    if not history.count:
        raise Invalid({"history": "no rows"}, "There is no declaration to try the profiles on.")
    days = int(outcomes.day.max() - outcomes.day.min()) + 1
    hit = [history.rows(profile.criteria) for profile in profiles]
    times = np.zeros(history.count, dtype=np.int32)
    for rows in hit:
        times[rows] += 1
    found = outcomes.found & outcomes.inspected
    general = found.sum() / max(1, outcomes.inspected.sum())
    trials = []
    for profile, rows in zip(profiles, hit, strict=True):
        alone = rows[times[rows] == 1]
        seen, good = int(outcomes.inspected[rows].sum()), int(found[rows].sum())
        rate = wilson(good, seen, level)
        load = np.bincount(outcomes.office[rows], minlength=len(outcomes.offices))
        trials.append(
            Trial(
                code=profile.code,
                hits=len(rows),
                hits_a_day=len(rows) / days,
                inspected=seen,
                found=good,
                hit_rate=rate,
                lift=rate.estimate / general if seen and general else float("nan"),
                revenue=float(outcomes.revenue[rows].sum()),
                shared=1 - len(alone) / len(rows) if len(rows) else 0.0,
                marginal_hits=len(alone),
                marginal_found=int(found[alone].sum()),
                marginal_revenue=float(outcomes.revenue[alone].sum()),
                office_load={outcomes.offices[at]: float(load[at]) / days for at in np.flatnonzero(load)},
            )
        )
    return BackTest(days, history.count, trials, _overlap(hit, history.count))


def _overlap(hit: list[Ints], count: int) -> Ints:
    if not hit:
        return np.zeros((0, 0), dtype=np.int64)
    ends = np.concatenate([[0], np.cumsum([len(rows) for rows in hit])])
    cells = np.concatenate(hit)
    table = sparse.csr_matrix((np.ones(len(cells), dtype=np.int64), cells, ends), shape=(len(hit), count))
    return np.asarray((table @ table.T).toarray(), dtype=np.int64)
