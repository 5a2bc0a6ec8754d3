"""Telling a story, backing its links, writing a plan down, opening the analysis, publishing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

from entrepot.capacity.evaluation.api import action_item_rules
from entrepot.capacity.training.api import activity_rules
from entrepot.ground.indicators.api import figures, indicator_rules
from entrepot.ground.indicators.core import MONTHS, read_span, span_of, span_text
from entrepot.ground.indicators.enums import Direction, Every
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Text, gettext_noop

from .core import Found, Promise, causal, obstacles, packed, packed_promise, promised, reckon
from .core import Plan as Design
from .enums import Grade, Method, Reason, Step
from .models import Backing, Finding, Link, Look, Plan, Story
from .queries import BETTER, Member, Table, design_of, digest_of, figures_digest, known_after, members_of, table_of
from .rules import OFFICE, link_rules, plan_rules, story_rules
from .telling import body_of

MOST_PERIODS = 60


class NothingToOpen(Conflict):
    """The analysis does not open yet."""

    code = "analysis-closed"
    message = gettext_noop("The analysis opens once the last period of the plan is over. Until then nobody looks.")


def _texts(values: Mapping[str, tuple[str, int]]) -> dict[str, str]:
    faults: dict[str, Text | str] = {}
    clean = {name: text.strip() for name, (text, _) in values.items()}
    for name, (_, limit) in values.items():
        if not clean[name]:
            faults[name] = gettext_noop("Please answer this.")
        elif len(clean[name]) > limit:
            faults[name] = Text(gettext_noop("At most %(limit)s characters."), {"limit": limit})
    if faults:
        raise Invalid(faults)
    return clean


def _plain(values: dict[str, str]) -> dict[str, str]:
    """Titles and questions ask; they do not say beforehand what came of what."""
    said = gettext_noop("“%(word)s” says beforehand what came of it. Ask what was looked at: how did the figure move?")
    faults = {name: Text(said, {"word": word}) for name, text in values.items() if (word := causal(text))}
    if faults:
        raise Invalid(faults)
    return values


@action
def tell(*, by: Principal, at: datetime, activity: UUID, indicator: UUID, title: str, question: str) -> Story:
    """Begin the story of an activity and an indicator. Raises `NotFound`, `NotAllowed`, `Invalid`, `Conflict`."""
    held = hold(activity_rules.visible_to(by).select_related("region"), activity)
    measured = indicator_rules.visible_to(by).select_related("place").filter(uuid=indicator).first()
    if measured is None:
        raise NotFound
    if not by.is_system and not (by.holds(*OFFICE, over=held.region.lineage) and by.scoped("impact:write")):
        raise NotAllowed(gettext_noop("The regional office tells what changed."))
    clean = _plain(_texts({"title": (title, 160), "question": (question, 300)}))
    if not measured.place.lineage.startswith(held.region.lineage):
        raise Invalid({"indicator": gettext_noop("This indicator is of another region.")})
    if Story.objects.filter(activity=held, indicator=measured).exists():
        raise Conflict(gettext_noop("There is a story of this activity and this indicator already."))
    story = Story.objects.create(activity=held, indicator=measured, told_at=at, told_by=by.uuid, **clean)
    append(by=by, at=at, verb="impact.story.told", thing=story, place=held.region.lineage, facts={"indicator": measured.code})
    return story


def _story(by: Principal, uuid: UUID) -> Story:
    held = hold(story_rules.visible_to(by).select_related("activity__region", "indicator"), uuid)
    if held.published_at and not by.is_system:
        if not by.scoped("impact:write"):
            raise NotAllowed(gettext_noop("This token or link was not issued for that."))
        raise Conflict(gettext_noop("The story is published and frozen."))
    story_rules.require(by, "tell", held)
    return held


def _note(by: Principal, at: datetime, verb: str, thing: Any, story: Story, **facts: Any) -> None:
    append(by=by, at=at, verb=f"impact.{verb}", thing=thing, place=story.activity.region.lineage, facts=facts)


@action
def add_link(*, by: Principal, at: datetime, story: UUID, step: Step, place: Any, said: str, item: UUID | None = None) -> Link:
    """Say what ties two things at one Member: claimed, until someone backs it. An item has to be of the story's activity."""
    held = _story(by, story)
    clean = _texts({"said": (said, 400)})
    if place.kind != "member" or not place.lineage.startswith(held.activity.region.lineage):
        raise Invalid({"place": gettext_noop("A link is at a Member of the activity’s region.")})
    found = None
    if item is not None:
        items = action_item_rules.visible_to(by).filter(nomination__activity=held.activity, nomination__invitation__place=place)
        found = items.filter(uuid=item).first()
        if found is None:
            raise Invalid({"item": gettext_noop("This action item is not of this activity and Member.")})
    link = Link.objects.create(story=held, place=place, item=found, step=step, said=clean["said"], said_at=at, said_by=by.uuid)
    _note(by, at, "link.claimed", link, held, step=step, place=place.code)
    return link


