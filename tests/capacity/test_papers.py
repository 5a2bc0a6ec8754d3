"""Papers handed out to participants, and the nominees as a table: who gets them, and what is in them."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from entrepot.capacity.training.models import Activity, Nomination

from .test_answering import _link
from .walking import Walk


def _hand_out(world: Any, activity: Any, part: str = "centre", name: str = "slides.txt", content: bytes = b"Day one: values") -> Any:
    data = {"title": "Slides of day one", "file": SimpleUploadedFile(name, content)}
    return world.browser(part).post(f"/programme/{activity.uuid}/papers/new/", data)


def _read(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.row("R12.2")
def test_a_paper_reaches_those_with_a_seat_and_nobody_else(world: Any) -> None:
    activity = Activity.objects.get(stage="confirmed")
    assert _hand_out(world, activity).status_code == 302
    mine = Nomination.objects.get(activity=activity, person__email="officer@practice.example")
    page = world.browser("officer").get(f"/programme/participant/{mine.uuid}/").content.decode()
    assert "Slides of day one" in page
    address = page.split("/papers/")[1].split("/")[0]
    assert _read(world.browser("officer").get(f"/programme/participant/{mine.uuid}/papers/{address}/")) == b"Day one: values"
    assert _read(world.browser("manager").get(f"/programme/{activity.uuid}/papers/{address}/")) == b"Day one: values"
    for part in ("supervisor", "coordinator", "neighbour", "analyst", ""):
        shown = world.browser(part).get(f"/programme/{activity.uuid}/")
        assert "Slides of day one" not in shown.content.decode(), part
        assert world.browser(part).get(f"/programme/{activity.uuid}/papers/{address}/").status_code in (302, 404), part
    other = Activity.objects.get(stage="design")
    assert world.browser("manager").get(f"/programme/{other.uuid}/papers/{address}/").status_code == 404, "under its own activity only"
    assert world.browser("centre").post(f"/programme/{activity.uuid}/papers/{address}/remove/").status_code == 302
    assert world.browser("officer").get(f"/programme/participant/{mine.uuid}/papers/{address}/").status_code == 404


@pytest.mark.row("R12.2")
def test_a_pass_opens_the_papers_without_a_password_and_a_release_link_does_not(world: Any) -> None:
    walk = Walk(world)
    invitation = walk.invited("ATN")["ATN"]
    walk.nominate("coordinator", invitation, 1, full_name="Losa", email="losa@practice.example", supervisor="supervisor")
    walk.send("coordinator", "post", f"/training/invitations/{invitation}/finish")
    walk.move(days=1)
    release = _link("Please release")
    nomination = walk.nominations()[0]
    walk.send("supervisor", "post", f"/training/nominations/{nomination['uuid']}/release", {"yes": True})
    walk.move(days=21)
    walk.advance("selection")
    walk.send("manager", "post", f"/training/activities/{walk.activity}/decide")
    walk.advance("confirmed")
    activity = Activity.objects.get(uuid=walk.activity)
    assert _hand_out(world, activity).status_code == 302
    walk.move(days=1)
    entry = _link("You have a seat")
    page = Client().get(entry).content.decode()
    paper = page.split("/papers/")[1].split("/")[0]
    assert _read(Client().get(f"{entry}papers/{paper}/")) == b"Day one: values"
    secret = release.rstrip("/").rsplit("/", 1)[-1]
    assert Client().get(f"/programme/participant/{secret}/papers/{paper}/").status_code in (404, 410)


def test_a_paper_that_is_not_what_it_says_is_refused_in_words(world: Any) -> None:
    activity = Activity.objects.get(stage="confirmed")
    answer = _hand_out(world, activity, name="slides.pdf", content=b"MZ\x90 no pdf at all")
    assert answer.status_code == 422
    assert "Slides of day one" in answer.content.decode(), "what was typed is still there"
    assert _hand_out(world, activity, part="coordinator").status_code in (403, 404)


@pytest.mark.row("R19.1")
def test_nominees_as_a_table_hold_what_one_may_see_and_nothing_that_runs(world: Any) -> None:
    walk = Walk(world)
    invitations = walk.invited("ATN", "HIGH")
    walk.nominate("coordinator", invitations["ATN"], 1, full_name="Losa", email="losa@practice.example", post="=HYPERLINK(1)")
    walk.nominate("neighbour", invitations["HIGH"], 1, full_name="Sonam Choden", email="sonam@practice.example")
    address = f"/programme/{walk.activity}/nominees"
    every = list(csv.reader(io.StringIO(world.browser("manager").get(f"{address}.csv").content.decode("utf-8-sig"))))
    assert [row[2] for row in every[1:]] == ["Losa", "Sonam Choden"]
    assert "'=HYPERLINK(1)" in {row[6] for row in every}
    sheet = load_workbook(io.BytesIO(world.browser("coordinator").get(f"{address}.xlsx").content)).active
    assert {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)} == {"Atoll North Customs"}
    assert world.browser("").get(f"{address}.csv").status_code == 302, "whoever is nobody is asked to sign in"
