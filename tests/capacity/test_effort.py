"""How much a workshop asks of those who run it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from entrepot.capacity.training.models import Invitation, Nomination
from entrepot.ground.people.models import Person
from entrepot.ground.region.models import Place
from entrepot.ground.work.api import now

from .walking import TEST, Walk

STAFF = ("manager", "centre")


class Counted(Walk):
    """A walk that counts what each person does; reading is not counted."""

    def __init__(self, world: Any) -> None:
        super().__init__(world)
        self.acts: Counter[str] = Counter()

    def send(self, part: str, method: str, path: str, body: Any = None, *, wanted: int = 200) -> Any:
        """As `Walk.send`."""
        self.acts[part] += method != "get"
        return super().send(part, method, path, body, wanted=wanted)


@pytest.mark.row("R12.1", "R12.4")
def test_a_thirty_seat_workshop_is_closed_and_reported_with_under_forty_decisions_by_staff(world: Any) -> None:
    walk = Counted(world)
    members = [place.code for place in _members(world)]
    invitations = walk.invited(*members, seats=30, per_member=3)
    people = {"ATN": "coordinator", "HIGH": "neighbour"}
    for code, invitation in invitations.items():
        part = people.get(code, f"coordinator-{code.lower()}")
        for rank in (1, 2, 3):
            nominee = {"full_name": f"Nominee {rank} of {code}", "email": f"n{rank}-{code.lower()}@practice.example"}
            made = walk.nominate(part, invitation, rank, **nominee)
            walk.send(part, "post", f"/training/nominations/{made['uuid']}/release", {"yes": True})
        walk.send(part, "post", f"/training/invitations/{invitation}/finish")
    walk.move(days=21)
    walk.advance("selection")
    walk.send("manager", "post", f"/training/activities/{walk.activity}/decide")
    walk.advance("confirmed")
    seated = [n["uuid"] for n in walk.nominations() if n["outcome"] == "seat"]
    assert len(seated) == 30
    walk.send("centre", "put", f"/evaluation/activities/{walk.activity}/test", {"text": TEST})
    sessions = [*walk.sessions(), *walk.sessions()]
    walk.move(days=19)
    for session in sessions:
        present = dict.fromkeys(seated, "in_person")
        walk.send("centre", "post", f"/training/sessions/{session['uuid']}/attendance", {"present": present})
    reaction = {"useful": 5, "clear": 4, "practice": 3, "pace": 4, "arrangements": 5}
    for nomination in Nomination.objects.filter(uuid__in=seated).select_related("person"):
        part = str(nomination.person.email).partition("@")[0]
        walk.send(part, "post", f"/evaluation/nominations/{nomination.uuid}/answers/reaction", {"answers": reaction})
        plan = {"what": "A checklist for parcel values", "due_on": str(now().date())}
        walk.send(part, "post", f"/evaluation/nominations/{nomination.uuid}/items", plan, wanted=201)
    walk.move(days=3)
    walk.advance("delivered", "centre")
    walk.advance("closed", "centre")
    walk.send("manager", "post", f"/evaluation/activities/{walk.activity}/report", wanted=201)
    decisions = sum(walk.acts[part] for part in STAFF)
    assert 15 < decisions < 40, walk.acts
    assert Invitation.objects.filter(activity__uuid=walk.activity, state="answered").count() == len(members)


def _members(world: Any) -> list[Any]:
    spoken = Person.objects.filter(postings__role="national_coordinator", home__invented=True).values("home")
    return list(Place.objects.filter(pk__in=spoken, kind="member").order_by("code"))
