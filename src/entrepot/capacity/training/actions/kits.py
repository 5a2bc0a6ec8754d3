"""Taking an activity along as a kit, and making an activity of a kit."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction

from entrepot.capacity.competencies.api import competency_rules
from entrepot.ground.documents.api import about, keep, limit, storage
from entrepot.ground.journal.api import action, append
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Invalid, NotAllowed
from entrepot.kernel.lineages import region_of
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Text, gettext_noop

from .. import introductions
from ..core import Kit, digest_of, pack, unpack
from ..core.kits import FORM, MOST_PAPERS, Cost, Lesson, Paper, Source
from ..models import Activity, BudgetLine, Rerun
from ..queries import results_of
from ..rules import OFFICE
from .delivery import keep_session
from .design import begin

_COPIED = ("level", "mode", "language", "version_label", "objectives", "outcomes", "target_group", "seats", "seats_per_member", "criteria")


def kit_of(activity: Activity) -> bytes:
    """The run-it-again kit of an activity, for a caller whose rule has decided. Join links and names of people stay behind."""
    zone = _zone(activity.host)
    contents: dict[str, bytes] = {}
    papers = []
    for number, document in enumerate(reversed(about(activity.uuid)[:MOST_PAPERS]), 1):
        entry = f"papers/{number:02d}"
        with storage().open(document.stored) as content:
            contents[entry] = content.read()
        papers.append(Paper(entry, document.name, document.title, document.digest))
    first = activity.starts_on
    lessons = []
    for session in activity.sessions.order_by("starts_at"):
        starts = session.starts_at.astimezone(zone)
        minutes = int((session.ends_at - session.starts_at).total_seconds() // 60)
        lessons.append(Lesson(session.title, (starts.date() - first).days if first else 0, f"{starts:%H:%M}", minutes, session.room))
    kit = Kit(
        form=FORM,
        source=Source(
            str(activity.uuid),
            activity.code,
            activity.title,
            activity.region.name,
            activity.host.name if activity.host else "",
            str(first or ""),
            activity.region.invented,
        ),
        competency=activity.competency.code,
        follow_up_months=activity.follow_up_months,
        days=(activity.ends_on - first).days if first and activity.ends_on else 1,
        lessons=lessons,
        costs=[Cost(line.title, line.currency, str(line.amount), line.source) for line in activity.budget.order_by("id")],
        papers=papers,
        results=results_of(activity),
        parts={name: give(activity) for name, (give, _) in introductions.kit_parts.items()},
        **{name: getattr(activity, name) for name in _COPIED},
    )
    return pack(kit, contents)


def run_again(*, by: Principal, at: datetime, host: Any, starts_on: date, file: bytes) -> Activity:
    """Make an activity of a kit at a host, beginning on a day; its centre and the regional office adapt it from there.

    Everything in the kit is read and judged before anything is written, and all of it is written or nothing.
    Raises `NotAllowed`, `Invalid`.
    """
    if not by.is_system and not (by.holds(Role.CENTRE_MANAGER, over=host.lineage) or by.holds(*OFFICE, over=region_of(host.lineage))):
        raise NotAllowed(gettext_noop("A centre runs a kit again at its own place; the regional office anywhere."))
    kit, contents = unpack(file, largest=limit())
    with transaction.atomic():
        activity = _made(by=by, at=at, host=host, starts_on=starts_on, kit=kit)
        for paper in kit.papers:
            content = io.BytesIO(contents[paper.entry])
            keep(by=by, at=at, place=host, about=activity.uuid, title=paper.title, name=paper.name, content=content)
    return activity


@action
def _made(*, by: Principal, at: datetime, host: Any, starts_on: date, kit: Kit) -> Activity:
    region = place_rules.visible_to(SYSTEM).get(lineage=region_of(host.lineage))
    competency = competency_rules.visible_to(SYSTEM).filter(code=kit.competency).first()
    if competency is None:
        said = gettext_noop("The kit is for a competency (%(code)s) that is not in the catalogue here. Add it first.")
        raise Invalid({"file": Text(said, {"code": kit.competency[:40]})})
    design: dict[str, Any] = {name: getattr(kit, name) for name in _COPIED if name != "version_label"}
    ends_on = starts_on + timedelta(days=min(max(1, kit.days), 366))
    design |= {"title": kit.source.title, "competency": competency, "host": host, "starts_on": starts_on, "ends_on": ends_on}
    try:
        activity = begin(by=by, at=at, region=region, needs=(), values=design | {"follow_up_months": kit.follow_up_months}, rerun=True)
    except Invalid as error:
        raise _named(error) from error
    known = _uuid(kit.source.activity)
    original = Activity.objects.filter(uuid=known, region=region).first() if known else None
    source, results = msgspec.to_builtins(kit.source), msgspec.to_builtins(kit.results)
    rerun = Rerun(activity=activity, original=original, digest=digest_of(kit), source=source, results=results, brought_at=at)
    rerun.save()
    append(by=by, at=at, verb="training.kit.run_again", thing=activity, place=region.lineage, facts={"kit": rerun.digest})
    _costs(activity, kit)
    for lesson in kit.lessons:
        keep_session(by=SYSTEM, at=at, activity=activity.uuid, **_lesson(lesson, starts_on, _zone(host)))
    for name, part in kit.parts.items():
        if name in introductions.kit_parts:
            introductions.kit_parts[name][1](activity, part, by, at)
    return activity


def _named(error: Invalid) -> Invalid:
    """What is wrong with the design that a kit holds, said of the file: whoever sent it cannot mend a field."""
    why = "; ".join(f"{name}: {fault}" for name, fault in error.faults.items())
    return Invalid({"file": Text(gettext_noop("What the kit says of the activity cannot be taken: %(why)s"), {"why": why})})


def _costs(activity: Activity, kit: Kit) -> None:
    for cost in kit.costs:
        try:
            amount = Decimal(cost.amount).quantize(Decimal("0.01"))
            sound = amount.is_finite() and 0 <= amount < 10**9 and len(cost.currency) == 3
        except InvalidOperation:
            sound = False
        if not sound:
            raise Invalid({"file": Text(gettext_noop("The cost “%(title)s” is not an amount of money."), {"title": cost.title[:80]})})
        BudgetLine.objects.create(
            activity=activity, title=cost.title[:120], source=cost.source[:120], currency=cost.currency.upper(), amount=amount
        )


def _lesson(lesson: Lesson, first: date, zone: ZoneInfo) -> Mapping[str, Any]:
    try:
        starts = datetime.strptime(f"{first + timedelta(days=lesson.day)} {lesson.starts}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)
        ends = starts + timedelta(minutes=lesson.minutes)
    except (ValueError, OverflowError):
        said = gettext_noop("The session “%(title)s” has no day and time that exist.")
        raise Invalid({"file": Text(said, {"title": lesson.title[:80]})}) from None
    return {"title": lesson.title[:200], "starts_at": starts, "ends_at": ends, "room": lesson.room[:120], "join_link": ""}


def _zone(host: Any) -> ZoneInfo:
    return ZoneInfo((host.time_zone if host else "") or "UTC")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