@action
def back(*, by: Principal, at: datetime, link: UUID, said: str) -> Backing:
    """A second person says so too: the link is corroborated. Raises `Conflict` for whoever said it first, or has backed it already."""
    held = hold(link_rules.visible_to(by).select_related("story__activity__region", "place"), link)
    link_rules.require(by, "back", held)
    clean = _texts({"said": (said, 400)})
    if held.story.published_at:
        raise Conflict(gettext_noop("The story is published and frozen."))
    if held.said_by == by.uuid:
        raise Conflict(gettext_noop("You said it yourself: a second person has to back it."))
    if held.backings.filter(by_uuid=by.uuid).exists():
        raise Conflict(gettext_noop("You have backed this already."))
    for_member = by.holds(Role.NATIONAL_COORDINATOR, over=held.place.lineage)
    made = Backing.objects.create(link=held, said=clean["said"], at=at, by_uuid=by.uuid, for_member=for_member)
    if held.grade == Grade.CLAIMED:
        change(held, {"grade": Grade.CORROBORATED}, version=None)
    _note(by, at, "link.backed", held, held.story, grade=held.grade)
    return made


@action
def measure(*, by: Principal, at: datetime, link: UUID, before: str, after: str) -> Link:
    """Set the Member's figure of one period beside that of a later one: the link is measured, which says nothing about why."""
    held = hold(link_rules.visible_to(by).select_related("story__activity__region", "story__indicator", "place"), link)
    _story(by, held.story.uuid)
    indicator = held.story.indicator
    every = Every(indicator.every)
    days = {name: _span(name, text, every) for name, text in (("before", before), ("after", after))}
    if days["before"] >= days["after"]:
        raise Invalid({"after": gettext_noop("The second period has to come after the first.")})
    known = figures(indicator, [held.place_id])
    missing = {name: gettext_noop("No figure of this period is shared.") for name, day in days.items() if (held.place_id, day) not in known}
    if missing:
        raise Invalid(missing)
    kept = {name: {"period": span_text(day, every), "value": known[held.place_id, day]} for name, day in days.items()}
    grade = held.grade if held.grade == Grade.COMPARED else Grade.MEASURED
    change(held, {"grade": grade, "measured": kept}, version=None)
    _note(by, at, "link.measured", held, held.story, before=kept["before"]["period"], after=kept["after"]["period"])
    return held


def _span(name: str, text: str, every: Every) -> date:
    try:
        return read_span(text, every)
    except Invalid as error:
        raise Invalid({name: error.faults["period"]}) from None


def checked_design(story: Story, values: Mapping[str, Any], members: Sequence[Member]) -> Design:
    """The design that these answers mean. Raises `Invalid` naming each one at fault."""
    faults = {**_faulty_members(story, values["method"], members), **_faulty_numbers(values)}
    if values["method"] not in list(Method):
        faults["method"] = gettext_noop("Choose one of the answers offered.")
    if faults:
        raise Invalid(faults)
    return Design(
        method=Method(values["method"]),
        before=int(values["before"]),
        after=int(values["after"]),
        smallest=float(values["smallest"]),
        better=BETTER[Direction(story.indicator.direction)],
        drift=float(values.get("drift") or 0),
        not_yet=bool(values.get("not_yet")),
    )


