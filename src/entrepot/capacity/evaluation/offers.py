"""What evaluation contributes: what is asked of participants and supervisors, what blocks the close, beads, timed work, a person's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q
from django.urls import reverse

from entrepot.capacity.training.api import Duty
from entrepot.capacity.training.enums import Stage
from entrepot.kernel.offers import Bead, BeadState, DemoMaker, NavOffer, NoticeKind, Offers, PersonData, RecurringJob, Section, WorkItem
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Text, gettext_noop

from .actions import is_open, prepare_forms
from .demo import make, remove
from .enums import FOLLOW_UP, FORM_KINDS, FormKind, ItemState
from .models import ActionItem, Ask, Form, ItemUpdate, Report
from .queries import overdue
from .rules import OFFICE, ask_rules


def missing(activity: Any, to: Stage) -> Iterable[Text]:
    """What evaluation still misses before an activity is closed, or counts as followed up."""
    if to is Stage.CLOSED:
        if not Ask.objects.filter(form__activity=activity, form__kind=FormKind.REACTION, answered_at__isnull=False).exists():
            yield Text(gettext_noop("Nobody has said yet what they thought of it."))
        if not ActionItem.objects.filter(nomination__activity=activity).exists():
            yield Text(gettext_noop("Nobody has planned yet what to do back home."))
    if to is Stage.FOLLOWED_UP:
        asks = Ask.objects.filter(form__activity=activity, form__kind__in=FOLLOW_UP)
        counted = asks.aggregate(n=Count("id"), open=Count("id", filter=Q(answered_at__isnull=True)))
        if not counted["n"]:
            yield Text(gettext_noop("The follow-up has not been sent yet."))
        elif counted["open"]:
            yield Text(gettext_noop("%(open)s of %(n)s answers to the follow-up are not there."), counted)


def duties(nomination: Any, key: str, at: datetime) -> Iterable[Duty]:
    """The forms that are open to a participant, and their action plan."""
    answered = dict(Ask.objects.filter(nomination=nomination, answered_at__isnull=False).values_list("form__kind", "answered_at"))
    for form in Form.objects.filter(activity=nomination.activity).exclude(kind__in=FOLLOW_UP).select_related("activity"):
        done = form.kind in answered
        if done or is_open(form, at):
            href = reverse("evaluation:form", args=[form.kind, key])
            yield Duty(Text(FORM_KINDS[FormKind(form.kind)]), href, done=done, due=nomination.activity.last_on)
    begun = nomination.activity.starts_on and nomination.activity.starts_on <= at.date()
    if begun:
        done = ActionItem.objects.filter(nomination=nomination).exists()
        yield Duty(Text(gettext_noop("Your action plan")), reverse("evaluation:plan", args=[key]), done=done)


def _asked(principal: Principal, _day: date) -> Iterable[WorkItem]:
    mine = ask_rules.visible_to(principal, "answer").filter(
        answered_at__isnull=True, form__kind__in=FOLLOW_UP, form__activity__stage=Stage.CLOSED
    )
    for ask in mine.select_related("form__activity", "nomination__person").order_by("due_on")[:30]:
        values = {"person": ask.nomination.person.full_name, "title": ask.form.activity.title}
        words = gettext_noop("What has changed since “%(title)s”?")
        if ask.form.kind == FormKind.SUPERVISOR:
            words = gettext_noop("What does %(person)s do differently since “%(title)s”?")
        yield WorkItem(Text(words, values), reverse("evaluation:answer", args=[ask.uuid]), due=ask.due_on, minutes=5)


def _plans(principal: Principal, day: date) -> Iterable[WorkItem]:
    """One's own items that are due soon, and the plans one has to endorse, in one query."""
    if principal.person_id is None:
        return
    mine = Q(
        nomination__person_id=principal.person_id, state__in=[ItemState.PLANNED, ItemState.STARTED], due_on__lte=day + timedelta(days=30)
    )
    theirs = Q(nomination__supervisor_id=principal.person_id, endorsed_at__isnull=True, state=ItemState.PLANNED)
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


def _late(principal: Principal, day: date) -> Iterable[WorkItem]:
    if not principal.reaches(*OFFICE):
        return
    n = overdue(ask_rules.visible_to(principal), day).count()
    if n:
        yield WorkItem(Text(gettext_noop("%(n)s follow-up answers are overdue"), {"n": n}), reverse("evaluation:overdue"), minutes=5)


def _beads(_principal: Principal, uuid: UUID, day: date) -> Iterable[Bead]:
    items = ActionItem.objects.filter(nomination__activity__uuid=uuid).aggregate(
        n=Count("id"), done=Count("id", filter=Q(state=ItemState.DONE)), at=Min("made_at")
    )
    asks = Ask.objects.filter(form__activity__uuid=uuid, form__kind__in=FOLLOW_UP).aggregate(
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
    report = Report.objects.filter(activity__uuid=uuid).first()
    yield Bead(
        95,
        Text(gettext_noop("Report")),
        BeadState.DONE if report else BeadState.AHEAD,
        figure=Text(gettext_noop("published")) if report else None,
        at=report.published_at.date() if report else None,
        href=reverse("evaluation:report", args=[uuid]) if report else "",
    )


def _export(person_id: int) -> Mapping[str, Any]:
    asks = Ask.objects.filter(person_id=person_id, answered_at__isnull=False).select_related("form__activity").order_by("answered_at")
    items = ActionItem.objects.filter(nomination__person_id=person_id).order_by("made_at")
    return {
        "answers": [
            {
                "activity": a.form.activity.title,
                "form": a.form.kind,
                "at": a.answered_at,
                "answers": a.answers,
                "right": a.right,
                "of": a.of,
            }
            for a in asks
        ],
        "action_items": [{"what": i.what, "why": i.why, "support": i.support, "due_on": i.due_on, "state": i.state} for i in items],
    }


def _erase(person_id: int, _at: datetime) -> None:
    for ask in Ask.objects.filter(person_id=person_id) | Ask.objects.filter(nomination__person_id=person_id):
        # Scales, choices and scores keep counts and means true; words can name someone.
        ask.answers = {key: value for key, value in ask.answers.items() if not isinstance(value, str)}
        ask.save(update_fields=["answers"])
    ActionItem.objects.filter(nomination__person_id=person_id).update(what="—", why="", support="", indicator="")
    ItemUpdate.objects.filter(item__nomination__person_id=person_id).update(note="")


def _merge(dropped: int, kept: int) -> None:
    Ask.objects.filter(person_id=dropped).update(person_id=kept)


def _office(principal: Principal) -> bool:
    return bool(principal.reaches(*OFFICE, Role.NATIONAL_COORDINATOR))


OFFERS = Offers(
    nav=[NavOffer(Section.PROGRAMME, gettext_noop("Overdue"), "evaluation:overdue", _office, order=40)],
    work=[_asked, _plans, _late],
    thread=[_beads],
    jobs=[RecurringJob("evaluation.remind", timedelta(hours=12), "evaluation.remind")],
    person=PersonData(_export, _erase, _merge),
    extra={"entered": prepare_forms, "duties": duties, "missing": missing},
    notices=[
        NoticeKind("evaluation.endorse", gettext_noop("Action plans to endorse")),
        NoticeKind("evaluation.follow_up", gettext_noop("What has changed, months later")),
    ],
    demo=[DemoMaker(75, make, remove)],
    rest=[("/evaluation", "entrepot.capacity.evaluation.rest.router")],
)
