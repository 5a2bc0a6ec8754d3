"""Little that is sent and becomes much: in the store by references, in answers by definitions, on pages and in work by one statement."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest

from entrepot.capacity.records import finding
from entrepot.capacity.records.actions import naming, references
from entrepot.capacity.records.core.saying import outcome_of
from entrepot.capacity.records.models import Activity, Mark, Statement
from entrepot.capacity.records.queries import site
from entrepot.capacity.records.web import views
from entrepot.capacity.records.web.xapi import statements as reading
from entrepot.desk.web import persons
from tests.capacity.lrs import HOME, Lrs, officer, statement
from tests.capacity.test_xapi import _attached


def _named(many: int) -> dict[str, Any]:
    """A statement round which so many activities stand."""
    return statement(context={"contextActivities": {"other": [{"id": f"{HOME}/other/{n}"} for n in range(many)]}})


def _referring(one: dict[str, Any]) -> dict[str, Any]:
    return statement(object={"objectType": "StatementRef", "id": one["id"]})


@pytest.mark.parametrize("first", ["together", "what is referred to", "what refers"])
def test_what_names_much_and_is_referred_to_by_many_is_refused_and_nothing_is_kept(
    lrs: Lrs, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    monkeypatch.setattr(references, "MOST_HANDED_ON", 1000)
    one = _named(40)
    many = [_referring(one) for _ in range(40)]
    sent = {"together": [[one, *many]], "what is referred to": [[one], many], "what refers": [many, [one]]}[first]
    answers = [lrs.post(some) for some in sent]
    assert [answer.status_code for answer in answers] == [200] * (len(sent) - 1) + [413]
    assert "Send fewer at a time" in answers[-1].json()["error"]
    assert Statement.objects.filter(store=lrs.key.store).count() == (len(sent[0]) if len(sent) > 1 else 0)
    assert Mark.objects.filter(store=lrs.key.store, position__gt=0).count() <= 40


def test_what_names_much_is_handed_on_to_as_many_as_that_goes(lrs: Lrs) -> None:
    one = _named(40)
    assert lrs.post([_referring(one) for _ in range(20)]).status_code == 200
    assert lrs.post([one, *(_referring(one) for _ in range(20))]).status_code == 200
    assert len(lrs.all(activity=f"{HOME}/other/39", related_activities="true")) == 41


def test_a_statement_that_many_refer_to_is_read_once(lrs: Lrs, monkeypatch: pytest.MonkeyPatch) -> None:
    one = statement()
    read: list[bytes] = []

    def reader(raw: bytes) -> Any:
        read.append(raw)
        return json.loads(raw)

    lrs.post(one)
    monkeypatch.setattr(references, "read_json", reader)
    assert lrs.post([_referring(one) for _ in range(50)]).status_code == 200
    assert len(read) == 1
    assert len(lrs.all(activity=one["object"]["id"])) == 51


def test_the_stores_definitions_fill_no_answer_beyond_its_bound_and_more_leads_to_the_rest(
    lrs: Lrs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGEST_ANSWER", 20_000)
    thing = {"id": f"{HOME}/long", "definition": {"extensions": {f"{HOME}/e": "x" * 5000}}}
    lrs.post([statement(object=thing), *(statement(object={"id": thing["id"]}) for _ in range(9))])
    answer = lrs.get(format="canonical")
    assert len(answer.content) < 21_000
    assert len(answer.json()["statements"]) == 3
    found = lrs.all(format="canonical")
    assert [one["object"]["definition"] for one in found] == [thing["definition"]] * 10
    assert len({one["id"] for one in found}) == 10


def test_the_stores_definitions_fill_no_statement_beyond_an_answer(lrs: Lrs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_ANSWER", 20_000)
    thing = {"id": f"{HOME}/long", "definition": {"extensions": {f"{HOME}/e": "x" * 5000}}}
    lrs.post(statement(object=thing))
    one = statement(context={"contextActivities": {"other": [{"id": thing["id"]}] * 100}})
    lrs.post(one)
    answer = lrs.get(statementId=one["id"], format="canonical")
    assert len(answer.content) < 40_000
    assert len(answer.json()["context"]["contextActivities"]["other"]) == 100


def test_what_a_store_gathers_of_an_activity_has_an_end_and_each_statement_keeps_its_own(lrs: Lrs) -> None:
    sent = []
    for n in range(4):
        definition = {"extensions": {f"{HOME}/{n}": "x" * (naming.LONGEST_DEFINITION // 3)}}
        sent.append(statement(object={"id": f"{HOME}/gathered", "definition": definition}))
        assert lrs.post(sent[-1]).status_code == 200
    assert len(bytes(Activity.objects.get(iri=f"{HOME}/gathered").definition)) <= naming.LONGEST_DEFINITION
    assert set(lrs.get("activities", activityId=f"{HOME}/gathered").json()["definition"]["extensions"]) == {f"{HOME}/0", f"{HOME}/1"}
    assert [one["object"] for one in lrs.all(ascending="true")] == [one["object"] for one in sent]


def test_a_canonical_statement_of_very_many_activities_is_handed_out(lrs: Lrs) -> None:
    one = _named(40_000)
    assert lrs.post(one).status_code == 200
    assert lrs.get(statementId=one["id"], format="canonical").status_code == 200


def test_a_signature_signs_one_statement_and_is_read_once(lrs: Lrs, monkeypatch: pytest.MonkeyPatch) -> None:
    from entrepot.capacity.records.web.xapi import writing

    read: list[bytes] = []
    monkeypatch.setattr(writing, "check_signature", lambda _value, content, _kind: read.append(content))
    usage = {"usageType": "http://adlnet.gov/expapi/attachments/signature", "contentType": "application/octet-stream"}
    one, media_type, body = _attached(statement(), b"signature", **usage)
    assert lrs.post(body, media_type=media_type).status_code == 200
    text = json.dumps(one).encode()
    for twice in (
        [{**one, "id": str(uuid4())}, {**one, "id": str(uuid4())}],
        {**one, "id": str(uuid4()), "attachments": one["attachments"] * 2},
    ):
        answer = lrs.post(body.replace(text, json.dumps(twice).encode()), media_type=media_type)
        assert answer.status_code == 400
        assert "it signs one" in answer.json()["error"]
    assert len(read) == 3


@pytest.mark.parametrize(("score", "said"), [({"raw": 10**400}, "1.00000e+400"), ({"raw": 7, "max": -(10**400)}, "7 / -1.00000e+400")])
def test_points_with_more_digits_than_a_float_holds_are_said(world: Any, client_at: Any, score: dict[str, int], said: str) -> None:
    lrs, one = client_at("ATN"), statement(result={"score": {"raw": score["raw"]}})
    assert outcome_of({"score": score}) == said
    assert lrs.post(one).status_code == 200
    browser = world.browser("coordinator")
    for address in ("/records/stream/", f"/records/statements/{one['id']}/"):
        assert browser.get(address).status_code == 200


def test_a_transcript_reads_as_many_statements_at_once_as_an_answer_holds(
    world: Any, client_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "LARGEST_ANSWER", 10_000)
    who = {"account": {"homePage": site(), "name": str(world.person("officer").uuid)}}
    sent = [statement(actor=who, result={"response": "x" * 4000}) for _ in range(5)]
    for one in sent:
        client_at("ATN").post(one)
    browser, address = world.browser("officer"), "/records/mine/"
    pages: list[list[str]] = []
    while address and len(pages) < 10:
        page = browser.get(address).content.decode()
        pages.append([uuid for uuid in re.findall(r"/records/statements/([0-9a-f-]{36})/", page) if uuid in {one["id"] for one in sent}])
        following = re.search(r'href="(\?start=\d+)"', page)
        address = "/records/mine/" + following[1] if following else ""
    assert max(map(len, pages)) == 2
    assert sorted(uuid for page in pages for uuid in page) == sorted(one["id"] for one in sent)


def test_the_page_of_a_statement_shows_the_beginning_of_a_long_one(world: Any, client_at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LONGEST_SHOWN", 2000)
    deep: Any = [1] * 2000
    for _ in range(40):
        deep = [deep]
    one = statement(result={"extensions": {f"{HOME}/deep": deep}})
    assert client_at("ATN").post(one).status_code == 200
    page = world.browser("coordinator").get(f"/records/statements/{one['id']}/").content.decode()
    shown = page.partition("<pre")[2].partition("</pre>")[0]
    assert one["id"] in shown
    assert len(shown) < 4000


def test_large_statements_are_compared_and_erased_a_part_at_a_time(world: Any, lrs: Lrs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "LARGEST_ANSWER", 10_000)
    sent = [statement(actor=officer(7), result={"response": "x" * 4000}) for _ in range(7)]
    lrs.post(sent)
    positions = list(Statement.objects.filter(store=lrs.key.store).order_by("position").values_list("position", flat=True))
    parts = list(finding.in_parts(positions))
    assert [len(part) for part in parts] == [2, 2, 2, 1]
    assert [position for part in parts for position in part] == positions
    assert lrs.post(sent).status_code == 200
    assert lrs.post([*sent[:6], {**sent[6], "result": {"response": "y"}}]).status_code == 409


def test_ones_own_data_is_no_longer_than_what_is_held(world: Any, client_at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persons, "MOST_LEGIBLE", 2000)
    deep: Any = [1] * 2000
    for _ in range(40):
        deep = [deep]
    who = {"account": {"homePage": site(), "name": str(world.person("officer").uuid)}}
    one = statement(actor=who, result={"extensions": {f"{HOME}/deep": deep}})
    browser = world.browser("officer")
    before = len(browser.get("/my-data.json").content)
    assert client_at("ATN").post(one).status_code == 200
    after = browser.get("/my-data.json")
    assert one["id"] in [told.get("id") for told in after.json()["records"]["statements"]]
    assert len(after.content) < before + 2 * len(json.dumps(one))
