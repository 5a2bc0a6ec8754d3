"""Check and filter agree, for every protected model, over random places, postings and days, with neighbours' data present."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.ground.access.api import principal_for
from entrepot.ground.keeping.api import Rules, writing
from entrepot.ground.people.models import Person, Posting
from entrepot.ground.region.models import Place
from entrepot.kernel.roles import ROLES, Role

RULES = list(Rules.every)


def test_every_protected_model_has_exactly_one_rule() -> None:
    models = [rules.model for rules in Rules.every]
    assert len(models) == len(set(models)) >= 6


@pytest.mark.row("R61.3")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_check_and_filter_agree(world: Any, data: st.DataObject) -> None:
    with transaction.atomic():
        places = list(Place.objects.filter(invented=True).exclude(kind__in=["region", "sub_region"]).order_by("lineage"))
        asker = data.draw(st.sampled_from(list(Person.objects.filter(home__invented=True).order_by("email", "id")[:20])), label="asker")
        with writing():
            asker.postings.all().delete()
            for _ in range(data.draw(st.integers(0, 3), label="postings")):
                role = data.draw(st.sampled_from(list(Role)))
                held_at = [place for place in places if place.kind in ROLES[role].held_at]
                place = data.draw(st.sampled_from(held_at))
                begins = data.draw(st.integers(-900, 60))
                lasts = data.draw(st.integers(1, 900))
                if Posting.objects.filter(person=asker, role=role, place=place).exists():
                    continue
                start = (world.at + timedelta(days=begins)).date()
                home = None if place.lineage.startswith(asker.home.lineage) else asker.home
                Posting.objects.create(
                    person=asker, role=role, place=place, from_on=start, to_on=start + timedelta(days=lasts), seconded_from=home
                )
        principal = principal_for(asker, world.at + timedelta(days=data.draw(st.integers(-400, 400), label="day")))
        for rules in RULES:
            every = rules.model._default_manager.order_by("-pk")
            things = list(every[: 60 : data.draw(st.integers(1, 5), label="each")])[:24]
            for verb in rules.verbs:
                filtered = set(rules.visible_to(principal, verb).filter(pk__in=[t.pk for t in things]).values_list("pk", flat=True))
                checked = {thing.pk for thing in things if rules.may(principal, verb, thing)}
                assert filtered == checked, (rules.thing, verb)
        transaction.set_rollback(True)


def test_a_scope_narrows_both_answers(world: Any) -> None:
    from entrepot.ground.people.api import person_rules

    reader = world.principal("coordinator", scopes=["people:read"])
    mine = world.person("officer")
    assert person_rules.may(reader, "view", mine)
    assert not person_rules.may(reader, "edit", mine)
    assert not person_rules.visible_to(reader, "edit").exists()
    assert not world.principal("coordinator", scopes=[]).scoped("people:read")
