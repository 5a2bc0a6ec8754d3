"""The core by itself: what is sound, what is the same, what a statement says. No database."""

from __future__ import annotations

import contextlib
import copy
import itertools
import json
import random
import uuid
from collections.abc import Iterator
from datetime import UTC
from typing import Any

import msgspec
import pytest
from bench import statements as bench
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.capacity.records import core
from entrepot.capacity.records.core import multipart
from entrepot.capacity.records.core.erasing import blank
from entrepot.capacity.records.core.identities import Identity, as_agent
from entrepot.capacity.records.core.ordering import stamp
from tests.capacity.lrs import HOME, VOIDED, officer, statement, statements


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"actor": {"mbox": "ana@example.org"}}, "actor.mbox"),
        ({"actor": {**officer(), "mbox": "mailto:a@b.example"}}, "actor"),
        ({"actor": {"objectType": "Group"}}, "actor.member"),
        (
            {"actor": {"objectType": "Group", "member": [officer(), {"objectType": "Group", "mbox": "mailto:a@b.c"}]}},
            "actor.member[1].objectType",
        ),
        ({"verb": {"id": "no iri"}}, "verb.id"),
        ({"verb": {"id": f"{HOME}/v", "display": {"no language": "x"}}}, "verb.display.no language"),
        ({"object": {"id": f"{HOME}/o", "definition": {"interactionType": "guess"}}}, "object.definition.interactionType"),
        ({"object": {"id": f"{HOME}/o", "definition": {"choices": []}}}, "object.definition.interactionType"),
        ({"object": {"objectType": "activity", "id": f"{HOME}/o"}}, "object.objectType"),
        ({"result": {"score": {"scaled": 1.1}}}, "result.score.scaled"),
        ({"result": {"score": {"raw": 5, "min": 6}}}, "result.score.raw"),
        ({"result": {"duration": "fifteen minutes"}}, "result.duration"),
        ({"result": {"success": None}}, "result.success"),
        ({"context": {"contextActivities": {"parent": [{"id": f"{HOME}/p"}, {"id": 5}]}}}, "context.contextActivities.parent[1].id"),
        ({"context": {"registration": "12"}}, "context.registration"),
        ({"context": {"language": "no language"}}, "context.language"),
        ({"context": {"platform": 5}}, "context.platform"),
        ({"version": "3.0.0"}, "version"),
        ({"context": {"extensions": {"plain": 1}}}, "context.extensions.plain"),
        ({"attachments": [{"usageType": f"{HOME}/u"}]}, "attachments[0].display"),
        ({"timestamp": "2026-02-30T00:00:00Z"}, "timestamp"),
        ({"timestamp": "2026-11-05T14:00:00-00:00"}, "timestamp"),
        ({"Result": {}}, "Result"),
        ({"verb": {"id": VOIDED}}, "object.objectType"),
        ({"object": officer() | {"objectType": "Agent"}, "context": {"platform": "x"}}, "context.platform"),
    ],
)
def test_a_fault_names_the_path_that_is_wrong(change: dict[str, Any], path: str) -> None:
    faults = core.faults_of(statement(**change))
    assert [fault.path for fault in faults] == [path]
    assert str(faults[0]).startswith(path + ": ")
    assert core.read_usual(json.dumps(statement(**change)).encode()) is None


def test_every_wrong_property_is_named_at_once() -> None:
    faults = core.faults_of({"id": "x", "verb": {}, "object": {"id": f"{HOME}/o"}})
    assert [fault.path for fault in faults] == ["id", "verb.id", "actor"]


def test_context_agents_belong_to_version_two() -> None:
    agents = [{"objectType": "contextAgent", "agent": officer(), "relevantTypes": [f"{HOME}/t"]}]
    assert core.faults_of(statement(context={"contextAgents": agents}), version="2.0.0") == []
    assert core.faults_of(statement(context={"contextAgents": agents}), version="1.0.3")[0].path == "context.contextAgents"


