"""Links: good only while their person is what they were given for, changed by nobody who only looks, and silent about who is concerned."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from entrepot.capacity.evaluation.enums import FormKind
from entrepot.capacity.evaluation.models import Ask, Taught
from entrepot.capacity.evaluation.rules import ask_rules  # noqa: F401  (declares its purposes)
from entrepot.capacity.training.models import Invitation, Nomination
from entrepot.desk.gathered import notice_kinds
from entrepot.ground.access.api import JOIN, PURPOSES, link_for, make_link
from entrepot.ground.access.models import Link
from entrepot.ground.keeping.api import Rules
from entrepot.ground.keeping.grounds import Linked
from entrepot.ground.keeping.models import writing
from entrepot.ground.notices.rendering import unsubscribe_secret
from entrepot.ground.people import api as people
from entrepot.ground.people.models import Person, Posting
from entrepot.kernel.errors import NotFound
from entrepot.kernel.principals import SYSTEM
from tests.house.test_access_matrix import routes

NOTHING = "00000000-0000-0000-0000-000000000000"
Thing = tuple[Any, Any]
"""(who has the link, what it is for)"""


def _mine(model: Any, **more: Any) -> Any:
    found = model.objects.filter(**more).order_by("pk").first()
    assert found, (model, more)
    return found


def _coordinators(world: Any) -> Thing:
    return world.person("coordinator"), _mine(Invitation, place__code="ATN", sent_at__isnull=False, activity__stage="selection")


def _supervisors(world: Any) -> Thing:
    nomination = _mine(
        Nomination, supervisor__email="supervisor@practice.example", person__email="officer@practice.example", outcome="seat"
    )
    return world.person("supervisor"), nomination


def _participants(world: Any) -> Thing:
    return world.person("officer"), _mine(Nomination, person__email="officer@practice.example", outcome="seat", activity__stage="confirmed")


def _asked(kind: FormKind) -> Callable[[Any], Thing]:
    def found(_world: Any) -> Thing:
        ask = _mine(Ask, form__kind=kind, person__is_active=True, answered_at__isnull=True)
        return ask.person, ask

    return found


def _newcomers(world: Any) -> Thing:
    made = people.register(by=SYSTEM, at=world.at, home=world.place("ATN"), full_name="Ana Silva", email="ana.silva@practice.example")
    return made, made


def _colleagues(_world: Any) -> Thing:
    taught = _mine(Taught, person__is_active=True)
    return taught.person, taught


GIVEN: dict[str, list[Callable[[Any], Thing]]] = {
    "people.join": [_newcomers],
    "training.nominate": [_coordinators],
    "training.release": [_supervisors],
    "training.offer": [_participants],
    "training.pass": [_participants],
    "evaluation.endorse": [_supervisors],
    "evaluation.answer": [_asked(FormKind.OFFICER), _asked(FormKind.SUPERVISOR), _asked(FormKind.MEMBER)],
    "evaluation.confirm": [_colleagues],
}


def _write(model: Any, thing: Any, **values: Any) -> None:
    with writing():
        model.objects.filter(pk=thing.pk).update(**values)


def _other(person: Any) -> Any:
    return Person.objects.filter(home_id=person.home_id, is_active=True, postings__role="supervisor").exclude(pk=person.pk).first()


def relieved(world: Any, person: Any, _thing: Any) -> None:
    """The posting that the link stands on has ended."""
    for posting in Posting.objects.filter(person=person, to_on__isnull=True) | Posting.objects.filter(
        person=person, to_on__gt=world.at.date()
    ):
        people.end_posting(by=SYSTEM, at=world.at, uuid=posting.uuid, to_on=world.at.date())


def replaced(_world: Any, person: Any, thing: Any) -> None:
    """Another supervisor is named for the officer."""
    nomination = thing if isinstance(thing, Nomination) else thing.nomination
    _write(Nomination, nomination, supervisor=_other(person))


def moved(_world: Any, person: Any, thing: Any) -> None:
    """The nomination, the question or the confirmation is another's now."""
    _write(
        type(thing),
        thing,
        person=Person.objects.filter(is_active=True, nominations__isnull=True, home__invented=True).exclude(pk=person.pk).last(),
    )


def withdrawn(world: Any, _person: Any, thing: Any) -> None:
    """The nomination was taken back."""
    _write(Nomination, thing, withdrawn_at=world.at, outcome="")


def out(_world: Any, _person: Any, thing: Any) -> None:
    """The seat was given to another."""
    _write(Nomination, thing, outcome="waiting")


def erased(world: Any, person: Any, _thing: Any) -> None:
    """The person is erased."""
    people.erase(by=SYSTEM, at=world.at, uuid=person.uuid)


def merged(world: Any, person: Any, _thing: Any) -> None:
    """The person's record went up in another."""
    kept = people.register(by=SYSTEM, at=world.at, home=person.home, full_name=person.full_name)
    people.merge(by=SYSTEM, at=world.at, keep=kept.uuid, drop=person.uuid)


