"""From a plan and the values to what can be said."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..enums import Method, Reason, Verdict
from . import differences, interrupted, matching, promise
from .chance import LEVEL, handed_out, rounds, ways
from .differences import Estimate, Lead
from .types import Floats, Panel, complete

FEWEST_SIDE = 3
"""Members on a side below which there is no telling a Member from its neighbours."""
FEWEST_WAYS = 100
"""Ways of who took part below which chance cannot be told from a difference at five in a hundred."""
FEWEST_PAIRS = 6
"""2⁶ = 64 ways to swap; with five pairs no p under 0.06 exists."""
FEWEST_BEFORE = 4
FEWEST_SIDE_OF_DATE = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """What is fixed before the analysis. `before`, `after`: periods of base and window. `smallest`: the smallest difference worth knowing,
    in the indicator's unit, above 0. `better`: +1 where more is better, −1 where less is, 0 where neither. `drift`: by how much per period
    Members that take part are granted to drift from the others by themselves; the interval is widened by it. `not_yet`: Members that begin
    later serve as comparison until they do."""

    method: Method
    before: int
    after: int
    smallest: float
    better: int
    drift: float = 0.0
    not_yet: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to hold; None where it cannot be looked at. `figures` are what it was judged by."""

    code: str
    holds: bool | None
    figures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """Means by period, of Members that took part and of those compared with; None where a side has fewer than three Members."""

    at: int
    part: float | None
    others: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """What came out. `reasons` say why nothing can be said; `left_out` and `alone` are Members' codes."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    estimate: Estimate | None = None
    broken: interrupted.Break | None = None
    checks: tuple[Check, ...] = ()
    leads: tuple[Lead, ...] = ()
    lines: tuple[Line, ...] = ()
    left_out: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether it speaks of the activity at all."""
        return self.verdict in (Verdict.SHOWN, Verdict.OPPOSITE)


def cut(panel: Panel, plan: Plan) -> Panel:
    """The panel up to the end of the last window: what came later was not asked for."""
    began = panel.starts[panel.starts < panel.periods]
    end = min(panel.periods, int(began.max()) + plan.after) if began.size else panel.periods
    return Panel(panel.units, panel.values[:, :end], np.minimum(panel.starts, end))


def obstacles(panel: Panel, plan: Plan) -> tuple[Reason, ...]:
    """What stands in the way of the plan, from who takes part and which periods there are; values are not looked at."""
    began = panel.starts[panel.starts < panel.periods]
    found: list[Reason] = []
    if plan.method is Method.INTERRUPTED:
        if len(panel.units) != 1 or not began.size:
            return (Reason.NO_COMPARISON, Reason.FEW_MEMBERS)
        if min(plan.before, plan.after) < FEWEST_SIDE_OF_DATE or int(began[0]) < plan.before:
            found.append(Reason.FEW_PERIODS)
        elif int(began[0]) + plan.after > panel.periods:
            found.append(Reason.NOT_YET)
        return (Reason.NO_COMPARISON, *found)
    if not began.size or panel.others == 0:
        found.append(Reason.NO_COMPARISON)
    if _few(panel, plan):
        found.append(Reason.FEW_MEMBERS)
    if began.size and (plan.before < FEWEST_BEFORE or int(began.min()) < plan.before):
        found.append(Reason.FEW_PERIODS)
    elif not began.size or int(began.max()) + plan.after > panel.periods:
        found.append(Reason.NOT_YET)
    return tuple(found)


def _few(panel: Panel, plan: Plan) -> bool:
    if plan.method is Method.MATCHED:
        return min(panel.taking_part, panel.others) < FEWEST_PAIRS
    return min(panel.taking_part, panel.others) < FEWEST_SIDE or ways(panel.starts) < FEWEST_WAYS


