"""What links to forms and confirmations are for, and who has to be what still."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.capacity.training.api import speaks_for, supervises
from entrepot.ground.access.api import declare_purpose

from .enums import FormKind
from .models import Ask, Taught


def _answers(person: Any, thing: UUID, at: datetime) -> bool:
    ask = Ask.objects.select_related("form", "place", "nomination__invitation__place").filter(uuid=thing, person=person).first()
    if ask is None:
        return False
    if ask.form.kind == FormKind.MEMBER:
        return bool(speaks_for(person, ask.place, at))
    if ask.form.kind == FormKind.SUPERVISOR and ask.nomination:
        return bool(supervises(person, ask.nomination, at))
    return ask.nomination is None or ask.nomination.person_id == person.pk


def _was_taught(person: Any, thing: UUID, _at: datetime) -> bool:
    """Whoever said no has no more to say by their link: whom they taught in turn is asked of those who say yes."""
    return bool(Taught.objects.filter(uuid=thing, person=person).exclude(confirmed=False).exists())


def _title(model: Any, path: str) -> Any:
    return lambda thing: model.objects.filter(uuid=thing).values_list(path, flat=True).first() or ""


ANSWER = declare_purpose(
    "evaluation.answer",
    holder="whoever is asked; of a supervisor’s form the officer’s supervisor, of a Member’s form a coordinator of the Member",
    held=_answers,
    title=_title(Ask, "form__activity__title"),
)
CONFIRM = declare_purpose(
    "evaluation.confirm",
    holder="the colleague, unless they said no",
    held=_was_taught,
    title=_title(Taught, "lesson__nomination__activity__title"),
)