LOST: dict[str, list[Any]] = {
    "people.join": [],
    "training.nominate": [relieved],
    "training.release": [relieved, replaced, withdrawn],
    "training.offer": [moved, withdrawn],
    "training.pass": [moved, withdrawn, out],
    "evaluation.endorse": [relieved, replaced, withdrawn],
    "evaluation.answer": [moved],
    "evaluation.confirm": [moved],
}
OF_KIND = {FormKind.SUPERVISOR: [replaced, relieved], FormKind.MEMBER: [relieved]}
CASES = [
    pytest.param(purpose, number, lose, id=f"{purpose}-{number}-{lose.__name__}")
    for purpose, given in GIVEN.items()
    for number in range(len(given))
    for lose in [
        *LOST[purpose],
        *(OF_KIND.get((None, FormKind.SUPERVISOR, FormKind.MEMBER)[number], []) if len(given) == 3 else []),
        erased,
        merged,
    ]
]


def test_every_purpose_stands_in_the_table_and_is_tried_here() -> None:
    named = {
        ground.purpose for rules in Rules.every for grounds in rules.verbs.values() for ground in grounds if isinstance(ground, Linked)
    }
    assert named | {JOIN} == set(PURPOSES) == set(GIVEN) == set(LOST)
    assert all(purpose.holder for purpose in PURPOSES.values())


def test_the_table_of_purposes_stands_in_the_documents() -> None:
    text = (Path(__file__).parents[2] / "docs/security.md").read_text()
    assert not [purpose for purpose in PURPOSES.values() if f"| `{purpose.code}` | {purpose.holder} |" not in text]


def _given(world: Any, purpose: str, number: int = 0) -> tuple[Any, Any, str]:
    person, thing = GIVEN[purpose][number](world)
    return person, thing, make_link(by=SYSTEM, at=world.at, person=person, purpose=purpose, thing=thing.uuid)


@pytest.mark.parametrize(("purpose", "number", "lose"), CASES)
def test_a_link_is_dead_once_its_person_is_no_longer_what_it_was_given_for(world: Any, purpose: str, number: int, lose: Any) -> None:
    person, thing, secret = _given(world, purpose, number)
    assert link_for(secret, purpose=purpose, at=world.at).person == person
    lose(world, person, thing)
    with pytest.raises(NotFound):
        link_for(secret, purpose=purpose, at=world.at)


@pytest.mark.parametrize(
    ("purpose", "route", "form"),
    [
        ("training.release", "training:release", {"given": "1"}),
        ("evaluation.endorse", "evaluation:plan", {"what": "endorse"}),
        ("training.nominate", "training:invitation", {"what": "finish"}),
    ],
)
def test_whoever_was_replaced_or_relieved_is_told_so_and_can_do_nothing(world: Any, purpose: str, route: str, form: dict[str, str]) -> None:
    person, thing, secret = _given(world, purpose)
    (relieved if purpose == "training.nominate" else replaced)(world, person, thing)
    visitor, address = Client(), reverse(route, args=[secret])
    before = _database()
    for answer in (visitor.get(address), visitor.post(address, form)):
        assert answer.status_code == 410
        assert "someone else answers now" in answer.content.decode()
    assert _database() == before


def _database() -> dict[str, str]:
    """What each table holds, as a digest."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = hashlib.sha256(repr(sorted(map(repr, cursor.fetchall()))).encode()).hexdigest()
    return found


def _by_secret() -> dict[str, str]:
    """(name → pattern) of every address with a secret in it."""
    parts = ("<str:key>", "<str:secret>", "<key>")
    return {name: pattern for name, pattern in routes().items() if any(part in pattern for part in parts) and not name.startswith("api:")}


def _filled(pattern: str, secret: str) -> str:
    for part, value in (
        ("<str:key>", secret),
        ("<str:secret>", secret),
        ("<key>", secret),
        ("<slug:kind>", "reaction"),
        ("<base36:uidb36>", "1"),
    ):
        pattern = pattern.replace(part, value)
    pattern = pattern.replace("(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", f"1-{secret}/")
    return re.sub(r"<uuid:\w+>", NOTHING, pattern)


def test_looking_at_any_address_by_any_link_changes_nothing_and_spends_nothing(world: Any) -> None:
    """Every address × every purpose, by GET, and by HEAD and a preview's GET where it opens something: no table holds anything else."""
    secrets = {purpose: _given(world, purpose)[2] for purpose in GIVEN}
    secrets["notices"] = unsubscribe_secret(world.person("officer").uuid, "training.outcome")
    addresses, before, opened = _by_secret(), _database(), set()
    assert len(addresses) > 15
    for purpose, secret in secrets.items():
        for name, pattern in addresses.items():
            answer = Client().get(_filled(pattern, secret))
            assert answer.resolver_match, name
            assert answer.status_code in (200, 302, 404, 405, 410), (name, purpose, answer.status_code)
            if answer.status_code != 405:
                assert "no-store" in answer["Cache-Control"], name
                assert answer["Referrer-Policy"] == "strict-origin", name
            if answer.status_code == 200:
                opened.add(name)
                Client().head(_filled(pattern, secret))
                scanner = Client()
                scanner.cookies.clear()
                scanner.get(_filled(pattern, secret))
    after = _database()
    assert {table for table in before if before[table] != after[table]} == set()
    of_more = {"training:participant_paper", "training:replace_participant", "evaluation:form", "evaluation:plan_workbook"}
    closed = {
        "evaluation:take_workbook",
        "evaluation:take_plan_workbook",
        "credentials:certificate_file",
        "account_reset_password_from_key",
    }
    assert set(addresses) - opened <= of_more | closed
    for purpose in GIVEN:
        assert link_for(secrets[purpose], purpose=purpose, at=world.at), "and every link is as good as before"