@settings(max_examples=150, deadline=None)
@given(statements)
def test_generated_statements_are_sound_and_the_same_as_themselves_however_spelled(value: dict[str, Any]) -> None:
    assert core.faults_of(value) == []
    spelled = json.loads(json.dumps(value))
    spelled["id"] = spelled["id"].upper()
    if "objectType" not in spelled["object"]:
        spelled["object"]["objectType"] = "Activity"
    assert core.same(value, dict(reversed(list(spelled.items()))))


@settings(max_examples=150, deadline=None)
@given(statements, st.integers(0, 3), st.sampled_from([None, 0, 1]))
def test_what_is_handed_out_keeps_every_byte_of_what_came(value: dict[str, Any], spaces: int, indent: int | None) -> None:
    raw = json.dumps(value, indent=indent, separators=("," + " " * spaces, ":" + " " * spaces), ensure_ascii=bool(spaces)).encode()
    shown = core.exact(raw, uuid=value["id"], stored=stamp(5), authority=b"{}", version="2.0.0")
    before, after = (msgspec.json.decode(one, type=dict[str, msgspec.Raw]) for one in (raw, shown))
    alone = isinstance(value.get("context", {}).get("contextActivities", {}).get("grouping"), dict)
    inner = isinstance(value["object"].get("context", {}).get("contextActivities", {}).get("grouping"), dict)
    rewritten = {name for name, is_so in (("context", alone), ("object", inner)) if is_so}
    assert {name: bytes(part) for name, part in before.items() if name not in rewritten} == {
        name: bytes(after[name]) for name in before if name not in rewritten
    }
    assert core.same(value, core.read_json(shown))


@settings(max_examples=100, deadline=None)
@given(st.lists(statements, max_size=4))
def test_a_list_is_split_into_the_bytes_of_each(values: list[dict[str, Any]]) -> None:
    texts = [json.dumps(value, ensure_ascii=False).encode() for value in values]
    assert core.split(b" [ " + b" ,\n".join(texts) + b" ] ") == texts


@settings(max_examples=100, deadline=None)
@given(statements, st.integers(0, 3))
def test_an_erased_person_is_nowhere_in_the_statement_and_it_stays_sound(value: dict[str, Any], number: int) -> None:
    identity = Identity("account", f"{HOME} officer-{number}")
    stand_in = as_agent(Identity("account", "https://entrepot.invalid/erased 1"))
    after = core.read_json(blank(json.dumps(value).encode(), identity.key, stand_in))
    assert core.faults_of(after) == []
    facts = core.facts_of(after)
    assert identity.key not in facts.agents | facts.related_agents
    assert facts.verb == core.facts_of(value).verb


_CHANGES: list[Any] = [None, "", 5, -1.5, True, "-", "en", "x" * 1100, [], {}, [{}], [[[[[]]]]] * 60]
_CHANGES += ["http://a.example/b", VOIDED, "2.0.0", "1.0.3", "1.1.0", "PT1H", "\ud800", "\x00"]
_CHANGES += ["2026-02-30T00:00:00Z", "2026-11-05T14:00:00Z", "2026-11-05T14:00:60Z", "2026-11-05T14:00:00.1234567Z", "2026-11-05"]
_CHANGES += ["20261105T140000Z", "6690e6c9-3ef0-4ed3-8b37-7f3964730bee", "6690E6C9-3EF0-4ED3-8B37-7F3964730BEE"]
"""Values that some property of a statement may have, and others may not."""


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for name, held in inner for place in _places(held, (*at, name)))]