def promised(panel: Panel, plan: Plan, rng: np.random.Generator) -> promise.Promise | None:
    """What the plan can find; None where something other than time stands in its way. Values from the first beginning on are not read."""
    whole, _ = complete(Panel(panel.units, panel.values[:, : panel.first], np.minimum(panel.starts, panel.first)))
    kept = [panel.units.index(code) for code in whole.units]
    began = panel.starts[panel.starts < panel.periods]
    periods = int(began.max()) + plan.after if began.size else panel.periods
    padded = np.zeros((len(kept), periods))
    padded[:, : panel.first] = whole.values
    starts = np.where(panel.starts[kept] < panel.periods, panel.starts[kept], periods)
    seen = Panel(whole.units, padded, starts)
    if set(obstacles(seen, plan)) - ({Reason.NO_COMPARISON} if plan.method is Method.INTERRUPTED else set()):
        return None
    if plan.method is Method.INTERRUPTED:
        series = padded[0, int(starts[0]) - plan.before :]
        return promise.promise_break(series, plan.before, smallest=plan.smallest, rng=rng)
    asked = {"before": plan.before, "after": plan.after}
    if plan.method is Method.MATCHED:
        matched = matching.match(seen)
        if len(matched.pairs) < FEWEST_PAIRS or not matched.balanced:
            return None
        return promise.promise_pairs(seen, matched, **asked, smallest=plan.smallest, rng=rng)
    return promise.promise_differences(seen, **asked, smallest=plan.smallest, rng=rng, not_yet=plan.not_yet)


def reckon(panel: Panel, plan: Plan, rng: np.random.Generator, *, drawn: bool = True) -> Found:
    """What can be said. `panel.values` may have gaps (nan): a Member with one in the periods asked for is left out and named.

    Without `drawn` the differences by distance, which only a chart needs, are not reckoned.

    False claims: where who took part has nothing to do with how Members move, a verdict that speaks comes up in at most five of a hundred
    worlds, whatever their serial correlation and shared shocks (tests/capacity/test_impact_worlds.py; docs/impact.md has the figures).
    """
    standing = obstacles(panel, plan)
    if plan.method is Method.INTERRUPTED:
        return _series(panel, plan, standing, rng)
    if Reason.NOT_YET in standing or Reason.NO_COMPARISON in standing:
        return Found(Verdict.CANNOT_TELL, standing)
    whole, left = complete(cut(panel, plan))
    standing = obstacles(whole, plan)
    if standing:
        return Found(Verdict.CANNOT_TELL, standing, left_out=left)
    found = _matched(whole, plan, rng) if plan.method is Method.MATCHED else _differences(whole, plan, rng, drawn=drawn)
    return replace(found, left_out=left)


def _series(panel: Panel, plan: Plan, standing: tuple[Reason, ...], rng: np.random.Generator) -> Found:
    if standing != (Reason.NO_COMPARISON,):
        return Found(Verdict.CANNOT_TELL, standing)
    start = panel.first
    series = panel.values[0, start - plan.before : start + plan.after]
    if np.isnan(series).any():
        return Found(Verdict.CANNOT_TELL, (Reason.NO_COMPARISON, Reason.FEW_PERIODS), left_out=panel.units)
    broken = interrupted.find_break(series, plan.before, rng)
    check = Check("residual", abs(broken.residual) < 2 / math.sqrt(len(series)), {"left": broken.residual, "rho": broken.rho})
    return Found(Verdict.CANNOT_TELL, standing, broken=broken, checks=(check,))


def _differences(panel: Panel, plan: Plan, rng: np.random.Generator, *, drawn: bool) -> Found:
    asked: dict[str, Any] = {"before": plan.before, "after": plan.after, "not_yet": plan.not_yet}
    of = differences.cells(panel, **asked)
    estimate = _drifted(differences.compare(panel, **asked, rng=rng), plan.drift * differences.reach(of, panel.starts))
    checks = [_apart(panel, plan, rng)]
    if not estimate.low <= 0 <= estimate.high:
        checks.append(_one_alone(panel, of))
    leads = [lead for lead in differences.leads(panel, **asked, rng=rng) if lead.members >= FEWEST_SIDE] if drawn else []
    return _said(plan, estimate, tuple(checks), tuple(leads), _lines(panel))


