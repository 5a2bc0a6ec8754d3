"""A supervisor who is none any more: signed in they see and do no more about an officer than by a link, which is nothing then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from entrepot.capacity.evaluation.api import action_item_rules, ask_rules, lesson_rules
from entrepot.capacity.evaluation.models import ActionItem, Ask, Lesson
from entrepot.capacity.impact.api import link_rules
from entrepot.capacity.impact.models import Link
from entrepot.capacity.training.api import nomination_rules
from entrepot.capacity.training.models import Nomination
from entrepot.desk.gathered import call_all
from entrepot.ground.keeping.api import Rules, writing
from entrepot.ground.people.api import end_posting
from entrepot.ground.people.models import Posting
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.roles import Role

CASES: list[tuple[Rules[Any], str, Any, str]] = [
    (nomination_rules, "view", Nomination, "supervisor"),
    (nomination_rules, "release", Nomination, "supervisor"),
    (action_item_rules, "view", ActionItem, "nomination__supervisor"),
    (action_item_rules, "endorse", ActionItem, "nomination__supervisor"),
    (lesson_rules, "view", Lesson, "nomination__supervisor"),
    (link_rules, "back", Link, "item__nomination__supervisor"),
    (ask_rules, "view", Ask, "nomination__supervisor"),
    (ask_rules, "answer", Ask, "nomination__supervisor"),
]


def _relieve(world: Any) -> None:
    for posting in Posting.objects.filter(person=world.person("supervisor")):
        if posting.to_on is None or posting.to_on > world.at.date():
            end_posting(by=SYSTEM, at=world.at, uuid=posting.uuid, to_on=world.at.date())


def _post(world: Any, code: str) -> None:
    person, place = world.person("supervisor"), world.place(code)
    home = None if place.lineage.startswith(person.home.lineage) else person.home
    term = {"from_on": world.at.date(), "to_on": world.at.date() + timedelta(days=30)}
    with writing():
        Posting.objects.create(person=person, role=Role.SUPERVISOR, place=place, seconded_from=home, **term)


@pytest.mark.parametrize(("rules", "verb", "model", "path"), CASES)
def test_who_is_named_counts_as_long_as_they_are_a_supervisor_at_that_member(
    world: Any, rules: Any, verb: str, model: Any, path: str
) -> None:
    mine = model.objects.filter(**{path: world.person("supervisor")})
    thing = (mine.filter(form__kind="supervisor") if model is Ask else mine).first()
    assert thing

    def counts() -> bool:
        who = world.principal("supervisor")
        seen = rules.visible_to(who, verb).filter(pk=thing.pk).exists()
        assert bool(rules.may(who, verb, thing)) is seen
        return bool(seen)

    assert counts()
    _relieve(world)
    assert not counts()
    _post(world, "HIGH")
    assert not counts(), "elsewhere is not there"
    _post(world, "ATN")
    assert counts(), "above the office, and still within the Member"


def test_pages_programs_and_the_first_page_turn_a_former_supervisor_away(world: Any) -> None:
    officers = Nomination.objects.filter(supervisor=world.person("supervisor"), withdrawn_at=None)
    asked = officers.filter(activity__stage__in=("invitation", "selection", "confirmed")).select_related("activity").first()
    planned = ActionItem.objects.filter(nomination__in=officers).select_related("nomination").first()
    assert asked
    assert planned
    with writing():
        ActionItem.objects.filter(pk=planned.pk).update(endorsed_at=None, state="planned")
    plan, browser = f"/evaluation/plan/{planned.nomination.uuid}/", world.browser("supervisor")
    assert plan in [item.href for item in call_all("work", world.principal("supervisor"), world.at.date())]
    assert browser.get(plan).status_code == 200
    _relieve(world)
    assert browser.get(plan).status_code == 404
    assert browser.post(plan, {"what_to_do": "endorse"}).status_code == 404
    assert browser.get(f"/api/v1/training/activities/{asked.activity.uuid}/nominations").json() == []
    release = f"/api/v1/training/nominations/{asked.uuid}/release"
    assert browser.post(release, {"yes": False}, content_type="application/json").status_code == 404
    assert not list(call_all("work", world.principal("supervisor"), world.at.date()))
