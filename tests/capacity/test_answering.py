"""Answers without a password, and answers that come too late, twice, or from the wrong place."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from entrepot.capacity.training.models import Invitation, Nomination, Offer
from entrepot.ground.work.api import work_off

from .walking import Walk


def _link(words: str) -> str:
    """The address in the last mail whose subject has these words."""
    found = [message for message in mail.outbox if words in message.subject]
    assert found, [message.subject for message in mail.outbox]
    match = re.search(r"https?://[^/\s]+(/\S+)", str(found[-1].body))
    assert match, found[-1].body
    return match.group(1)


def _mailed(walk: Walk) -> None:
    walk.move(days=1)
    work_off()


NOMINEE = {
    "what": "nominate",
    "full_name": "Losa",
    "email": "losa@practice.example",
    "rank": 1,
    "post": "Officer",
    "years": 3,
    "language_level": "B2",
    "consent": "on",
}


@pytest.mark.row("R19.1", "R66.1")
def test_a_nomination_is_answered_from_a_mail_without_a_password(world: Any) -> None:
    walk = Walk(world)
    walk.invited("ATN")
    _mailed(walk)
    link = _link("Please nominate")
    phone = Client()
    assert phone.get(link).status_code == 200
    assert phone.post(link, NOMINEE | {"supervisor": world.person("supervisor").pk}).status_code == 302
    assert phone.post(link, {"what": "finish"}).status_code == 302
    invitation = Invitation.objects.get(activity__uuid=walk.activity)
    assert invitation.state == "answered"
    assert invitation.nominations.get().person.home.code == "ATN"
    _mailed(walk)
    release = _link("Please release")
    assert b"Will you release Losa" in Client().get(release).content
    assert Client().post(release, {"given": "1"}).status_code == 200
    assert Nomination.objects.get(invitation=invitation).release == "given"
    again = Client().post(release, {"given": "0"})
    assert (again.status_code, b"has been used" in again.content) == (410, True), "a used link says so and changes nothing"
    assert Nomination.objects.get(invitation=invitation).release == "given"


def test_a_link_opens_its_own_thing_only(world: Any) -> None:
    walk = Walk(world)
    walk.invited("ATN", "HIGH")
    _mailed(walk)
    secret = _link("Please nominate").rstrip("/").rsplit("/", 1)[-1]
    other = Invitation.objects.get(activity__uuid=walk.activity, place__code="HIGH")
    for address in (
        f"/programme/release/{secret}/",
        f"/programme/participant/{secret}/",
        f"/programme/invitations/{other.uuid}/",
        "/today/",
        f"/evaluation/plan/{secret}/",
    ):
        assert Client().get(address).status_code in (302, 404, 410), address
    assert Client().get(f"/programme/invitations/{'x' * 32}/").status_code == 410


def test_an_expired_link_says_so(world: Any) -> None:
    walk = Walk(world)
    walk.invited("ATN")
    _mailed(walk)
    link = _link("Please nominate")
    walk.move(days=300)
    assert Client().get(link).status_code == 410


def test_an_answer_after_closing_and_to_a_cancelled_invitation_is_told(world: Any) -> None:
    walk = Walk(world)
    invitations = walk.invited("ATN", "HIGH")
    cancelled = world.browser("manager").post(f"/programme/invitations/{invitations['HIGH']}/cancel/", {"reason": "Asked twice"})
    assert cancelled.status_code == 302
    refused = walk.send("neighbour", "post", f"/training/invitations/{invitations['HIGH']}/decline", {}, wanted=409)
    assert refused["type"].endswith("invitation-cancelled")
    mine = walk.nominate("coordinator", invitations["ATN"], 1, full_name="Losa", email="losa@practice.example")
    walk.send("coordinator", "post", f"/training/nominations/{mine['uuid']}/release", {"yes": True})
    walk.move(days=21)
    walk.advance("selection")
    late = walk.nominate("coordinator", invitations["ATN"], 2, full_name="Sione", email="sione@practice.example")
    assert late["late"] is True, "still taken, and marked"
    walk.send("manager", "post", f"/training/activities/{walk.activity}/decide")
    walk.advance("confirmed")
    body = {"rank": 3, "post": "Officer", "language_level": "B2", "consent": True, "full_name": "Ana", "email": "ana@practice.example"}
    closed = walk.send("coordinator", "post", f"/training/invitations/{invitations['ATN']}/nominations", body, wanted=409)
    assert closed["type"].endswith("nominations-closed")


@pytest.mark.row("R19.4")
def test_a_released_seat_goes_down_the_line_by_timed_offers(world: Any) -> None:
    walk = Walk(world)
    invitations = walk.invited("ATN", "HIGH", "KALA", seats=1, per_member=1)
    for number, (part, code) in enumerate((("coordinator", "ATN"), ("neighbour", "HIGH"))):
        for rank in (1, 2):
            made = walk.nominate(
                part, invitations[code], rank, full_name=f"Officer {number}{rank}", email=f"o{number}{rank}@practice.example"
            )
            walk.send(part, "post", f"/training/nominations/{made['uuid']}/release", {"yes": True})
    walk.move(days=21)
    walk.advance("selection")
    rows = walk.send("manager", "post", f"/training/activities/{walk.activity}/decide")
    walk.advance("confirmed")
    seated = next(n for n in rows if n["outcome"] == "seat")
    # The Member that gave the seat up is asked first, then the line.
    waiting = [n for n in rows if n["outcome"] == "waiting"]
    line = [n["uuid"] for n in sorted(waiting, key=lambda n: (n["place"] != seated["place"], n["line"]))]
    walk.send("manager", "post", f"/training/nominations/{seated['uuid']}/withdraw")
    for waiting in line[:2]:
        offer = Offer.objects.get(answer="open")
        assert str(offer.nomination.uuid) == waiting, "exactly the next in order"
        walk.move(days=3, minutes=1)
    assert Offer.objects.filter(answer="lapsed", nomination__activity__uuid=walk.activity).count() == 2
    last = Offer.objects.get(answer="open")
    part = "coordinator" if last.nomination.invitation.place.code == "ATN" else "neighbour"
    for _ in range(2):
        assert walk.send(part, "post", f"/training/nominations/{last.nomination.uuid}/seat", {"yes": True})["outcome"] == "seat"
    refused = walk.send(part, "post", f"/training/nominations/{last.nomination.uuid}/seat", {"yes": False}, wanted=409)
    assert refused["type"].endswith("offer-gone"), "a seat that is taken is given back by withdrawing"
    assert sum(n["outcome"] == "seat" for n in walk.nominations()) == 1, "never more than the seats there are"


def test_a_coordinator_learns_nothing_of_another_members_people(world: Any) -> None:
    walk = Walk(world)
    invitations = walk.invited("ATN", "HIGH")
    theirs = world.officer_of("HIGH")
    body = {"rank": 1, "post": "Officer", "language_level": "B2", "consent": True}
    by_uuid = walk.send(
        "coordinator", "post", f"/training/invitations/{invitations['ATN']}/nominations", body | {"person": str(theirs.uuid)}, wanted=422
    )
    by_mail = walk.send(
        "coordinator",
        "post",
        f"/training/invitations/{invitations['ATN']}/nominations",
        body | {"full_name": "X", "email": "neighbour@practice.example"},
        wanted=422,
    )
    assert theirs.full_name not in str(by_uuid) + str(by_mail)
    walk.send(
        "coordinator",
        "post",
        f"/training/invitations/{invitations['HIGH']}/nominations",
        body | {"full_name": "X", "email": "x@practice.example"},
        wanted=404,
    )


def test_check_in_takes_the_code_of_the_session_that_is_on(world: Any) -> None:
    activity_stage = Nomination.objects.get(activity__stage="confirmed", person=world.person("officer"), outcome="seat")
    session = activity_stage.activity.sessions.order_by("starts_at")[0]
    walk = Walk(world)
    page = f"/programme/participant/{activity_stage.uuid}/"
    assert world.browser("officer").post(page, {"door": session.door}).status_code == 422, "two days too early"
    ahead = session.starts_at - world.at - timedelta(minutes=10)
    walk.move(seconds=int(ahead.total_seconds()))
    assert world.browser("officer").post(page, {"door": "AAAAAA"}).status_code == 422
    assert world.browser("officer").post(page, {"door": session.door.lower()}).status_code == 302
    assert world.browser("officer").post(page, {"door": session.door}).status_code == 302, "twice is once"
    assert activity_stage.attendances.count() == 1
