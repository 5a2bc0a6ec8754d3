"""Asking, answering, planning what to do back home, following up, reporting."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from entrepot.capacity.training.api import activity_rules, attended, nomination_rules
from entrepot.capacity.training.enums import Outcome, Stage
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Conflict, Invalid, NotFound
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import Text, gettext_noop

from . import letters
from .core import DEFAULTS, checked_answers, marked, read_questions, read_test
from .enums import FOLLOW_UP, TESTS, DropReason, FormKind, ItemState
from .models import ActionItem, Ask, Form, ItemUpdate, Report
from .queries import report_body
from .rules import action_item_rules, ask_rules

ANSWER_DAYS = 30
"""Days that the follow-up stays open; a reminder goes out after half of them."""


class AnswersClosed(Conflict):
    """The time for answers is over, or has not come."""

    code = "answers-closed"
    message = gettext_noop("Answers to this form are not taken now. Nothing was changed.")


class AlreadyPublished(Conflict):
    """A published report is frozen."""

    code = "report-published"
    message = gettext_noop("The report is published and frozen. A correction is a new edition.")


@action
def keep_test(*, by: Principal, at: datetime, activity: UUID, text: str) -> list[Form]:
    """Write the test that is taken before and after. Raises `Invalid`, and `Conflict` once someone has taken it."""
    held = hold(activity_rules.visible_to(by).select_related("region"), activity)
    activity_rules.require(by, "deliver", held)
    questions = [question.plain() for question in read_test(text)]
    if Ask.objects.filter(form__activity=held, form__kind__in=TESTS, answered_at__isnull=False).exists():
        raise Conflict(gettext_noop("Someone has taken the test: its questions stay as they are, so that answers can be compared."))
    forms, changed = [], False
    for kind in TESTS:
        form, new = Form.objects.get_or_create(activity=held, kind=kind, defaults={"questions": questions})
        changed |= new | bool(change(form, {"questions": questions}, version=None))
        forms.append(form)
    if not changed:
        nothing_done()
        return forms
    append(by=by, at=at, verb="evaluation.test.written", thing=held, place=held.region.lineage, facts={"questions": len(questions)})
    return forms


def prepare_forms(activity: Any, stage: Stage, by: Principal, at: datetime) -> None:
    """Part of entering a stage: the reaction form is there once seats are confirmed, the follow-up once the activity is closed."""
    kinds: tuple[FormKind, ...] = (FormKind.REACTION,) if stage is Stage.CONFIRMED else FOLLOW_UP if stage is Stage.CLOSED else ()
    for kind in kinds:
        questions = [question.plain() for question in DEFAULTS[kind]]
        Form.objects.get_or_create(activity=activity, kind=kind, defaults={"questions": questions})
    if stage is Stage.CLOSED:
        letters.queue_follow_up(activity, at)


def is_open(form: Form, at: datetime) -> bool:
    """Whether a form of the workshop itself is answered now: the first test until the end, the others from the first day to the close."""
    activity = form.activity
    if activity.stage not in (Stage.CONFIRMED, Stage.DELIVERED) or not activity.starts_on:
        return False
    today = at.date()
    if form.kind == FormKind.PRE:
        return bool(activity.last_on and today <= activity.last_on)
    return bool(activity.starts_on <= today)


@action
def answer_form(*, by: Principal, at: datetime, nomination: UUID, kind: FormKind, given: Mapping[str, Any]) -> Ask:
    """A participant answers a form of the workshop; a reaction may be corrected until the close, a test is taken once."""
    held = hold(nomination_rules.visible_to(by).select_related("activity__region", "invitation__place", "person"), nomination)
    nomination_rules.require(by, "attend", held)
    form = Form.objects.select_related("activity").filter(activity=held.activity, kind=kind).exclude(kind__in=FOLLOW_UP).first()
    if form is None or held.outcome != Outcome.SEAT:
        raise NotFound
    if not is_open(form, at):
        raise AnswersClosed
    ask, _ = Ask.objects.select_for_update().get_or_create(form=form, nomination=held, defaults={"person": held.person, "asked_at": at})
    if ask.answered_at and kind in TESTS:
        raise Conflict(gettext_noop("You have taken this test. Nothing was changed."))
    return _keep(ask, form, by, at, given)


def _keep(ask: Ask, form: Form, by: Principal, at: datetime, given: Mapping[str, Any]) -> Ask:
    questions = read_questions(form.questions)
    answers = checked_answers(questions, given)
    values: dict[str, Any] = {"answers": answers, "answered_at": at}
    if form.kind in TESTS:
        values["right"], values["of"] = marked(questions, answers)
    change(ask, values, version=None)
    place = ask.nomination.invitation.place.lineage
    append(by=by, at=at, verb="evaluation.form.answered", thing=ask, place=place, facts={"kind": form.kind})
    return ask


@action
def answer_ask(*, by: Principal, at: datetime, uuid: UUID, given: Mapping[str, Any]) -> Ask:
    """Officer or supervisor answers the follow-up. Late answers count: they are welcome until the activity is followed up."""
    ask = hold(ask_rules.visible_to(by).select_related("form__activity", "nomination__invitation__place"), uuid)
    ask_rules.require(by, "answer", ask)
    if ask.form.kind not in FOLLOW_UP or ask.form.activity.stage != Stage.CLOSED:
        raise AnswersClosed
    return _keep(ask, ask.form, by, at, given)


def _item_values(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: str(values.get(name) or "").strip() for name in ("what", "why", "support", "indicator")}
    faults: dict[str, Text | str] = {}
    if not clean["what"]:
        faults["what"] = gettext_noop("What will you do?")
    for name, limit in (("what", 300), ("why", 300), ("support", 300), ("indicator", 200)):
        if len(clean[name]) > limit:
            faults[name] = Text(gettext_noop("At most %(limit)s characters."), {"limit": limit})
    if not isinstance(values.get("due_on"), date):
        faults["due_on"] = gettext_noop("By when?")
    if faults:
        raise Invalid(faults)
    return {**clean, "due_on": values["due_on"]}


@action
def plan_item(*, by: Principal, at: datetime, nomination: UUID, **values: Any) -> ActionItem:
    """A participant plans to do something back home."""
    held = hold(nomination_rules.visible_to(by).select_related("activity", "invitation__place"), nomination)
    nomination_rules.require(by, "attend", held)
    if held.outcome != Outcome.SEAT or held.activity.stage not in (Stage.CONFIRMED, Stage.DELIVERED, Stage.CLOSED):
        raise AnswersClosed
    if held.items.count() >= 20:
        raise Invalid({"what": gettext_noop("Twenty items are enough: finish or drop one first.")})
    item = ActionItem.objects.create(nomination=held, made_at=at, **_item_values(values))
    append(by=by, at=at, verb="evaluation.item.planned", thing=item, place=held.invitation.place.lineage, facts={"due": item.due_on})
    return item


@action
def ask_endorsement(*, by: Principal, at: datetime, nomination: UUID) -> Any:
    """Send the plan to the supervisor."""
    held = hold(nomination_rules.visible_to(by).select_related("activity", "invitation__place", "supervisor", "person"), nomination)
    nomination_rules.require(by, "attend", held)
    if held.supervisor is None:
        raise Invalid({"supervisor": gettext_noop("No supervisor is named in your nomination; your coordinator can name one.")})
    if not held.items.exists():
        raise Invalid({"what": gettext_noop("Plan at least one item first.")})
    letters.ask_endorsement(held, by=by, at=at)
    append(by=by, at=at, verb="evaluation.plan.sent", thing=held, place=held.invitation.place.lineage)
    return held


@action
def endorse(*, by: Principal, at: datetime, nomination: UUID) -> int:
    """The supervisor endorses the items that are not endorsed yet; returns how many."""
    items = action_item_rules.visible_to(by, "endorse").filter(nomination__uuid=nomination, endorsed_at__isnull=True)
    found = list(items.select_related("nomination__invitation__place"))
    for item in found:
        change(item, {"endorsed_at": at, "endorsed_by": by.uuid}, version=None)
        append(by=by, at=at, verb="evaluation.item.endorsed", thing=item, place=item.nomination.invitation.place.lineage)
    nothing_done()
    return len(found)


@action
def update_item(*, by: Principal, at: datetime, uuid: UUID, state: ItemState, note: str = "", dropped_because: str = "") -> ActionItem:
    """Say how an item stands. Dropping one asks for a reason."""
    item = hold(action_item_rules.visible_to(by).select_related("nomination__invitation__place"), uuid)
    action_item_rules.require(by, "update", item)
    if state is ItemState.DROPPED and dropped_because not in list(DropReason):
        raise Invalid({"dropped_because": gettext_noop("Say why it was dropped.")})
    if len(note) > 500:
        raise Invalid({"note": Text(gettext_noop("At most %(limit)s characters."), {"limit": 500})})
    because = dropped_because if state is ItemState.DROPPED else ""
    changed = change(item, {"state": state, "dropped_because": because}, version=None)
    if not changed and not note.strip():
        nothing_done()
        return item
    ItemUpdate.objects.create(item=item, at=at, by_uuid=by.uuid, state=state, note=note.strip())
    place = item.nomination.invitation.place.lineage
    append(by=by, at=at, verb="evaluation.item.updated", thing=item, place=place, facts={"state": state, "because": because})
    return item


@action
def follow_up(*, at: datetime, activity: UUID, by: Principal = SYSTEM) -> int:
    """Ask everyone who attended, and their supervisors, what has changed, each once. Returns how many were asked."""
    held = hold(activity_rules.visible_to(by).select_related("region"), activity)
    if held.stage != Stage.CLOSED:
        nothing_done()
        return 0
    forms = {form.kind: form for form in held.forms.filter(kind__in=FOLLOW_UP)}
    due = at.date() + timedelta(days=ANSWER_DAYS)
    asked = 0
    for nomination in attended(held):
        for kind, person in ((FormKind.OFFICER, nomination.person), (FormKind.SUPERVISOR, nomination.supervisor)):
            if person is None or kind not in forms:
                continue
            ask, new = Ask.objects.get_or_create(
                form=forms[kind], nomination=nomination, defaults={"person": person, "asked_at": at, "due_on": due}
            )
            if new:
                letters.ask_follow_up(ask, by=by, at=at)
                asked += 1
    append(by=by, at=at, verb="evaluation.follow_up.sent", thing=held, place=held.region.lineage, facts={"asked": asked})
    return asked


@action
def remind(*, at: datetime) -> int:
    """Remind once those who have not answered when half the time is over. Returns how many letters went."""
    half = at.date() + timedelta(days=ANSWER_DAYS // 2)
    open_asks = Ask.objects.filter(answered_at__isnull=True, reminded_at__isnull=True, due_on__lte=half, form__kind__in=FOLLOW_UP)
    sent = 0
    for ask in open_asks.select_related("form__activity", "nomination__person", "person")[:500]:
        change(ask, {"reminded_at": at}, version=None)
        letters.ask_follow_up(ask, by=SYSTEM, at=at, again=True)
        sent += 1
    if sent:
        append(by=SYSTEM, at=at, verb="evaluation.follow_up.reminded", thing=ask.form, facts={"sent": sent})
    nothing_done()
    return sent


@action
def publish_report(*, by: Principal, at: datetime, activity: UUID) -> Report:
    """Freeze the report of a closed activity: figures and text as they are now, and their digest."""
    held = hold(activity_rules.visible_to(by).select_related("region", "host", "competency"), activity)
    activity_rules.require(by, "design", held)
    if held.stage not in (Stage.CLOSED, Stage.FOLLOWED_UP):
        raise Conflict(gettext_noop("A report is published once the activity is closed."))
    if Report.objects.filter(activity=held).exists():
        raise AlreadyPublished
    body = report_body(held)
    digest = digest_of(body)
    report = Report.objects.create(activity=held, published_at=at, by_uuid=by.uuid, body=body, digest=digest)
    append(by=by, at=at, verb="evaluation.report.published", thing=report, place=held.region.lineage, facts={"digest": digest})
    return report


def digest_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of a report's content as canonical JSON."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
