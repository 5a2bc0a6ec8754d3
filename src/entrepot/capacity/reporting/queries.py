"""The figures of reports, reckoned from the records of other rooms in a constant number of queries."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from django.db.models import Count, F, Sum

from entrepot.capacity.competencies.api import topic_rules
from entrepot.capacity.needs.enums import MODES, Mode
from entrepot.capacity.training.api import activity_rules, attendance_rules, budget_line_rules, nomination_rules
from entrepot.capacity.training.core import outlays
from entrepot.capacity.training.enums import Outcome, Stage
from entrepot.ground.region.api import place_rules
from entrepot.kernel.disclosure import suppress
from entrepot.kernel.errors import Invalid, NotFound
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

from .core import Head, Totals, halves_over, totalled

OFFICE = (Role.HEAD, Role.PROGRAMME_MANAGER)
HOST = (Role.CENTRE_MANAGER, Role.TRAINER)
CHAIR = (Role.VICE_CHAIR_OFFICE,)
READERS = (*OFFICE, *HOST, *CHAIR, Role.NATIONAL_COORDINATOR)
TAUGHT = (Stage.DELIVERED, Stage.CLOSED, Stage.FOLLOWED_UP)
NOT_A_HALF = gettext_noop(
    "For you a report is over one half-year that has ended, from January or July, and not narrowed: two that overlap would tell of few "
    "people when one is taken from the other."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is about: activities that began from `start` up to `end`, narrowed where a filter is set."""

    start: date
    end: date
    member: Any = None
    centre: Any = None
    mode: str = ""
    topic: Any = None
    source: str = ""
    guarded: bool = False
    """Whether cells that would tell of fewer than five people are left unsaid."""


