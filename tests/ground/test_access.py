"""Signing in, tokens, links, switches."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from entrepot.desk.cli import main
from entrepot.ground.access.api import make_link, make_token, principal_for_token, reset_second_step, revoke_token, turn
from entrepot.ground.journal.models import Entry
from entrepot.ground.people.api import edit, end_posting, merge, post, register
from entrepot.ground.people.models import Person
from entrepot.kernel.errors import Invalid, NotFound
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.roles import Role

PASSWORD = "a lagoon with three herons"


def _token(world: Any, part: str, *scopes: str) -> tuple[Any, str]:
    person = world.person(part)
    return make_token(by=world.principal(part), at=world.at, person=person, name="mine", scopes=scopes, known_scopes=scopes)


def _api(secret: str) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def _newcomer(world: Any, email: str = "ana@practice.example") -> Any:
    return register(by=SYSTEM, at=world.at, home=world.place("ATN"), full_name="Ana", email=email)


def _invited(world: Any, person: Any, by: str = "coordinator") -> str:
    page = world.browser(by).post(f"/me/invite/{person.uuid}/").content.decode()
    return page.split("<code>")[1].split("</code>")[0].removeprefix("http://testserver")


def test_an_invitation_link_sets_a_password_once_and_the_person_signs_in(world: Any) -> None:
    officer = _newcomer(world)
    address = _invited(world, officer)
    visitor = Client()
    assert visitor.post(address, {"password": "short"}).status_code == 422
    assert visitor.post(address, {"password": PASSWORD}).status_code == 302
    assert visitor.get(address).status_code == 404, "a used link says that it no longer works"
    signed = visitor.post("/sign-in/", {"login": officer.email, "password": PASSWORD})
    assert (signed.status_code, signed.headers.get("Location")) == (302, "/today/")
    assert visitor.get("/today/").status_code == 200


@pytest.mark.parametrize(
    "password", ["a lagoon with three herons", "customs of the lagoon people", " two blanks around it ", "海の見える町の小さな図書館"]
)
def test_a_first_password_is_kept_as_it_is_typed(world: Any, password: str) -> None:
    officer = _newcomer(world)
    assert Client().post(_invited(world, officer), {"password": password}).status_code == 302
    officer.refresh_from_db()
    assert officer.check_password(password)
    assert Client().post("/sign-in/", {"login": officer.email, "password": password}).status_code == 302


def test_nobody_is_invited_over_a_way_in_that_they_have(world: Any) -> None:
    officer, admin = world.person("officer"), world.browser("admin")
    assert admin.post(f"/me/invite/{officer.uuid}/").status_code == 409
    assert "Make an invitation link" not in admin.get(f"/people/{officer.uuid}/").content.decode()
    by_key = _newcomer(world)
    Authenticator.objects.create(user=by_key, type="webauthn", data={"name": "Key"})
    assert admin.post(f"/me/invite/{by_key.uuid}/").status_code == 409
    assert admin.post(f"/me/invite/{_newcomer(world, '').uuid}/").status_code == 409, "without an address they could not sign in"


def test_an_invitation_ends_with_what_it_stood_on(world: Any) -> None:
    coordinator, day = world.principal("coordinator"), world.at.date()

    def works(address: str) -> bool:
        return Client().get(address).status_code == 200

    readdressed = _newcomer(world, "first@practice.example")
    address = _invited(world, readdressed)
    assert works(address)
    edit(by=coordinator, at=world.at, uuid=readdressed.uuid, values={"email": "second@practice.example"}, version=None)
    assert not works(address), "it was made for the former address"
    raised = _newcomer(world, "third@practice.example")
    address, high = _invited(world, raised), _invited(world, _newcomer(world, "fourth@practice.example"), "admin")
    post(by=SYSTEM, at=world.at, person=raised, role=Role.NATIONAL_COORDINATOR, place=world.place("ATN"), from_on=day + timedelta(days=9))
    assert not works(address), "whoever made it could not give the role that came since"
    assert Client().post(address, {"password": PASSWORD}).status_code == 404
    assert works(high)
    way_in = _newcomer(world, "fifth@practice.example")
    address = _invited(world, way_in)
    Authenticator.objects.create(user=way_in, type="webauthn", data={"name": "Key"})
    assert not works(address), "there is another way in meanwhile"
    leaving = _newcomer(world, "sixth@practice.example")
    address = _invited(world, leaving)
    end_posting(by=SYSTEM, at=world.at, uuid=world.person("coordinator").postings.get().uuid, to_on=day)
    assert not works(address), "whoever made it is coordinator no longer"


def test_keys_of_a_record_that_is_merged_do_not_act_for_the_other(world: Any) -> None:
    _, secret = _token(world, "officer", "people:read")
    assert Client().get("/api/v1/me", **_api(secret)).status_code == 200
    kept = _newcomer(world)
    merge(by=world.principal("coordinator"), at=world.at, keep=kept.uuid, drop=world.person("officer").uuid)
    assert Client().get("/api/v1/me", **_api(secret)).status_code == 401


def test_a_lost_second_step_is_taken_away_by_who_may_act_for_the_person(world: Any) -> None:
    officer, manager = world.person("officer"), world.person("manager")
    for person in (officer, manager):
        Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    assert reset_second_step(by=world.principal("coordinator"), at=world.at, uuid=officer.uuid) == 1
    assert reset_second_step(by=world.principal("coordinator"), at=world.at, uuid=officer.uuid) == 0
    with pytest.raises(NotFound):
        reset_second_step(by=world.principal("coordinator"), at=world.at, uuid=manager.uuid)
    assert reset_second_step(by=world.principal("admin"), at=world.at, uuid=manager.uuid) == 1
    assert Entry.objects.filter(verb="access.second_step.reset").count() == 2


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


def test_a_token_cannot_make_itself_a_way_to_sign_in(world: Any) -> None:
    """Whoever signs in has every scope: by an address of their own, or by someone new who may give roles as the token's owner may."""
    _, secret = _token(world, "admin", "people:read", "people:write")
    send: dict[str, Any] = {"content_type": "application/json", **_api(secret)}
    officer = world.person("officer")
    for name in ("email", "contact_email"):
        body = json.dumps({"version": officer.version, name: "thief@practice.example"})
        assert Client().patch(f"/api/v1/people/{officer.uuid}", body, **send).status_code == 403, name
    new = Client().post(
        "/api/v1/people", json.dumps({"home": str(world.place("PX").uuid), "full_name": "Eve", "email": "eve@x.example"}), **send
    )
    assert new.status_code == 201
    day = str(world.at.date())
    for role, place, status in (("regional_admin", "PX", 403), ("national_coordinator", "ATN", 403), ("observer", "ATN", 201)):
        given = {"role": role, "place": str(world.place(place).uuid), "from_on": day, "to_on": str(world.at.date() + timedelta(days=30))}
        answer = Client().post(f"/api/v1/people/{new.json()['uuid']}/postings", json.dumps(given), **send)
        assert answer.status_code == status, (role, answer.content)


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


