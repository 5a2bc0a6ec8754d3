"""What evaluation contributes: what is asked of participants and supervisors, what blocks the close, beads, timed work, a person's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from entrepot.capacity.training.api import Duty, nomination_rules
from entrepot.capacity.training.enums import Outcome, Stage
from entrepot.ground.work.api import now
from entrepot.kernel.offers import (
    Asked,
    Bead,
    BeadState,
    DemoMaker,
    NavOffer,
    NoticeKind,
    Offers,
    PersonData,
    RecurringJob,
    Section,
    WorkItem,
)
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Text, gettext_noop

from .actions import is_open, leaving, prepare_forms
from .demo import remove
from .enums import FORM_KINDS, LATER, OF_PARTICIPANT, FormKind, ItemState
from .kits import give, results, take
from .letters import minutes
from .models import ActionItem, Ask, Form, ItemUpdate, Lesson, Report, Taught
from .queries import overdue, waiting
from .rules import OFFICE, action_item_rules, ask_rules, taught_rules


def missing(activity: Any, to: Stage) -> Iterable[Text]:
    """What evaluation still misses before an activity is closed, or counts as followed up."""
    if to is Stage.CLOSED:
        if not Ask.objects.filter(form__activity=activity, form__kind=FormKind.REACTION, answered_at__isnull=False).exists():
            yield Text(gettext_noop("Nobody has said yet what they thought of it."))
        if not ActionItem.objects.filter(nomination__activity=activity).exists():
            yield Text(gettext_noop("Nobody has planned yet what to do back home."))
    if to is Stage.FOLLOWED_UP:
        asks = Ask.objects.filter(form__activity=activity, form__kind__in=LATER)
        counted = asks.aggregate(n=Count("id"), open=Count("id", filter=Q(answered_at__isnull=True)))
        if not counted["n"]:
            yield Text(gettext_noop("The follow-up has not been sent yet."))
        elif counted["open"]:
            yield Text(gettext_noop("%(open)s of %(n)s answers to the follow-up are not there."), counted)


def duties(nomination: Any, key: str, at: datetime) -> Iterable[Duty]:
    """The forms that are open to a participant, and their action plan."""
    answered = dict(Ask.objects.filter(nomination=nomination, answered_at__isnull=False).values_list("form__kind", "answered_at"))
    forms = Form.objects.filter(activity=nomination.activity, kind__in=OF_PARTICIPANT, current=True).select_related("activity")
    for form in sorted(forms, key=lambda form: _ORDER.index(form.kind)):
        done = form.kind in answered
        if done or is_open(form, at):
            href = reverse("evaluation:form", args=[form.kind, key])
            yield Duty(Text(FORM_KINDS[FormKind(form.kind)]), href, done=done, due=nomination.activity.last_on)
    activity, day = nomination.activity, at.date()
    asked = activity.stage in _PLANNED_IN
    done = ActionItem.objects.filter(nomination=nomination).exists()
    if activity.starts_on and activity.starts_on <= day and (done or asked):
        yield Duty(Text(gettext_noop("Your action plan")), reverse("evaluation:plan", args=[key]), done=done)
    told = Lesson.objects.filter(nomination=nomination).exists()
    if activity.last_on and activity.last_on <= day and (told or asked):
        yield Duty(Text(gettext_noop("Brief your colleagues")), reverse("evaluation:brief", args=[key]), done=told)


_PLANNED_IN = (Stage.CONFIRMED, Stage.DELIVERED, Stage.CLOSED)
"""Until it is followed up, an activity's participants are asked for a plan and for a briefing at home."""


