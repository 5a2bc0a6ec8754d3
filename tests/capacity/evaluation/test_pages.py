"""Every list of evaluation takes the same queries for two people as for twenty; what is shown to whom on them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entrepot.capacity.evaluation import actions
from entrepot.capacity.evaluation.api import report_body
from entrepot.capacity.evaluation.core import Figure
from entrepot.capacity.evaluation.models import Ask, Compilation
from entrepot.capacity.evaluation.papers import report_paper
from entrepot.capacity.evaluation.queries.reports import _only_one_test
from entrepot.capacity.training.models import Nomination
from entrepot.ground.keeping.api import writing

from .stage import Hall, hall

MANAGER = (
    *("activities/{activity}/forms/", "activities/{activity}/answers/", "activities/{activity}/silence/officer/"),
    *("activities/{activity}/after/", "activities/{activity}/reach/", "activities/{activity}/report/"),
    *("burden/", "plans/", "plans.csv", "years/", "overdue/", "forms/{form}/"),
)
API = ("activities/{activity}/forms", "activities/{activity}/cleared", "burden", "plans", "overdue")
MOST = 22
"""Of a page that draws many things together; each is read once, however many people there are."""


def _lived(world: Any, found: Hall) -> dict[str, Any]:
    """Everyone planned, answered and taught."""
    actions.follow_up(at=found.at, activity=found.activity.uuid)
    for nomination in found.activity.nominations.select_related("person"):
        who: dict[str, Any] = {"by": found.as_(nomination.person), "at": found.at, "nomination": nomination.uuid}
        actions.plan_item(**who, what="A list", due_on=found.at.date())
        actions.tell_lesson(**who, what="The list", on=found.at.date(), claimed=3)
    given = {"applied": 3, "alone": 3, "office": "yes", "taught": "no"}
    for ask in Ask.objects.filter(form__activity=found.activity, form__kind="officer").select_related("person", "form"):
        actions.answer_ask(by=found.as_(ask.person), at=found.at, uuid=ask.uuid, given=given)
    return {"activity": found.activity.uuid, "form": found.activity.forms.get(kind="officer").uuid}


def _queries(browser: Any, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(address).status_code == 200, address
    return len(caught)


def test_lists_cost_the_same_queries_for_two_people_as_for_twenty(world: Any) -> None:
    browser, found = world.browser("manager"), hall(world, members=1, each=2)
    names = _lived(world, found)
    addresses = [f"/evaluation/{page}".format(**names) for page in MANAGER] + [f"/api/v1/evaluation/{page}".format(**names) for page in API]
    before = {address: _queries(browser, address) for address in addresses}
    from . import stage

    with writing():
        for number in (1, 2, 3):
            stage._member(found, number, 6)
    for nomination in found.activity.nominations.all():
        session = found.activity.sessions.get()
        with writing():
            session.attendances.get_or_create(nomination=nomination, defaults={"mode": "in_person", "at": session.starts_at})
    _lived(world, found)
    after = {address: _queries(browser, address) for address in addresses}
    assert after == before
    assert {address: n for address, n in after.items() if n > MOST} == {}


@pytest.mark.row("R22.4", "R21.4")
def test_the_vice_chair_reads_the_years_figures_and_no_count_of_a_few_people(world: Any) -> None:
    made = Compilation.objects.order_by("-pk")[0]
    body = made.body
    body["members"] = [{"uuid": "0" * 8, "code": "ATN", "name": "Quellmar Customs", "officer": {"asked": 3, "answered": 1, "late": 0}}]
    small = {"months": 3, "n": 4, "people": 3, "whole": 4, "share": None, "low": None, "high": None, "method": ""}
    body["plans"] = [{"topic": "Customs valuation", "at": [small]}]
    with writing():
        made.body = body
        made.save()
    address = f"/evaluation/years/{made.uuid}/"
    assert "Quellmar" in world.browser("manager").get(address).content.decode()
    assert "4 items of 3 people" in world.browser("manager").get(address).content.decode()
    seen = world.browser("vicechair").get(address).content.decode()
    assert "Quellmar" not in seen
    assert "of 3 people" not in seen


@pytest.mark.row("R21.4")
def test_a_public_report_says_no_count_of_fewer_than_five(world: Any) -> None:
    found = hall(world, members=3, each=2)
    for nomination in found.activity.nominations.select_related("person"):
        who: dict[str, Any] = {"by": found.as_(nomination.person), "at": found.at, "nomination": nomination.uuid}
        actions.plan_item(**who, what="A list", due_on=found.at.date())
    made = actions.publish_report(by=world.principal("manager"), at=found.at, activity=found.activity.uuid)
    figures = made.body["figures"]
    assert [n for _, n in figures["by_member"]] == [None, None, None], "two of each of three Members"
    assert figures["attended"] == 6
    assert set(figures["balance"].values()) == {None, 6, 0}, "three women and three men are not said either"
    page = world.browser().get(f"/evaluation/activities/{found.activity.uuid}/report/").content.decode()
    assert "not said" in page
    inside = world.browser("manager").get(f"/programme/{found.activity.uuid}/").content.decode()
    assert "Officer H00 1" in inside, "those who run it see who was there"


def test_a_public_report_says_no_other_count_of_fewer_than_five_either(world: Any) -> None:
    """Who planned, whose plan was endorsed, who was decided by name, who took one of the tests."""
    found = hall(world, members=3, each=4)
    people = list(found.activity.nominations.select_related("person").order_by("pk"))
    with writing():
        Nomination.objects.filter(pk__in=[one.pk for one in people[:3]]).update(override="in", note="The Member asked for it.")

    def plan(nominations: Any) -> dict[str, Any]:
        for one in nominations:
            actions.plan_item(by=found.as_(one.person), at=found.at, nomination=one.uuid, what="A list", due_on=found.at.date())
        return dict(report_body(found.activity)["figures"])

    figures = plan(people[:2])
    assert [figures[name] for name in ("planners", "items", "endorsed", "overridden")] == [None] * 4
    assert "Fewer than five planned something" in str(report_paper(report_body(found.activity), invented=True))
    figures = plan(people[2:6])
    assert (figures["planners"], figures["items"]["n"], figures["endorsed"]) == (6, 6, 0)
    figures = plan(people[6:9])
    assert figures["planners"] is None, "the three who planned nothing are not said either"
    assert figures["items"]["n"] == 9


@pytest.mark.parametrize(("before", "after", "neither"), [(1, 0, 9), (3, 0, 0), (1, 1, 1), (2, 5, 0), (4, 4, 4)])
def test_who_took_one_test_only_is_not_said_of_few(before: int, after: int, neither: int) -> None:
    of = 6 + before + after + neither
    told = _only_one_test({"learning": {"only_before": before, "only_after": after}, "gain": Figure(0.1, 6, of)})
    assert not [n for n in told.values() if n and n < 5]
    assert told == dict.fromkeys(told) if 0 < of - 6 < 5 else True, "a nought would leave the rest to the other"
