"""The region through time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from entrepot.ground.region import api
from entrepot.ground.region.enums import StandingKind
from entrepot.ground.region.models import Place, Standing
from entrepot.kernel.errors import NotAllowed
from entrepot.kernel.periods import ImpreciseDate


@pytest.mark.row("R2.4")
@pytest.mark.parametrize(
    ("day", "centres"),
    [(date(2021, 6, 1), 8), (date(2021, 12, 31), 8), (date(2022, 11, 1), 10), (date(2016, 6, 1), 7), (date(2010, 1, 1), 0)],
)
def test_the_network_is_dated(world: Any, day: date, centres: int) -> None:
    real = api.find("AP")
    assert len(api.network(real, day).centres) == centres


@pytest.mark.row("R2.4")
def test_the_network_page_shows_eight_for_2021_and_ten_for_november_2022(client: Any, world: Any) -> None:
    counts = {on: client.get(f"/api/v1/network?on={on}").json() for on in ("2021-06-01", "2022-11-01")}
    assert [len(counts[on]["centres"]) for on in counts] == [8, 10]
    assert "10 centres" in client.get("/region/?on=2022-11-01").content.decode()
    assert "8 centres" in client.get("/region/?on=2021-06-01").content.decode()


def test_thirty_five_members_in_four_groups_each_with_a_tile_of_its_own(world: Any) -> None:
    members = Place.objects.filter(kind="member", lineage__under="AP/")
    assert members.count() == 35
    assert len({(m.tile_column, m.tile_row) for m in members}) == 35
    shown = api.network(api.find("AP"), date(2024, 2, 2))
    assert len(shown.tiles) == 35
    assert len(api.network(api.find("AP"), date(2024, 2, 1)).tiles) == 34


def test_every_real_place_and_dated_fact_has_a_source_and_nobody_invented(world: Any) -> None:
    assert not Place.objects.filter(lineage__under="AP/", source=None).exists()
    assert not Standing.objects.filter(place__lineage__under="AP/", source=None).exists()
    assert not Place.objects.filter(lineage__under="AP/", people__isnull=False).exists()


def test_loading_the_facts_again_changes_nothing(world: Any) -> None:
    before = Place.objects.count(), Standing.objects.count()
    api.load_facts(at=world.at)
    assert (Place.objects.count(), Standing.objects.count()) == before


@pytest.mark.row("R6.1", "R6.4")
def test_the_vice_chairs_powers_move_on_the_day_and_the_past_one_keeps_the_term(world: Any) -> None:
    from entrepot.ground.journal.api import entry_rules

    now, past = world.principal("vicechair"), world.principal("pastvicechair")
    px = api.find("PX")
    assert api.place_rules.may(now, "oversee", px)
    assert not api.place_rules.may(past, "oversee", px)
    assert [grant.within is not None for grant in past.grants] == [True]
    assert entry_rules.visible_to(now).exists()
    assert not entry_rules.visible_to(past).filter(at__gte=world.at - timedelta(days=100)).exists()
    day = (world.at + timedelta(days=30)).date()
    api.hand_over_vice_chair(by=world.principal("admin"), at=world.at, region=px, member=world.place("DELT"), since=ImpreciseDate(day))
    assert api.place_rules.may(world.principal("vicechair", days=29), "oversee", px)
    assert not api.place_rules.may(world.principal("vicechair", days=31), "oversee", px)


def test_terms_do_not_overlap(world: Any) -> None:
    px = api.find("PX")
    with pytest.raises(api.OverlappingStanding):
        api.date_fact(
            by=world.principal("admin"),
            at=world.at,
            kind=StandingKind.VICE_CHAIR,
            place=world.place("ATN"),
            other=px,
            since=ImpreciseDate(world.at.date()),
        )


@pytest.mark.row("R2.1", "R2.2")
def test_a_centre_manager_edits_that_centre_only(world: Any) -> None:
    by = world.principal("centre")
    sagara, meridian = world.place("RTC-SAG"), world.place("RTC-MERI")
    api.edit_place(by=by, at=world.at, uuid=sagara.uuid, values={"specialities": ["post"]}, version=sagara.version)
    with pytest.raises(NotAllowed):
        api.edit_place(by=by, at=world.at, uuid=meridian.uuid, values={"city": "Elsewhere"}, version=meridian.version)
    shown = world.browser().get(f"/region/{sagara.uuid}/").content.decode()
    assert "Auditorium" in shown
    assert "120 seats" in shown
    assert "practice, invented" in shown


def test_a_bad_date_gets_a_clear_message(client: Any, world: Any) -> None:
    answer = client.get("/region/?on=soon")
    assert answer.status_code == 422
    assert "2022-11" in answer.content.decode()


@pytest.mark.row("R2.1")
def test_laboratories_and_dog_centres_stand_in_the_practice_region(world: Any) -> None:
    page = world.browser().get("/region/?region=PX").content.decode()
    assert "Kala Customs Laboratory" in page
    assert "Steppe Detector Dog Centre" in page
