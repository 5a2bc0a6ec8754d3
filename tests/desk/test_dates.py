"""Days at the ends of the calendar, wherever one is read: refused in words, never an answer of 500."""

from __future__ import annotations

import copy
import importlib
import json
import pkgutil
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import schemathesis
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import entrepot
from entrepot.capacity.records.api import make_key
from entrepot.capacity.training.models import Activity, Invitation, Nomination, Session
from entrepot.ground.keeping.api import writing
from entrepot.ground.people.api import post
from entrepot.ground.people.models import Person, Posting
from entrepot.kernel.errors import Invalid
from entrepot.kernel.periods import ImpreciseDate
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.roles import Role
from tests.capacity.lrs import HOME, Lrs, statement

from .test_fuzz import SCHEMA

DAYS = ["0001-01-01", "0001-01-02", "1799-12-31", "2200-01-01", "9999-12-30", "9999-12-31"]
MOMENTS = [f"{day}T{clock}" for day in (DAYS[0], DAYS[-1]) for clock in ("00:00:00Z", "23:59:59Z", "00:00:00+14:00", "23:59:59-12:00")]


def _form_fields() -> list[tuple[type[forms.Form], str]]:
    """Every date of every form of ours, found by importing all that draws pages."""
    for module in pkgutil.walk_packages(entrepot.__path__, "entrepot."):
        if ".web." in module.name:
            importlib.import_module(module.name)
    found, waiting = [], [forms.BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        dates = [
            name for name, field in getattr(form, "base_fields", {}).items() if isinstance(field, forms.DateField | forms.DateTimeField)
        ]
        found += [(form, name) for name in dates if form.__module__.startswith("entrepot.")]
    return found


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_every_date_of_every_form_refuses_a_year_that_nobody_means(zone: str) -> None:
    fields = _form_fields()
    assert len(fields) > 12
    with timezone.override(zone):
        for form, name in fields:
            field = form.base_fields[name]
            for day in DAYS:
                given = day if isinstance(field, forms.DateField) else f"{day}T00:30"
                with pytest.raises(ValidationError):
                    field.clean(given)
            field.clean("2026-11-05" if isinstance(field, forms.DateField) else "2026-11-05T09:00")


def _with_extreme_dates(schema: Any) -> tuple[Any, bool]:
    """A copy of a schema in which a date is one of the ends of the calendar, and whether it holds any."""
    found = False

    def walk(part: Any) -> Any:
        nonlocal found
        if isinstance(part, dict):
            ends = {"date": DAYS, "date-time": MOMENTS}.get(part.get("format", "")) if part.get("type") == "string" else None
            if ends:
                found = True
                return {"type": "string", "enum": ends}
            return {name: walk(one) for name, one in part.items()}
        return [walk(one) for one in part] if isinstance(part, list) else part

    return walk(schema), found


EXTREME, _ = _with_extreme_dates(copy.deepcopy(SCHEMA))


def _reads_dates(operation: dict[str, Any]) -> bool:
    read = [operation.get("parameters"), operation.get("requestBody")]
    named = [body for name, body in SCHEMA["components"]["schemas"].items() if f'schemas/{name}"' in json.dumps(read)]
    return _with_extreme_dates([read, named])[1]


DATED = sorted((path, method) for path, methods in SCHEMA["paths"].items() for method, one in methods.items() if _reads_dates(one))


ASKED: dict[str, tuple[str, Callable[[], Any]]] = {
    "/people/": ("admin", lambda: Person.objects.filter(email="officer@practice.example")),
    "/postings/": ("admin", lambda: Posting.objects.filter(person__email="officer@practice.example")),
    "/nominations/": ("officer", lambda: Nomination.objects.filter(person__email="officer@practice.example")),
    "/sessions/": ("manager", Session.objects.all),
    "/invitations/": ("manager", Invitation.objects.all),
    "/activities/": ("manager", lambda: Activity.objects.order_by("-id")),
    "": ("manager", Activity.objects.none),
}
"""Who sends dates to which things, by a part of the address."""


@pytest.mark.parametrize(("path", "method"), DATED)
def test_no_date_sent_by_a_program_breaks_the_server(world: Any, path: str, method: str) -> None:
    operation = schemathesis.openapi.from_dict(EXTREME)[path][method]
    part, thing = next((who, thing) for name, (who, thing) in ASKED.items() if name in path)
    browser, things = world.browser(part), list(thing().values_list("uuid", flat=True)[:3]) or [uuid4()]

    @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), uuid=st.sampled_from(things))
    def attack(case: Any, uuid: Any) -> None:
        query = urlencode({name: str(value)[:500] for name, value in (case.query or {}).items()}, errors="replace")
        sent = {"data": case.body, "content_type": "application/json"} if isinstance(case.body, dict | list) else {}
        answer = getattr(browser, method)(path.replace("{uuid}", str(uuid)), QUERY_STRING=query, **sent)
        assert answer.status_code < 500, (query, sent)

    attack()


def test_the_operations_that_read_dates_are_found() -> None:
    assert {"/api/v1/people/{uuid}/postings", "/api/v1/reports/activities", "/api/v1/training/activities/{uuid}"} <= {
        path for path, _ in DATED
    }


@pytest.mark.parametrize("day", [*DAYS, "0001", "9999-12", "by 9999"])
def test_no_day_in_an_address_breaks_a_page(world: Any, day: str) -> None:
    with pytest.raises(Invalid):
        ImpreciseDate.parse(day)
    browser = world.browser("coordinator")
    for address in ("/region/?on={}", "/?on={}", "/reports/activities/?start={}", "/reports/activities/?end={}", "/api/v1/network?on={}"):
        assert browser.get(address.format(day)).status_code < 500, address
    for address in ("/api/v1/reports/activities?start={}", "/api/v1/reports/activities?end={}"):
        assert browser.get(address.format(day)).status_code == 422, address


def test_an_action_keeps_no_day_that_nobody_means(world: Any) -> None:
    who = {"person": world.person("officer"), "role": Role.ANALYST, "place": world.place("ATN")}
    for day in (date(1, 1, 1), date(9999, 12, 31)):
        with pytest.raises(Invalid) as caught:
            post(by=SYSTEM, at=world.at, from_on=day, **who)
        assert list(caught.value.faults) == ["from_on"]


def test_moments_at_the_ends_of_the_calendar_are_found_by_programs_and_shown_in_every_zone(world: Any) -> None:
    place = world.place("ATN")
    lrs = Lrs(make_key(by=SYSTEM, at=world.at, place=place, name="far", scopes=["all"]))
    for moment in MOMENTS:
        assert lrs.post(statement(timestamp=moment)).status_code in (200, 400), moment
        for query in (f"statements?since={moment}", f"statements?until={moment}", f"activities/profile?activityId={HOME}/1&since={moment}"):
            assert lrs.ask("GET", query.replace("+", "%2B")).status_code in (200, 400), query
    kept = lrs.all(since="0001-01-01T00:00:00Z")
    assert {one["timestamp"] for one in kept} >= {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        with writing():
            Person.objects.filter(email="coordinator@practice.example").update(time_zone=zone)
        browser = world.browser("coordinator")
        assert browser.get("/records/stream/").status_code == 200
        assert {browser.get(f"/records/statements/{one['id']}/").status_code for one in kept} == {200}
