"""Questions to those behind a practice or an initiative, and their answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.ground.journal.api import action, append
from entrepot.ground.keeping.api import change, hold
from entrepot.ground.people.api import person_rules
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import gettext_noop

from .. import letters
from ..enums import IN_SIGHT
from ..models import Question
from ..rules import initiative_rules, practice_rules, question_rules

MOST_OPEN = 20
"""So many unanswered questions one person may have."""


def _said(text: str, name: str) -> str:
    text = text.strip()
    if len(text) < 5 or len(text) > 2000:
        raise Invalid({name: gettext_noop("Write 5 to 2,000 characters.")})
    return text


def _about(by: Principal, uuid: UUID) -> dict[str, Any]:
    practice = practice_rules.visible_to(by).select_related("place").filter(uuid=uuid).first()
    if practice:
        if practice.state not in IN_SIGHT:
            raise Conflict(gettext_noop("Questions are asked about what is published."))
        return {"practice": practice}
    initiative = initiative_rules.visible_to(by).select_related("place", "round__region").filter(uuid=uuid).first()
    if initiative is None:
        raise NotFound
    return {"initiative": initiative}


@action
def ask(*, by: Principal, at: datetime, uuid: UUID, text: str) -> Question:
    """Ask those behind the practice or initiative with this uuid. They see which administration asks, and answer for all to read."""
    if by.person_id is None or not by.scoped("knowledge:write"):
        raise NotAllowed(gettext_noop("Sign in to ask."))
    thing = _about(by, uuid)
    person = person_rules.visible_to(SYSTEM).select_related("home").get(pk=by.person_id)
    text = _said(text, "text")
    if Question.objects.filter(person=person, answered_at__isnull=True).count() >= MOST_OPEN:
        raise Conflict(gettext_noop("Wait for answers to what you have asked before you ask more."))
    question = Question.objects.create(person=person, place=person.home, at=at, text=text, **thing)
    one = question.practice or question.initiative
    assert one is not None
    append(by=by, at=at, verb="knowledge.question.asked", thing=question, place=one.place.lineage, facts={"about": one.uuid})
    letters.tell_question(question, by=by, at=at)
    return question


@action
def answer(*, by: Principal, at: datetime, uuid: UUID, answer: str) -> Question:
    """Answer a question; answered again, the newer answer stands."""
    related = ("practice__place", "initiative__place", "initiative__round__region", "person__home")
    question = hold(question_rules.visible_to(by).select_related(*related), uuid)
    question_rules.require(by, "answer", question)
    change(question, {"answer": _said(answer, "answer"), "answered_at": at, "answered_by": by.uuid}, version=None)
    one = question.practice or question.initiative
    assert one is not None
    append(by=by, at=at, verb="knowledge.question.answered", thing=question, place=one.place.lineage, facts={"about": one.uuid})
    letters.tell_answer(question, by=by, at=at)
    return question