def checked_worth(story: Story, values: Mapping[str, Any]) -> dict[str, str]:
    """What a unit is worth, as a plan keeps it; nothing where nothing of it was said. Raises `Invalid` naming each answer at fault."""
    amount, currency, ground = values.get("worth"), (values.get("currency") or "").strip().upper(), (values.get("ground") or "").strip()
    if amount is None and not ground:
        return {}
    faults: dict[str, Text | str] = {}
    if amount is None or not 0 < Decimal(amount) < Decimal(10) ** 10:
        faults["worth"] = gettext_noop("What a unit is worth is above nothing.")
    elif Direction(story.indicator.direction) is Direction.NEITHER:
        faults["worth"] = gettext_noop("Of this figure neither more nor less is better: a unit of it has no worth.")
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        faults["currency"] = gettext_noop("A currency is three letters, as USD.")
    if not ground:
        faults["ground"] = gettext_noop("Say how you know, and from where.")
    elif len(ground) > 300:
        faults["ground"] = Text(gettext_noop("At most %(limit)s characters."), {"limit": 300})
    if faults:
        raise Invalid(faults)
    return {"amount": f"{Decimal(str(amount)).normalize():f}", "currency": currency, **_plain({"ground": ground})}


def _faulty_numbers(values: Mapping[str, Any]) -> dict[str, Text | str]:
    faults: dict[str, Text | str] = {}
    for name in ("before", "after"):
        if not 1 <= int(values[name]) <= MOST_PERIODS:
            faults[name] = Text(gettext_noop("From 1 to %(n)s periods."), {"n": MOST_PERIODS})
    if not 0 < Decimal(values["smallest"]) < Decimal(10) ** 12:
        faults["smallest"] = gettext_noop("The smallest difference worth knowing is above nothing.")
    if not 0 <= Decimal(values.get("drift") or 0) < Decimal(10) ** 12:
        faults["drift"] = gettext_noop("A drift is nothing or more.")
    return faults


def _faulty_members(story: Story, method: str, members: Sequence[Member]) -> dict[str, Text | str]:
    every, region = Every(story.indicator.every), story.activity.region.lineage
    began = [member.since for member in members if member.since]
    apart = (max(began).year - min(began).year) * 12 // MONTHS[every] if began else 0
    outside = any(member.place.kind != "member" or not member.place.lineage.startswith(region) for member in members)
    wrong = (
        (len({member.place.pk for member in members}) != len(members), gettext_noop("A Member stands here twice.")),
        (outside, gettext_noop("Members of the activity’s region are compared.")),
        (any(span_of(day, every) != day for day in began), gettext_noop("A period is known by its first day.")),
        (not began, gettext_noop("Say which Members took part, and since when.")),
        (apart > MOST_PERIODS, gettext_noop("The beginnings lie too far apart for one comparison.")),
        (method == Method.INTERRUPTED and len(members) != 1, gettext_noop("One series is one Member: leave the others out.")),
    )
    said = next((said for is_wrong, said in wrong if is_wrong), "")
    return {"members": said} if said else {}


def preview(story: Story, values: Mapping[str, Any], members: Sequence[Member], day: date) -> tuple[tuple[Reason, ...], Promise | None]:
    """What stands in the way of a plan, and what it would find, from the periods before alone. Nothing is kept. Raises `Invalid`."""
    checked_worth(story, values)
    design = checked_design(story, values, members)
    table = table_of(story.indicator, members, design, day)
    chance = np.random.default_rng(7)
    return _standing(table, design), promised(table.panel, design, chance)


def _standing(table: Table, design: Design) -> tuple[Reason, ...]:
    found = obstacles(table.panel, design)
    return found if table.over or Reason.NOT_YET in found else (*found, Reason.NOT_YET)


