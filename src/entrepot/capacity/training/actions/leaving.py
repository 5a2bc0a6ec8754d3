"""What becomes of seats, places in line and roles when a person is erased, or when two records turn out to be one person.

Both happen inside the action of `people`, in its transaction; `hold_activities` comes first, as whoever decides on seats holds the
activity before they touch a person. What an activity that is over says of who was there stays.
"""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from datetime import datetime
from typing import Any

from django.db.models import Q

from entrepot.ground.access.api import end_links
from entrepot.ground.journal.api import append
from entrepot.ground.keeping.api import change
from entrepot.kernel.principals import SYSTEM

from .. import introductions
from ..enums import OfferAnswer, Outcome, Release, Stage
from ..models import Activity, Attendance, Nomination, Session
from ..purposes import ENDORSE, OFFER, PASS, RELEASE
from .selecting import give_back, settle

RUNNING = (Stage.DESIGN, Stage.INVITATION, Stage.SELECTION, Stage.CONFIRMED)
"""Stages of an activity that is still to take place."""


def hold_activities(people: Collection[int]) -> None:
    """Nobody decides on seats, supervisors or trainers among these people from here on, until the transaction ends."""
    named = Q(nominations__person__in=people) | Q(nominations__supervisor__in=people) | Q(trainers__in=people)
    mine = Activity.objects.filter(named | Q(sessions__trainer__in=people)).values("pk")
    list(Activity.objects.filter(pk__in=mine).order_by("pk").select_for_update().values_list("pk", flat=True))


def let_go(person_id: int, at: datetime) -> None:
    """Give back what an erased person has ahead of them: nominations, seats and places in line are as if withdrawn, and pass on."""
    mine = Nomination.objects.filter(person_id=person_id).select_related("activity__host", "invitation__place")
    touched: dict[int, tuple[Activity, Nomination | None]] = {}
    for nomination in mine:
        if nomination.withdrawn_at is None and nomination.activity.stage in RUNNING:
            touched[nomination.activity_id] = nomination.activity, give_back(nomination, at, "erased")
        _end_links(nomination, at)
    _leave_roles(person_id, at)
    mine.update(post="", unit="", duties="", special_needs="")
    mine.exclude(note="").update(note="–")
    for activity, freed in touched.values():
        settle(activity, SYSTEM, at, freed=[freed] if freed else [])


def _end_links(nomination: Nomination, at: datetime) -> None:
    # Others hold them too: the supervisor who was to release, or to endorse a plan.
    for purpose in (RELEASE, OFFER, PASS, ENDORSE):
        end_links(by=SYSTEM, at=at, purpose=purpose, thing=nomination.uuid)


def _leave_roles(person_id: int, at: datetime) -> None:
    """Nobody waits for the word of a supervisor who is gone: the Member's coordinator gives it. Nor for a trainer who will not come."""
    asked = Nomination.objects.filter(supervisor_id=person_id, release=Release.ASKED, activity__stage__in=RUNNING)
    for nomination in asked.filter(withdrawn_at__isnull=True).select_related("invitation__place"):
        change(nomination, {"supervisor": None}, version=None)
        append(by=SYSTEM, at=at, verb="training.supervisor.left", thing=nomination, place=nomination.invitation.place.lineage)
    taught = Activity.objects.filter(Q(trainers=person_id) | Q(sessions__trainer=person_id), stage__in=RUNNING)
    for activity in taught.select_related("region").distinct():
        activity.trainers.remove(person_id)
        Session.objects.filter(activity=activity, trainer_id=person_id).update(trainer=None)
        append(by=SYSTEM, at=at, verb="training.trainer.left", thing=activity, place=activity.region.lineage)


def join(dropped: int, kept: int, at: datetime) -> None:
    """Move what a dropped record has to the kept one. Two nominations to one activity become one: one seat, one place in line."""
    touched: dict[int, tuple[Activity, Nomination | None]] = {}
    mine = Nomination.objects.filter(person_id=dropped).select_related("activity__host", "invitation__place")
    for nomination in mine:
        better = nomination
        rival = Nomination.objects.filter(person_id=kept, activity=nomination.activity_id).select_related("invitation__place").first()
        if rival is not None:
            better, other = sorted((nomination, rival), key=_standing)
            touched[nomination.activity_id] = nomination.activity, _freed_by(better, other, at)
            _join_two(better, other, at)
        change(better, {"person_id": kept}, version=None)
    Nomination.objects.filter(supervisor_id=dropped).update(supervisor_id=kept)
    Session.objects.filter(trainer_id=dropped).update(trainer_id=kept)
    for activity in Activity.objects.filter(trainers=dropped):
        activity.trainers.remove(dropped)
        activity.trainers.add(kept)
    for activity, freed in touched.values():
        settle(activity, SYSTEM, at, freed=[freed] if freed else [])


def _freed_by(better: Nomination, other: Nomination, at: datetime) -> Nomination | None:
    """Who gives a seat up where both have one: as if the one that stays had been given back now, as the other's row goes."""
    if not better.outcome == other.outcome == Outcome.SEAT:
        return None
    giver = copy(better)
    giver.withdrawn_at = at
    return giver


def _standing(nomination: Nomination) -> tuple[Any, ...]:
    """The better of two nominations comes first: was there, stands, has a seat, is offered one, is further in front, was earlier."""
    offered = nomination.offers.filter(answer=OfferAnswer.OPEN).exists()
    ranks = {Outcome.SEAT: 0, Outcome.WAITING: 2, Outcome.NONE: 3, Outcome.OUT: 4}
    rank = 1 if offered else ranks[Outcome(nomination.outcome)]
    there = nomination.attendances.exists()
    return (not there, nomination.withdrawn_at is not None, rank, nomination.line, nomination.submitted_at, nomination.pk)


def _join_two(better: Nomination, other: Nomination, at: datetime) -> None:
    """What hangs on the other nomination goes to the better one, and the other goes."""
    for room in introductions.joined:
        room(better, other, at)
    there = Attendance.objects.filter(nomination=better).values("session_id")
    Attendance.objects.filter(nomination=other).exclude(session_id__in=there).update(nomination=better)
    values: dict[str, Any] = {"consent": better.consent or other.consent}
    if other.withdrawn_at is None and better.release != Release.GIVEN and other.release == Release.GIVEN:
        values |= {"release": other.release, "released_at": other.released_at, "supervisor_id": other.supervisor_id}
    if other.override and not better.override and better.withdrawn_at is None:
        values |= {"override": other.override, "note": other.note}
    if other.withdrawn_at is None:
        values |= {"submitted_at": min(better.submitted_at, other.submitted_at), "late": better.late and other.late}
    _end_links(other, at)
    facts = {"into": better.uuid, "person": better.person.uuid}
    append(by=SYSTEM, at=at, verb="training.nomination.joined", thing=other, place=other.invitation.place.lineage, facts=facts)
    other.delete()
    change(better, values, version=None)
