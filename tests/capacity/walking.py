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
        self.invitation = ""

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
        self.invitation = invitation
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


def from_need_to_report(walk: Walk, world: Any) -> None:
    """The eleven steps: a need of ATN's, three Members asked, two seats, a practice that HIGH adopts, the report frozen."""
    invitations = walk.invited("ATN", "HIGH", "KALA")
    assert set(invitations) == {"ATN", "HIGH", "KALA"}

    pele = world.person("officer")
    walk.nominate("coordinator", invitations["ATN"], 1, person=str(pele.uuid), supervisor="supervisor")
    walk.nominate("coordinator", invitations["ATN"], 2, full_name="Losa", email="losa@practice.example", supervisor="supervisor")
    walk.nominate("neighbour", invitations["HIGH"], 1, full_name="Sonam Choden", email="sonam@practice.example")
    walk.send("coordinator", "post", f"/training/invitations/{invitations['ATN']}/finish")
    walk.send("neighbour", "post", f"/training/invitations/{invitations['HIGH']}/finish")
    for nomination in walk.nominations():
        releaser = "supervisor" if nomination["place"] == "ATN" else "neighbour"
        walk.send(releaser, "post", f"/training/nominations/{nomination['uuid']}/release", {"yes": True})

    refused = walk.advance("selection", wanted=409)
    assert "have not answered" in refused["title"], "KALA has not answered and the deadline has not passed"
    walk.move(days=21)
    walk.advance("selection")
    decided = {n["person"]: n for n in walk.send("manager", "post", f"/training/activities/{walk.activity}/decide")}
    assert [n["outcome"] for n in sorted(decided.values(), key=lambda n: (n["rank"], n["place"]))] == ["seat", "seat", "waiting"]
    walk.advance("confirmed")

    sonam = next(n for n in walk.nominations() if n["place"] == "HIGH")
    losa = next(n for n in walk.nominations() if n["rank"] == 2)
    walk.send("neighbour", "post", f"/training/nominations/{sonam['uuid']}/withdraw")
    walk.send("coordinator", "post", f"/training/nominations/{losa['uuid']}/seat", {"yes": True})
    assert next(n for n in walk.nominations() if n["uuid"] == losa["uuid"])["outcome"] == "seat"

    walk.send("centre", "put", f"/evaluation/activities/{walk.activity}/test", {"text": TEST})
    sessions = walk.sessions()
    mine = next(n for n in walk.nominations() if n["person"] == str(pele.uuid))["uuid"]
    walk.move(days=19)
    walk.send("officer", "post", f"/evaluation/nominations/{mine}/answers/pre", {"answers": {"q1": 1, "q2": 0}})
    for session in sessions:
        present = {mine: "in_person", losa["uuid"]: "online"}
        walk.send("centre", "post", f"/training/sessions/{session['uuid']}/attendance", {"present": present})
    taken = walk.send("officer", "post", f"/evaluation/nominations/{mine}/answers/post", {"answers": {"q1": 0, "q2": 1}})
    assert (taken["right"], taken["of"]) == (2, 2)
    reaction = {"useful": 5, "clear": 4, "practice": 3, "pace": 4, "arrangements": 5}
    walk.send("officer", "post", f"/evaluation/nominations/{mine}/answers/reaction", {"answers": reaction})
    item = walk.send(
        "officer",
        "post",
        f"/evaluation/nominations/{mine}/items",
        {"what": "A checklist for parcel values", "due_on": str(now().date()), "indicator": "used at every shift"},
        wanted=201,
    )
    assert walk.send("supervisor", "post", f"/evaluation/nominations/{mine}/endorse") == {"endorsed": 1}
    walk.move(days=3)
    walk.advance("delivered", "centre")
    walk.advance("closed", "centre")
    certificates = walk.send("officer", "get", "/certificates")["rows"]
    assert certificates[0]["hours"] == "12.00"
    assert walk.send("", "get", f"/certificates/verify/{certificates[0]['code']}")["holder"] == pele.full_name

    walk.move(days=250)
    asked = walk.send("officer", "get", "/evaluation/asks")
    assert [a["kind"] for a in asked] == ["officer"], "eight months after the close it goes out by itself"
    yes = {"applied": 5, "alone": 4, "office": True, "taught": True, "effect": "Fewer disputes at Lagoon Wharf"}
    walk.send("officer", "post", f"/evaluation/asks/{asked[0]['uuid']}/answer", {"answers": yes})
    theirs = next(a for a in walk.send("supervisor", "get", "/evaluation/asks") if a["nomination"] == mine)
    walk.send("supervisor", "post", f"/evaluation/asks/{theirs['uuid']}/answer", {"answers": yes | {"applied": 3}})
    walk.move(days=40)
    late = [a for a in walk.send("manager", "get", "/evaluation/overdue") if a["activity"] == walk.activity]
    assert sorted(a["kind"] for a in late) == ["member", "officer", "supervisor"], "the other participant, their supervisor, and the Member"
    walk.send("officer", "post", f"/evaluation/items/{item['uuid']}", {"state": "done", "note": "In use since May"})

    drafted = {
        "place": str(world.place("ATN").uuid),
        "topic": "VAL",
        "item": item["uuid"],
        "title": "A checklist for parcel values",
        "problem": "Values were argued parcel by parcel",
        "done": "One page at the counter",
        "results": "Fewer disputes",
    }
    practice = walk.send("manager", "post", "/knowledge/practices", drafted, wanted=201)["uuid"]
    walk.send("manager", "post", f"/knowledge/practices/{practice}/publish", wanted=403)
    walk.send("coordinator", "post", f"/knowledge/practices/{practice}/clear")
    walk.send("manager", "post", f"/knowledge/practices/{practice}/publish", wanted=409)
    reviewers = {"people": [str(world.person("centre").uuid)]}
    walk.send("manager", "post", f"/knowledge/practices/{practice}/reviewers", reviewers)
    for part in ("head", "centre"):
        said = {"opinion": "fit", "words": "The register of disputes bears it out."}
        walk.send(part, "post", f"/knowledge/practices/{practice}/review", said)
    walk.send("manager", "post", f"/knowledge/practices/{practice}/publish")
    used = {"place": str(world.place("HIGH").uuid), "worked": "partly", "result": "We shortened it"}
    walk.send("neighbour", "post", f"/knowledge/practices/{practice}/adoptions", used, wanted=201)

    report = walk.send("manager", "post", f"/evaluation/activities/{walk.activity}/report", wanted=201)
    walk.advance("followed_up", skip="Two answers never came; their Member was told")
    assert walk.send("", "get", f"/evaluation/activities/{walk.activity}/report")["digest"] == report["digest"]
