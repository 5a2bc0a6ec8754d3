"""A client of the record store, as a learning program would be one, and statements for it."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import uuid4

from django.test import Client
from hypothesis import strategies as st

VERB = "http://adlnet.gov/expapi/verbs/"
VOIDED = VERB + "voided"
HOME = "https://learn.practice.example"


def officer(number: int = 1) -> dict[str, Any]:
    """An actor."""
    return {"account": {"homePage": HOME, "name": f"officer-{number}"}}


def statement(**more: Any) -> dict[str, Any]:
    """A sound statement, with a new identifier."""
    plain = {"id": str(uuid4()), "actor": officer(), "verb": {"id": VERB + "completed"}, "object": {"id": f"{HOME}/units/1"}}
    return {**plain, **more}


class Lrs:
    """One client with its key."""

    def __init__(self, issued: Any, version: str = "2.0.0") -> None:
        self.issued, self.version, self.http = issued, version, Client()
        self.key = issued.key
        token = base64.b64encode(f"{issued.key.key}:{issued.secret}".encode()).decode()
        self.authorization = f"Basic {token}"

    def ask(self, method: str, path: str, data: Any = None, *, media_type: str = "application/json", **headers: str) -> Any:
        """Any request; what is no bytes is sent as JSON. Headers are given as `if_match="…"`."""
        return self.ask_at(method, f"/xapi/{path}", data, media_type=media_type, **headers)

    def ask_at(self, method: str, address: str, data: Any = None, *, media_type: str = "application/json", **headers: str) -> Any:
        """The same at an address of one's own. `script_name` is the path below which the server has the product."""
        body = data if isinstance(data, bytes) else b"" if data is None else json.dumps(data).encode()
        named = {"HTTP_" + name.upper(): value for name, value in headers.items()}
        named.setdefault("HTTP_AUTHORIZATION", self.authorization)
        named.setdefault("HTTP_X_EXPERIENCE_API_VERSION", self.version)
        more = {"SCRIPT_NAME": named.pop("HTTP_SCRIPT_NAME")} if "HTTP_SCRIPT_NAME" in named else {}
        # Of an address that begins with two slashes the test client would take the first part for a host.
        path, _, query = address.partition("?")
        return self.http.generic(method, "/", body, media_type, PATH_INFO=path, QUERY_STRING=query, **more, **named)

    def post(self, data: Any, **more: Any) -> Any:
        """POST statements."""
        return self.ask("POST", "statements", data, **more)

    def get(self, path: str = "statements", **parameters: Any) -> Any:
        """GET with parameters; what is no text goes as JSON."""
        from urllib.parse import urlencode

        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
        return self.ask("GET", f"{path}?{urlencode(texts)}" if texts else path)

    def all(self, **parameters: Any) -> list[dict[str, Any]]:
        """Every statement that the parameters find, along `more`."""
        answer = self.get(**parameters)
        assert answer.status_code == 200, answer.content
        page = answer.json()
        found = list(page["statements"])
        while page["more"]:
            page = self.ask("GET", page["more"].removeprefix("/xapi/")).json()
            found += page["statements"]
        return found


_words = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=20)
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False, width=32) | _words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=6,
)
_extensions = st.dictionaries(st.sampled_from([f"{HOME}/ext/{n}" for n in range(3)]), _json, max_size=2)
_names = st.dictionaries(st.sampled_from(["en", "fr-CA", "zh-Hant", "th"]), _words, max_size=2)
actors = st.one_of(
    st.builds(officer, st.integers(0, 3)),
    st.builds(lambda n, name: {"objectType": "Agent", "mbox": f"mailto:o{n}@practice.example", "name": name}, st.integers(0, 2), _words),
    st.builds(
        lambda some: {"objectType": "Group", "member": [officer(n) for n in some]}, st.lists(st.integers(0, 3), min_size=1, max_size=3)
    ),
    st.builds(lambda n: {"objectType": "Group", "mbox": f"mailto:g{n}@practice.example", "member": [officer(n)]}, st.integers(0, 2)),
)
activities = st.builds(
    lambda n, name: {"id": f"{HOME}/units/{n}", **({"definition": {"name": name}} if name else {})}, st.integers(0, 3), _names
)
results = st.fixed_dictionaries(
    {},
    optional={
        "success": st.booleans(),
        "completion": st.booleans(),
        "response": _words,
        "score": st.fixed_dictionaries({"scaled": st.floats(-1, 1, allow_nan=False)}),
        "extensions": _extensions,
    },
)
contexts = st.fixed_dictionaries(
    {},
    optional={
        "registration": st.sampled_from([f"00000000-0000-4000-8000-00000000000{n}" for n in range(3)]),
        "instructor": actors,
        "contextActivities": st.fixed_dictionaries({}, optional={"parent": st.lists(activities, max_size=2), "grouping": activities}),
        "extensions": _extensions,
        "language": st.sampled_from(["en", "th"]),
    },
)


def with_object(thing: Any) -> Any:
    """Statements about `thing` (a strategy), identifiers included."""
    return st.fixed_dictionaries(
        {
            "id": st.uuids(version=4).map(str),
            "actor": actors,
            "verb": st.sampled_from(["completed", "passed", "answered"]).map(lambda name: {"id": VERB + name}),
            "object": thing,
        },
        optional={
            "result": results,
            "context": contexts,
            "timestamp": st.sampled_from(["2026-11-05T14:00:00Z", "2026-11-05T14:00:00.25+07:00"]),
        },
    )


sub_statements = with_object(activities).map(
    lambda one: {"objectType": "SubStatement", **{name: value for name, value in one.items() if name != "id"}}
)
statements = with_object(st.one_of(activities, actors.map(lambda one: {"objectType": "Agent", **one}), sub_statements))