def _of_participant(principal: Principal, _day: date) -> Iterable[WorkItem]:
    """What one's own pages of activities ask and one has not done, in two queries whatever their number."""
    if principal.person_id is None:
        return
    mine = nomination_rules.visible_to(principal, "attend").filter(
        person_id=principal.person_id, outcome=Outcome.SEAT, withdrawn_at__isnull=True, activity__stage__in=_PLANNED_IN
    )
    planned = Exists(ActionItem.objects.filter(nomination=OuterRef("pk")))
    told = Exists(Lesson.objects.filter(nomination=OuterRef("pk")))
    seats = list(mine.select_related("activity").annotate(planned=planned, told=told).order_by("activity__starts_on")[:20])
    at = now() if seats else datetime.min.replace(tzinfo=UTC)  # what those pages go by, to the hour
    day = at.date()
    for nomination in seats:
        activity = nomination.activity
        first, last = activity.starts_on, activity.last_on
        rows = (
            (nomination.planned, first, gettext_noop("Plan what you will do after “%(title)s”"), "plan", 10),
            (nomination.told, last, gettext_noop("Brief your colleagues about “%(title)s”"), "brief", 5),
        )
        for done, begins, words, page, minutes_ in rows:
            if begins and begins <= day and not done:
                href = reverse(f"evaluation:{page}", args=[nomination.uuid])
                yield WorkItem(Text(words, {"title": activity.title}), href, due=activity.last_on, minutes=minutes_)
    open_now = {n.activity_id: n for n in seats if n.activity.stage in (Stage.CONFIRMED, Stage.DELIVERED)}
    if not open_now:
        return
    forms = Form.objects.filter(activity__in=open_now, kind__in=OF_PARTICIPANT, current=True).select_related("activity")
    answered = Ask.objects.filter(
        person_id=principal.person_id, form__kind=OuterRef("kind"), form__activity=OuterRef("activity"), answered_at__isnull=False
    )
    for form in forms.filter(~Exists(answered)):
        if is_open(form, at):
            values = {"form": Text(FORM_KINDS[FormKind(form.kind)]), "title": form.activity.title}
            href = reverse("evaluation:form", args=[form.kind, open_now[form.activity_id].uuid])
            title = Text(gettext_noop("%(form)s (“%(title)s”)"), values)
            yield WorkItem(title, href, due=form.activity.last_on, minutes=minutes(form.seconds))


def _taught_me(principal: Principal, _day: date) -> Iterable[WorkItem]:
    """What a colleague says to have taught one, to be confirmed."""
    if principal.person_id is None:
        return
    waiting_ = taught_rules.visible_to(principal, "confirm").filter(person_id=principal.person_id, confirmed__isnull=True)
    for one in waiting_.select_related("lesson__nomination__person").order_by("asked_at")[:20]:
        title = Text(gettext_noop("Did you learn this at home: “%(what)s”?"), {"what": one.lesson.what})
        yield WorkItem(title, reverse("evaluation:taught", args=[one.uuid]), minutes=_CONFIRMING)


_ORDER = [kind.value for kind in OF_PARTICIPANT]


def _asked(principal: Principal, _day: date) -> Iterable[WorkItem]:
    mine = waiting(ask_rules.visible_to(principal, "answer"))
    for ask in mine.select_related("form__activity", "nomination__person", "place").order_by("due_on")[:30]:
        values = {
            "person": ask.nomination.person.full_name if ask.nomination else "",
            "title": ask.form.activity.title,
            "member": ask.place.name if ask.place else "",
        }
        words = _WORDS.get(FormKind(ask.form.kind), gettext_noop("What do you say of “%(title)s”?"))
        href = reverse("evaluation:answer", args=[ask.uuid])
        yield WorkItem(Text(words, values), href, due=ask.due_on, minutes=minutes(ask.form.seconds))


_WORDS = {
    FormKind.OFFICER: gettext_noop("What has changed since “%(title)s”?"),
    FormKind.SUPERVISOR: gettext_noop("What does %(person)s do differently since “%(title)s”?"),
    FormKind.MEMBER: gettext_noop("One answer for %(member)s: what has changed since “%(title)s”?"),
}


