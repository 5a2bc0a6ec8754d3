"""What links to people's part in an activity are for, and who has to be what still. The title that a preview shows is the activity's."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.ground.access.api import declare_purpose
from entrepot.ground.people.api import in_force
from entrepot.kernel.roles import Role

from .enums import Outcome
from .models import Invitation, Nomination


def speaks_for(person: Any, place: Any, at: datetime) -> bool:
    """Whether a person is a coordinator of this Member today."""
    return bool(in_force(at.date()).filter(person=person, role=Role.NATIONAL_COORDINATOR, place=place).exists())


def supervises(person: Any, nomination: Nomination, at: datetime) -> bool:
    """Whether a person is the supervisor named for this officer, and a supervisor of that Member today."""
    held = in_force(at.date()).filter(person=person, role=Role.SUPERVISOR, place__lineage__under=nomination.invitation.place.lineage)
    return nomination.supervisor_id == person.pk and held.exists()


def _answers_invitation(person: Any, thing: UUID, at: datetime) -> bool:
    invitation = Invitation.objects.select_related("place").filter(uuid=thing).first()
    return invitation is not None and speaks_for(person, invitation.place, at)


def _nominations(thing: UUID) -> Any:
    return Nomination.objects.filter(uuid=thing, withdrawn_at__isnull=True)


def _is_supervisor(person: Any, thing: UUID, at: datetime) -> bool:
    nomination = _nominations(thing).select_related("invitation__place").first()
    return nomination is not None and supervises(person, nomination, at)


def _is_nominee(person: Any, thing: UUID, _at: datetime) -> bool:
    return bool(_nominations(thing).filter(person=person).exists())


def _has_seat(person: Any, thing: UUID, _at: datetime) -> bool:
    return bool(_nominations(thing).filter(person=person, outcome=Outcome.SEAT).exists())


def _title(model: Any) -> Any:
    return lambda thing: model.objects.filter(uuid=thing).values_list("activity__title", flat=True).first() or ""


NOMINATE = declare_purpose(
    "training.nominate", holder="a coordinator of the invited Member", held=_answers_invitation, title=_title(Invitation)
)
RELEASE = declare_purpose("training.release", holder="the officer’s supervisor", held=_is_supervisor, title=_title(Nomination))
OFFER = declare_purpose("training.offer", holder="the nominee", held=_is_nominee, title=_title(Nomination))
PASS = declare_purpose("training.pass", holder="the participant, as long as they have the seat", held=_has_seat, title=_title(Nomination))
ENDORSE = declare_purpose("evaluation.endorse", holder="the officer’s supervisor", held=_is_supervisor, title=_title(Nomination))
"""A supervisor's link to an officer's action plan, made by `evaluation`; it shows the nomination that the plan belongs to."""
