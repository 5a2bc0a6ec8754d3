"""How long a sign-in lasts, and what signing out leaves behind."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.test import Client

from entrepot.ground.access.models import Token
from entrepot.ground.people import api
from entrepot.ground.people.demo import PASSWORD
from entrepot.ground.people.models import Person
from entrepot.ground.people.web.sessions import BEGAN, NOTED_EVERY, USED

MINUTE = 60


def _aged(client: Client, **seconds: int) -> None:
    session = client.session
    for name, age in seconds.items():
        session[name] -= age
    session.save()


def _is_in(client: Client) -> bool:
    return client.get("/today/").status_code == 200


@pytest.mark.parametrize(
    ("began", "used", "holds"),
    [(0, 59 * MINUTE, True), (0, 61 * MINUTE, False), (719 * MINUTE, 0, True), (721 * MINUTE, 0, False)],
)
def test_a_sign_in_ends_an_hour_after_its_last_use_and_after_twelve_at_the_most(world: Any, began: int, used: int, holds: bool) -> None:
    client = world.browser("officer")
    key = client.session.session_key
    _aged(client, **{BEGAN: began, USED: used})
    assert _is_in(client) is holds
    assert Session.objects.filter(pk=key).exists() is holds, "what is over is over on the server too"


def test_using_it_is_noted_every_few_minutes_and_does_not_lengthen_the_whole(world: Any) -> None:
    client = world.browser("officer")
    _aged(client, **{BEGAN: 11 * 60 * MINUTE, USED: NOTED_EVERY - 30})
    before = dict(client.session.items())
    assert _is_in(client)
    assert client.session[USED] == before[USED], "no write for each page"
    _aged(client, **{USED: 60})
    assert _is_in(client)
    assert client.session[USED] > before[USED]
    assert client.session[BEGAN] == before[BEGAN]


def test_what_was_typed_when_the_time_was_over_can_be_sent_again(world: Any) -> None:
    client = world.browser("officer")
    _aged(client, **{USED: 61 * MINUTE})
    answer = client.post("/me/", {"name": "a name that I typed"}, HTTP_SEC_FETCH_SITE="same-origin")
    assert answer.status_code == 403
    assert "a name that I typed" in answer.content.decode()


def test_signing_out_ends_the_session_here_and_tells_the_browser_to_keep_nothing(world: Any) -> None:
    client = Client()
    client.post("/sign-in/", {"login": "officer@practice.example", "password": PASSWORD})
    key = client.session.session_key
    assert "Clear-Site-Data" not in client.get("/sign-out/")
    assert client.post("/sign-out/")["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(pk=key).exists()
    assert not _is_in(client)


def test_one_signs_out_everywhere_else(world: Any) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        client.post("/sign-in/", {"login": "officer@practice.example", "password": PASSWORD})
    asked = here.post("/me/sessions/")
    assert asked["Location"].startswith("/me/again/")
    assert _is_in(there)
    here.post(asked["Location"], {"password": PASSWORD, "next": "/me/sessions/"})
    assert _is_in(here)
    assert not _is_in(there)


def test_ones_own_address_is_changed_only_by_who_says_again_who_they_are_and_nothing_typed_is_lost(world: Any) -> None:
    person, here = world.person("officer"), Client()
    here.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    page = f"/people/{person.uuid}/edit/"
    sent = {"full_name": person.full_name, "language": "en", "version": person.version, "email": "new@practice.example"}
    asked = here.post(page, sent)
    assert (asked.status_code, asked["Location"]) == (302, f"/me/again/?next={page.replace('/', '%2F')}")
    assert world.person("officer").email == "officer@practice.example"
    wrong = here.post(asked["Location"], {"password": "not this one", "next": page})
    assert wrong.status_code == 200
    body = {"version": person.version, "email": "new@practice.example"}
    assert here.patch(f"/api/v1/people/{person.uuid}", body, content_type="application/json").status_code == 403
    done = here.post(asked["Location"], {"password": PASSWORD, "next": page})
    assert (done.status_code, done["Location"]) == (302, f"/people/{person.uuid}/")
    assert Person.objects.get(uuid=person.uuid).email == "new@practice.example"


def test_one_is_erased_and_makes_a_token_only_by_saying_again_who_one_is(world: Any) -> None:
    person, here = world.person("officer"), Client()
    here.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    token = {"name": "sync", "scopes": ["people:read"], "days": "30"}
    asked = here.post("/me/", token)
    assert (asked.status_code, asked["Location"]) == (302, "/me/again/?next=%2Fme%2F")
    assert not Token.objects.filter(person=person).exists()
    made = here.post(asked["Location"], {"password": PASSWORD, "next": "/me/"})
    assert Token.objects.get(person=person).name == "sync"
    assert made.context["secret"]
    assert made.context["secret"] in made.content.decode(), "and its secret is shown, once"
    session = here.session
    session["account_authentication_methods"] = []
    session.save()
    page = f"/erase/{person.uuid}/"
    asked = here.post(page)
    assert asked["Location"].startswith("/me/again/")
    person.refresh_from_db()
    assert person.erased_at is None
    here.post(asked["Location"], {"password": PASSWORD, "next": page})
    person.refresh_from_db()
    assert person.erased_at


def test_a_form_left_at_an_open_session_is_not_done_when_its_person_only_looks(world: Any) -> None:
    """Somebody sits down at a session that stands open and sends what needs saying again who one is; its person comes back."""
    person, here = world.person("officer"), Client()
    here.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    page = "/me/second-step/totp/deactivate/"
    assert here.post(page)["Location"].startswith("/me/again/")
    asked = here.get(page)["Location"]
    assert here.post(asked, {"password": PASSWORD})["Location"] == page
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert here.get(page).status_code == 200


def test_ones_own_name_is_changed_without_being_asked(world: Any) -> None:
    person, here = world.person("officer"), world.browser("officer")
    sent = {"full_name": "Another Name", "language": "en", "version": person.version, "email": person.email}
    assert here.post(f"/people/{person.uuid}/edit/", sent)["Location"] == f"/people/{person.uuid}/"


def test_who_is_erased_is_signed_out_everywhere(world: Any) -> None:
    client = Client()
    client.post("/sign-in/", {"login": "officer@practice.example", "password": PASSWORD})
    assert _is_in(client)
    api.erase(by=world.principal("coordinator"), at=world.at, uuid=world.person("officer").uuid)
    assert not _is_in(client)
