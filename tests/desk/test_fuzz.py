"""The API, fuzzed from its own description by a coordinator's session: no request brings a 5xx."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.test import Client
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
    assert browser.post("/knowledge/new/", {"title": "a\x00b"}).status_code == 400
