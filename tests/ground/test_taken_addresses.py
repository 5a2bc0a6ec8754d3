"""Whether an address signs in somebody at another Member is told for few addresses a day, and for none after those."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings

from entrepot.ground.limits.core import Throttle
from entrepot.ground.people import actions
from entrepot.ground.people.api import edit, person_rules, register
from entrepot.ground.people.models import Person
from entrepot.kernel.errors import Invalid, TooManyRequests
from tests.settings import PRODUCT_LIMITS

THEIRS = ("neighbour@practice.example", "trainer@practice.example", "centre@practice.example")


@pytest.fixture(autouse=True)
def _counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("entrepot.ground.limits.requests._throttles", defaultdict(Throttle))
    with override_settings(LIMITS=PRODUCT_LIMITS | {"addresses": "2/24h"}):
        yield


def _sees(world: Any, part: str, email: str) -> bool:
    return bool(person_rules.visible_to(world.principal(part)).filter(email=email).exists())


def _answer(world: Any, part: str, email: str) -> str:
    principal = world.principal(part)
    try:
        register(by=principal, at=world.at, home=world.person("coordinator").home, full_name="Mele", email=email)
    except (Invalid, TooManyRequests) as error:
        return error.code
    return "registered"


def test_after_few_refusals_a_free_address_is_answered_as_a_taken_one_is(world: Any) -> None:
    theirs = [email for email in THEIRS if not _sees(world, "coordinator", email)]
    assert len(theirs) >= 2
    before = Person.objects.count()
    assert [_answer(world, "coordinator", email) for email in (theirs[0], theirs[0])] == ["invalid", "invalid"]
    assert [_answer(world, "coordinator", email) for email in (theirs[1], "free@practice.example")] == ["too-many-requests"] * 2
    assert Person.objects.count() == before
    assert _answer(world, "coordinator", "") == "registered", "who has no address is registered all the same"


def test_editing_asks_the_same_way(world: Any) -> None:
    mine = register(by=world.principal("coordinator"), at=world.at, home=world.person("coordinator").home, full_name="Mele")
    answers = []
    for email in (THEIRS[0], THEIRS[0], "free@practice.example"):
        try:
            edit(by=world.principal("coordinator"), at=world.at, uuid=mine.uuid, values={"email": email}, version=None)
            answers.append("changed")
        except (Invalid, TooManyRequests) as error:
            answers.append(error.code)
    assert answers == ["invalid", "invalid", "too-many-requests"]


def test_an_address_that_somebody_else_took_a_moment_before_is_answered_as_a_taken_one(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    who: dict[str, Any] = {"by": world.principal("coordinator"), "at": world.at}
    home = world.person("coordinator").home
    mine = register(**who, home=home, full_name="Sina")
    real, sees_nobody = actions._refuse_taken_address, iter([True, True, False, True, False])  # each looks before the other has written
    monkeypatch.setattr(actions, "_refuse_taken_address", lambda *given, **more: None if next(sees_nobody) else real(*given, **more))
    register(**who, home=home, full_name="Mele", email="mele@practice.example")
    for late in (
        lambda: register(**who, home=home, full_name="Mele", email="mele@practice.example"),
        lambda: edit(**who, uuid=mine.uuid, values={"email": "mele@practice.example"}, version=None),
    ):
        with pytest.raises(Invalid) as error:
            late()
        assert set(error.value.faults) == {"email"}
    assert Person.objects.filter(email="mele@practice.example").count() == 1


def test_who_may_see_the_holder_anyhow_is_not_counted(world: Any) -> None:
    assert [_answer(world, "admin", THEIRS[0]) for _ in range(4)] == ["invalid"] * 4
    own = "officer@practice.example"
    assert _sees(world, "coordinator", own)
    assert [_answer(world, "coordinator", own) for _ in range(4)] == ["invalid"] * 4
    assert _answer(world, "coordinator", "free@practice.example") == "registered"


def test_who_is_over_the_limit_mends_a_name_all_the_same(world: Any) -> None:
    who = world.principal("coordinator")
    with_address = register(by=who, at=world.at, home=world.person("coordinator").home, full_name="Mele", email="mele@practice.example")
    assert [_answer(world, "coordinator", THEIRS[0]) for _ in range(3)] == ["invalid", "invalid", "too-many-requests"]
    values = {"full_name": "Mele Tui", "email": "mele@practice.example"}
    assert edit(by=who, at=world.at, uuid=with_address.uuid, values=values, version=None).full_name == "Mele Tui"


def test_no_flood_of_other_names_makes_it_forget_whom_it_told(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrepot.ground.limits.requests._throttles", defaultdict(lambda: Throttle(most=5)))
    assert [_answer(world, "coordinator", THEIRS[0]) for _ in range(3)] == ["invalid", "invalid", "too-many-requests"]
    for number in range(10):  # tokens that are none: each has a count of its own
        Client().get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer {number}")
    assert _answer(world, "coordinator", THEIRS[0]) == "too-many-requests"
