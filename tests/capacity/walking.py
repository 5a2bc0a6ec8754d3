"""A walk through the API as the people concerned, for the tests that need an activity at some stage."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from entrepot.desk.gathered import jobs
from entrepot.ground.work.api import move_clock, now, tick, work_off

TEST = "Who decides the value?\n* customs\n- the carrier\n\nWhat is the first method?\n- the computed value\n* the transaction value"


class Walk:
    """One activity, driven through /api/v1 by the invented people of the practice region."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.browsers: dict[str, Any] = {}
        self.activity = ""

    def send(self, part: str, method: str, path: str, body: Any = None, *, wanted: int = 200) -> Any:
        """What the API answers to this person; fails where the status is not the wanted one."""
        if part not in self.browsers:
            self.browsers[part] = self.world.browser(part)
        call = getattr(self.browsers[part], method)
        answer = (
            call(f"/api/v1{path}", json.dumps(body or {}), content_type="application/json") if method != "get" else call(f"/api/v1{path}")
        )
        assert answer.status_code == wanted, (method, path, answer.status_code, answer.content.decode()[:600])
        return json.loads(answer.content) if answer.content else None

    def move(self, **ahead: int) -> None:
        """Move the clock and let what is due happen."""
        move_clock(ahead=timedelta(**ahead))
        tick(jobs())
        work_off()

    def need(self, part: str = "coordinator", code: str = "ATN", **more: Any) -> Any:
        """A need of a Member."""
        body = {"place": str(self.world.place(code).uuid), "competency": "VAL-1", "level": "trained", "officers": 4, "urgency": "now"}
        return self.send(part, "post", "/needs", body | more, wanted=201)

    def designed(self, *, seats: int = 2, per_member: int = 2, **criteria: Any) -> str:
        """An activity with everything that invitations need, answering a need of ATN's."""
        need = self.need()
        region = str(self.world.place("PX").uuid)
        body = {
            "region": region,
            "title": "Valuation of parcels",
            "competency": "VAL-1",
            "level": "trained",
            "mode": "in_person",
            "needs": [need["uuid"]],
        }
        made = self.send("manager", "post", "/training/activities", body, wanted=201)
        self.activity = made["uuid"]
        day = now().date()
        design = {
            "version": made["version"],
            "host": str(self.world.place("RTC-SAG").uuid),
            "objectives": "Officers decide values and defend them.",
            "outcomes": ["decide the value of a parcel", "gather proof"],
            "target_group": "Valuation officers",
            "seats": seats,
            "seats_per_member": per_member,
            "criteria": {"release": True, **criteria},
            "nominate_by": (day + timedelta(days=20)).isoformat(),
            "starts_on": (day + timedelta(days=40)).isoformat(),
            "ends_on": (day + timedelta(days=42)).isoformat(),
        }
        self.send("manager", "patch", f"/training/activities/{self.activity}", design)
        trainer = str(self.world.person("trainer").uuid)
        self.send("manager", "put", f"/training/activities/{self.activity}/trainers", {"people": [trainer]})
        self.send(
            "manager", "post", f"/training/activities/{self.activity}/budget", {"title": "Travel", "currency": "USD", "amount": "12000"}
        )
        return self.activity

    def invited(self, *codes: str, **design: Any) -> dict[str, str]:
        """The uuid of each Member's invitation, sent."""
        self.designed(**design)
        places = [str(self.world.place(code).uuid) for code in codes]
        self.send("manager", "put", f"/training/activities/{self.activity}/invitations", {"places": places})
        self.advance("invitation")
        found = self.send("manager", "get", f"/training/activities/{self.activity}/invitations")
        return {row["place"]: row["uuid"] for row in found}

    def advance(self, to: str, part: str = "manager", *, skip: str = "", wanted: int = 200) -> Any:
        """The next stage."""
        return self.send(part, "post", f"/training/activities/{self.activity}/advance", {"to": to, "skip": skip}, wanted=wanted)

    def nominate(self, part: str, invitation: str, rank: int, *, supervisor: str = "", **more: Any) -> Any:
        """A nomination by a Member's coordinator."""
        body = {"rank": rank, "post": "Valuation officer", "language_level": "B2", "consent": True, "years": 5} | more
        if supervisor:
            body["supervisor"] = str(self.world.person(supervisor).uuid)
        return self.send(part, "post", f"/training/invitations/{invitation}/nominations", body, wanted=201)

    def nominations(self, part: str = "manager") -> Any:
        """All nominations that someone sees."""
        return self.send(part, "get", f"/training/activities/{self.activity}/nominations")

    def sessions(self) -> list[Any]:
        """Two days, one session each, in the host's hours."""
        found = self.send("manager", "get", f"/training/activities/{self.activity}")
        first = datetime.fromisoformat(found["starts_on"] + "T02:00:00+00:00")
        made = []
        for number in range(2):
            starts = first + timedelta(days=number)
            body = {
                "title": f"Day {number + 1}",
                "starts_at": starts.isoformat(),
                "ends_at": (starts + timedelta(hours=6)).isoformat(),
                "room": "Auditorium",
            }
            made.append(self.send("centre", "post", f"/training/activities/{self.activity}/sessions", body, wanted=201))
        return made
