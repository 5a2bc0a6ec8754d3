"""Nobody comes to act as someone who holds a role that they could not give, by whatever acts on people; and everyone has somebody."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.ground.access.api import invite, principal_for, reset_second_step
from entrepot.ground.keeping.api import writing
from entrepot.ground.people import api
from entrepot.ground.people.models import Person, Posting
from entrepot.ground.region.models import Place
from entrepot.kernel.errors import DomainError, NotAllowed, NotFound
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.roles import ROLES, Role

ROUNDS = int(os.environ.get("TAKEOVERS", "25"))
HOMES = ("ATN", "ATN", "ATN", "PX-RO", "HIGH", "RTC-SAG")
COORDINATOR = (Role.NATIONAL_COORDINATOR, "ATN")
KEEPING = (COORDINATOR, COORDINATOR, (Role.REGIONAL_ADMIN, "PX-RO"), (Role.CENTRE_MANAGER, "RTC-SAG"))
ADDRESS = "attacker{}@practice.example"


def test_what_a_role_may_give_may_be_given_by_whoever_gives_that_role() -> None:
    for holder, given_ in api.GRANTABLE.items():
        for role in given_ & set(api.GRANTABLE):
            assert api.GRANTABLE[role] <= api.GRANTABLE[holder], (holder, role)


class Scene:
    """A few people with drawn homes and postings, and what one of them, the attacker, comes to control."""

    def __init__(self, data: st.DataObject, at: Any, places: dict[str, Place], held_at: dict[Role, list[Place]]) -> None:
        self.data, self.at, self.places, self.held_at = data, at, places, held_at
        self.people = [self._person(number) for number in range(data.draw(st.integers(2, 5), label="people"))]
        self.attacker = self.people[0]
        role, code = data.draw(st.sampled_from(KEEPING), label="attacker")
        self._posting(self.attacker, role, places[code], begins=-30, lasts=data.draw(st.integers(31, 90), label="keeps for"))
        self.controlled = {self.attacker.pk}
        self.tries = 0

    def _person(self, number: int) -> Person:
        home = self.places["ATN" if not number else self.data.draw(st.sampled_from(HOMES), label="home")]
        email = None if self.data.draw(st.booleans(), label="no address") and number else f"p{number}@practice.example"
        person = api.register(by=SYSTEM, at=self.at, home=home, full_name=f"P{number}", email=email or "")
        for _ in range(self.data.draw(st.integers(0, 2), label="postings")):
            role = self.data.draw(st.sampled_from(list(Role)), label="role")
            place = self.data.draw(st.sampled_from(self.held_at[role]), label="place")
            begins, lasts = self.data.draw(st.integers(-60, 60), label="begins"), self.data.draw(st.integers(1, 90), label="lasts")
            self._posting(person, role, place, begins=begins, lasts=lasts)
        return person

    def _posting(self, person: Person, role: Role, place: Place, *, begins: int, lasts: int) -> None:
        start = (self.at + timedelta(days=begins)).date()
        if not Posting.objects.filter(person=person, role=role, place=place).exists():
            home = None if place.lineage.startswith(person.home.lineage) else person.home
            to_on = start + timedelta(days=lasts)
            with writing():
                Posting.objects.create(person=person, role=role, place=place, from_on=start, to_on=to_on, seconded_from=home)

    def acts(self, by: Any, victim: Person, other: Person, at: Any) -> list[Callable[[], Any]]:
        """Each act on the victim that could end in signing in as them, tried by one whom the attacker controls."""
        self.tries += 1
        new = {"email": ADDRESS.format(self.tries)}
        who: dict[str, Any] = {"by": by, "at": at}

        def take(act: Callable[..., Any], person: Person, **more: Any) -> Callable[[], Any]:
            def run() -> None:
                act(**who, **more)
                self.controlled.add(person.pk)

            return run

        place = self.data.draw(st.sampled_from([*self.places.values()]), label="where")
        role = self.data.draw(st.sampled_from(list(Role)), label="what")
        posting = victim.postings.order_by("pk").first()
        found = [
            take(api.edit, victim, uuid=victim.uuid, values=new, version=None),
            take(api.edit, victim, uuid=victim.uuid, values={"contact_email": new["email"]}, version=None),
            take(invite, victim, uuid=victim.uuid),
            lambda: self._merge(who, keep=victim, drop=other),
            lambda: self._merge(who, keep=other, drop=victim),
            lambda: api.erase(**who, uuid=victim.uuid),
            lambda: api.post(**who, person=victim, role=role, place=place, from_on=at.date(), to_on=at.date() + timedelta(days=30)),
        ]
        if posting:
            found.append(lambda: api.end_posting(**who, uuid=posting.uuid, to_on=max(at.date(), posting.from_on + timedelta(days=1))))
        return found

    def _merge(self, who: dict[str, Any], keep: Person, drop: Person) -> None:
        """The record that is kept is the attacker's, if either was."""
        api.merge(**who, keep=keep.uuid, drop=drop.uuid)
        if {keep.pk, drop.pk} & self.controlled:
            self.controlled.add(keep.pk)

    def within(self, could: list[Any], day: date) -> bool:
        """Whether the attacker could have given, some day until now, every role that anybody whom they control holds from this day on."""
        taken = Posting.objects.filter(person__in=self.controlled - {self.attacker.pk}, person__is_active=True).select_related("place")
        lasting = [one for one in taken if one.to_on is None or one.to_on > day]
        return all(any(api.may_give(by, Role(one.role), one.place.lineage) for by in could) for one in lasting)


