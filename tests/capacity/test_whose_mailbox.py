"""Whose statements a mailbox brings: an address that nobody proved reads, and erases, nothing that another administration holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from entrepot.capacity.records.actions.people import match
from entrepot.capacity.records.api import transcript
from entrepot.capacity.records.models import Agent
from entrepot.desk.gathered import erasers, movers, readiers
from entrepot.ground.people.api import edit, erase, merge, register, reset_password
from entrepot.ground.people.models import Person
from entrepot.ground.people.rules import RESET
from entrepot.ground.work.api import work_off
from entrepot.kernel.principals import SYSTEM, Principal, PrincipalKind
from tests.capacity.lrs import HOME, Lrs, statement

MAILBOX = "learner@elsewhere.example"
EXAM = f"{HOME}/exam"


def _sits_an_exam(client: Lrs) -> str:
    sent = statement(actor={"name": "Learner", "mbox": f"mailto:{MAILBOX}"}, object={"id": EXAM}, result={"response": "in confidence"})
    assert client.post(sent).status_code == 200
    return str(sent["id"])


def _says_it_is_theirs(world: Any) -> Client:
    browser, person = world.browser("officer", fresh=True), world.person("officer")
    sent = {"full_name": person.full_name, "email": MAILBOX, "language": "en"}
    assert browser.post(f"/people/{person.uuid}/edit/", sent).status_code == 302
    return browser


def _read(principal: Any, person: Any, among: Iterable[str]) -> set[str]:
    return {str(one.uuid) for one in transcript(principal, person.pk)} & set(among)


@pytest.mark.parametrize("first", ["statement", "address"])
@pytest.mark.parametrize("code", ["DELT", "RTC-SAG", "ATN"])
def test_who_writes_down_a_strangers_address_reads_and_erases_nothing_of_theirs(world: Any, client_at: Any, code: str, first: str) -> None:
    client, sent = client_at(code), _sits_an_exam(client_at(code)) if first == "statement" else ""
    browser = _says_it_is_theirs(world)
    match()
    sent = sent or _sits_an_exam(client)
    match()
    assert EXAM not in browser.get("/records/mine/").content.decode()
    assert browser.get(f"/records/statements/{sent}/").status_code == 404
    assert EXAM not in browser.get("/my-data.json").content.decode()
    erase(by=SYSTEM, at=world.at, uuid=Person.objects.get(email=MAILBOX).uuid, erasers=erasers(), before=readiers())
    assert [one["actor"]["mbox"] for one in client.all() if one["id"] == sent] == [f"mailto:{MAILBOX}"]


@pytest.mark.parametrize(("code", "reads"), [("DELT", False), ("RTC-SAG", False), ("ATN", True)])
def test_a_coordinators_word_for_an_address_is_good_at_home_alone(world: Any, client_at: Any, code: str, reads: bool) -> None:
    by, sent = world.principal("coordinator"), _sits_an_exam(client_at(code))
    mele = register(by=by, at=world.at, home=world.person("coordinator").home, full_name="Mele", email=MAILBOX)
    later = world.person("officer")
    match()
    assert _read(by, mele, [sent]) == ({sent} if reads else set())
    edit(by=by, at=world.at, uuid=mele.uuid, values={"email": ""}, version=None)
    edit(by=by, at=world.at, uuid=later.uuid, values={"email": MAILBOX}, version=None)
    match()
    assert _read(by, later, [sent]) == set(), "what was matched stays with whom it was matched to"


def test_a_token_or_a_link_says_no_more_than_its_bearer(world: Any, client_at: Any) -> None:
    sent = _sits_an_exam(client_at("ATN"))
    by = world.principal("coordinator", scopes=["people:write"])
    mele = register(by=by, at=world.at, home=world.person("coordinator").home, full_name="Mele", email=MAILBOX)
    match()
    assert _read(world.principal("coordinator"), mele, [sent]) == set()


def test_who_answers_a_mail_to_it_has_proved_it(world: Any, client_at: Any) -> None:
    sent = [_sits_an_exam(client_at(code)) for code in ("DELT", "RTC-SAG", "ATN")]
    _says_it_is_theirs(world)
    match()
    person = Person.objects.get(email=MAILBOX)
    assert _read(SYSTEM, person, sent) == set()
    mail.outbox.clear()
    Client().post("/password/forgotten/", {"email": MAILBOX})
    work_off()
    link = re.findall(re.escape(settings.ADDRESS) + r"(/password/new/\S+)", str(mail.outbox[-1].body))[0]
    browser = Client()
    browser.post(browser.get(link).headers["Location"], dict.fromkeys(("password1", "password2"), "a lagoon with three herons"))
    match()
    assert match() == 0
    assert _read(SYSTEM, person, sent) == set(sent)


def test_a_link_to_one_address_proves_no_other_that_is_written_down_meanwhile(world: Any) -> None:
    person = world.person("officer")  # as it was when the link was found good
    edit(by=world.principal("officer"), at=world.at, uuid=person.uuid, values={"email": MAILBOX}, version=None)
    by = Principal(PrincipalKind.LINK, person.uuid, scopes=frozenset({RESET}), thing=person.uuid)
    reset_password(by=by, at=world.at, person=person, password="a lagoon with three herons")
    assert Person.objects.get(pk=person.pk).email_backed == ""


def test_two_records_of_one_person_bring_no_more_than_either_had(world: Any, client_at: Any) -> None:
    _sits_an_exam(client_at("DELT"))
    by = world.principal("coordinator")
    kept, dropped = (
        register(by=by, at=world.at, home=world.person("coordinator").home, full_name="Mele", email=email) for email in ("", MAILBOX)
    )
    merge(by=by, at=world.at, keep=kept.uuid, drop=dropped.uuid, movers=movers(), before=readiers())
    match()
    assert Person.objects.get(email=MAILBOX).email_backed == "home"
    assert not Agent.objects.filter(person=kept).exists()
