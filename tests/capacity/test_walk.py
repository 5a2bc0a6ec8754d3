"""One Member's need becomes a workshop, a changed practice, and a practice that another Member uses: through the API alone."""

from __future__ import annotations

from typing import Any

import pytest

from entrepot.ground.work.api import now

from .walking import TEST, Walk


@pytest.mark.row("R12.1", "R12.2", "R13.4", "R19.1", "R21.1", "R22.1", "R22.3", "R23.1", "R39.2", "R39.4", "R66.5")
def test_from_a_need_to_an_adopted_practice_and_a_frozen_report_through_the_api(world: Any) -> None:
    walk = Walk(world)
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
    assert len(late) == 2, "the other participant and their supervisor"
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
    page = world.browser("manager").get(f"/programme/{walk.activity}/").content.decode()
    for bead in (
        "Need",
        "Design",
        "Invitations",
        "Nominations",
        "Selection",
        "Workshop",
        "Certificates",
        "Action plans",
        "Months later",
        "Good practice",
        "Used by others",
    ):
        assert bead in page
    assert page.count('<li class="done">') == 11, "every bead is done, the report's among them"
    assert ("2 of 2<br>" in page, "2 from 1<br>" in page) == (True, True), "people are counted once, however many sessions they attended"
    assert page.count('<li class="held">') == 1, "but for the two answers that never came"
