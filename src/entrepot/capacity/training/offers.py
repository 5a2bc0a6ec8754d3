"""What training contributes: pages, the list of asks, search, calendar, its beads of the thread, timed offers, practice data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse

from entrepot.kernel.offers import (
    Asked,
    Bead,
    BeadState,
    CalendarEntry,
    DemoMaker,
    Hit,
    NavOffer,
    NoticeKind,
    Offers,
    PersonData,
    RecurringJob,
    Section,
    WorkItem,
)
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .actions import leaving
from .demo import remove
from .enums import InvitationState, OfferAnswer, Outcome, Release, Stage
from .models import Activity, Invitation, Nomination, Session
from .rules import activity_rules, invitation_rules, nomination_rules, offer_rules

_OPEN = (Stage.INVITATION, Stage.SELECTION)
_NOMINATING, _RELEASING = 6, 1
"""Minutes that an invitation asks of a coordinator, and a release of a head."""


def _invited(principal: Principal, _day: date) -> Iterable[WorkItem]:
    asked = invitation_rules.visible_to(principal, "answer").filter(state=InvitationState.SENT, activity__stage__in=_OPEN)
    for invitation in asked.select_related("activity", "place").order_by("activity__nominate_by")[:30]:
        title = Text(gettext_noop("Nominate: %(title)s"), {"title": invitation.activity.title})
        href = reverse("training:invitation", args=[invitation.uuid])
        detail = Text(gettext_noop("%(member)s, ranked"), {"member": invitation.place.name})
        yield WorkItem(title, href, due=invitation.nominate_by or invitation.activity.nominate_by, detail=detail, minutes=_NOMINATING)


def _releases(principal: Principal, _day: date) -> Iterable[WorkItem]:
    if principal.person_id is None:
        return
    # Where no supervisor is named, the Member's coordinator answers. Whoever takes a seat over is released after the confirmation.
    mine = Q(supervisor_id=principal.person_id) | Q(supervisor__isnull=True)
    waiting = nomination_rules.visible_to(principal, "release").filter(
        mine, release=Release.ASKED, withdrawn_at__isnull=True, activity__stage__in=[*_OPEN, Stage.CONFIRMED]
    )
    for nomination in waiting.select_related("activity", "person").order_by("activity__starts_on")[:30]:
        values = {"person": nomination.person.full_name, "title": nomination.activity.title}
        title = Text(gettext_noop("Release %(person)s for “%(title)s”"), values)
        yield WorkItem(title, reverse("training:release", args=[nomination.uuid]), due=nomination.activity.nominate_by, minutes=_RELEASING)


def _asked(lineage: str, begins: datetime, ends: datetime) -> Iterable[Asked]:
    """Invitations to nominate, and officers to release, by Member."""
    sent = Invitation.objects.filter(sent_at__gte=begins, sent_at__lt=ends, place__lineage__under=lineage)
    for place, n in sent.order_by().values_list("place").annotate(n=Count("id")):
        yield Asked(place, gettext_noop("invitations"), n, n * _NOMINATING)
    named = Nomination.objects.filter(submitted_at__gte=begins, submitted_at__lt=ends, supervisor__isnull=False)
    home = named.filter(invitation__place__lineage__under=lineage).order_by().values_list("invitation__place")
    for place, n in home.annotate(n=Count("id")):
        yield Asked(place, gettext_noop("officers to release"), n, n * _RELEASING)


def _offered(principal: Principal, _day: date) -> Iterable[WorkItem]:
    mine = offer_rules.visible_to(principal, "answer").filter(answer=OfferAnswer.OPEN)
    for offer in mine.select_related("nomination__activity", "nomination__person").order_by("ends_at")[:30]:
        values = {"person": offer.nomination.person.full_name, "title": offer.nomination.activity.title}
        title = Text(gettext_noop("A seat came free for %(person)s: “%(title)s”"), values)
        yield WorkItem(title, reverse("training:seat", args=[offer.nomination.uuid]), due=offer.ends_at.date(), minutes=1)


_AHEAD = timedelta(days=14)
"""For how long before it begins an activity stands on the first page of those who take part and teach."""


def _coming(principal: Principal, day: date) -> Iterable[WorkItem]:
    """The activities that one takes part in or teaches at now or soon: today's stand there on the day itself."""
    if principal.person_id is None:
        return
    soon = Q(stage=Stage.CONFIRMED, starts_on__lte=day + _AHEAD, ends_on__gt=day)
    seats = Q(nominations__person_id=principal.person_id, nominations__outcome=Outcome.SEAT, nominations__withdrawn_at__isnull=True)
    taught = Exists(Activity.trainers.through.objects.filter(activity=OuterRef("pk"), person_id=principal.person_id))
    own = Nomination.objects.filter(activity=OuterRef("pk"), person_id=principal.person_id, outcome=Outcome.SEAT).values("uuid")[:1]
    found = Activity.objects.filter(soon).annotate(seat=Subquery(own), teaches=taught).filter(seats | Q(teaches=True)).distinct()
    for activity in found.order_by("starts_on", "id")[:20]:
        today = activity.starts_on and activity.starts_on <= day
        words = _TAKES_PART if activity.seat else _TEACHES
        address = ("training:participant", activity.seat) if activity.seat else ("training:activity", activity.uuid)
        href = reverse(address[0], args=[address[1]])
        yield WorkItem(Text(words[bool(today)], {"title": activity.title}), href, due=activity.starts_on)


