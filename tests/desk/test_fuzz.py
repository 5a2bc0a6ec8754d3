"""The API, fuzzed from its own description by a coordinator's session: no request brings a 5xx."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import schemathesis
from django.test import Client, RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.desk.rest.api import api

SCHEMA = api.get_openapi_schema()
OPERATIONS = sorted((path, method) for path, methods in SCHEMA["paths"].items() for method in methods)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_request_breaks_the_server(world: Any, path: str, method: str) -> None:
    loaded = schemathesis.openapi.from_dict(SCHEMA)
    operation = loaded[path][method]
    browser: Client = world.browser("coordinator")

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), uuid=st.sampled_from([world.person("officer").uuid, world.place("ATN").uuid]))
    def attack(case: Any, uuid: Any) -> None:
        address = path.replace("{uuid}", str(uuid)) if case.media_type else case.formatted_path
        query = urlencode({name: str(value)[:500] for name, value in (case.query or {}).items()}, errors="replace")
        sent = case.body if isinstance(case.body, dict | list) else None
        extra: dict[str, Any] = {"QUERY_STRING": query}
        if sent is not None:
            extra |= {"data": sent, "content_type": "application/json"}
        answer = getattr(browser, method)(address, **extra)
        assert answer.status_code < 500, (address, query, sent)

    attack()


@pytest.mark.parametrize(
    "address", ["/search/?q=%00a", "/people/?q=%00", "/api/v1/places?kind=%00", "/region/?on=%00", "/journal/?verb=%00"]
)
def test_a_nul_in_an_address_is_turned_away(world: Any, address: str) -> None:
    assert world.browser("coordinator").get(address).status_code == 400


def test_a_nul_in_a_body_is_named(world: Any) -> None:
    member = world.place("ATN")
    browser = world.browser("coordinator")
    body = {"version": member.version, "city": "a\x00b"}
    answer = browser.patch(f"/api/v1/places/{member.uuid}", body, content_type="application/json")
    assert (answer.status_code, list(answer.json()["faults"])) == (422, ["city"])
    person = {"home": str(member.uuid), "full_name": "a\x00b", "email": "a\x00@practice.example"}
    answer = browser.post("/api/v1/people", person, content_type="application/json")
    assert answer.status_code == 422


def test_a_nul_is_refused_in_every_wing_too(world: Any) -> None:
    browser = world.browser("coordinator")
    body = {"place": str(world.place("ATN").uuid), "topic": "VAL", "title": "a\x00b"}
    answer = browser.post("/api/v1/knowledge/practices", body, content_type="application/json")
    assert (answer.status_code, list(answer.json()["faults"])) == (422, ["title"])
    assert browser.post("/knowledge/new/", {"title": "a\x00b"}).status_code == 422


UNFIT = ["\x07", "\x1b", "\x7f", "\ue000", "\U000f0000", "\uffff"]


@pytest.mark.parametrize("character", UNFIT)
def test_a_character_that_cannot_be_kept_is_named_on_the_page_and_nothing_typed_is_lost(world: Any, character: str) -> None:
    browser, person = world.browser("coordinator"), world.person("officer")
    sent = {"version": person.version, "full_name": f"Ana {character}Tui", "family_name": "", "latin_name": "", "email": person.email}
    answer = browser.post(f"/people/{person.uuid}/edit/", {**sent, "language": "en"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"The character U+{ord(character):04X}, after “Ana”, cannot be kept." in page
    assert f'value="Ana {character}Tui"' in page
    assert f"U+{ord(character):04X}" in browser.post(f"/people/{person.uuid}/edit/", {**sent, "family_name": character}).content.decode()


@pytest.mark.parametrize("character", [*UNFIT, "\ud800", "\x00"])
def test_a_character_that_cannot_be_kept_is_named_to_a_program_by_its_path(world: Any, character: str) -> None:
    browser, member = world.browser("coordinator"), world.place("ATN")
    body = json.dumps({"version": member.version, "city": f"Wharf{character}"})
    answer = browser.patch(f"/api/v1/places/{member.uuid}", body, content_type="application/json")
    assert answer.status_code == 422
    assert f"U+{ord(character):04X}" in answer.json()["faults"]["city"]
    if character != "\ud800":  # nothing sends it as it is
        raw = json.dumps({"version": member.version, "city": f"Wharf{character}"}, ensure_ascii=False)
        answer = browser.patch(f"/api/v1/places/{member.uuid}", raw, content_type="application/json")
        assert answer.status_code in (400, 422)


def test_what_nobody_sees_is_taken_out_on_pages_and_from_programs_alike(world: Any) -> None:
    browser, person, member = world.browser("coordinator"), world.person("officer"), world.place("ATN")
    typed = "\ufeffAna\u202e e\u0301\u200b"
    sent = {"version": person.version, "full_name": typed, "family_name": "", "latin_name": "", "email": person.email, "language": "en"}
    assert browser.post(f"/people/{person.uuid}/edit/", sent).status_code == 302
    person.refresh_from_db()
    assert person.full_name == "Ana é"
    body = {"version": member.version, "city": typed}
    assert browser.patch(f"/api/v1/places/{member.uuid}", body, content_type="application/json").status_code == 200
    member.refresh_from_db()
    assert member.city == "Ana é"


def test_an_action_refuses_what_cannot_be_kept_whoever_calls_it(world: Any) -> None:
    from entrepot.ground.keeping.api import writing
    from entrepot.ground.people.api import register
    from entrepot.kernel.errors import Invalid
    from entrepot.kernel.principals import SYSTEM

    with pytest.raises(Invalid) as caught:
        register(by=SYSTEM, at=world.at, home=world.place("ATN"), full_name="Ana", latin_name="Ana \U000f0000")
    assert list(caught.value.faults) == ["latin_name"]
    with pytest.raises(Invalid) as caught, writing():
        world.person("officer").postings.update(uuid=uuid4(), role="officer\x07")
    assert list(caught.value.faults) == ["role"]


def test_a_password_is_taken_as_it_is_typed() -> None:
    from entrepot.desk.web.middleware import clean_form

    request = RequestFactory().post("/", {"password": "e\u0301\u200b ", "login": "e\u0301\u200b"})
    clean_form(request)
    assert request.POST.dict() == {"password": "e\u0301\u200b ", "login": "é"}