@pytest.fixture(scope="module")
def rooms(django_db_setup: None, django_db_blocker: Any) -> tuple[dict[str, Place], dict[Role, list[Place]]]:
    """Places of the practice region to be at home and to hold roles in."""
    with django_db_blocker.unblock():
        every = list(Place.objects.filter(invented=True).order_by("lineage"))
    near = [one for one in every if one.lineage.split("/")[-2] in {*HOMES, "ATN-1", "HIGH-1", "PX-FUND"}]
    held = {role: [one for one in near if one.kind in ROLES[role].held_at] for role in Role}
    return {one.code: one for one in near}, held


@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_sequence_of_acts_lets_one_act_as_who_holds_a_role_one_could_not_give(world: Any, rooms: Any, data: st.DataObject) -> None:
    with transaction.atomic():
        scene, now = Scene(data, world.at, *rooms), world.at
        could: list[Any] = []
        for _ in range(data.draw(st.integers(1, 6), label="acts")):
            now += timedelta(days=data.draw(st.integers(0, 20), label="days pass"))
            could.append(principal_for(scene.attacker, now))
            actor = Person.objects.get(pk=data.draw(st.sampled_from(sorted(scene.controlled)), label="acting as"))
            victim, other = (Person.objects.get(pk=data.draw(st.sampled_from([p.pk for p in scene.people]))) for _ in range(2))
            for act in scene.acts(principal_for(actor, now), victim, other, now):
                if data.draw(st.booleans(), label="try"):
                    try:
                        with transaction.atomic():
                            act()
                    except DomainError:
                        continue
                    assert scene.within(could, now.date())
        transaction.set_rollback(True)


@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_for_everyone_there_is_somebody_who_may_act_for_them(world: Any, rooms: Any, data: st.DataObject) -> None:
    with transaction.atomic():
        scene = Scene(data, world.at, *rooms)
        admin, coordinator = world.principal("admin"), world.principal("coordinator")
        for person in scene.people:
            # The region's administrator for everyone of the region; for the administrator another one; else the installation's operator.
            for verb in ("change address", "invite", "post", "merge", "erase", "reset second step"):
                assert api.person_rules.may(admin, verb, person), verb
                assert api.person_rules.may(SYSTEM, verb, person)
            own = person.home.code == "ATN"
            theirs = {one.role for one in person.postings.all() if one.to_on > world.at.date()}
            low = all(api.may_give(coordinator, Role(one.role), one.place.lineage) for one in person.postings.all())
            if own and low:
                assert api.person_rules.may(coordinator, "invite", person), theirs
            if not own:
                assert not api.person_rules.may(coordinator, "invite", person)
        transaction.set_rollback(True)