@dataclass(frozen=True, slots=True)
class Line:
    """One activity of the report."""

    activity: Any
    seats: int
    attended: int | None
    women: int | None
    hours: float | None
    """None where they would tell how many took part."""
    members: int
    sources: tuple[str, ...]
    planned: tuple[tuple[str, Decimal], ...]
    """(currency, amount planned); empty for those who do not see money."""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole, with a digest by which the same report is known again."""

    wanted: Wanted
    lines: tuple[Line, ...]
    totals: Totals
    persons: int | None
    """Different people who attended."""
    hours: float | None
    by_centre: tuple[tuple[str, int, int | None], ...]
    """(host, activities, participations), most of these first."""
    by_mode: tuple[tuple[str, int, int | None], ...]
    by_topic: tuple[tuple[str, int, int | None], ...]
    cancelled: int
    digest: str
    planned: tuple[tuple[str, Decimal], ...] = field(default=())


def in_halves(principal: Principal) -> bool:
    """Whether the principal oversees activities whose people they may not see: what they ask for must not be subtracted from each other."""
    return any(not principal.holds(*OFFICE, over=reach) for reach in principal.reaches(*CHAIR))


def _scope(principal: Principal) -> tuple[Any, Any, Any]:
    """(activities, attended nominations, those of the activities whose people the principal sees) that a report is made of."""
    if principal.reaches(*OFFICE, *HOST, *CHAIR):
        own = activity_rules.visible_to(principal, "deliver", reads=True)
        activities = activity_rules.visible_to(principal, "oversee", reads=True) if principal.reaches(*CHAIR) else own
        return activities, nomination_rules.visible_to(SYSTEM).filter(activity__in=activities), own
    if principal.reaches(Role.NATIONAL_COORDINATOR):
        people = nomination_rules.visible_to(principal, "change", reads=True)
        activities = activity_rules.visible_to(principal).filter(nominations__in=people).distinct()
        return activities, people, activities
    raise NotFound


def _checked(principal: Principal, wanted: Wanted) -> None:
    """Refuse a guarded reader all but the half-years that are over. Raises `Invalid`."""
    filtered = (wanted.member, wanted.centre, wanted.mode, wanted.topic, wanted.source)
    over = halves_over(principal.day) if principal.day else ()
    if in_halves(principal) and (any(filtered) or (wanted.start, wanted.end) not in over):
        raise Invalid({"start": NOT_A_HALF})


def report(principal: Principal, wanted: Wanted) -> Report:
    """The activity report. Raises `NotFound` for those whom no activity is reported to, and `Invalid` where a guarded reader asks for a
    period that could be subtracted from another.

    Someone took part in an activity who is recorded at one of its sessions at least; hours are those of the sessions at which each is
    recorded. The same records give the same report, and the same digest.
    """
    activities, people, own = _scope(principal)
    _checked(principal, wanted)
    chosen = _narrowed(activities, wanted)
    related = ("region", "host", "competency__topic")
    taught = {one.pk: one for one in chosen.filter(stage__in=TAUGHT).select_related(*related).order_by("starts_on", "id")}
    there = people.filter(activity__in=list(taught), outcome=Outcome.SEAT, attendances__isnull=False)
    if wanted.member is not None:
        there = there.filter(invitation__place=wanted.member)
    heads = _heads(there)
    if wanted.member is not None or not principal.reaches(*OFFICE, *HOST, *CHAIR):
        taught = {pk: activity for pk, activity in taught.items() if any(head.activity == pk for head in heads)}
    known = set() if wanted.guarded else set(own.filter(pk__in=list(taught)).values_list("pk", flat=True))
    guard = None if known >= set(taught) else suppress
    totals = totalled(heads, guard=guard, own=known)
    money = _money(principal, taught)
    seats = dict(people.filter(activity__in=list(taught), outcome=Outcome.SEAT).values_list("activity").annotate(n=Count("id")))
    # Hours divided by a session's length are people: where one activity's number is unsaid, no hours are said.
    hours = _hours(there) if guard is None or all(one.n is not None for one in totals.groups["activity"]) else None
    found = _Found(heads, totals, hours, money, seats)
    lines = tuple(_line(activity, found) for activity in taught.values())
    persons = there.values("person").distinct().count() if guard is None or not totals.unsaid else None
    cancelled = chosen.filter(stage=Stage.CANCELLED).count()
    planned: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        for currency, amount in line.planned:
            planned[currency] += amount
    whole = round(sum(hours.values()), 2) if hours is not None else None
    plain = [[line.activity.code, line.attended, line.hours] for line in lines]
    digest = hashlib.sha256(msgspec.json.encode([plain, [str(wanted.start), str(wanted.end)], persons, whole])).hexdigest()
    by_centre, by_mode, by_topic = (_grouped(taught.values(), totals, kind, of) for kind, of in _OF.items())
    return Report(wanted, lines, totals, persons, whole, by_centre, by_mode, by_topic, cancelled, digest, tuple(sorted(planned.items())))


def _narrowed(activities: Any, wanted: Wanted) -> Any:
    found = activities.filter(starts_on__gte=wanted.start, starts_on__lt=wanted.end)
    if wanted.centre is not None:
        found = found.filter(host=wanted.centre)
    if wanted.mode:
        found = found.filter(mode=wanted.mode)
    if wanted.topic is not None:
        found = found.filter(competency__topic=wanted.topic)
    if wanted.source:
        found = found.filter(pk__in=budget_line_rules.visible_to(SYSTEM).filter(source=wanted.source).values("activity"))
    return found


def _heads(there: Any) -> list[Head]:
    about = ("activity__host__name", "activity__mode", "activity__competency__topic__title")
    rows = (
        there.order_by()
        .values_list("activity_id", "invitation__place__name", "invitation__place__parent__name", "person__gender", *about)
        .annotate(n=Count("id", distinct=True))
    )
    return [
        Head(pk, member, sub, gender, n, host or "–", MODES[Mode(mode)], topic) for pk, member, sub, gender, host, mode, topic, n in rows
    ]


def _hours(there: Any) -> dict[int, float]:
    rows = attendance_rules.visible_to(SYSTEM).filter(nomination__in=there.order_by().values("pk")).order_by()
    spent = rows.values_list("session__activity").annotate(time=Sum(F("session__ends_at") - F("session__starts_at")))
    return {activity: time.total_seconds() / 3600 for activity, time in spent}


def _money(principal: Principal, taught: dict[int, Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for line in budget_line_rules.visible_to(principal).filter(activity__in=list(taught)).order_by("id"):
        found[line.activity_id].append(line)
    return found


@dataclass(frozen=True, slots=True)
class _Found:
    """What the lines are made of."""

    heads: list[Head]
    totals: Totals
    hours: dict[int, float] | None
    money: dict[int, list[Any]]
    seats: dict[int, int]


def _line(activity: Any, found: _Found) -> Line:
    money = found.money.get(activity.pk, [])
    people = found.totals.of("activity", activity.pk)
    return Line(
        activity,
        found.seats.get(activity.pk, 0),
        people.n,
        people.genders[0],
        round(found.hours.get(activity.pk, 0.0), 2) if found.hours is not None else None,
        len({head.member for head in found.heads if head.activity == activity.pk}),
        tuple(sorted({line.source for line in money if line.source})),
        tuple((outlay.currency, outlay.planned) for outlay in outlays((line.currency, line.amount, line.spent) for line in money)),
    )


_OF: dict[str, Callable[[Any], str]] = {
    "host": lambda activity: activity.host.name if activity.host else "–",
    "mode": lambda activity: MODES[Mode(activity.mode)],
    "topic": lambda activity: activity.competency.topic.title,
}


def _grouped(taught: Iterable[Any], totals: Totals, kind: str, of: Callable[[Any], str]) -> tuple[tuple[str, int, int | None], ...]:
    activities = Counter(of(activity) for activity in taught)
    rows = [(name, n, totals.of(kind, name).n) for name, n in activities.items()]
    return tuple(sorted(rows, key=lambda row: (-(row[2] or 0), row[0])))


def choices(principal: Principal) -> dict[str, Any]:
    """What the filters offer: Members, centres, topics and sources of money that the principal's activities have."""
    activities, people, _ = _scope(principal)
    members = place_rules.visible_to(SYSTEM).filter(pk__in=people.order_by().values("invitation__place"), kind="member").order_by("name")
    centres = place_rules.visible_to(SYSTEM).filter(pk__in=activities.order_by().values("host")).order_by("name")
    topics = topic_rules.visible_to(SYSTEM).filter(pk__in=activities.order_by().values("competency__topic")).order_by("title")
    money = budget_line_rules.visible_to(principal).filter(activity__in=activities).exclude(source="")
    sources = sorted(set(money.order_by().values_list("source", flat=True)))
    return {"members": members, "centres": centres, "topics": topics, "sources": sources}


def usual(principal: Principal, day: date) -> tuple[date, date]:
    """The period of a report where none is asked for."""
    return halves_over(day)[0] if in_halves(principal) else this_year(day)


def this_year(day: date) -> tuple[date, date]:
    """The twelve months that end with the last full month.

    >>> this_year(date(2026, 11, 25))
    (datetime.date(2025, 11, 1), datetime.date(2026, 11, 1))
    """
    end = day.replace(day=1)
    return end.replace(year=end.year - 1), end


def before(day: date) -> date:
    """The day before, for periods told with their last day."""
    return day - timedelta(days=1)