@st.composite
def _changed(draw: st.DrawFn) -> bytes:
    """A sound statement in which up to three values were replaced, taken out or added."""
    value = copy.deepcopy(draw(statements))
    for _ in range(draw(st.integers(0, 3))):
        *way, last = draw(st.sampled_from([place for place in _places(value) if place] or [("id",)]))
        holder: Any = value
        for step in way:
            holder = holder[step]
        kind = draw(st.sampled_from(("replace", "remove", "add")))
        if kind == "replace":
            holder[last] = copy.deepcopy(draw(st.sampled_from(_CHANGES)))
        elif kind == "remove":
            del holder[last]
        elif isinstance(holder, dict):
            name = draw(st.sampled_from(("id", "objectType", "name", "version", "stored", "team", "extensions", "Verb")))
            holder[name] = copy.deepcopy(draw(st.sampled_from(_CHANGES)))
    return json.dumps(value, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


@settings(max_examples=1500, deadline=None)
@given(_changed())
def test_what_is_read_by_its_parts_is_sound_and_says_the_same_in_every_version(raw: bytes) -> None:
    usual = core.read_usual(raw)
    assert core.read_usual(raw) == usual, "what is remembered is what was found"
    if usual is None:
        return
    value = core.read_json(raw)
    assert core.faults_of(value, version="1.0.3") == core.faults_of(value, version="2.0.0") == []
    assert usual == (value.get("id", ""), value.get("version", ""), core.facts_of(value))


@settings(max_examples=100, deadline=None)
@given(st.integers(50, 70), st.sampled_from(("result", "context", "object")))
def test_depth_counts_the_same_by_parts_and_whole(depth: int, where: str) -> None:
    deep = json.loads('{"https://a.example/b": ' + "[" * depth + "]" * depth + "}")
    parts = {
        "result": {"result": {"extensions": deep}},
        "context": {"context": {"contextActivities": {"other": {"id": f"{HOME}/o", "definition": {"extensions": deep}}}}},
        "object": {"object": {"id": f"{HOME}/o", "definition": {"extensions": deep}}},
    }
    raw = json.dumps(statement(**parts[where])).encode()
    usual = core.read_usual(raw)
    try:
        core.read_json(raw)
    except core.Unreadable:
        assert usual is None


@pytest.mark.parametrize("first", [b'{"response": "\xff"}', b'{"score": {"raw": 1e999}}', b'{"response": "\\ud800x\\u"}'])
def test_of_two_members_of_one_name_the_first_is_looked_at_too(first: bytes) -> None:
    raw = json.dumps(statement(result={"success": True})).encode().replace(b'"result"', b'"result": ' + first + b', "result"')
    with pytest.raises(core.Unreadable):
        core.read_json(raw)
    assert core.read_usual(raw) is None


def test_most_statements_that_officers_send_are_read_by_their_parts() -> None:
    some = itertools.islice(bench.statements(3), 500)
    assert all(core.read_usual(json.dumps(value).encode()) for value in some)
    assert (
        core.read_usual(json.dumps(statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": str(uuid.uuid4())})).encode())
        is None
    )


def test_a_change_that_matters_is_not_the_same() -> None:
    first = statement(result={"success": True})
    for change in ({"success": False}, {"success": True, "completion": True}, {"success": 1}):
        second = copy.deepcopy(first) | {"result": change}
        assert not core.same(first, second)


def _rich() -> dict[str, Any]:
    """A statement with one of everything that can be written in more than one way."""
    unit = {"id": f"{HOME}/units/1", "definition": {"name": {"en": "Origin"}, "type": f"{HOME}/type"}}
    return statement(
        actor={"objectType": "Group", "name": "A class", "member": [officer(1), {**officer(2), "name": "Ana"}]},
        verb={"id": f"{HOME}/v", "display": {"en": "did"}},
        object={**unit, "objectType": "Activity"},
        result={"duration": "PT1.234S", "score": {"scaled": 1}, "success": True},
        context={
            "registration": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
            "language": "en-GB",
            "team": {"objectType": "Group", "mbox": "mailto:team@practice.example", "member": [officer(3)]},
            "contextActivities": {"parent": [unit, {"id": f"{HOME}/units/2"}], "grouping": [{"id": f"{HOME}/all"}]},
            "contextAgents": [
                {"objectType": "contextAgent", "agent": officer(4), "relevantTypes": [f"{HOME}/t/1", f"{HOME}/t/2"]},
                {"objectType": "contextAgent", "agent": officer(5)},
            ],
            "extensions": {f"{HOME}/x": [1, 2, {"objectType": "Agent", "id": "A"}]},
        },
        timestamp="2026-11-05T14:00:00.1234+07:00",
        attachments=[
            {"usageType": f"{HOME}/u", "display": {}, "contentType": "text/plain", "length": 1, "sha2": "a" * 64, "fileUrl": HOME}
        ],
    )


def _at(value: Any, path: str) -> tuple[Any, Any]:
    """What holds the place that a path of names and numbers leads to, and the last of them."""
    *way, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
    for step in way:
        value = value[step]
    return value, last


GONE = object()
IGNORED: list[tuple[str, Any]] = [
    ("verb/display", {"fr": "a fait"}),
    ("verb/display", GONE),
    ("object/definition", {"name": {"en": "Other"}, "moreInfo": HOME}),
    ("object/definition", GONE),
    ("object/objectType", GONE),
    ("context/contextActivities/parent/0/definition", GONE),
    ("context/contextActivities/parent", [{"id": f"{HOME}/units/2"}, {"id": f"{HOME}/units/1"}]),
    ("context/contextActivities/grouping", {"id": f"{HOME}/all"}),
    ("context/contextAgents/0/relevantTypes", [f"{HOME}/t/2", f"{HOME}/t/1"]),
    ("context/contextAgents", [_rich()["context"]["contextAgents"][at] for at in (1, 0)]),
    ("context/registration", "6690E6C9-3EF0-4ED3-8B37-7F3964730BEE"),
    ("context/language", "EN-gb"),
    ("context/team/mbox", "mailto:Team@Practice.example"),
    ("context/team/member", GONE),
    ("actor/member", [{**officer(2), "objectType": "Agent"}, officer(1)]),
    ("actor/name", GONE),
    ("result/duration", "PT1.239S"),
    ("result/score", {"scaled": 1.0}),
    ("timestamp", "2026-11-05T07:00:00.123Z"),
    ("timestamp", GONE),
    ("attachments", GONE),
    ("authority", officer(9)),
    ("stored", "2026-11-05T07:00:00Z"),
]
COUNTED: list[tuple[str, Any]] = [
    ("verb/id", f"{HOME}/V"),
    ("object/id", f"{HOME}/Units/1"),
    ("context/contextActivities/parent", [{"id": f"{HOME}/units/1"}]),
    ("context/contextAgents/0/agent", officer(6)),
    ("context/contextAgents/0/relevantTypes", [f"{HOME}/t/1"]),
    ("context/team/member", [officer(7)]),
    ("context/extensions", {f"{HOME}/x": [2, 1, {"objectType": "Agent", "id": "A"}]}),
    ("context/extensions", {f"{HOME}/x": [1, 2, {"id": "A"}]}),
    ("context/extensions", {f"{HOME}/x": [1, 2, {"objectType": "Agent", "id": "a"}]}),
    ("context/registration", GONE),
    ("actor/member", [officer(1)]),
    ("actor/member", [officer(1), officer(1), officer(2)]),
    ("actor/member/1/name", "Anna"),
    ("result/duration", "PT1.24S"),
    ("result/success", 1),
    ("timestamp", "2026-11-05T07:00:00.125Z"),
]


@pytest.mark.parametrize(("path", "value", "alike"), [(*one, True) for one in IGNORED] + [(*one, False) for one in COUNTED])
@pytest.mark.parametrize("inside", [False, True], ids=["statement", "sub-statement"])
def test_what_is_no_part_of_a_statement_makes_no_difference_and_all_else_does(path: str, value: Any, alike: bool, inside: bool) -> None:
    first, second = _rich(), _rich()
    holder, name = _at(second, path)
    if value is GONE:
        del holder[name]
    else:
        holder[name] = value
    if inside:
        first, second = (
            {"actor": officer(), "verb": {"id": HOME}, "object": {"objectType": "SubStatement", **one}} for one in (first, second)
        )
    assert core.same(first, second) is core.same(second, first) is alike


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=300))
def test_multipart_is_read_as_it_was_written(first: bytes, second: bytes) -> None:
    media_type, body = multipart.write_parts(b'{"a":1}', [("aa", "text/plain", first), ("bb", "image/png", second)])
    parts = multipart.read_parts(body, multipart.boundary_of(media_type))
    assert [part.content for part in parts] == [b'{"a":1}', first, second]
    assert parts[2].headers["x-experience-api-hash"] == "bb"


def _written(value: Any, twice: Any, name: str, space: str) -> str:
    """The JSON of a value in which the object `twice` has its member `name` once more at its end."""
    if isinstance(value, dict):
        members = [*value.items(), *([(name, value[name])] if value is twice else [])]
        return "{" + ",".join(f"{json.dumps(key)}{space}:{_written(inner, twice, name, space)}" for key, inner in members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_written(inner, twice, name, space) for inner in value) + "]"
    return json.dumps(value)


def _objects(value: Any, path: str) -> Iterator[tuple[dict[str, Any], str]]:
    if isinstance(value, dict):
        yield value, path
        for name, inner in value.items():
            yield from _objects(inner, f"{path}.{name[:80]}".lstrip("."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _objects(inner, f"{path}[{index}]")


@settings(max_examples=300, deadline=None)
@given(statements, st.randoms(use_true_random=False))
def test_a_name_that_stands_twice_in_one_object_is_a_fault_wherever_it_is(value: dict[str, Any], chance: random.Random) -> None:
    assert core.read_once(json.dumps(value).encode()) == value
    value = json.loads(json.dumps(value))  # each object is itself, and no other
    twice, path = chance.choice([found for found in _objects(value, "") if found[0]])
    name, space = chance.choice(list(twice)), chance.choice(["", " ", "\t", "\r\n"])
    raw = _written(value, twice, name, space).encode()
    assert core.read_usual(raw) is None
    with pytest.raises(core.Fault) as error:
        core.read_once(raw)
    assert (error.value.path, error.value.message) == (f"{path}.{name[:80]}".lstrip("."), "stands twice in one object")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"a": 1, "a": 1}', "a"),
        ('{"a" : 1, "a": 1}', "a"),
        ('{"a": 1, "\\u0061": 1}', "a"),
        ('{"x": [{"b": {"c": 1, "d": "\\":", "c": 2}}]}', "x[0].b.c"),
        ('{"": 1, "": 1}', ""),
        ('{"a": "\\u003a", "a": 1}', "a"),
        ('{"a": "\\u003A\\u003a", "b": {"c": "\\u003a", "c": "\\u003a"}}', "b.c"),
        ('{"a": "\\\\u003a", "\\u003a": "\\u003a:", "b:": 1}', None),
        ('{"a": "\\u005cu003a", "b": 2, "b": 1}', "b"),
        ('{"a": "\\\\\\u003a\\\\\\\\u003a", "b": 2, "b": 1}', "b"),
        ('{"a": "\\":", "b": "b\\" :", "c\\\\": 1}', None),
        ('{"a": {"a": {"a": [{"a": 1}, {"a": 1}]}}}', None),
        ('{"a": 1, "A": 1, "a ": 1}', None),
        ("[" + "1" * 60 + ', {"a": "\\":"}]', None),
    ],
)
def test_names_are_told_apart_by_what_they_say_not_by_how_they_are_written(text: str, path: str | None) -> None:
    with pytest.raises(core.Fault) if path is not None else contextlib.nullcontext() as error:
        core.read_once(text.encode())
    assert path is None or error.value.path == path


@pytest.mark.parametrize("text", ["", "\\u003a", "\\u003A:", "\\\\u003a", "\\u005cu003a", "\\u005c\\u003a", "\\/\\u003a\\u005c"])
@pytest.mark.parametrize("first", ["1", '"\\u003a"', "[]", '{"mbox": "mailto:another@practice.example"}'])
def test_whatever_a_text_holds_an_actor_that_stands_twice_is_never_usual(text: str, first: str) -> None:
    once = json.dumps(statement(result={"response": "R"}))[:-1].replace('"R"', f'"{text}"') + "}"
    assert core.read_usual(once.encode())
    assert core.read_usual(("{" + f'"actor": {first}, ' + once[1:]).encode()) is None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_nothing_that_is_read_breaks_the_reader(data: bytes) -> None:
    for read in (core.read_json, core.split):
        try:
            read(data)
        except core.Unreadable as error:
            assert str(error)  # noqa: PT017  (either it is read, or the error says why not)


@given(st.datetimes(timezones=st.just(UTC)))
def test_positions_and_instants_are_each_others_inverse(at: Any) -> None:
    assert core.instant_of(core.from_instant(at)) == at