@pytest.mark.parametrize("role", sorted(set(Role) - api.GRANTABLE[Role.NATIONAL_COORDINATOR]))
def test_the_home_of_who_is_seconded_above_it_does_not_take_them_over(world: Any, role: Role) -> None:
    """The person may have been seconded already, or is going to be."""
    where = {kind: place for place in Place.objects.filter(invented=True).order_by("-lineage") for kind in [place.kind]}
    place = next(where[kind] for kind in sorted(ROLES[role].held_at) if kind in where)
    by, at = world.principal("coordinator"), world.at
    for begins in (-10, 10):
        victim = api.register(by=by, at=at, home=world.place("ATN"), full_name="Seconded", email=f"s{begins}@practice.example")
        twin = api.register(by=by, at=at, home=world.place("ATN"), full_name="Twin")
        start = at.date() + timedelta(days=begins)
        posting = api.post(by=SYSTEM, at=at, person=victim, role=role, place=place, from_on=start, to_on=start + timedelta(days=30))
        who: dict[str, Any] = {"by": by, "at": at}
        for act in (
            lambda: api.edit(**who, uuid=victim.uuid, values={"email": "mine@practice.example"}, version=None),  # noqa: B023
            lambda: api.edit(**who, uuid=victim.uuid, values={"contact_email": "mine@practice.example"}, version=None),  # noqa: B023
            lambda: invite(**who, uuid=victim.uuid),  # noqa: B023
            lambda: api.merge(**who, keep=twin.uuid, drop=victim.uuid),  # noqa: B023
            lambda: api.merge(**who, keep=victim.uuid, drop=twin.uuid),  # noqa: B023
            lambda: api.erase(**who, uuid=victim.uuid),  # noqa: B023
            lambda: api.post(**who, person=victim, role=Role.OFFICER, place=world.place("ATN-1"), from_on=start),  # noqa: B023
            lambda: reset_second_step(**who, uuid=victim.uuid),  # noqa: B023
        ):
            with pytest.raises(api.BeyondYourRole):
                act()
        with pytest.raises((NotAllowed, NotFound)):
            api.end_posting(**who, uuid=posting.uuid, to_on=start + timedelta(days=1))
        api.edit(**who, uuid=victim.uuid, values={"latin_name": "Seconded T."}, version=None)
        later = principal_for(world.person("coordinator"), at + timedelta(days=60))
        assert api.person_rules.may(later, "invite", victim), "when the role is over, the home answers for them again"


def test_pages_and_programs_ask_the_same_question(world: Any) -> None:
    home, browser = world.place("ATN"), world.browser("coordinator")
    victim = api.register(by=SYSTEM, at=world.at, home=home, full_name="Seconded", email="s@practice.example")
    day = world.at.date()
    days: dict[str, Any] = {"from_on": day, "to_on": day + timedelta(days=9)}
    posting = api.post(by=SYSTEM, at=world.at, person=victim, role=Role.PROGRAMME_MANAGER, place=world.place("PX-RO"), **days)
    sent = {"full_name": "Seconded", "language": "en", "email": "mine@practice.example", "version": victim.version}
    assert browser.post(f"/people/{victim.uuid}/edit/", sent).status_code == 302, "the name may be mended; the address is left"
    json = {"content_type": "application/json"}
    body = {"version": victim.version + 1, "email": "mine@practice.example"}
    assert browser.patch(f"/api/v1/people/{victim.uuid}", body, **json).status_code == 403
    given = {"role": "officer", "place": str(world.place("ATN-1").uuid), "from_on": str(day)}
    assert browser.post(f"/api/v1/people/{victim.uuid}/postings", given, **json).status_code == 403
    assert browser.post(f"/api/v1/postings/{posting.uuid}/end", {"to_on": str(day + timedelta(days=1))}, **json).status_code == 403
    assert browser.post(f"/me/invite/{victim.uuid}/").status_code == 403
    assert browser.post(f"/erase/{victim.uuid}/").status_code == 403
    assert browser.get(f"/people/{victim.uuid}/post/").status_code == 403
    shown = browser.get(f"/people/{victim.uuid}/").content.decode()
    assert not any(words in shown for words in ("Make an invitation link", "Give a role", "End it", "Erase this"))
    answer = browser.post("/merge/", {"keep": str(world.person("officer").uuid), "drop": str(victim.uuid)})
    assert "you cannot give" in answer.content.decode()
    victim.refresh_from_db()
    assert (victim.email, victim.merged_into_id) == ("s@practice.example", None)


def test_a_token_changes_nobodys_own_address(world: Any) -> None:
    mine = world.person("officer")
    with pytest.raises(NotAllowed):
        api.edit(
            by=world.principal("officer", scopes=["people:write", "people:read"]),
            at=world.at,
            uuid=mine.uuid,
            values={"email": "mine@practice.example"},
            version=None,
        )


def test_where_mail_of_a_seconded_person_goes_is_not_said_by_who_nominates_them(world: Any) -> None:
    home, at = world.place("ATN"), world.at
    low, high = (api.register(by=SYSTEM, at=at, home=home, full_name=name) for name in ("Stays Home", "Goes Abroad"))
    days: dict[str, Any] = {"from_on": at.date() + timedelta(days=9), "to_on": at.date() + timedelta(days=60)}
    api.post(by=SYSTEM, at=at, person=high, role=Role.NATIONAL_COORDINATOR, place=world.place("HIGH"), **days)
    for person, reached in ((low, "desk@practice.example"), (high, "")):
        api.reach_by(by=world.principal("coordinator"), at=at, person=person, contact_email="desk@practice.example")
        person.refresh_from_db()
        assert person.contact_email == reached