def _plans(principal: Principal, day: date) -> Iterable[WorkItem]:
    """One's own items that are due soon, and the plans one has to endorse, in one query."""
    if principal.person_id is None:
        return
    mine = Q(
        nomination__person_id=principal.person_id, state__in=[ItemState.PLANNED, ItemState.STARTED], due_on__lte=day + timedelta(days=30)
    )
    endorsable = action_item_rules.visible_to(principal, "endorse", reads=True).values("pk")
    theirs = Q(pk__in=endorsable, endorsed_at__isnull=True, state=ItemState.PLANNED)
    endorse: set[UUID] = set()
    for item in ActionItem.objects.filter(mine | theirs).select_related("nomination__person").order_by("due_on")[:60]:
        nomination = item.nomination
        href = reverse("evaluation:plan", args=[nomination.uuid])
        if nomination.person_id == principal.person_id:
            yield WorkItem(Text(gettext_noop("Your action: %(what)s"), {"what": item.what}), href, due=item.due_on, minutes=1)
        elif nomination.uuid not in endorse:
            endorse.add(nomination.uuid)
            title = Text(gettext_noop("Endorse the action plan of %(person)s"), {"person": nomination.person.full_name})
            yield WorkItem(title, href, due=item.due_on, minutes=2)


_CONFIRMING = 1
"""Minutes that a colleague is asked for who is to say whether they were taught."""


def _asked_of(lineage: str, begins: datetime, ends: datetime) -> Iterable[Asked]:
    """Forms, in the time that they took or in our estimate, and lessons to confirm, by Member."""
    asks = Ask.objects.filter(asked_at__gte=begins, asked_at__lt=ends, place__lineage__under=lineage).order_by().values_list("place")
    for place, n, seconds, known in asks.annotate(n=Count("id"), whole=Sum(Coalesce("seconds", F("form__seconds"))), known=Sum("seconds")):
        yield Asked(place, gettext_noop("forms"), n, seconds / 60, (known or 0) / 60)
    taught = Taught.objects.filter(asked_at__gte=begins, asked_at__lt=ends, person__home__lineage__under=lineage)
    for place, n in taught.order_by().values_list("person__home").annotate(n=Count("id")):
        yield Asked(place, gettext_noop("lessons to confirm"), n, n * _CONFIRMING)


def _late(principal: Principal, day: date) -> Iterable[WorkItem]:
    if not principal.reaches(*OFFICE, Role.NATIONAL_COORDINATOR):
        return
    n = overdue(ask_rules.visible_to(principal), day).count()
    if n:
        yield WorkItem(Text(gettext_noop("%(n)s follow-up answers are overdue"), {"n": n}), reverse("evaluation:overdue"), minutes=5)


def _beads(_principal: Principal, uuid: UUID, day: date) -> Iterable[Bead]:
    items = ActionItem.objects.filter(nomination__activity__uuid=uuid).aggregate(
        n=Count("id"), done=Count("id", filter=Q(state=ItemState.DONE)), at=Min("made_at")
    )
    asks = Ask.objects.filter(form__activity__uuid=uuid, form__kind__in=LATER).aggregate(
        n=Count("id"), answered=Count("id", filter=Q(answered_at__isnull=False)), at=Min("asked_at"), due=Min("due_on")
    )
    after = reverse("evaluation:after", args=[uuid])
    yield Bead(
        80,
        Text(gettext_noop("Action plans")),
        BeadState.DONE if items["n"] else BeadState.AHEAD,
        figure=Text(gettext_noop("%(done)s of %(n)s done"), items) if items["n"] else None,
        at=items["at"].date() if items["at"] else None,
        href=after if items["n"] else "",
    )
    late = asks["n"] and asks["answered"] < asks["n"] and asks["due"] < day
    state = BeadState.AHEAD if not asks["n"] else BeadState.HELD if late else BeadState.DONE if asks["answered"] else BeadState.NOW
    yield Bead(
        90,
        Text(gettext_noop("Months later")),
        state,
        figure=Text(gettext_noop("%(answered)s of %(n)s answered"), asks) if asks["n"] else None,
        at=asks["at"].date() if asks["at"] else None,
        href=after if asks["n"] else "",
    )
    reached = Taught.objects.filter(lesson__nomination__activity__uuid=uuid, confirmed=True).values("person").distinct().count()
    lessons = Lesson.objects.filter(nomination__activity__uuid=uuid).aggregate(n=Count("id"), at=Min("on"))
    yield Bead(
        85,
        Text(gettext_noop("Colleagues taught")),
        BeadState.DONE if reached else BeadState.NOW if lessons["n"] else BeadState.AHEAD,
        figure=Text(gettext_noop("%(n)s confirmed"), {"n": reached}) if lessons["n"] else None,
        at=lessons["at"],
        href=reverse("evaluation:reach", args=[uuid]) if lessons["n"] else "",
    )
    report = Report.objects.filter(activity__uuid=uuid).first()
    yield Bead(
        95,
        Text(gettext_noop("Report")),
        BeadState.DONE if report else BeadState.AHEAD,
        figure=Text(gettext_noop("published")) if report else None,
        at=report.published_at.date() if report else None,
        href=reverse("evaluation:report", args=[uuid]) if report else "",
    )


