"""Actors and persons: matched by account, mailbox or digest, at once or later; read by whom; erased, with the counts kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from entrepot.capacity.records import tables
from entrepot.capacity.records.actions import naming
from entrepot.capacity.records.actions.people import match
from entrepot.capacity.records.actions.statements import keep, receive
from entrepot.capacity.records.api import transcript
from entrepot.capacity.records.core import actor_key
from entrepot.capacity.records.models import Agent, Attachment, Document, Statement, Volume
from entrepot.capacity.records.queries import client_of, site
from entrepot.ground.keeping.api import writing
from entrepot.ground.people.api import edit, erase, merge, register
from entrepot.kernel.principals import SYSTEM
from tests.capacity.lrs import HOME, Lrs, officer, statement


def _person(world: Any, email: str | None = None, home: str = "DELT") -> Any:
    return register(by=SYSTEM, at=world.at, home=world.place(home), full_name="Quellmar Zyx", email=email)


def _ids(person: Any, principal: Any = SYSTEM) -> set[str]:
    return {str(one.uuid) for one in transcript(principal, person.pk)}


@pytest.mark.row("R28.3", "R33.4", "R30.3")
@pytest.mark.parametrize("first", ["person", "statements"])
def test_account_mailbox_and_digest_are_one_person_whichever_was_there_first(world: Any, lrs: Lrs, first: str) -> None:
    person = _person(world, "quellmar@practice.example") if first == "person" else None
    if person:
        match()
    digest = hashlib.sha1(b"mailto:quellmar@practice.example").hexdigest()
    sent = [statement(actor={"mbox": "mailto:Quellmar@practice.example"}), statement(actor={"mbox_sha1sum": digest}), statement()]
    lrs.post(sent)
    person = person or _person(world, "quellmar@practice.example")
    account = statement(actor={"account": {"homePage": site(), "name": str(person.uuid)}})
    lrs.post(account)
    match()
    assert _ids(person) == {sent[0]["id"], sent[1]["id"], account["id"]}


def test_a_new_address_is_matched_and_the_past_one_stays(world: Any, lrs: Lrs) -> None:
    person = _person(world, "before@practice.example")
    match()
    lrs.post(
        [
            early := statement(actor={"mbox": "mailto:before@practice.example"}),
            late := statement(actor={"mbox": "mailto:after@practice.example"}),
        ]
    )
    assert _ids(person) == {early["id"]}
    edit(by=SYSTEM, at=world.at, uuid=person.uuid, values={"email": "after@practice.example"}, version=None)
    assert match() == 1
    assert match() == 0
    assert _ids(person) == {early["id"], late["id"]}


def test_real_people_are_not_matched_in_practice_stores(world: Any, lrs: Lrs) -> None:
    from entrepot.ground.region.api import find

    real = register(by=SYSTEM, at=world.at, home=find("TH", region="AP/"), full_name="Somebody", email="somebody@example.org")
    lrs.post(statement(actor={"mbox": "mailto:somebody@example.org"}))
    match()
    assert _ids(real) == set()


def test_a_transcript_is_its_persons_and_their_administrations(world: Any, client_at: Any) -> None:
    person = _person(world, "seen@practice.example", home="ATN")
    centre = client_at("RTC-SAG")
    centre.post(one := statement(actor={"mbox": "mailto:seen@practice.example"}))
    match()
    from entrepot.ground.access.api import principal_for

    assert _ids(person, principal_for(person, world.at)) == {one["id"]}
    assert _ids(person, world.principal("coordinator")) == {one["id"]}
    assert _ids(person, world.principal("centre")) == {one["id"]}, "the centre that collected it"
    for part in ("neighbour", "admin", "head", "vicechair", "officer"):
        assert _ids(person, world.principal(part)) == set(), part


@pytest.mark.row("R42.4")
def test_erasing_leaves_counts_and_nothing_that_identifies(world: Any, lrs: Lrs) -> None:
    person = _person(world, "gone@practice.example")
    match()
    content = b"a photograph of the officer"
    sha2 = hashlib.sha256(content).hexdigest()
    named = {"usageType": f"{HOME}/u", "display": {"en": "x"}, "contentType": "image/png", "length": len(content), "sha2": sha2}
    who = {"name": "Quellmar Zyx", "mbox": "mailto:gone@practice.example"}
    secret = {"response": "my name is Quellmar", "score": {"scaled": 0.7}}
    sent = [statement(actor=who, result=secret), statement(context={"instructor": who}), statement()]
    from entrepot.capacity.records.core.multipart import write_parts

    attached = {**statement(actor=who), "attachments": [named]}
    media_type, body = write_parts(json.dumps(attached).encode(), [(sha2, "image/png", content)])
    assert lrs.post(sent).status_code == lrs.post(body, media_type=media_type).status_code == 200
    lrs.ask(
        "PUT",
        "agents/profile?profileId=p&agent=" + json.dumps({"mbox": who["mbox"]}).replace(" ", ""),
        {"q": "Quellmar"},
        if_none_match="*",
    )
    counted = Statement.objects.filter(store=lrs.key.store).values_list("verb", flat=True)
    before, volume = sorted(counted.all()), Volume.objects.get(key=lrs.key).statements

    erase(by=SYSTEM, at=world.at, uuid=person.uuid, erasers=[_erase()])

    assert sorted(counted.all()) == before
    assert Volume.objects.get(key=lrs.key).statements == volume
    whole = (
        json.dumps(lrs.all())
        + repr(list(Agent.objects.values()))
        + repr(list(Document.objects.values()))
        + repr(list(Attachment.objects.values()))
    )
    for word in ("Quellmar", "gone@", "photograph", sha2):
        assert word not in whole, word
    assert any(one.get("result", {}).get("score") == {"scaled": 0.7} for one in lrs.all()), "what counts stays"
    assert len({one["actor"]["account"]["name"] for one in lrs.all() if "erased" in one["actor"]["account"]["homePage"]}) == 1
    # Told again, it is neither refused nor kept again.
    assert lrs.post(sent[0]).status_code == 200
    assert "Quellmar" not in json.dumps(lrs.all())


def test_a_statement_that_waits_while_names_are_taken_out_brings_its_name_again(lrs: Lrs, monkeypatch: pytest.MonkeyPatch) -> None:
    lrs.post(statement(actor=officer(7)))
    waiting = [True]

    def while_waiting(act: Callable[..., Any]) -> Callable[..., Any]:
        def waits(store: int, *given: Any, **more: Any) -> Any:
            if waiting and waiting.pop():
                # As another process does it: this one is not told, and finds out from the store.
                with writing():
                    Agent.objects.filter(key=actor_key(officer(7))).delete()
                    naming.take_out()
            return act(store, *given, **more)

        return waits

    for name in ("reserve", "keep_plain"):
        monkeypatch.setattr(tables, name, while_waiting(getattr(tables, name)))
    lrs.post(statement(actor=officer(7)))
    assert not waiting
    assert Agent.objects.filter(key=actor_key(officer(7))).exists()


def test_what_another_thread_found_out_since_is_noticed(lrs: Lrs) -> None:
    store = lrs.key.store_id
    naming.renew(store, 10)
    mine, incoming = naming.Names(store, define=True), [receive(json.dumps(statement(actor=officer(8))).encode())]
    mine.look(incoming)
    naming.renew(store, 11)  # as a thread beside this one does, which kept something meanwhile
    assert not mine.holds(11), "what this one knew at its look is of before"
    mine.settle()
    again = naming.Names(store, define=True)
    again.look(incoming)
    assert again.called({})[0].rows, "what was new then is not taken for known"


def test_a_batch_that_names_one_identifier_twice_keeps_it_once_and_an_empty_one_nothing(lrs: Lrs, world: Any) -> None:
    told = json.dumps(statement()).encode()
    twice = [receive(told), receive(told)]
    with writing():
        kept = keep(key=client_of(lrs.key), at=world.at, incoming=twice)
        assert (kept.new, len(kept.repeats)) == (1, 1)
        assert keep(key=client_of(lrs.key), at=world.at, incoming=[]).new == 0
    assert Statement.objects.filter(store=lrs.key.store_id, uuid=twice[0].uuid).count() == 1


def test_whose_an_actor_is_stands_there_with_the_first_statement(world: Any, lrs: Lrs) -> None:
    person = _person(world, "first@practice.example")
    match()
    naming.forget()
    lrs.post(statement(actor={"mbox": "mailto:first@practice.example"}))
    assert Agent.objects.get(person=person)


def _erase() -> Any:
    from entrepot.desk.gathered import person_data

    return dict(person_data())["records"].erase


def test_two_records_of_one_person_become_one_transcript(world: Any, lrs: Lrs) -> None:
    kept, dropped = _person(world, "one@practice.example"), _person(world, "two@practice.example")
    match()
    lrs.post(
        [
            first := statement(actor={"mbox": "mailto:one@practice.example"}),
            second := statement(actor={"mbox": "mailto:two@practice.example"}),
        ]
    )
    from entrepot.desk.gathered import person_data

    merge(by=SYSTEM, at=world.at, keep=kept.uuid, drop=dropped.uuid, movers=[data.merge for _, data in person_data()])
    assert _ids(kept) == {first["id"], second["id"]}


def test_ones_own_data_holds_ones_statements(world: Any, client_at: Any) -> None:
    pele = world.person("officer")
    client_at("ATN").post(statement(actor={"account": {"homePage": site(), "name": str(pele.uuid)}}, object={"id": f"{HOME}/own"}))
    match()
    data = world.browser("officer").get("/my-data.json").json()
    assert f"{HOME}/own" in json.dumps(data["records"]["statements"])
    assert officer()["account"]["name"] not in json.dumps(data)
