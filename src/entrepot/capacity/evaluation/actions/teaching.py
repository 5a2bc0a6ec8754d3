"""Teaching colleagues what one brought back, and colleagues saying so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from entrepot.capacity.training.enums import Outcome
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.ground.people.api import person_rules, plain_addresses
from entrepot.kernel.errors import Conflict, Invalid, NotFound
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import Text, gettext_noop

from .. import letters
from ..models import Lesson, Taught
from ..rules import taught_rules
from .holding import hold_own

MOST = 500
"""Colleagues of one lesson, and those whom one person asks by mail in a day."""
LESSONS_A_DAY = 20


@action
def tell_lesson(
    *,
    by: Principal,
    at: datetime,
    what: str,
    on: date,
    claimed: int,
    emails: Iterable[str] = (),
    nomination: UUID | None = None,
    after: UUID | None = None,
) -> tuple[Lesson, int]:
    """Say that one taught so many colleagues: as a participant (`nomination`), or as one who was taught and confirmed it (`after`).

    Those of `emails` who are known at home are asked whether it is so; returns the lesson and how many were.

    Raises `Invalid`, `NotFound`, and `Conflict` after many in a day.
    """
    seat, before, teller = _teller(by, nomination, after)
    _require_sound(what, on, claimed, at, seat.activity.starts_on)
    told = Lesson.objects.filter(nomination=seat, after=before, told_at__gt=at - timedelta(days=1))
    if told.count() >= LESSONS_A_DAY:
        raise Conflict(gettext_noop("That is a lot for one day. Go on tomorrow."))
    left = MOST - Taught.objects.filter(lesson__in=told).count()
    lesson = Lesson.objects.create(nomination=seat, after=before, on=on, what=what.strip(), claimed=claimed, told_at=at)
    home = seat.invitation.place
    wanted = plain_addresses(emails)
    colleagues = person_rules.visible_to(SYSTEM).filter(email__in=wanted, home=home, is_active=True).exclude(pk=teller)
    asked = list(colleagues.select_related("home").order_by("pk")[: max(0, left)])
    for person in asked:
        taught = Taught.objects.create(lesson=lesson, person=person, asked_at=at)
        letters.ask_taught(taught, by=by, at=at)
    facts = {"claimed": claimed, "asked": len(asked), "after": before.uuid if before else None}
    append(by=by, at=at, verb="evaluation.lesson.told", thing=lesson, place=home.lineage, facts=facts)
    return lesson, len(asked)


def _teller(by: Principal, nomination: UUID | None, after: UUID | None) -> tuple[Any, Taught | None, int]:
    if after is not None:
        related = ("lesson__nomination__activity", "lesson__nomination__invitation__place")
        before = taught_rules.visible_to(by, "confirm").select_related(*related).filter(uuid=after, confirmed=True).first()
        if before is None:
            raise NotFound
        return before.lesson.nomination, before, before.person_id
    if nomination is None:
        raise NotFound
    held = hold_own(by, nomination)
    if held.outcome != Outcome.SEAT:
        raise NotFound
    return held, None, held.person_id


def _require_sound(what: str, on: date, claimed: int, at: datetime, starts: date | None) -> None:
    faults: dict[str, Text | str] = {}
    if not what.strip() or len(what.strip()) > 200:
        faults["what"] = gettext_noop("Say in a few words what you taught.")
    if on > at.date() or (starts is not None and on < starts):
        faults["on"] = gettext_noop("The day lies between the workshop and today.")
    if not 1 <= claimed <= MOST:
        faults["claimed"] = Text(gettext_noop("From 1 to %(most)s colleagues."), {"most": MOST})
    if faults:
        raise Invalid(faults)


@action
def confirm_taught(*, by: Principal, at: datetime, uuid: UUID, yes: bool) -> Taught:
    """A colleague says whether they were taught; nobody else can. They may change their mind.

    The journal holds that they answered, not what: the Member reads it. Nor is a link ended there, which only a "no" would do.
    """
    taught = hold(taught_rules.visible_to(by).select_related("lesson__nomination__invitation__place"), uuid)
    taught_rules.require(by, "confirm", taught)
    if not change(taught, {"confirmed": yes, "answered_at": taught.answered_at or at}, version=None):
        nothing_done()
        return taught
    place = taught.lesson.nomination.invitation.place.lineage
    append(by=by, at=at, verb="evaluation.lesson.answered", thing=taught, place=place)
    return taught
