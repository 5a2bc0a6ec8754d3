"""Registering, posting, ending, merging, erasing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from entrepot.ground.journal.models import Entry
from entrepot.ground.keeping.api import WrittenOutsideAction, writing
from entrepot.ground.people import api
from entrepot.ground.people.core import fold, sort_name, words
from entrepot.ground.people.enums import MailVia
from entrepot.ground.people.models import Person, Posting
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, StaleEdit
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.roles import Role


@given(st.text(max_size=60), st.text(max_size=20))
def test_names_of_any_script_fold_to_something_stable(name: str, family: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert all(word and " " not in word for word in words(name))
    assert len(sort_name(name, family)) <= 200


@pytest.mark.parametrize("name", ["Suri", "한지우", "อรุณ สายชล", "Nguyễn Văn An", "ثریا باغبان", "Tuʻipulotu", "Ó Súilleabháin"])
def test_a_person_is_found_by_the_beginning_of_any_word_of_the_name(world: Any, name: str) -> None:
    person = api.register(by=SYSTEM, at=world.at, home=world.place("ATN"), full_name=name)
    everyone = api.person_rules.visible_to(world.principal("coordinator"))
    for word in name.split():
        assert person in api.named(everyone, word[:3])
    assert person not in api.named(everyone, "zzz")


def test_bad_values_are_all_named_at_once_and_nothing_is_written(world: Any) -> None:
    before = Person.objects.count(), Entry.objects.count()
    with pytest.raises(Invalid) as caught:
        api.register(
            by=world.principal("coordinator"), at=world.at, home=world.place("ATN"), full_name=" ", email="nobody", time_zone="Mars/Base"
        )
    assert set(caught.value.faults) == {"full_name", "email", "time_zone"}
    assert (Person.objects.count(), Entry.objects.count()) == before


def test_a_coordinator_registers_at_home_only(world: Any) -> None:
    with pytest.raises(NotAllowed):
        api.register(by=world.principal("coordinator"), at=world.at, home=world.place("HIGH"), full_name="Planted")


def test_nobody_gives_a_role_above_their_own(world: Any) -> None:
    mine = world.person("officer")
    who: dict[str, Any] = {"by": world.principal("coordinator"), "at": world.at, "person": mine, "from_on": world.at.date()}
    for role in set(Role) - api.GRANTABLE[Role.NATIONAL_COORDINATOR]:
        with pytest.raises((api.UnableToPost, NotAllowed)):
            api.post(**who, role=role, place=world.place("ATN"))
    assert api.post(**who, role=Role.ANALYST, place=world.place("ATN")).pk
    with pytest.raises(NotAllowed):
        api.post(**who, role=Role.OFFICER, place=world.place("HIGH-1"))


@pytest.mark.row("R1.2")
def test_a_secondment_has_an_end_and_its_powers_stop_by_themselves(world: Any) -> None:
    seconded = "seconded"
    assert world.principal(seconded).grants
    assert not world.principal(seconded, days=21).grants
    with pytest.raises(Invalid) as caught:
        api.post(
            by=SYSTEM, at=world.at, person=world.person("trainer"), role=Role.HEAD, place=world.place("PX-RO"), from_on=world.at.date()
        )
    assert "to_on" in caught.value.faults
    posting = world.person(seconded).postings.get()
    assert posting.seconded_from.code == "SAG"


def test_postings_of_one_role_at_one_place_do_not_overlap(world: Any) -> None:
    person, place = world.officer_of("SAG"), world.place("SAG")
    give: dict[str, Any] = {"by": SYSTEM, "at": world.at, "person": person, "role": Role.ANALYST, "place": place}
    api.post(**give, from_on=date(2026, 1, 1), to_on=date(2026, 2, 1))
    with pytest.raises(api.OverlappingPosting):
        api.post(**give, from_on=date(2026, 1, 31))
    assert api.post(**give, from_on=date(2026, 2, 1))


def test_no_invented_person_holds_a_role_at_a_real_place(world: Any) -> None:
    from entrepot.ground.region.api import find

    with pytest.raises(Invalid):
        api.post(
            by=SYSTEM,
            at=world.at,
            person=world.person("officer"),
            role=Role.OFFICER,
            place=find("TO", region="AP/"),
            from_on=world.at.date(),
            to_on=world.at.date() + timedelta(days=9),
        )


def test_a_stale_edit_is_refused_with_both_sides(world: Any) -> None:
    mine = world.person("officer")
    by = world.principal("coordinator")
    api.edit(by=by, at=world.at, uuid=mine.uuid, values={"latin_name": "Pele A"}, version=mine.version)
    with pytest.raises(StaleEdit) as caught:
        api.edit(by=by, at=world.at, uuid=mine.uuid, values={"latin_name": "Pele B"}, version=mine.version)
    assert caught.value.theirs["latin_name"] == "Pele A"
    assert caught.value.yours["latin_name"] == "Pele B"


def test_the_edit_page_shows_both_sides_of_a_stale_edit_and_keeps_what_was_typed(world: Any) -> None:
    mine = world.person("officer")
    browser = world.browser("coordinator")
    sent = {"full_name": "Pele", "language": "en", "email": mine.email, "version": mine.version}
    assert browser.post(f"/people/{mine.uuid}/edit/", {**sent, "latin_name": "First"}).status_code == 302
    answer = browser.post(f"/people/{mine.uuid}/edit/", {**sent, "latin_name": "Second"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "First" in text
    assert 'value="Second"' in text


def test_a_neighbours_person_cannot_be_edited_nor_known(world: Any) -> None:
    theirs = world.officer_of("HIGH")
    with pytest.raises(NotFound):
        api.edit(by=world.principal("coordinator"), at=world.at, uuid=theirs.uuid, values={"full_name": "X"}, version=1)


def test_a_record_that_is_over_stays_as_it_is(world: Any) -> None:
    by, over = world.principal("coordinator"), api.register(by=SYSTEM, at=world.at, home=world.place("ATN"), full_name="Over")
    api.erase(by=by, at=world.at, uuid=over.uuid)
    with pytest.raises(Conflict):
        api.edit(by=by, at=world.at, uuid=over.uuid, values={"email": "again@practice.example"}, version=None)
    with pytest.raises(Conflict):
        api.post(by=by, at=world.at, person=over, role=Role.OFFICER, place=world.place("ATN-1"), from_on=world.at.date())
    version = Person.objects.get(pk=over.pk).version
    assert api.erase(by=by, at=world.at, uuid=over.uuid).version == version


@pytest.mark.parametrize(("ended", "seen"), [(-30, True), (0, True), (89, True), (90, False), (700, False)])
def test_who_was_seconded_is_seen_there_until_ninety_days_after(world: Any, ended: int, seen: bool) -> None:
    officer, day = world.person("officer"), world.at.date()
    neighbour, admin = world.principal("neighbour"), world.principal("admin")
    assert not api.person_rules.may(neighbour, "view", officer)
    with writing():
        term = {"from_on": day - timedelta(days=800), "to_on": day - timedelta(days=ended)}
        Posting.objects.create(person=officer, role=Role.OFFICER, place=world.place("HIGH"), seconded_from=officer.home, **term)
    assert bool(api.person_rules.may(neighbour, "view", officer)) is seen
    assert api.person_rules.visible_to(neighbour).filter(pk=officer.pk).exists() is seen
    assert (world.browser("neighbour").get(f"/api/v1/people/{officer.uuid}").status_code == 200) is seen
    assert api.person_rules.may(admin, "view", officer), "who keeps the home sees on"


@pytest.mark.row("R42.4")
def test_erasing_leaves_nothing_that_identifies(world: Any) -> None:
    mine = world.person("officer")
    browser = world.browser("officer", fresh=True)
    data = browser.get("/my-data.json").json()
    assert data["people"]["full_name"] == "Pele"
    assert browser.post(f"/erase/{mine.uuid}/").status_code == 302
    mine.refresh_from_db()
    assert (mine.full_name, mine.email, mine.is_active, mine.erased_at is not None) == ("—", None, False, True)
    assert not mine.name_words.exists()
    assert not mine.check_password("practice-region-2026")
    assert not api.in_force(world.at.date() + timedelta(days=1)).filter(person=mine).exists()
    assert Entry.objects.filter(thing_uuid=mine.uuid, verb="people.person.erased").exists()


def test_merging_moves_postings_and_ends_the_other_record(world: Any) -> None:
    by = world.principal("coordinator")
    twin = api.register(by=by, at=world.at, home=world.place("ATN"), full_name="Pele (twin)")
    api.post(by=by, at=world.at, person=twin, role=Role.ANALYST, place=world.place("ATN"), from_on=date(2026, 1, 1))
    kept = api.merge(by=by, at=world.at, keep=world.person("officer").uuid, drop=twin.uuid)
    assert kept.postings.filter(role=Role.ANALYST).exists()
    twin.refresh_from_db()
    assert twin.merged_into == kept
    assert twin not in api.listed(api.person_rules.visible_to(by))
    with pytest.raises(NotFound):
        api.merge(by=by, at=world.at, keep=kept.uuid, drop=world.officer_of("HIGH").uuid)


def test_tables_are_written_by_actions_only(world: Any) -> None:
    person = world.person("officer")
    with pytest.raises(WrittenOutsideAction):
        Person.objects.filter(pk=person.pk).update(full_name="x")
    with pytest.raises(WrittenOutsideAction):
        person.delete()
    person.full_name = "x"
    with pytest.raises(WrittenOutsideAction):
        person.save()


@pytest.mark.parametrize(
    "broken",
    [
        {"role": "emperor"},
        {"from_on": date(2026, 2, 1), "to_on": date(2026, 2, 1)},
        {"seconded": True},
    ],
)
def test_the_database_itself_refuses(world: Any, broken: dict[str, Any]) -> None:
    place = world.place("ATN")
    values: dict[str, Any] = {"person": world.person("officer"), "place": place, "role": "officer", "from_on": date(2026, 1, 1)}
    if broken.pop("seconded", False):
        values["seconded_from"] = place
    with pytest.raises(IntegrityError), transaction.atomic(), writing():
        Posting.objects.create(**{**values, **broken})


@pytest.mark.parametrize(
    "twin",
    [
        "Own@Practice.Example",
        " own@practice.example\u200b",
        "ｏｗｎ@practice.example",
        "own＠practice.example",
        "own@pract\u00adice.example",
    ],
)
def test_an_address_however_it_is_spelt_signs_in_one_person(world: Any, twin: str) -> None:
    first = api.register(by=SYSTEM, at=world.at, home=world.place("ATN"), full_name="One", email="own@practice.example")
    with pytest.raises(Invalid) as caught:
        api.register(by=world.principal("coordinator"), at=world.at, home=world.place("ATN"), full_name="Two", email=twin)
    assert set(caught.value.faults) == {"email"}
    assert Person.objects.get_by_natural_key(twin) == first


def test_the_database_holds_an_address_in_one_spelling_only(world: Any) -> None:
    person = world.person("officer")
    api.edit(by=SYSTEM, at=world.at, uuid=person.uuid, values={"email": "x@münchen.example"}, version=None)
    person.refresh_from_db()
    assert person.email == "x@xn--mnchen-3ya.example"
    for name, wrong in (
        ("email", "Neighbour@practice.example"),
        ("email", "neighbour@practice.example"),
        ("email", "x@münchen.example"),
        ("contact_email", "Desk@practice.example"),
        ("contact_email", "desk@münchen.example"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), writing():
            Person.objects.filter(pk=person.pk).update(**{name: wrong})


@pytest.mark.parametrize(
    "wrong", ['"a\x01"@practice.example', "x@", "@practice.example", "x@a..example", "x" * 250 + "@practice.example", "x@é\ud800"]
)
def test_what_mail_could_not_be_sent_to_is_refused(world: Any, wrong: str) -> None:
    for name in ("email", "contact_email"):
        with pytest.raises(Invalid):
            api.edit(by=SYSTEM, at=world.at, uuid=world.person("officer").uuid, values={name: wrong}, version=None)


def test_a_contact_address_is_shared_and_mail_finds_its_way(world: Any) -> None:
    day, desk = world.at.date(), "Desk@customs.example"
    one, two = (
        api.register(by=world.principal("coordinator"), at=world.at, home=world.place("ATN"), full_name=name, contact_email=desk)
        for name in ("Ana", "Losa")
    )
    assert one.contact_email == two.contact_email == "desk@customs.example"
    assert api.mail_route(one, day) == api.MailRoute(MailVia.CONTACT, ("desk@customs.example",))
    own = world.person("officer")
    api.edit(by=world.principal("coordinator"), at=world.at, uuid=own.uuid, values={"contact_email": desk}, version=None)
    own.refresh_from_db()
    assert api.mail_route(own, day) == api.MailRoute(MailVia.SIGN_IN, ("officer@practice.example",))
    assert api.mail_route(own, day, but=own.email).via == MailVia.CONTACT
    alone = api.register(by=SYSTEM, at=world.at, home=world.place("ATN"), full_name="Alone")
    assert api.mail_route(alone, day) == api.MailRoute(MailVia.COORDINATOR, ("coordinator@practice.example",))
    assert api.mail_route(api.register(by=SYSTEM, at=world.at, home=world.place("RTC-SAG"), full_name="Far"), day).via == MailVia.NONE
    signed = world.browser().post("/sign-in/", {"login": desk, "password": "practice-region-2026"})
    assert signed.status_code == 200, "a contact address signs in nobody"