def test_who_lost_a_role_never_gets_the_answer_that_it_let_them_have(world: Any) -> None:
    browser, body = world.browser("coordinator"), json.dumps({"home": str(world.place("ATN").uuid), "full_name": "Tala Mau"})
    send: dict[str, Any] = {"content_type": "application/json", "HTTP_IDEMPOTENCY_KEY": "once"}
    first = browser.post("/api/v1/people", body, **send)
    assert first.status_code == 201
    coordinator = world.person("coordinator")
    post(by=SYSTEM, at=world.at, person=coordinator, role=Role.ANALYST, place=world.place("ATN"), from_on=world.at.date())
    assert browser.post("/api/v1/people", body, **send).content == first.content, "a role more changes nothing"
    for posting in coordinator.postings.filter(role=Role.NATIONAL_COORDINATOR):
        end_posting(by=SYSTEM, at=world.at, uuid=posting.uuid, to_on=world.at.date())
    again = browser.post("/api/v1/people", body, **send)
    assert again.status_code == 403
    assert first.json()["uuid"] not in again.content.decode()
    assert Person.objects.filter(full_name="Tala Mau").count() == 1, "and nothing was done twice"


def test_the_operator_brings_the_first_administrator_in_and_helps_who_is_locked_out(world: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def person(*words: str) -> str:
        assert main(["person", *words]) == 0, capsys.readouterr().err
        return capsys.readouterr().out.strip()

    address = "first@office.example"
    made = person("register", "--home", "PX-RO", "--region", "PX", "--name", "Ana Silva", "--email", address)
    assert person("give", made, "--role", "regional_admin", "--place", "PX-RO").startswith("regional_admin at PX-RO")
    link = person("invite", address).removeprefix(settings.ADDRESS)
    assert Client().post(link, {"password": PASSWORD}).status_code == 302
    admin = Client()
    admin.post("/sign-in/", {"login": address, "password": PASSWORD})
    assert admin.get("/people/new/").status_code == 200
    assert main(["person", "invite", address]) == 2
    assert "can sign in already" in capsys.readouterr().err
    assert "e-mail second@office.example, contact address desk@office.example" in person(
        "address", made, "--email", "Second@office.example", "--contact", "desk@office.example"
    )
    Authenticator.objects.create(user=Person.objects.get(uuid=made), type="totp", data={})
    assert person("second-step", "second@office.example") == "1 taken away"
    assert "until" in person("end", made, "--role", "regional_admin", "--place", "PX-RO", "--on", str(world.at.date() + timedelta(days=1)))
    for wrong in (["invite", "nobody@office.example"], ["invite", "nobody"], ["give", made, "--role", "officer", "--place", "NOWHERE"]):
        assert main(["person", *wrong]) == 2
    assert {entry.by_kind for entry in Entry.objects.filter(thing_uuid=made)} == {"system", "link"}
