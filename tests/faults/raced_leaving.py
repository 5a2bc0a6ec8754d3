"""Who is erased or merged away while somebody writes: what was acknowledged stays, nothing comes after; prints what is left."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.config.settings")
django.setup()

from entrepot.capacity.community import actions as community  # noqa: E402
from entrepot.capacity.community.models import Profile  # noqa: E402
from entrepot.capacity.evaluation import actions as evaluation  # noqa: E402
from entrepot.capacity.evaluation.actions import answering, compiling  # noqa: E402
from entrepot.capacity.evaluation.models import ActionItem, Ask, Compilation  # noqa: E402
from entrepot.capacity.knowledge.actions import drafting  # noqa: E402
from entrepot.capacity.knowledge.models import Practice  # noqa: E402
from entrepot.capacity.records.actions import people as records  # noqa: E402
from entrepot.capacity.records.models import PersonIdentity  # noqa: E402
from entrepot.capacity.training.actions import design  # noqa: E402
from entrepot.capacity.training.models import Activity  # noqa: E402
from entrepot.desk.gathered import erasers, movers, readiers  # noqa: E402
from entrepot.ground.access.api import make_token, principal_for  # noqa: E402
from entrepot.ground.access.models import Token  # noqa: E402
from entrepot.ground.keeping.api import writing  # noqa: E402
from entrepot.ground.notices.models import Notice  # noqa: E402
from entrepot.ground.people import actions as people  # noqa: E402
from entrepot.ground.people.models import Person  # noqa: E402
from entrepot.ground.work.api import now  # noqa: E402
from entrepot.kernel.principals import SYSTEM, Principal  # noqa: E402

from .raced_endings import LONG, Act, meeting  # noqa: E402
from .raced_seats import by  # noqa: E402


def anybody(number: int = 0) -> Any:
    """Some officer of the practice region who plays no part in it and says nothing of themself, with a name that nobody else has."""
    officers = Person.objects.filter(home__invented=True, home__kind="member", is_active=True, postings__role="officer", profile=None)
    person = officers.exclude(email__endswith="@practice.example").distinct().order_by("pk")[number]
    person.full_name = f"Malia Vaipuna {'bcdefgh'[number] * 3}"
    with writing():
        person.save(update_fields=["full_name"])
    return person


def oneself(person: Any) -> Principal:
    """The principal of someone who signed in before they were gone."""
    return principal_for(Person.objects.get(pk=person.pk), now())


def erasing(person: Any) -> Act:
    """Somebody's erasure by themself."""
    mine = oneself(person)
    return "erase", lambda: people.erase(by=mine, at=now(), uuid=person.uuid, erasers=erasers(), before=readiers())


def practice_of_others() -> dict[str, Any]:
    """A practice that names somebody is changed while they are erased."""
    person, practice, office = anybody(), Practice.objects.filter(state="draft", place__invented=True).order_by("pk")[0], by("manager")
    with writing():
        Practice.objects.filter(pk=practice.pk).update(contact=f"Ask {person.full_name}")
    said = {"contact": f"Ask {person.full_name}, or the help desk"}
    edit = "edit", lambda: drafting.edit(by=office, at=now(), uuid=practice.uuid, values=said, version=None)
    ended = meeting(drafting, "index", edit, erasing(person))
    return {"ended": ended, "left": Practice.objects.get(pk=practice.pk).contact}


def activity_of_others() -> dict[str, Any]:
    """The same of a text that no room looks after by itself."""
    person, activity, office = (
        anybody(),
        Activity.objects.filter(stage="invitation", region__invented=True).order_by("pk")[0],
        by("manager"),
    )
    with writing():
        Activity.objects.filter(pk=activity.pk).update(title=f"As {person.full_name} wished")
    said = {"title": f"As {person.full_name} and many more wished"}
    edit = "edit", lambda: design.edit(by=office, at=now(), uuid=activity.uuid, values=said, version=None)
    ended = meeting(design, "change", edit, erasing(person))
    return {"ended": ended, "left": Activity.objects.get(pk=activity.pk).title}


def clearance_taken_back() -> dict[str, Any]:
    """A coordinator takes back what the region may publish of the Member's answer, while the one who gave it is erased."""
    person, speaks = anybody(), by("coordinator")
    ask = Ask.objects.filter(answered_at__isnull=False, form__kind="member", place__code="ATN").exclude(answers={}).order_by("pk")[0]
    with writing():
        Ask.objects.filter(pk=ask.pk).update(person=person, cleared=list(ask.answers), cleared_at=now(), cleared_by=speaks.uuid)
    taken = "take back", lambda: evaluation.clear_answers(by=speaks, at=now(), uuid=ask.uuid, keys=())
    ended = meeting(answering, "change", taken, erasing(person))
    return {"ended": ended, "left": Ask.objects.get(pk=ask.pk).cleared}


def profile_of(person: Any) -> Act:
    """What somebody says of themself, begun while they were somebody."""
    mine, said = oneself(person), {"headline": "X-ray images", "about": "I have read many", "sight": "region"}
    return "profile", lambda: community.keep_profile(by=mine, at=now(), values=said)


