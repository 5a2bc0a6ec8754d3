"""Reading activities: what is recorded, who is who in selection, the agenda, the counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from django.db.models import Count, Exists, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from entrepot.ground.documents.api import about
from entrepot.kernel.periods import months_after
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import gettext_noop

from . import introductions
from .core import Facts, Figure, Nominee, Outlay, compared, outlays
from .enums import InvitationState, Outcome, Release, Stage
from .models import Activity, Attendance, Invitation, Nomination
from .rules import activity_rules, nomination_rules

DONE = (Stage.DELIVERED, Stage.CLOSED, Stage.FOLLOWED_UP)


def facts_of(activity: Activity, to: Stage, at: datetime) -> Facts:
    """What is recorded of an activity on its way to a stage."""
    invitations = list(activity.invitations.select_related("place"))
    unanswered = [invitation for invitation in invitations if invitation.state == InvitationState.SENT]
    for invitation in unanswered:
        invitation.activity = activity
    counted = activity.nominations.filter(withdrawn_at__isnull=True).aggregate(
        undecided=Count("id", filter=Q(outcome="")),
        seated=Count("id", filter=Q(outcome=Outcome.SEAT)),
        unconfirmed=Count("id", filter=Q(outcome=Outcome.SEAT, confirmed_at__isnull=True)),
    )
    today = at.date()
    return Facts(
        objectives=bool(activity.objectives.strip()),
        outcomes=len(activity.outcomes),
        dates=bool(activity.starts_on and activity.ends_on and activity.nominate_by),
        started=bool(activity.starts_on and activity.starts_on <= today),
        over=bool(activity.ends_on and activity.ends_on <= today),
        seats=activity.seats,
        trainers=activity.trainers.count(),
        sessions=activity.sessions.count(),
        invitations=len(invitations),
        unanswered=len(unanswered),
        # Each Member's own, by its own clock.
        deadline_passed=bool(activity.nominate_by) and all(one.deadline and one.deadline.passed(at) for one in unanswered),
        attended=Attendance.objects.filter(session__activity=activity).count(),
        extra=tuple(text for room in introductions.missing for text in room(activity, to)),
        **counted,
    )


def nominees(activity: Activity, nominations: Sequence[Nomination]) -> list[Nominee]:
    """What selection needs to know of `nominations` (with `invitation__place`), in three queries whatever their number."""
    people = [n.person_id for n in nominations]
    before = Attendance.objects.filter(nomination__person_id__in=people, session__activity__stage__in=DONE).exclude(
        session__activity=activity
    )
    ends = "session__activity__ends_on"
    last = dict(before.values_list("nomination__person_id").annotate(last=Max(ends)))
    same = before.filter(session__activity__competency=activity.competency_id, session__activity__level=activity.level)
    same_on = dict(same.values_list("nomination__person_id").annotate(last=Max(ends)))
    recent = Nomination.objects.filter(
        outcome=Outcome.SEAT,
        confirmed_at__isnull=False,
        activity__region=activity.region_id,
        activity__starts_on__gt=months_after(activity.starts_on or date.min, -24) if activity.starts_on else date.min,
    ).exclude(activity=activity)
    seats = dict(recent.values_list("invitation__place_id").annotate(n=Count("id")))
    return [
        Nominee(
            key=str(n.uuid),
            member=n.invitation.place.code,
            rank=n.rank,
            submitted_at=n.submitted_at,
            language_level=n.language_level,
            release=Release(n.release),
            late=n.late,
            consent=n.consent,
            same_course_on=same_on.get(n.person_id),
            last_attended_on=last.get(n.person_id),
            member_seats=seats.get(n.invitation.place_id, 0),
        )
        for n in nominations
    ]


def listed(activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """`activities` with what a list shows of them. Each count is a query of its own row, so that a page counts only what it shows."""

    def count(model: type[Model], **when: Any) -> Coalesce:
        mine = model._default_manager.filter(activity=OuterRef("pk"), **when).order_by().values("activity")
        return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0)

    return activities.select_related("region", "host", "competency__topic").annotate(
        members=count(Invitation, sent_at__isnull=False), seated=count(Nomination, outcome=Outcome.SEAT)
    )


def participants(activity: Activity) -> QuerySet[Nomination]:
    """Those with a confirmed seat, by Member and name."""
    return (
        activity.nominations.filter(outcome=Outcome.SEAT, confirmed_at__isnull=False)
        .select_related("person__home", "invitation__place", "supervisor")
        .order_by("invitation__place__name", "person__sort_name")
    )


def attended(activity: Activity) -> QuerySet[Nomination]:
    """Participants who were at one session at least."""
    there = Attendance.objects.filter(nomination=OuterRef("pk"), session__activity=activity)
    return participants(activity).filter(Exists(there))


def hours_of(activity: Activity) -> dict[int, float]:
    """Hours attended, by nomination."""
    hours: dict[int, float] = defaultdict(float)
    rows = Attendance.objects.filter(session__activity=activity).values_list("nomination_id", "session__starts_at", "session__ends_at")
    for nomination, starts, ends in rows:
        hours[nomination] += (ends - starts).total_seconds() / 3600
    return dict(hours)


def balance(nominations: Iterable[Any]) -> dict[str, Any]:
    """Of the nominations with a seat: how many by what people say of their gender, and by Member."""
    seated = [n for n in nominations if n.outcome == Outcome.SEAT]
    gender = Counter(n.person.gender or "-" for n in seated)
    members = Counter(n.invitation.place.name for n in seated)
    return {
        "seated": len(seated),
        "women": gender["F"],
        "men": gender["M"],
        "other": gender["X"],
        "not_said": gender["-"],
        "members": sorted(members.items()),
    }


def outlays_of(activity: Activity) -> list[Outlay]:
    """What an activity costs, by currency: planned, and spent where every line of it says so."""
    return outlays(activity.budget.order_by("id").values_list("currency", "amount", "spent"))


def papers_of(principal: Principal, activity: Activity) -> list[Any]:
    """The papers of an activity, for those who run it, oversee it, or have a seat in it; nobody else learns that there are any."""
    runs = any(activity_rules.may(principal, verb, activity) for verb in ("deliver", "oversee"))
    seated = nomination_rules.visible_to(principal, "attend").filter(activity=activity, outcome=Outcome.SEAT, withdrawn_at__isnull=True)
    return list(about(activity.uuid)) if runs or seated.exists() else []


def results_of(activity: Activity) -> list[Figure]:
    """What came of an activity, in figures that a later run can be set beside: seats, who attended, and what rooms above measured."""
    seated = participants(activity).count()
    there = attended(activity).count()
    own = [
        Figure("seats", gettext_noop("Seats given"), seated, "", activity.seats),
        Figure("attended", gettext_noop("Took part"), there, "", seated),
    ]
    return [*own, *(figure for room in introductions.results for figure in room(activity))]


def comparison_of(activity: Activity) -> list[tuple[Figure, Figure | None]]:
    """For an activity made from a kit: what came of it there beside what came of it here, once it has been taught."""
    source = getattr(activity, "lineage", None)
    then = msgspec.convert(source.results, list[Figure]) if source else []
    return compared(then, results_of(activity) if activity.stage in DONE else [])
