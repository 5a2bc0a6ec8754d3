"""Every operation of the API asks the scopes of the token, found by introspection.

A token gets no more by scopes that are not the operation's own than a token with no scope at all, and by none of them may it write. Scopes
only ever add, so that a token with every scope but the operation's own stands for each of those alone; `SCOPES=all` tries each alone too.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from entrepot.desk.rest.api import api
from entrepot.ground.access.api import make_token
from entrepot.ground.access.web.views import scopes as all_scopes
from entrepot.ground.journal.models import Entry

from .test_access_matrix import DECISIONS, Decision, _address, _things

OWN = {
    "access": {"people", "tokens"},
    "credentials": {"training"},
    "reports": {"training"},
    "evaluation": {"evaluation", "training"},
    "impact": {"impact", "indicators"},
    "publications": {"publications", "knowledge", "evaluation"},
    "knowledge": {"knowledge", "documents"},
}
"""Scopes by an operation's tag, where they are not the tag itself alone."""
SPEC = json.loads(json.dumps(api.get_openapi_schema(), default=str))
OPERATIONS = sorted(
    (operation["operationId"], method.upper(), path, operation["tags"][0], operation)
    for path, methods in SPEC["paths"].items()
    for method, operation in methods.items()
)
READS = [pytest.param(one[0], *one[2:4], id=one[0]) for one in OPERATIONS if one[1] == "GET"]
ALL = os.environ.get("SCOPES") == "all"
WRITES = [pytest.param(*one[1:], id=one[0]) for one in OPERATIONS if one[1] != "GET"]


def _filled(world: Any, path: str) -> str:
    """The path with a thing of one's own in it, as the access matrix has it."""
    pattern = path.replace("{", "<").replace("}", ">")
    decision = DECISIONS.get(f"api:{pattern.removeprefix('/api/v1')}")
    thing = _things(world, decision.thing)[0] if isinstance(decision, Decision) else ""
    return _address(pattern, thing or str(uuid4()))


def _token(world: Any, part: str, scopes: list[str]) -> dict[str, str]:
    person, by = world.person(part), world.principal(part)
    _, secret = make_token(by=by, at=world.at, person=person, name="mine", scopes=scopes, known_scopes=scopes)
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def _others(tag: str) -> list[str]:
    return [scope for scope in all_scopes() if scope.partition(":")[0] not in OWN.get(tag, {tag})]


def _told(answer: Any) -> tuple[int, bytes]:
    return answer.status_code, b"".join(answer.streaming_content) if answer.streaming else answer.content


PARTS = ("manager", "coordinator", "officer")
PUBLIC = {
    *(
        "list_places",
        "read_place",
        "read_network",
        "list_competencies",
        "list_activities",
        "read_activity",
        "list_sessions",
        "verify_certificate",
    ),
    *(
        "list_practices",
        "read_practice",
        "search_practices",
        "list_practice_questions",
        "read_practice_file",
        "list_cleared",
        "read_report",
    ),
    *("list_publication_series", "list_publications", "read_publication", "read_edition"),
}
"""Operations that ask for no token, and tell everyone the same."""
EMPTY = {"list_formers"}
"""The practice region's value was never corrected."""


@pytest.mark.parametrize(("name", "path", "tag"), READS)
def test_no_other_scope_shows_anything_and_no_write_does_and_its_own_shows_more(world: Any, name: str, path: str, tag: str) -> None:
    address, client, own = _filled(world, path), Client(), sorted(OWN.get(tag, {tag}))
    others, stranger, more = _others(tag), _told(client.get(address)), []
    for part in PARTS:
        bare = _told(client.get(address, **_token(world, part, ["nothing:read"])))
        for scopes in [others, [f"{scope}:write" for scope in own], *([scope] for scope in others if ALL)]:
            assert _told(client.get(address, **_token(world, part, scopes))) == bare or name == "read_me", (part, scopes)
        if bare[0] < 400 and stranger[0] < 400:
            assert bare == stranger, "without a scope a token shows what is public"
        more.append(_told(client.get(address, **_token(world, part, [f"{scope}:read" for scope in own]))) != bare)
    assert any(more) is (name not in PUBLIC | EMPTY), "so that the rest is not idle"


def _value(schema: dict[str, Any], world: Any) -> Any:
    schema = _resolved(schema)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("format"), schema.get("type"):
        case "uuid", _:
            return str(world.place("ATN").uuid)
        case "date", _:
            return "2027-01-01"
        case "date-time", _:
            return dt.datetime(2027, 1, 1, tzinfo=dt.UTC).isoformat()
        case _, "integer" | "number":
            return schema.get("minimum", 1)
        case _, "boolean":
            return True
        case _, "array":
            return [_value(schema["items"], world)]
        case _, "object":
            return {name: _value(part, world) for name, part in schema.get("properties", {}).items() if name in schema.get("required", ())}
    return "x" * max(1, schema.get("minLength", 1))


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema or "anyOf" in schema or "allOf" in schema:
        if "$ref" in schema:
            schema = SPEC["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        else:
            schema = (schema.get("anyOf") or schema["allOf"])[0]
    return schema


REFUSED_OTHERWISE = {"endorse_plan", "answer_offered_seat"}
"""They find nothing that this token may touch, and say that there is nothing; what they would do is not done."""


@pytest.mark.parametrize(("method", "path", "tag", "operation"), WRITES)
def test_no_other_scope_and_no_reading_one_writes_anything(world: Any, method: str, path: str, tag: str, operation: dict[str, Any]) -> None:
    address, client = _filled(world, path), Client(raise_request_exception=False)
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    body = json.dumps(_value(content, world)) if content else ""

    def send(part: str, scopes: list[str]) -> tuple[int, int]:
        """(status, entries that the journal has more)"""
        with transaction.atomic():
            token, before = _token(world, part, scopes), Entry.objects.count()
            answer = client.generic(method, address, body, content_type="application/json", **token)
            written = Entry.objects.count() - before
            transaction.set_rollback(True)
        return int(answer.status_code), written

    wrong = [*_others(tag), *(f"{scope}:read" for scope in OWN.get(tag, {tag}))]
    for part in PARTS if ALL else PARTS[:1]:
        for scopes in [wrong, *([scope] for scope in wrong if ALL)]:
            status, written = send(part, scopes)
            allowed = status in (403, 404) or operation["operationId"] in REFUSED_OTHERWISE
            assert written == 0, (part, scopes)
            assert allowed or (status == 422 and send(part, all_scopes())[0] == 422), (part, status, scopes)