ADDRESS = {
    "people.join": "access:join",
    "training.nominate": "training:invitation",
    "training.release": "training:release",
    "training.offer": "training:seat",
    "training.pass": "training:participant",
    "evaluation.endorse": "evaluation:plan",
    "evaluation.answer": "evaluation:answer",
    "evaluation.confirm": "evaluation:taught",
}


@pytest.mark.parametrize("purpose", sorted(PURPOSES))
def test_a_preview_shows_the_activitys_title_and_no_person(world: Any, purpose: str) -> None:
    person, thing, secret = _given(world, purpose)
    address = reverse(ADDRESS[purpose], args=[secret])
    messenger = Client(HTTP_USER_AGENT="WhatsApp/2")
    messenger.cookies.clear()
    names = {person.full_name}
    for path in ("person", "supervisor", "nomination__person", "nomination__supervisor", "lesson__nomination__person"):
        found: Any = thing
        for part in path.split("__"):
            found = getattr(found, part, None)
        names |= {found.full_name} if found else set()
    names |= (
        set(getattr(thing, "nominations", Person.objects.none()).values_list("person__full_name", flat=True))
        if purpose == "training.nominate"
        else set()
    )
    shown = messenger.get(address)
    text, title = shown.content.decode(), PURPOSES[purpose].title(thing.uuid)
    assert shown.status_code == 200
    assert not [name for name in names if name in text]
    assert title in text
    assert bool(title) is (purpose != JOIN)
    assert "noindex" in shown["X-Robots-Tag"]
    continued = messenger.post(address, {"continue_to_page": "1"})
    assert (continued.status_code, continued["Location"]) == (303, address)
    page = messenger.get(address)
    assert page.status_code == 200
    assert "continue_to_page" not in page.content.decode()
    again = _given(world, "training.pass")[2]
    assert "continue_to_page" not in messenger.get(reverse("training:participant", args=[again])).content.decode(), (
        "asked once in a browser"
    )


def test_another_sites_form_presses_nobodys_button(world: Any) -> None:
    address = reverse("notices:off", args=["nothing"])
    answer = Client(enforce_csrf_checks=True).post(address, {"continue_to_page": "1"}, HTTP_ORIGIN="https://elsewhere.example")
    assert "opens_links" not in answer.cookies
    assert answer.status_code != 303


def test_a_mail_program_unsubscribes_with_one_request_and_a_scanner_does_not(world: Any) -> None:
    kind = next(kind.code for kind in notice_kinds() if not kind.essential)
    address = reverse("notices:off", args=[unsubscribe_secret(world.person("officer").uuid, kind)])
    scanner, program = Client(), Client(enforce_csrf_checks=True)
    for one in (scanner, program):
        one.cookies.clear()
    before = _database()
    assert scanner.get(address).status_code == 200
    assert _database() == before
    assert program.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded").status_code == 200
    assert _database() != before


def test_no_log_holds_a_secret(world: Any, caplog: Any, capfd: Any) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = [_given(world, "training.release")[2], "wrong" + 27 * "A"]
    for secret in secrets:
        visitor = Client(raise_request_exception=False)
        for pattern in _by_secret().values():
            visitor.get(_filled(pattern, secret) + "nothing-here/")
            visitor.get(_filled(pattern, secret))
            visitor.put(_filled(pattern, secret))
        Client(enforce_csrf_checks=True).post(reverse("training:release", args=[secret]))
        visitor.get("/sign-in/", {"next": reverse("training:release", args=[secret]), "x": 1})
        logging.getLogger("django.request").error("Internal Server Error: %s", reverse("training:seat", args=[secret]))
        logging.getLogger("granian.access").info(
            "%(path)s %(query)s", {"path": reverse("training:seat", args=[secret]), "query": f"a=/b/{secret}"}
        )
        logging.getLogger("a.monitor").warning(f"could not fetch {reverse('evaluation:plan', args=[secret])}")  # noqa: G004
    written = caplog.text + "".join(capfd.readouterr())
    assert "/programme/seat/***/" in written
    assert not [secret for secret in secrets if secret in written]


def test_a_link_whose_thing_cannot_be_seen_sends_nobody_to_the_sign_in_with_its_secret(world: Any) -> None:
    _, thing, secret = _given(world, "evaluation.answer")
    address = reverse("evaluation:answer", args=[secret])
    with writing():
        Link.objects.filter(thing=thing.uuid).update(thing=world.person("officer").uuid)
    answer = Client().get(address)
    assert answer.status_code in (404, 410)
    assert secret not in str(answer.headers)