def _matched(panel: Panel, plan: Plan, rng: np.random.Generator) -> Found:
    matched = matching.match(panel)
    alone = tuple(panel.units[index] for index in matched.alone)
    balance = {name: gap for name, gap in zip(matched.names, matched.left, strict=True) if not math.isnan(gap)}
    checks: tuple[Check, ...] = (Check("alike", matched.balanced, balance), Check("overlap", len(matched.pairs) >= FEWEST_PAIRS))
    if len(matched.pairs) < FEWEST_PAIRS:
        return Found(Verdict.CANNOT_TELL, (Reason.FEW_MEMBERS, Reason.NOT_ALIKE), checks=checks, alone=alone)
    estimate = matching.compare_pairs(panel, matched, before=plan.before, after=plan.after, rng=rng)
    estimate = _drifted(estimate, plan.drift * (plan.before + plan.after) / 2)
    kept = sorted({index for pair in matched.pairs for index in pair})
    paired = Panel(tuple(panel.units[index] for index in kept), panel.values[kept], panel.starts[kept])
    checks = (*checks, _apart(paired, plan, rng))
    return replace(_said(plan, estimate, checks, (), _lines(paired)), alone=alone)


def _drifted(estimate: Estimate, by: float) -> Estimate:
    return replace(estimate, low=estimate.low - abs(by), high=estimate.high + abs(by))


def _apart(panel: Panel, plan: Plan, rng: np.random.Generator) -> Check:
    """Whether the two groups already moved apart before anyone began: the difference of their slopes, by permutation."""
    of = differences.slopes(panel, not_yet=plan.not_yet)
    if not of:
        return Check("apart", None)
    labels, whole = handed_out(panel.starts, rng)
    contrast = differences.contrasts(panel.values, of)
    every = rounds(lambda table: differences.reckoned(table, labels, of), contrast, np.zeros_like(contrast), whole=whole)
    chance = every.chance()
    return Check("apart", chance > LEVEL, {"slope": float(every.value[0]), "chance": chance})


def _one_alone(panel: Panel, of: list[differences.Cell]) -> Check:
    """The least and the greatest the difference would be without one of the Members that took part."""
    contrast = differences.contrasts(panel.values, of)
    found: list[float] = []
    for index in np.flatnonzero(panel.starts < panel.periods):
        rest = np.delete(np.arange(len(panel.units)), index)
        starts = panel.starts[rest]
        still = [cell for cell in of if (starts == cell.start).any() and (starts >= cell.bound).any()]
        if still:
            table: Floats = contrast[rest][:, [of.index(cell) for cell in still]]
            found.append(float(differences.reckoned(table, starts, still)[0]))
    if not found:
        return Check("alone", None)
    return Check("alone", min(found) * max(found) > 0, {"least": min(found), "greatest": max(found)})


def _lines(panel: Panel) -> tuple[Line, ...]:
    """Means of those that take part at some time, and of those that never do."""
    part, others = panel.starts < panel.periods, panel.starts >= panel.periods

    def mean(of: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], at: int) -> float | None:
        return float(panel.values[of, at].mean()) if int(of.sum()) >= FEWEST_SIDE else None

    return tuple(Line(at, mean(part, at), mean(others, at)) for at in range(panel.periods))


def _said(plan: Plan, estimate: Estimate, checks: tuple[Check, ...], leads: tuple[Lead, ...], lines: tuple[Line, ...]) -> Found:
    verdict, reasons = judged(plan, estimate, checks)
    return Found(verdict, reasons, estimate, checks=checks, leads=leads, lines=lines)


def judged(plan: Plan, estimate: Estimate, checks: tuple[Check, ...]) -> tuple[Verdict, tuple[Reason, ...]]:
    """The verdict on an estimate. A check that fails, or cannot be made, leaves nothing to say; that one Member carries it is only told."""
    holds = {check.code: check.holds for check in checks}
    reasons = []
    if holds.get("apart", True) is not True:
        reasons.append(Reason.APART)
    if not holds.get("alike", True):
        reasons.append(Reason.NOT_ALIKE)
    if reasons:
        return Verdict.CANNOT_TELL, tuple(reasons)
    if -plan.smallest < estimate.low and estimate.high < plan.smallest:
        return Verdict.RULED_OUT, ()
    if estimate.low <= 0 <= estimate.high:
        return Verdict.CANNOT_TELL, (Reason.WIDE,)
    good = plan.better == 0 or (estimate.value > 0) == (plan.better > 0)
    return (Verdict.SHOWN if good else Verdict.OPPOSITE), ()
