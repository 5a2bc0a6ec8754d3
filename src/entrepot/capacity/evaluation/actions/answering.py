"""Answering, amending an answer, and letting the region publish it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.capacity.training.enums import Outcome, Stage
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Conflict, Invalid, NotFound
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import gettext_noop

from ..core import checked_answers, marked, read_questions, sitting
from ..enums import LATER, OF_PARTICIPANT, TESTS, FormKind
from ..models import Amendment, Ask, Form
from ..rules import ask_rules
from .forming import AnswersClosed, is_open
from .holding import hold_ask, hold_own
from .plans import confirm_items

MOST_AMENDMENTS = 200
"""Each keeps the answers before it whole."""


@action
def answer_form(
    *,
    by: Principal,
    at: datetime,
    nomination: UUID,
    kind: FormKind,
    given: Mapping[str, Any],
    seconds: float | None = None,
    language: str = "",
) -> Ask:
    """A participant answers a form of the workshop; a reaction may be corrected until the close, a test is taken once."""
    held = hold_own(by, nomination)
    form = Form.objects.filter(activity=held.activity, kind=kind, current=True, kind__in=OF_PARTICIPANT).select_related("activity").first()
    if form is None or held.outcome != Outcome.SEAT:
        raise NotFound
    if not is_open(form, at):
        raise AnswersClosed
    ask = Ask.objects.select_for_update().filter(form__activity=held.activity, form__kind=kind, nomination=held).first()
    if ask is None:
        ask = Ask.objects.create(form=form, nomination=held, place=held.invitation.place, person=held.person, asked_at=at)
    if ask.answered_at and kind in TESTS:
        raise Conflict(gettext_noop("You have taken this test. Nothing was changed."))
    return _keep(ask, by, at, given, seconds=seconds, language=language)


def _keep(ask: Ask, by: Principal, at: datetime, given: Mapping[str, Any], *, seconds: float | None, language: str) -> Ask:
    """Keep an answer, or amend the one that is there; the same answers again change nothing. The form is frozen from now on."""
    form = Form.objects.select_for_update(of=("self",)).get(pk=ask.form_id)
    questions = read_questions(form.questions)
    answers = checked_answers(questions, given)
    if ask.answered_at and ask.answers == answers:
        nothing_done()
        return ask
    if ask.amendments.count() >= MOST_AMENDMENTS:
        raise Conflict(gettext_noop("This answer was changed so often that it stays as it is."))
    values: dict[str, Any] = {"answers": answers, "answered_at": at, "language": language}
    if form.kind in TESTS:
        values["right"], values["of"] = marked(questions, answers)
    if ask.answered_at:
        Amendment.objects.create(ask=ask, at=at, by_uuid=by.uuid, before=ask.answers, since=ask.answered_at)
        # The Member cleared other words than these.
        values["cleared"] = [key for key in ask.cleared if ask.answers.get(key) == answers.get(key)]
    elif (taken := sitting(seconds)) is not None:
        values["seconds"] = taken
    amended = bool(ask.answered_at)
    change(ask, values, version=None)
    if form.frozen_at is None:
        change(form, {"frozen_at": at}, version=None)
    verb = "evaluation.answer.amended" if amended else "evaluation.form.answered"
    # At no place: whoever reads a place's entries beside figures that move would know whose answer moved them.
    append(by=by, at=at, verb=verb, thing=ask, facts={"kind": form.kind, "version": form.number})
    return ask


@action
def answer_ask(
    *,
    by: Principal,
    at: datetime,
    uuid: UUID,
    given: Mapping[str, Any],
    items: Mapping[UUID, Mapping[str, str]] | None = None,
    seconds: float | None = None,
    language: str = "",
) -> Ask:
    """Answer what one was asked, all or nothing; an officer says with it how each action item stands.

    Late answers count: they are welcome until the activity is followed up. A second answer amends the first and keeps it.
    """
    ask = hold_ask(by, uuid)
    ask_rules.require(by, "answer", ask)
    if ask.form.kind in OF_PARTICIPANT or (ask.form.kind in LATER and ask.form.activity.stage != Stage.CLOSED):
        raise AnswersClosed
    if items:
        if ask.form.kind != FormKind.OFFICER:
            raise Invalid({}, gettext_noop("Only the officer says how the items of the plan stand."))
        confirm_items(ask, items, by=by, at=at)
    return _keep(ask, by, at, given, seconds=seconds, language=language)


@action
def clear_answers(*, by: Principal, at: datetime, uuid: UUID, keys: Collection[str]) -> Ask:
    """The Member says which of its answers the region may publish; none takes the clearance back. Raises `Invalid`."""
    ask = hold(ask_rules.visible_to(by).select_related("form", "place"), uuid)
    ask_rules.require(by, "clear", ask)
    unknown = set(keys) - set(ask.answers)
    if unknown:
        raise Invalid({"keys": gettext_noop("Only answers that were given can be cleared.")})
    cleared = [key for key in ask.answers if key in set(keys)]
    if cleared == ask.cleared:
        nothing_done()
        return ask
    change(ask, {"cleared": cleared, "cleared_at": at, "cleared_by": by.uuid}, version=None)
    verb = "evaluation.answers.cleared" if cleared else "evaluation.clearance.withdrawn"
    append(by=by, at=at, verb=verb, thing=ask, place=ask.place.lineage if ask.place else "", facts={"questions": cleared})
    return ask
