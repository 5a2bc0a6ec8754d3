"""Signing in, tokens, links, switches."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from entrepot.ground.access.api import make_link, make_token, principal_for_token, revoke_token, turn
from entrepot.kernel.errors import Invalid, NotFound

PASSWORD = "a lagoon with three herons"


def _token(world: Any, part: str, *scopes: str) -> tuple[Any, str]:
    person = world.person(part)
    return make_token(by=world.principal(part), at=world.at, person=person, name="mine", scopes=scopes, known_scopes=scopes)


def _api(secret: str) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def test_an_invitation_link_sets_a_password_once_and_the_person_signs_in(world: Any) -> None:
    officer = world.person("officer")
    page = world.browser("coordinator").post(f"/me/invite/{officer.uuid}/").content.decode()
    address = page.split("<code>")[1].split("</code>")[0].removeprefix("http://testserver")
    visitor = Client()
    assert visitor.post(address, {"password": "short"}).status_code == 422
    assert visitor.post(address, {"password": PASSWORD}).status_code == 302
    assert visitor.get(address).status_code == 404, "a used link says that it no longer works"
    signed = visitor.post("/sign-in/", {"login": officer.email, "password": PASSWORD})
    assert (signed.status_code, signed.headers.get("Location")) == (302, "/today/")
    assert visitor.get("/today/").status_code == 200


def test_a_neighbour_cannot_invite(world: Any) -> None:
    assert world.browser("neighbour").post(f"/me/invite/{world.person('officer').uuid}/").status_code == 404


def test_a_link_ends_and_serves_one_purpose(world: Any) -> None:
    from entrepot.ground.access.api import link_for

    person = world.person("officer")
    secret = make_link(by=world.principal("coordinator"), at=world.at, person=person, purpose="people.join", thing=person.uuid)
    assert link_for(secret, purpose="people.join", at=world.at).person == person
    for wrong in ({"purpose": "other", "at": world.at}, {"purpose": "people.join", "at": world.at + timedelta(days=15)}):
        with pytest.raises(NotFound):
            link_for(secret, **wrong)


def test_too_many_wrong_passwords_lock_out(world: Any) -> None:
    visitor = Client()
    answers = [visitor.post("/sign-in/", {"login": "officer@practice.example", "password": "wrong"}) for _ in range(7)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429


def test_nobody_signs_up_by_themselves(db: None) -> None:
    answer = Client().post("/sign-up/", {"email": "new@practice.example", "password1": PASSWORD})
    assert "closed" in answer.content.decode().lower()


def test_a_token_does_what_its_scopes_say_and_no_more(world: Any) -> None:
    token, secret = _token(world, "coordinator", "people:read")
    client = Client()
    assert client.get("/api/v1/people", **_api(secret)).json()["rows"]
    person = json.dumps({"home": str(world.place("ATN").uuid), "full_name": "Nobody"})
    assert client.post("/api/v1/people", person, content_type="application/json", **_api(secret)).status_code == 403
    assert client.get("/api/v1/journal", **_api(secret)).json()["rows"] == []
    revoke_token(by=world.principal("coordinator"), at=world.at, uuid=token.uuid)
    answer = client.get("/api/v1/people", **_api(secret))
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_a_token_ends_on_its_day_and_with_its_persons_postings(world: Any) -> None:
    _, secret = _token(world, "seconded", "people:read")
    assert principal_for_token(secret, world.at).grants
    assert not principal_for_token(secret, world.at + timedelta(days=25)).grants
    with pytest.raises(NotFound):
        principal_for_token(secret, world.at + timedelta(days=91))


def test_the_same_key_registers_once(world: Any) -> None:
    _, secret = _token(world, "coordinator", "people:read", "people:write")
    body = json.dumps({"home": str(world.place("ATN").uuid), "full_name": "Only Once"})
    send: dict[str, Any] = {"content_type": "application/json", "HTTP_IDEMPOTENCY_KEY": "k1", **_api(secret)}
    first, second = (Client().post("/api/v1/people", body, **send) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    other = json.dumps({"home": str(world.place("ATN").uuid), "full_name": "Another"})
    assert Client().post("/api/v1/people", other, **send).status_code == 409


def test_a_stale_api_edit_is_refused_with_both_sides(world: Any) -> None:
    _, secret = _token(world, "coordinator", "people:read", "people:write")
    mine = world.person("officer")
    send: dict[str, Any] = {"content_type": "application/json", **_api(secret)}
    first = Client().patch(f"/api/v1/people/{mine.uuid}", json.dumps({"version": mine.version, "latin_name": "One"}), **send)
    stale = Client().patch(f"/api/v1/people/{mine.uuid}", json.dumps({"version": mine.version, "latin_name": "Two"}), **send)
    assert (first.status_code, stale.status_code) == (200, 409)
    assert stale.json()["theirs"]["latin_name"] == "One"


@pytest.mark.row("R61.4")
def test_a_member_switches_the_api_off_for_its_own_people_only(world: Any) -> None:
    _, mine = _token(world, "coordinator", "people:read")
    _, theirs = _token(world, "neighbour", "people:read")
    browser = world.browser("coordinator")
    assert browser.post("/switches/", {"module": "api", "on": "0"}).status_code == 302
    assert Client().get("/api/v1/people", **_api(mine)).status_code == 403
    assert Client().get("/api/v1/people", **_api(theirs)).status_code == 200
    browser.post("/switches/", {"module": "api", "on": "1"})
    assert Client().get("/api/v1/people", **_api(mine)).status_code == 200
    with pytest.raises(Invalid):
        turn(by=world.principal("coordinator"), at=world.at, place=world.place("ATN"), module="none", on=False, known_modules={"api"})


def test_every_answer_tells_the_browser_to_load_nothing_from_elsewhere(client: Any, world: Any) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "no-store" in world.browser("officer").get("/today/").headers["Cache-Control"]


def test_a_narrow_token_never_gets_the_answer_that_a_wider_one_was_given(world: Any) -> None:
    body = json.dumps({"home": str(world.place("ATN").uuid), "full_name": "Tala Mau"})

    def register(**headers: str) -> Any:
        headers["HTTP_IDEMPOTENCY_KEY"] = "once"
        return Client().post("/api/v1/people", body, content_type="application/json", **headers)

    wide, same = (_api(_token(world, "coordinator", "people:read", "people:write")[1]) for _ in range(2))
    first = register(**wide)
    assert first.status_code == 201
    for scopes in (["people:read"], ["people:write"], ["training:read", "training:write"]):
        refused = register(**_api(_token(world, "coordinator", *scopes)[1]))
        assert refused.status_code == 403
        assert "Tala" not in refused.content.decode()
    assert register(**same).content == first.content, "a token for the same takes over from one that was rotated"
    assert register(**_api(_token(world, "coordinator", "people:read", "people:write", "needs:read")[1])).content == first.content
    browser = world.browser("coordinator")
    made = browser.post("/api/v1/people", body, content_type="application/json", HTTP_IDEMPOTENCY_KEY="from a browser")
    assert made.status_code == 201
    again = Client().post("/api/v1/people", body, content_type="application/json", HTTP_IDEMPOTENCY_KEY="from a browser", **wide)
    assert again.status_code == 403, "nor what a whole session was given"
    assert len(Client().get("/api/v1/people?name=Tala", **wide).json()["rows"]) == 2, "and nothing was done twice"
