"""What is sent to an address of something that does not exist is never taken: every address with a hole, every method that writes."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from ninja import Schema

from entrepot.desk.rest.api import api

from .test_access_matrix import routes

SCHEMA = api.get_openapi_schema()
PARTS = ("", "manager", "coordinator", "officer", "supervisor", "centre")
THEIRS = ("account_", "mfa_", "usersessions_", "xapi:")
"""Sign-in is allauth's, and the record store answers keys only: each has walks of its own."""
TURNED_AWAY = (401, 403, 404, 405, 410)


def _filled(pattern: str) -> str:
    unknown = str(uuid4())
    while "<" in pattern:
        before, _, rest = pattern.partition("<")
        hole, _, after = rest.partition(">")
        kind = hole.partition(":")[0] if ":" in hole else ""
        value = {"int": "7", "slug": "reaction"}.get(kind, "reaction" if hole == "kind" else "1" if hole == "ordinal" else unknown)
        pattern = before + value + after
    return pattern


PAGES = sorted((name, pattern) for name, pattern in routes().items() if "<" in pattern and not name.startswith(("api:", *THEIRS)))


@pytest.mark.parametrize("part", PARTS)
def test_no_page_takes_a_form_about_something_that_is_not_there(world: Any, part: str) -> None:
    browser = world.browser(part)
    taken = {}
    for name, pattern in PAGES:
        answer = browser.post(_filled(pattern), {"reason": "x", "note": "x", "what": "finish", "given": "1"})
        if answer.status_code not in TURNED_AWAY:
            taken[name] = answer.status_code
    assert taken == {}


def _example(schema: dict[str, Any]) -> Any:  # noqa: C901  (one line for each sort of schema)
    if "$ref" in schema:
        return _example(SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for several in ("anyOf", "allOf", "oneOf"):
        if several in schema:
            return _example(schema[several][0])
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    match schema.get("type"):
        case "object":
            return {name: _example(schema["properties"][name]) for name in schema.get("required", ())}
        case "array":
            return [_example(schema["items"]) for _ in range(schema.get("minItems", 0))]
        case "string":
            given = {"uuid": str(uuid4()), "date": "2026-12-09", "date-time": "2026-12-09T09:00:00Z"}
            return given.get(schema.get("format", ""), "text"[: schema.get("maxLength", 4)])
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return True
    return None


OPERATIONS = sorted(
    (path, method)
    for path, methods in SCHEMA["paths"].items()
    for method in methods
    if "{" in path and method in ("post", "put", "patch", "delete")
)


def _body(path: str, method: str) -> Any:
    content = SCHEMA["paths"][path][method].get("requestBody", {}).get("content", {})
    return _example(content["application/json"]["schema"]) if "application/json" in content else {}


@pytest.mark.parametrize("part", PARTS)
def test_no_operation_takes_a_body_about_something_that_is_not_there(world: Any, part: str) -> None:
    browser = world.browser(part)
    taken = {}
    for path, method in OPERATIONS:
        address = _filled(path.replace("{", "<").replace("}", ">"))
        answer = getattr(browser, method)(address, json.dumps(_body(path, method)), content_type="application/json")
        if answer.status_code not in TURNED_AWAY:
            taken[f"{method} {path}"] = answer.content.decode()[-160:]
    assert taken == {}


def test_no_two_rooms_give_one_name_to_what_they_send_and_take() -> None:
    """The description of the API keeps schemas by name: of two with the same name one would be described as the other."""
    known: dict[str, set[str]] = {}

    def collect(schema: type) -> None:
        for one in schema.__subclasses__():
            if one.__module__.startswith("entrepot."):
                known.setdefault(one.__name__, set()).add(one.__module__)
            collect(one)

    collect(Schema)
    assert len(known) > 60
    assert {name: rooms for name, rooms in known.items() if len(rooms) > 1} == {}