_ITEM = ("what", "why", "owner", "support", "indicator", "due_on", "state", "dropped_because", "made_at", "done_at", "endorsed_at")


def _export(person_id: int) -> Mapping[str, Any]:
    asks = Ask.objects.filter(person_id=person_id).select_related("form__activity").order_by("asked_at")
    told = ItemUpdate.objects.filter(item__nomination__person_id=person_id).order_by("at")
    items = ActionItem.objects.filter(nomination__person_id=person_id).order_by("made_at")
    # What was said of them is theirs to read too; by whom is the other's.
    others = Ask.objects.filter(nomination__person_id=person_id, answered_at__isnull=False).exclude(person_id=person_id)
    lessons = Lesson.objects.filter(nomination__person_id=person_id, after__isnull=True).order_by("on")
    taught = Taught.objects.filter(person_id=person_id).order_by("asked_at")
    return {
        "answers": [
            {
                "activity": a.form.activity.title,
                "form": a.form.kind,
                "asked_at": a.asked_at,
                "at": a.answered_at,
                "answers": a.answers,
                "before": list(a.amendments.order_by("at").values("at", "before")),
                "right": a.right,
                "of": a.of,
            }
            for a in asks.prefetch_related("amendments")
        ],
        "said_of_you": [
            {"activity": a.form.activity.title, "form": a.form.kind, "at": a.answered_at, "answers": a.answers}
            for a in others.select_related("form__activity").order_by("answered_at")
        ],
        "action_items": list(items.values(*_ITEM)),
        "of_action_items": list(told.values("item__what", "at", "state", "note")),
        "taught_others": list(lessons.values("what", "on", "claimed")),
        "was_taught": list(taught.values("lesson__what", "asked_at", "confirmed")),
    }


def _office(principal: Principal) -> bool:
    return bool(principal.reaches(*OFFICE, Role.NATIONAL_COORDINATOR))


def _runs(principal: Principal) -> bool:
    return bool(principal.reaches(*OFFICE))


OFFERS = Offers(
    nav=[
        NavOffer(Section.PROGRAMME, gettext_noop("Overdue"), "evaluation:overdue", _office, order=40),
        NavOffer(Section.PROGRAMME, gettext_noop("What was done"), "evaluation:plans", _office, order=42),
        NavOffer(Section.PROGRAMME, gettext_noop("Burden"), "evaluation:burden", _office, order=44),
        NavOffer(Section.PROGRAMME, gettext_noop("Follow-up reports"), "evaluation:years", _runs, order=46),
    ],
    work=[_asked, _of_participant, _taught_me, _plans, _late],
    asked=[_asked_of],
    thread=[_beads],
    jobs=[
        RecurringJob("evaluation.remind", timedelta(hours=12), "evaluation.remind"),
        RecurringJob("evaluation.tell_overdue", timedelta(hours=24), "evaluation.tell_overdue"),
    ],
    person=PersonData(_export, leaving.let_go, leaving.move, frozenset({"evaluation.Report"}), leaving.hold_asks),
    extra={
        "entered": prepare_forms,
        "duties": duties,
        "missing": missing,
        "results": results,
        "kit": ("evaluation", (give, take)),
        "joined": leaving.join,
    },
    notices=[
        NoticeKind("evaluation.endorse", gettext_noop("Action plans to endorse")),
        NoticeKind("evaluation.follow_up", gettext_noop("What has changed, months later")),
        NoticeKind("evaluation.overdue", gettext_noop("Action items that are overdue")),
        NoticeKind("evaluation.taught", gettext_noop("Whether a colleague taught you")),
    ],
    demo=[DemoMaker(75, remove)],
    rest=[("/evaluation", "entrepot.capacity.evaluation.rest.routes.router")],
)