_TAKES_PART = (gettext_noop("You take part in “%(title)s”"), gettext_noop("Today: “%(title)s”"))
_TEACHES = (gettext_noop("You teach at “%(title)s”"), gettext_noop("Today you teach: “%(title)s”"))


_STEPS: dict[str, tuple[str, str, str]] = {
    Stage.DESIGN: (gettext_noop("Finish the design: %(title)s"), "training:activity", "created_at"),
    Stage.INVITATION: (gettext_noop("Close nominations: %(title)s"), "training:activity", "nominate_by"),
    Stage.SELECTION: (gettext_noop("Select participants: %(title)s"), "training:selection", "nominate_by"),
    Stage.CONFIRMED: (gettext_noop("Record attendance and delivery: %(title)s"), "training:activity", "ends_on"),
    Stage.DELIVERED: (gettext_noop("Close: %(title)s"), "training:activity", "ends_on"),
}


def _steps(principal: Principal, day: date) -> Iterable[WorkItem]:
    """For those who run activities: the next step of each that is due."""
    due = Q(stage__in=[Stage.DESIGN, Stage.SELECTION, Stage.DELIVERED])
    longer = Invitation.objects.filter(state=InvitationState.SENT, nominate_by__gte=day).values("activity")
    due |= Q(stage=Stage.INVITATION, nominate_by__lt=day) & ~Q(pk__in=longer) | Q(stage=Stage.CONFIRMED, ends_on__lte=day)
    # Whoever only hosts an activity neither designs it nor chooses its participants: those steps are the office's.
    theirs = Q(stage__in=[Stage.CONFIRMED, Stage.DELIVERED])
    for verb, stages in (("design", [Stage.DESIGN]), ("select", [Stage.INVITATION, Stage.SELECTION])):
        theirs |= Q(stage__in=stages, pk__in=activity_rules.visible_to(principal, verb).values("pk"))
    for activity in activity_rules.visible_to(principal, "deliver").filter(due, theirs).order_by("starts_on", "id")[:60]:
        words, route, column = _STEPS[activity.stage]
        dated = getattr(activity, column)
        on = dated.date() if isinstance(dated, datetime) else dated
        yield WorkItem(Text(words, {"title": activity.title}), reverse(route, args=[activity.uuid]), due=on, minutes=5)


def _found(principal: Principal, words: str, limit: int) -> Iterable[Hit]:
    named = Q(title__icontains=words) | Q(code__icontains=words)
    for activity in activity_rules.visible_to(principal).filter(named).select_related("region").order_by("-created_at")[:limit]:
        href = reverse("training:activity", args=[activity.uuid])
        yield Hit(activity.title, href, Text(gettext_noop("Activity")), activity.code, activity.region.invented)


def _dated(principal: Principal, start: date, end: date) -> Iterable[CalendarEntry]:
    shown = activity_rules.visible_to(principal).filter(starts_on__gte=start, starts_on__lt=end, ends_on__isnull=False)
    for activity in shown.exclude(stage=Stage.CANCELLED).select_related("region", "host").order_by("starts_on")[:500]:
        href = reverse("training:activity", args=[activity.uuid])
        place = activity.host.city if activity.host else ""
        title = Text("%(title)s", {"title": activity.title})
        yield CalendarEntry(
            str(activity.uuid), title, activity.starts_on or start, activity.ends_on or end, href, place, activity.region.invented
        )


