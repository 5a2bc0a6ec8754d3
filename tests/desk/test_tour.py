"""The five-minute tour: one click a step, in a demo and nowhere else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from entrepot.ground.access.api import make_token, principal_for
from entrepot.ground.people.demo import PASSWORD
from entrepot.ground.work.api import now
from tests.markup import flat


def test_each_step_opens_as_the_person_it_belongs_to(world: Any) -> None:
    front = flat(world.browser().get("/"))
    forms = re.findall(r'name="part" value="(\w+)"><input type="hidden" name="to" value="([^"]+)"', front)
    assert len(forms) == 9
    for part, to in forms:
        visitor = Client()
        answer = visitor.post("/demo/enter/", {"part": part, "to": to})
        assert answer.status_code == 302
        assert visitor.get(answer["Location"]).status_code == 200, (part, to)
        assert visitor.get("/api/v1/me").json()["uuid"] == str(world.person(part).uuid)


def test_outside_a_demo_there_is_no_such_door(world: Any, settings: Any) -> None:
    settings.DEMO = False
    visitor = Client()
    assert visitor.post("/demo/enter/", {"part": "head", "to": "/"}).status_code == 404
    assert "Five minutes" not in visitor.get("/").content.decode()
    assert "_auth_user_id" not in visitor.session


def test_outside_a_demo_nobody_invented_is_anybody_whatever_the_demo_left_behind(world: Any, settings: Any) -> None:
    """A database may have been a demo's: `make run`, then `entrepot serve`. The password of its people stands in the code."""
    admin = world.person("admin")
    held, half = Client(), {"login": admin.email, "password": PASSWORD}
    assert held.post("/demo/enter/", {"part": "admin", "to": "/"}).status_code == 302
    _, token = make_token(
        by=principal_for(admin, world.at), at=world.at, person=admin, name="x", scopes=["people:read"], known_scopes=["people:read"]
    )
    shown = {"Authorization": f"Bearer {token}"}
    assert Client(headers=shown).get("/api/v1/people").status_code == held.get("/people/").status_code == 200
    settings.DEMO = False
    visitor = Client()
    assert visitor.post("/sign-in/", half)["Location"] == "/inactive/"
    assert "_auth_user_id" not in visitor.session
    assert held.get("/people/").status_code != 200
    assert held.get("/api/v1/people").status_code == Client(headers=shown).get("/api/v1/people").status_code == 401


@pytest.mark.parametrize(
    "data",
    [
        {"part": "nobody"},
        {"part": "head@x"},
        {"part": "head", "to": "https://elsewhere.example/"},
        {"part": "head", "to": "//elsewhere.example"},
        {"part": "head", "to": "no-name-of-a-page"},
    ],
)
def test_it_lets_in_nobody_else_and_leads_nowhere_else(world: Any, data: dict[str, str]) -> None:
    visitor = Client()
    assert visitor.post("/demo/enter/", data).status_code == 404
    assert "_auth_user_id" not in visitor.session


@pytest.mark.parametrize("days", ["", "x", "-1", "0", "99999999999", "9" * 5000, "３０" * 900])
def test_the_demos_clock_is_moved_by_days_and_by_nothing_else(world: Any, days: str) -> None:
    before = now()
    answer = world.browser("officer").post("/demo/", {"days": days})
    assert answer.status_code in (302, 422)
    assert now() - before < timedelta(minutes=1)
