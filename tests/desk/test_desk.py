"""Lists are counted; the practice pack comes and goes."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from bench.filling import fill
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

import entrepot.shell
from entrepot.capacity.training.models import Activity
from entrepot.desk import demo
from entrepot.desk.cli import main
from entrepot.ground.people.models import Person
from entrepot.ground.region.models import Place

SHELL = Path(entrepot.shell.__file__).parent
LISTS = [
    "/people/{officer}/",
    "/people/{officer}/edit/",
    "/region/{member}/",
    "/people/new/",
    "/calendar/",
    "/people/",
    "/journal/",
    "/today/",
    "/search/?q=pe",
    "/calendar/",
    "/region/",
    "/region/?region=PX",
    "/",
    "/roles/",
    "/me/",
]
LISTS += [
    "/community/",
    "/community/groups/",
    "/api/v1/people",
    "/api/v1/places",
    "/api/v1/journal",
    "/documents/",
    "/notices/",
    "/notices/settings/",
    "/api/v1/documents",
    "/api/v1/notices",
]

MOST = {"/today/": 22}
"""The first page asks each room for each sort of thing that can wait, once, whatever their number."""


def _queries(browser: Any, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert browser.get(address).status_code == 200
    return len(caught)


def test_every_page_takes_the_same_queries_with_a_thousand_rows_more_and_stays_light(world: Any) -> None:
    """At most fifteen (and the demo's clock), the same with a thousand rows more of each kind; a full page is at most 30 kB compressed."""
    browser, coordinator = world.browser("coordinator"), world.person("coordinator")
    pages = [address.format(officer=world.person("officer").uuid, member=world.place("ATN").uuid) for address in LISTS]
    before = {address: _queries(browser, address) for address in pages}
    fill(reader=coordinator, at=world.at, rows=1000)
    after = {address: _queries(browser, address) for address in pages}
    assert after == before
    assert {address: count for address, count in after.items() if count > MOST.get(address, 16)} == {}
    sizes = {address: len(browser.get(address, HTTP_ACCEPT_ENCODING="gzip").content) for address in pages}
    assert {address: size for address, size in sizes.items() if size > 30_000} == {}


def test_the_first_page_load_is_at_most_a_hundred_kilobytes_compressed(world: Any) -> None:
    page = world.browser().get("/", HTTP_ACCEPT_ENCODING="gzip")
    assert page["Content-Encoding"] == "gzip"
    named = re.findall(r'(?:href|src)="/static/([^"]+)"', gzip.decompress(page.content).decode())
    assert len(named) >= 4
    fonts = [f"shell/fonts/{file.name}" for file in (SHELL / "static/shell/fonts").glob("*.woff2")]
    whole = len(page.content) + sum(len(gzip.compress((SHELL / "static" / name).read_bytes())) for name in [*named, *fonts])
    assert whole <= 100_000


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


@pytest.mark.parametrize("part", ["head", "manager", "admin", "centre", "trainer", "coordinator", "supervisor", "officer", "analyst"])
def test_what_waits_for_one_and_what_is_found_ask_each_room_at_most_once_or_so(world: Any, part: str) -> None:
    browser = world.browser(part)
    counts = {address: _queries(browser, address) for address in ("/today/", "/search/?q=ana", "/search/?q=rules+of")}
    assert {address: count for address, count in counts.items() if count > MOST.get(address, 16)} == {}, "and the demo's clock"


def test_a_page_about_one_activity_stands_with_the_programme(world: Any) -> None:
    activity = Activity.objects.get(stage="followed_up")
    browser = world.browser("manager")
    for address in (f"/programme/{activity.uuid}/", f"/evaluation/activities/{activity.uuid}/after/"):
        assert 'href="/programme/" aria-current="page"' in browser.get(address).content.decode(), address
    assert 'href="/evaluation/overdue/" aria-current="page"' in browser.get("/evaluation/overdue/").content.decode()


@pytest.mark.django_db(transaction=False)
def test_the_practice_pack_is_taken_out_whole(world: Any) -> None:
    first = sorted(Person.objects.values_list("full_name", "home__code"))
    demo.remove(at=world.at)
    assert not Person.objects.exists()
    assert not Place.objects.filter(invented=True).exists()
    assert Place.objects.filter(lineage__under="AP/").count() > 35
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


@pytest.mark.parametrize("zone", ["America", "Etc", "__pycache__", "Asia/../Asia/Tokyo", "..", "é"])
def test_a_cookie_that_names_no_time_zone_breaks_no_page(world: Any, zone: str) -> None:
    browser = world.browser()
    browser.cookies["zone"] = zone
    assert browser.get("/about/").status_code == 200


def test_the_sign_in_leads_back_to_the_whole_address_and_to_no_other(world: Any) -> None:
    asked = "/today/?a=1&next=/roles/&b=2"
    sent = world.browser().get(asked)["Location"]
    assert QueryDict(sent.partition("?")[2]).getlist("next") == [asked]
