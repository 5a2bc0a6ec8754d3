"""The pages: what arrives, one statement, transcripts, volumes, keys."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from entrepot.capacity.records.models import Key, Statement
from entrepot.capacity.records.queries import site
from tests.capacity.lrs import HOME, VOIDED, statement
from tests.markup import flat


def test_what_arrives_shows_at_once_and_is_asked_for_again_as_a_part(world: Any, client_at: Any) -> None:
    browser = world.browser("coordinator")
    lrs = client_at("ATN")
    lrs.post(
        statement(
            actor={"name": "Zyx", "mbox": "mailto:z@practice.example"}, object={"id": f"{HOME}/x", "definition": {"name": {"en": "Scales"}}}
        )
    )
    whole = browser.get("/records/stream/").content.decode()
    assert "Zyx completed Scales" in whole
    assert 'hx-trigger="every 5s"' in whole
    part = browser.get("/records/stream/", headers={"HX-Request": "true"}).content.decode()
    assert "Zyx completed Scales" in part
    assert "<html" not in part


@pytest.mark.parametrize(("words", "found"), [("zyx", True), ("Scales", True), ("completed", True), ("nobody", False)])
def test_search_finds_by_person_thing_and_verb(world: Any, client_at: Any, words: str, found: bool) -> None:
    one = statement(
        actor={"name": "Zyx", "mbox": "mailto:z@practice.example"}, object={"id": f"{HOME}/x", "definition": {"name": {"en": "Scales"}}}
    )
    client_at("ATN").post(one)
    page = world.browser("coordinator").get("/records/stream/", {"q": words}).content.decode()
    assert ("Zyx completed Scales" in page) is found


def test_the_stream_is_read_backwards_a_page_at_a_time(world: Any, client_at: Any) -> None:
    client_at("ATN").post([statement(object={"id": f"{HOME}/page/{n}"}) for n in range(120)])
    browser, address, seen = world.browser("coordinator"), "/records/stream/", []
    while address:
        page = browser.get(address).content.decode()
        seen += re.findall(r"/records/statements/([0-9a-f-]{36})/", page)
        following = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        address = "/records/stream/" + following[1].replace("&amp;", "&") if following else ""
    wanted = [
        str(one)
        for one in Statement.objects.filter(place__lineage__startswith="PX/")
        .filter(store__place=world.place("ATN"))
        .order_by("-position")
        .values_list("uuid", flat=True)
    ]
    assert seen == wanted


def test_a_statement_says_what_it_says_and_that_it_was_voided(world: Any, client_at: Any) -> None:
    lrs = client_at("ATN")
    one = statement(result={"score": {"scaled": 0.42}, "response": "<b>bold</b>"})
    lrs.post([one, statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": one["id"]})])
    page = flat(world.browser("coordinator").get(f"/records/statements/{one['id']}/"))
    assert "officer-1 completed 1</h1>" in page
    assert re.search(r'<span class="chip *">42 %</span>', page)
    assert "voided: it no longer counts" in page
    assert "<b>bold" not in page
    assert world.browser("neighbour").get(f"/records/statements/{one['id']}/").status_code == 404


@pytest.mark.row("R30.3")
def test_ones_own_records_come_from_every_store(world: Any, client_at: Any) -> None:
    who = {"account": {"homePage": site(), "name": str(world.person("officer").uuid)}}
    for code, thing in (("ATN", "here"), ("RTC-SAG", "there")):
        client_at(code).post(statement(actor=who, object={"id": f"{HOME}/{thing}"}))
    page = world.browser("officer").get("/records/mine/").content.decode()
    assert "completed here" in page
    assert "completed there" in page
    assert "completed there" in world.browser("coordinator").get(f"/records/people/{world.person('officer').uuid}/").content.decode()


def test_volumes_count_by_client_and_by_administration_and_tell_nothing_else(world: Any, client_at: Any) -> None:
    lrs = client_at("ATN")
    lrs.post([statement(actor={"name": "Zyx", "mbox": "mailto:z@practice.example"}) for _ in range(1234)])
    for part in ("head", "coordinator"):
        page = world.browser(part).get("/records/volumes/").content.decode()
        assert "1,234" in page
        assert "Zyx" not in page
    assert "1,234" not in world.browser("neighbour").get("/records/volumes/").content.decode()


def test_volumes_by_day_are_those_of_the_days_asked_for(world: Any, lrs: Any) -> None:
    from entrepot.capacity.records.queries import by_day, volumes
    from entrepot.kernel.principals import SYSTEM

    lrs.post([statement() for _ in range(3)])
    today: date = world.at.date()
    assert {line.key: line.statements for line in volumes(SYSTEM, today, today + timedelta(days=2))}[lrs.key] == 3
    assert lrs.key not in {line.key for line in volumes(SYSTEM, today - timedelta(days=9), today)}
    assert sum(by_day(SYSTEM, today, today + timedelta(days=2)).values()) >= 3


def test_a_key_is_made_renewed_and_ended_on_its_page_and_its_secret_shown_once(world: Any) -> None:
    browser = world.browser("coordinator")
    values = {"name": "Simulator", "place": world.place("ATN").pk, "scopes": ["statements/write"]}
    page = browser.post("/records/keys/", values).content.decode()
    secret = re.search(r'id="secret">([^<]+)<', page)[1]
    key = Key.objects.get(name="Simulator")
    assert secret not in browser.get("/records/keys/").content.decode()
    renewed = browser.post(f"/records/keys/{key.uuid}/rotate/").content.decode()
    assert re.search(r'id="secret">([^<]+)<', renewed)[1] != secret
    assert world.browser("neighbour").post(f"/records/keys/{key.uuid}/rotate/").status_code == 404
    assert world.browser("head").post(f"/records/keys/{key.uuid}/revoke/").status_code == 403
    browser.post(f"/records/keys/{key.uuid}/revoke/")
    key.refresh_from_db()
    assert key.revoked_at
    assert browser.post("/records/keys/", {**values, "place": world.place("HIGH").pk}).status_code == 422


def test_a_member_that_switches_records_off_has_no_pages_of_it(world: Any) -> None:
    browser = world.browser("coordinator")
    browser.post("/switches/", {"module": "records", "on": "0"})
    answer = browser.get("/records/stream/")
    assert answer.status_code == 403
    assert "switched this module off" in answer.content.decode()
    assert world.browser("neighbour").get("/records/stream/").status_code == 200


def test_lists_cost_the_same_queries_with_more_rows(world: Any, client_at: Any, django_assert_max_num_queries: Any) -> None:
    browser = world.browser("coordinator")
    for _ in range(2):
        client_at("ATN").post(
            [statement(actor={"account": {"homePage": site(), "name": str(world.person("officer").uuid)}}) for _ in range(15)]
        )
        for address in ("/records/stream/", "/records/volumes/", "/records/keys/", f"/records/people/{world.person('officer').uuid}/"):
            with django_assert_max_num_queries(22):
                assert browser.get(address).status_code == 200