def profile_of_the_erased() -> dict[str, Any]:
    """Somebody says who they are while they are erased."""
    person = anybody()
    ended = meeting(people, "wipe_later", erasing(person), profile_of(person))
    return {"ended": sorted(ended), "left": Profile.objects.filter(person=person).count()}


def token_of_the_erased() -> dict[str, Any]:
    """Somebody makes a token while they are erased."""
    person, scopes = anybody(), ["people:read"]
    mine, one = oneself(person), Person.objects.get(pk=person.pk)
    make = "token", lambda: make_token(by=mine, at=now(), person=one, name=person.full_name, scopes=scopes, known_scopes=scopes)
    ended = meeting(people, "wipe_later", erasing(person), make)
    return {"ended": sorted(ended), "left": Token.objects.filter(person=person).count()}


def profile_of_the_merged() -> dict[str, Any]:
    """Somebody says who they are while their record is merged into another one."""
    keep, drop = anybody(0), anybody(1)
    both = {"keep": keep.uuid, "drop": drop.uuid, "movers": movers(), "before": readiers()}
    ended = meeting(people, "refer_to", ("merge", lambda: people.merge(by=SYSTEM, at=now(), **both)), profile_of(drop))
    return {"ended": sorted(ended), "left": Profile.objects.filter(person=drop).count()}


def overdue_of_the_erased() -> dict[str, Any]:
    """The worker tells coordinators of an item whose day has passed, while its officer is erased."""
    planned = ActionItem.objects.filter(state="planned", nomination__person__home__invented=True, nomination__person__is_active=True)
    item = planned.select_related("nomination__person").order_by("pk")[0]
    person, past = item.nomination.person, now().date() - timedelta(days=3)
    with writing():
        Person.objects.filter(pk=person.pk).update(full_name="Malia Vaipuna zzz")
        ActionItem.objects.update(told_at=now())
        ActionItem.objects.filter(pk=item.pk).update(told_at=None, due_on=past)
    tell = "tell", lambda: evaluation.tell_overdue(at=now())
    ended = sorted(meeting(people, "wipe_later", erasing(person), tell))
    texts = [f"{one.title_packed} {one.body_packed}" for one in Notice.objects.filter(kind="evaluation.overdue")]
    return {"ended": ended, "left": sum("Vaipuna" in text or item.what in text for text in texts)}


def compiled_of_the_erased() -> dict[str, Any]:
    """The worker has read an activity's title that names somebody, and keeps what it read after their erasure."""
    person, office = anybody(), by("manager")
    activity = Activity.objects.filter(region__invented=True, closed_at__isnull=False).select_related("region").order_by("pk")[0]
    with writing():
        Activity.objects.filter(pk=activity.pk).update(title=f"What {person.full_name} taught")
    assert activity.closed_at
    period = {"from_on": activity.closed_at.date(), "to_on": activity.closed_at.date() + timedelta(days=1)}
    asked = evaluation.request_compilation(by=office, at=now(), region=activity.region, **period)
    compile_ = "compile", lambda: evaluation.compile_follow_up(at=now(), uuid=asked.uuid)
    ended = meeting(compiling, "compile_body", compile_, erasing(person), time=LONG)
    return {"ended": ended, "left": [one["title"] for one in Compilation.objects.get(pk=asked.pk).body["activities"]]}


def matched_of_the_erased() -> dict[str, Any]:
    """The worker has read by what address a person is known in record stores, and notes it after their erasure."""
    person = anybody()
    with writing():
        Person.objects.filter(pk=person.pk).update(email="malia@erased.example", email_backed="home")
    mine = Person.objects.get(pk=person.pk)
    ended = meeting(records, "identities_of", ("match", lambda: records.match_these([mine])), erasing(mine), time=2)
    return {"ended": sorted(ended), "left": PersonIdentity.objects.filter(person=person).count()}


def matched_after_the_erased() -> dict[str, Any]:
    """The same, where the erasure was on its way when the worker read."""
    person = anybody()
    with writing():
        Person.objects.filter(pk=person.pk).update(email="vaipuna@erased.example", email_backed="home")
    mine = Person.objects.get(pk=person.pk)
    ended = meeting(people, "wipe_later", erasing(mine), ("match", lambda: records.match_these([mine])))
    return {"ended": sorted(ended), "left": PersonIdentity.objects.filter(person=person).count()}


def main() -> None:
    """Each meeting, with what it left."""
    found = {
        "a practice changed": practice_of_others(),
        "an activity changed": activity_of_others(),
        "a clearance taken back": clearance_taken_back(),
        "erased, then a profile": profile_of_the_erased(),
        "erased, then a token": token_of_the_erased(),
        "merged, then a profile": profile_of_the_merged(),
        "erased, then told of": overdue_of_the_erased(),
        "read, then erased, then compiled": compiled_of_the_erased(),
        "known by an address, then erased": matched_of_the_erased(),
        "erased, then known by an address": matched_after_the_erased(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
