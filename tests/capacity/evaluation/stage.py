"""A closed workshop of any size in a region of its own, set up by bulk; what is tested then happens through actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from entrepot.capacity.competencies.models import Competency
from entrepot.capacity.evaluation.actions.forming import prepare_forms
from entrepot.capacity.training.enums import Stage
from entrepot.capacity.training.models import Activity, Attendance, Invitation, Nomination, Session
from entrepot.ground.access.api import principal_for
from entrepot.ground.keeping.api import writing
from entrepot.ground.people.models import Person, Posting
from entrepot.ground.region.models import Place
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.roles import Role

DAY = timedelta(days=1)


@dataclass
class Hall:
    """The workshop and its people."""

    at: datetime
    region: Any
    activity: Any
    members: list[Any] = field(default_factory=list)
    coordinators: dict[int, list[Any]] = field(default_factory=dict)
    supervisors: dict[int, list[Any]] = field(default_factory=dict)

    def as_(self, person: Any, at: datetime | None = None) -> Any:
        """A person's principal."""
        return principal_for(person, at or self.at)


def hall(world: Any, *, members: int = 3, each: int = 6, stage: Stage = Stage.CLOSED) -> Hall:
    """A workshop with so many Members of so many officers each, everyone there; its forms are there as the stage makes them."""
    at = world.at
    region = world.place("PX")
    competency = Competency.objects.select_related("topic").get(code="VAL-1")
    first = (at - 260 * DAY).date()
    with writing():
        activity = Activity.objects.create(
            code="PX-HALL",
            title="A hall of people",
            region=region,
            host=world.place("RTC-SAG"),
            competency=competency,
            level="trained",
            mode="in_person",
            objectives="Officers decide values and defend them.",
            outcomes=["decide the value of a parcel"],
            seats=members * each,
            starts_on=first,
            ends_on=first + timedelta(days=2),
            stage=stage,
            created_at=at - 300 * DAY,
            closed_at=at - 250 * DAY if stage is Stage.CLOSED else None,
        )
        found = Hall(at, region, activity)
        for number in range(members):
            _member(found, number, each)
        session = Session.objects.create(
            activity=activity, title="All day", starts_at=at - 260 * DAY, ends_at=at - 260 * DAY + timedelta(hours=6), door="AAAAAA"
        )
        Attendance.objects.bulk_create(
            [Attendance(session=session, nomination=n, mode="in_person", at=session.starts_at) for n in activity.nominations.all()]
        )
        for reached in (Stage.CONFIRMED, Stage.CLOSED) if stage is Stage.CLOSED else (Stage.CONFIRMED,):
            prepare_forms(activity, reached, SYSTEM, at - 250 * DAY)
    return found


def _member(found: Hall, number: int, each: int) -> None:
    code, at = f"H{number:02}", found.at
    place = Place.objects.create(
        code=code,
        lineage=f"{found.region.lineage}{code}/",
        kind="member",
        parent=found.region,
        name=f"Hall Customs {number:02}",
        invented=True,
    )
    found.members.append(place)

    def person(name: str, role: Role | None, gender: str = "") -> Any:
        made = Person.objects.create(
            full_name=name, sort_name=name, home=place, email=f"{name.lower().replace(' ', '-')}@hall.example", gender=gender, created_at=at
        )
        if role:
            Posting.objects.create(person=made, role=role, place=place, from_on=(at - 700 * DAY).date())
        return made

    found.coordinators[place.pk] = [person(f"Coordinator {code} {n}", Role.NATIONAL_COORDINATOR) for n in range(2)]
    found.supervisors[place.pk] = [person(f"Supervisor {code} {n}", Role.SUPERVISOR) for n in range(2)]
    invitation = Invitation.objects.create(activity=found.activity, place=place, state="answered", sent_at=at - 200 * DAY)
    for rank in range(1, each + 1):
        officer = person(f"Officer {code} {rank}", Role.OFFICER, "FM"[rank % 2])
        Nomination.objects.create(
            activity=found.activity,
            invitation=invitation,
            person=officer,
            rank=rank,
            years=rank * 3 % 25,
            supervisor=found.supervisors[place.pk][0],
            submitted_at=at - 290 * DAY,
            outcome="seat",
            confirmed_at=at - 280 * DAY,
            release="given",
        )