def _thread(principal: Principal, uuid: UUID, day: date) -> Iterable[Bead]:
    """Design, invitations, nominations, selection, the workshop: each with its figure and where its rows are."""
    activity = Activity.objects.filter(uuid=uuid).first()
    if activity is None:
        return
    reached = list(Stage).index(Stage(activity.stage))
    changed = {change.stage: change.at.date() for change in activity.stage_changes.all()}
    asked = activity.invitations.filter(sent_at__isnull=False).aggregate(n=Count("id"))
    seat = Q(outcome=Outcome.SEAT)
    # Each is counted once, however many sessions someone attended.
    named = activity.nominations.filter(withdrawn_at__isnull=True).aggregate(
        n=Count("id", distinct=True),
        members=Count("invitation", distinct=True),
        seats=Count("id", filter=seat, distinct=True),
        held=Count("id", filter=seat & ~Q(release=Release.GIVEN), distinct=True),
        there=Count("id", filter=seat & Q(attendances__isnull=False), distinct=True),
    )
    page = reverse("training:activity", args=[uuid])
    rows = (
        (20, Stage.DESIGN, gettext_noop("Design"), Text(gettext_noop("%(n)s seats"), {"n": activity.seats}), Stage.DESIGN, "#design"),
        (
            30,
            Stage.INVITATION,
            gettext_noop("Invitations"),
            Text(gettext_noop("%(n)s sent"), {"n": asked["n"]}),
            Stage.INVITATION,
            "#members",
        ),
        (
            40,
            Stage.INVITATION,
            gettext_noop("Nominations"),
            Text(gettext_noop("%(n)s from %(members)s"), {"n": named["n"], "members": named["members"]}),
            Stage.SELECTION,
            "#nominees",
        ),
        (
            50,
            Stage.SELECTION,
            gettext_noop("Selection"),
            Text(gettext_noop("%(n)s of %(seats)s"), {"n": named["seats"], "seats": activity.seats}),
            Stage.CONFIRMED,
            "#nominees",
        ),
        (
            60,
            Stage.CONFIRMED,
            gettext_noop("Workshop"),
            Text(gettext_noop("%(n)s attended"), {"n": named["there"]}),
            Stage.DELIVERED,
            "#agenda",
        ),
    )
    for order, stage, title, figure, when, anchor in rows:
        done = reached > list(Stage).index(stage) and activity.stage != Stage.CANCELLED
        state = BeadState.DONE if done else BeadState.NOW if activity.stage == stage else BeadState.AHEAD
        if order == 50 and done and named["held"] and activity.stage == Stage.CONFIRMED:
            state = BeadState.HELD
        shown = figure if state is not BeadState.AHEAD else None
        on = changed.get(when) or (activity.starts_on if order == 60 else activity.nominate_by if order == 40 else None)
        yield Bead(order, Text(title), state, figure=shown, at=on, href=page + anchor if shown else "")


_TOLD = ("rank", "post", "unit", "duties", "years", "language_level", "special_needs", "consent", "late", "submitted_at", "withdrawn_at")
_DECIDED = ("release", "released_at", "outcome", "line", "reasons", "override", "note", "decided_at", "confirmed_at")


def _export(person_id: int) -> Mapping[str, Any]:
    mine = Nomination.objects.filter(person_id=person_id).select_related("activity", "supervisor").order_by("submitted_at")
    led = Nomination.objects.filter(supervisor_id=person_id).order_by("submitted_at")
    taught = Activity.objects.filter(trainers=person_id).order_by("starts_on", "id")
    sessions = Session.objects.filter(trainer_id=person_id).order_by("starts_at")
    return {
        "nominations": [
            {
                "activity": n.activity.title,
                "code": n.activity.code,
                **{name: getattr(n, name) for name in (*_TOLD, *_DECIDED)},
                "supervisor": n.supervisor.full_name if n.supervisor else "",
                "offers": list(n.offers.order_by("made_at").values("made_at", "ends_at", "answer", "answered_at")),
                "attended": list(n.attendances.order_by("at").values("session__title", "mode", "by_door", "at")),
            }
            for n in mine
        ],
        # Whom they released is those officers' own, and is not told by name.
        "asked_to_release": list(led.values("activity__title", "release", "released_at")),
        "taught": list(taught.values("code", "title", "starts_on")),
        "sessions_led": list(sessions.values("activity__title", "title", "starts_at")),
    }


def _anyone(_principal: Principal) -> bool:
    return True


OFFERS = Offers(
    nav=[NavOffer(Section.PROGRAMME, gettext_noop("Activities"), "training:activities", _anyone, order=10)],
    work=[_invited, _releases, _offered, _coming, _steps],
    asked=[_asked],
    search=[_found],
    calendar=[_dated],
    thread=[_thread],
    jobs=[RecurringJob("training.lapse_offers", timedelta(minutes=15), "training.lapse_offers")],
    person=PersonData(_export, leaving.let_go, leaving.join, before=leaving.hold_activities),
    notices=[
        NoticeKind("training.invitation", gettext_noop("Invitations to nominate"), essential=True),
        NoticeKind("training.cancelled", gettext_noop("Cancelled activities"), essential=True),
        NoticeKind("training.release", gettext_noop("Officers to release"), essential=True),
        NoticeKind("training.outcome", gettext_noop("Seats and waiting lists"), essential=True),
        NoticeKind("training.offer", gettext_noop("Seats that came free"), essential=True, urgent=True),
    ],
    demo=[DemoMaker(65, remove)],
    rest=[("/training", "entrepot.capacity.training.rest.routes.router")],
)
