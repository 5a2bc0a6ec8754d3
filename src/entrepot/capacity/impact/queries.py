"""From records to a panel, and from a story to what can be said of it now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from entrepot.capacity.training.api import attended
from entrepot.ground.indicators.api import figures, series_rules
from entrepot.ground.indicators.core import following, read_span, span_of, span_text, spans_between
from entrepot.ground.indicators.enums import Direction, Every
from entrepot.ground.region.api import place_rules
from entrepot.kernel.principals import SYSTEM

from .core import Found, Panel, Promise, Worth, unpacked, unpacked_promise
from .core import Plan as Design
from .enums import Method, Reason, Verdict
from .models import Finding, Plan, Story

BETTER = {Direction.UP: 1, Direction.DOWN: -1, Direction.NEITHER: 0}


@dataclass(frozen=True, slots=True)
class Member:
    """One Member of a comparison. `since`: the first day of its first period after; None where it only serves as comparison."""

    place: Any
    since: date | None


@dataclass(frozen=True, slots=True)
class Table:
    """A panel with the periods that its columns are, and whether the last of them is over."""

    panel: Panel
    periods: tuple[date, ...]
    over: bool


def digest_of(body: Any) -> str:
    """SHA-256 of plain data as canonical JSON."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def table_of(indicator: Any, members: Sequence[Member], design: Design, day: date) -> Table:
    """The panel of these Members from `before` periods ahead of the first beginning to the end of the last window, gaps as nan.

    Only shared values are in it, and none about fewer than five people. Without anyone who began it is empty.
    """
    every = Every(indicator.every)
    began = sorted(member.since for member in members if member.since)
    if not began:
        return Table(
            Panel(tuple(m.place.code for m in members), np.full((len(members), 0), np.nan), np.zeros(len(members), int)), (), over=False
        )
    last = following(began[-1], every, design.after - 1)
    periods = spans_between(following(began[0], every, -design.before), last, every)
    held = figures(indicator, [member.place.pk for member in members])
    at = {period: number for number, period in enumerate(periods)}
    values = np.array([[held.get((member.place.pk, period), np.nan) for period in periods] for member in members], dtype=float)
    starts = np.array([at[member.since] if member.since else len(periods) for member in members], dtype=np.int64)
    codes = tuple(member.place.code for member in members)
    return Table(Panel(codes, values, starts), tuple(periods), over=following(last, every) <= day)


def known_after(table: Table) -> int:
    """How many figures from the first beginning on are here."""
    return int((~np.isnan(table.panel.values[:, table.panel.first :])).sum()) if table.periods else 0


def figures_digest(table: Table) -> str:
    """The digest of the figures that a finding was reckoned from."""
    rows = [[None if np.isnan(value) else float(value) for value in row] for row in table.panel.values]
    return digest_of([list(table.panel.units), [str(period) for period in table.periods], rows])


def design_of(body: Mapping[str, Any]) -> Design:
    """The plan as the reckoning takes it, from what is kept of it."""
    return Design(
        method=Method(body["method"]),
        before=body["before"],
        after=body["after"],
        smallest=float(body["smallest"]),
        better=body["better"],
        drift=float(body["drift"]),
        not_yet=body["not_yet"],
    )


def worth_of(body: Mapping[str, Any]) -> Worth | None:
    """The worth of a unit that a plan holds, from what is kept of it; None where it says none."""
    kept = body.get("worth")
    return Worth(float(kept["amount"]), kept["currency"], kept["ground"]) if kept else None


def members_of(body: Mapping[str, Any]) -> list[Member]:
    """The Members of a plan, from what is kept of it."""
    codes = [row["uuid"] for row in body["members"]]
    places = {str(place.uuid): place for place in place_rules.visible_to(SYSTEM).filter(uuid__in=codes)}
    every = Every(body["every"])
    return [
        Member(places[row["uuid"]], read_span(row["since"], every) if row["since"] else None)
        for row in body["members"]
        if row["uuid"] in places
    ]


def proposed(story: Story) -> list[tuple[Any, str, bool]]:
    """(Member, the period since which it counts as after or "", whether it shares its values) for each Member of the activity's region.

    Members with someone at the activity count from the period after its last day.
    """
    activity = story.activity
    every = Every(story.indicator.every)
    there = {nomination.invitation.place_id for nomination in attended(activity)}
    day = activity.last_on or activity.starts_on
    since = span_text(following(span_of(day, every), every), every) if day else ""
    shared = set(
        series_rules.visible_to(SYSTEM).filter(indicator=story.indicator, shared_at__isnull=False).values_list("place_id", flat=True)
    )
    members = place_rules.visible_to(SYSTEM).filter(kind="member", lineage__under=activity.region.lineage).order_by("name")
    return [(place, since if place.pk in there else "", place.pk in shared) for place in members]


@dataclass(frozen=True, slots=True)
class State:
    """What can be said of a story now: the plan that counts, what it promised, and what was found (or why nothing can be said)."""

    plan: Plan | None
    finding: Finding | None
    found: Found
    promised: Promise | None
    design: Design | None

    @property
    def verdict(self) -> Verdict:
        """The verdict."""
        return self.found.verdict


def state_of(story: Story) -> State:
    """The state of a story, in two queries. The last plan counts; one that was written after someone looked answers nothing."""
    plan = story.plans.order_by("-number").first()
    if plan is None:
        return State(None, None, Found(Verdict.CANNOT_TELL, (Reason.NO_PLAN,)), None, None)
    finding = plan.findings.order_by("-id").first()
    return state_from(plan, finding)


def state_from(plan: Plan, finding: Finding | None) -> State:
    """The same, from a plan and its latest finding at hand."""
    design, promised = design_of(plan.body), unpacked_promise(plan.promise)
    found = unpacked(finding.body) if finding else Found(Verdict.CANNOT_TELL)
    if plan.looked_first:
        found = replace(found, verdict=Verdict.CANNOT_TELL, reasons=(Reason.LOOKED_FIRST, *found.reasons))
    return State(plan, finding, found, promised, design)


def verdicts_of(stories: Sequence[Story]) -> dict[int, tuple[Verdict, bool]]:
    """For each story its verdict, and whether its analysis has been opened: two queries for all of them."""
    plans = {plan.story_id: plan for plan in Plan.objects.filter(story__in=stories).order_by("number")}
    findings = {finding.plan_id: finding for finding in Finding.objects.filter(plan__in=plans.values()).order_by("id")}
    found = {}
    for story in stories:
        plan = plans.get(story.pk)
        finding = findings.get(plan.pk) if plan else None
        found[story.pk] = (state_from(plan, finding).verdict if plan else Verdict.CANNOT_TELL, finding is not None)
    return found
