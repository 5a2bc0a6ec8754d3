"""Lists are counted; the practice pack comes and goes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entrepot.desk import demo
from entrepot.desk.cli import main
from entrepot.ground.people.api import register
from entrepot.ground.people.models import Person
from entrepot.ground.region.models import Place
from entrepot.kernel.principals import SYSTEM

LISTS = ["/people/", "/journal/", "/today/", "/search/?q=pe", "/calendar/", "/region/", "/region/?region=PX", "/", "/roles/", "/me/"]
LISTS += [
    "/api/v1/people",
    "/api/v1/places",
    "/api/v1/journal",
    "/documents/",
    "/notices/",
    "/notices/settings/",
    "/api/v1/documents",
    "/api/v1/notices",
]


def _queries(browser: Any, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert browser.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("address", LISTS)
def test_every_list_takes_the_same_queries_with_more_rows(world: Any, address: str) -> None:
    browser = world.browser("coordinator")
    before = _queries(browser, address)
    for number in range(30):
        register(by=SYSTEM, at=world.at, home=world.place("ATN"), full_name=f"Person {number}")
    assert _queries(browser, address) == before
    assert before <= 15


def test_lists_are_read_to_their_end_by_cursor_each_row_once(world: Any) -> None:
    browser = world.browser("admin")
    seen, cursor = [], ""
    while True:
        body = browser.get(f"/api/v1/people?size=7&cursor={cursor}").json()
        seen += [row["uuid"] for row in body["rows"]]
        cursor = body["following"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == Person.objects.filter(home__invented=True).count()
    assert browser.get("/api/v1/people?cursor=nonsense").status_code == 422


@pytest.mark.django_db(transaction=False)
def test_the_practice_pack_is_taken_out_whole(world: Any) -> None:
    demo.remove(at=world.at)
    assert not Person.objects.exists()
    assert not Place.objects.filter(invented=True).exists()
    assert Place.objects.filter(lineage__under="AP/").count() > 35
    demo.make(at=world.at)
    first = sorted(Person.objects.values_list("full_name", "home__code"))
    demo.remove(at=world.at)
    demo.make(at=world.at)
    assert sorted(Person.objects.values_list("full_name", "home__code")) == first


def test_the_command_line_reports_and_exits_for_scripts(world: Any, capsys: Any) -> None:
    assert main(["journal", "seal"]) == 0
    assert main(["journal", "verify", "--json"]) == 0
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["faults"] == []
    assert report["length"] > 100
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET place = 'AP/' WHERE position = 3")
    assert main(["journal", "verify"]) == 1
    with pytest.raises(SystemExit) as caught:
        main(["nonsense"])
    assert caught.value.code == 2