@action
def register(*, by: Principal, at: datetime, story: UUID, members: Sequence[Member], **values: Any) -> Plan:
    """Write a plan down, with its digest and what it promises. It is kept whether figures from after were here already, and whether
    someone had looked. Raises `NotFound`, `NotAllowed`, `Invalid`."""
    held = _story(by, story)
    design, worth = checked_design(held, values, members), checked_worth(held, values)
    every = Every(held.indicator.every)
    body = {
        "story": str(held.uuid),
        "indicator": {"uuid": str(held.indicator.uuid), "code": held.indicator.code, "unit": held.indicator.unit},
        "question": held.question,
        "every": held.indicator.every,
        "method": design.method.value,
        "before": design.before,
        "after": design.after,
        "smallest": f"{Decimal(str(values['smallest'])).normalize():f}",
        "drift": f"{Decimal(str(values.get('drift') or 0)).normalize():f}",
        "better": design.better,
        "not_yet": design.not_yet,
        "members": [
            {"uuid": str(m.place.uuid), "code": m.place.code, "since": span_text(m.since, every) if m.since else ""}
            for m in sorted(members, key=lambda member: str(member.place.code))
        ],
    }
    if worth:
        body["worth"] = worth
    digest = digest_of(body)
    table = table_of(held.indicator, members, design, at.date())
    promise = promised(table.panel, design, _chance(digest))
    plan = Plan.objects.create(
        story=held,
        number=held.plans.count() + 1,
        method=design.method,
        body=body,
        digest=digest,
        promise=packed_promise(promise),
        registered_at=at,
        registered_by=by.uuid,
        known_after=known_after(table),
        looked_first=held.looks.exists(),
    )
    _note(by, at, "plan.registered", plan, held, digest=digest, known_after=plan.known_after, looked_first=plan.looked_first)
    return plan


def _chance(digest: str) -> np.random.Generator:
    """Chance that nobody can pick: its seed is the plan's digest."""
    return np.random.default_rng(int(digest[:16], 16))


@action
def look(*, by: Principal, at: datetime, story: UUID) -> Look:
    """Look at the figures of both sides without a plan. It is written down, and every later plan of this story says so."""
    held = _story(by, story)
    made = Look.objects.create(story=held, plan=held.plans.order_by("-number").first(), at=at, by_uuid=by.uuid)
    _note(by, at, "story.looked_at", held, held)
    return made


@action
def open_analysis(*, by: Principal, at: datetime, plan: UUID) -> Finding:
    """Reckon a plan on the figures as they are. Raises `NothingToOpen` before the last period of the plan is over.

    Without a change in the figures it is not reckoned again.
    """
    held = hold(plan_rules.visible_to(by).select_related("story__activity__region", "story__indicator"), plan)
    _story(by, held.story.uuid)
    plan_rules.require(by, "open", held)
    design, members = design_of(held.body), members_of(held.body)
    table = table_of(held.story.indicator, members, design, at.date())
    if not table.over:
        raise NothingToOpen
    digest = figures_digest(table)
    before = held.findings.order_by("-id").first()
    if before is not None and before.figures_digest == digest:
        nothing_done()
        return before
    found = reckon(table.panel, design, _chance(held.digest))
    Look.objects.create(story=held.story, plan=held, at=at, by_uuid=by.uuid)
    finding = Finding.objects.create(
        plan=held, verdict=found.verdict, body=packed(found), figures_digest=digest, reckoned_at=at, reckoned_by=by.uuid
    )
    _grade(held, found)
    _note(by, at, "plan.opened", finding, held.story, verdict=found.verdict, figures=digest)
    return finding


def _grade(plan: Plan, found: Found) -> None:
    """Links from what was done to the figure are compared once a plan that nobody peeked before speaks."""
    if plan.looked_first or not found.speaks:
        return
    compared = {row["code"] for row in plan.body["members"] if row["since"]}
    for link in plan.story.links.filter(step=Step.MOVED, place__code__in=compared).exclude(grade=Grade.COMPARED):
        change(link, {"grade": Grade.COMPARED}, version=None)


@action
def publish(*, by: Principal, at: datetime, story: UUID) -> Story:
    """Freeze a story as it stands, "cannot tell" included, and let everyone signed in read it.

    Of its links those go out that the Member's own coordinator has backed, and no figure of a single Member does.
    """
    held = _story(by, story)
    body = body_of(held, public=True)
    change(held, {"published_at": at, "published_by": by.uuid, "body": body, "digest": digest_of(body)}, version=None)
    _note(by, at, "story.published", held, held, digest=held.digest)
    return held
