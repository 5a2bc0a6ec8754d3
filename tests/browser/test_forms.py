"""What is typed into a form: it survives a reload and a sign-in that ends, and is gone when it should be."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from entrepot.capacity.needs.models import Need

pytestmark = pytest.mark.browser
WORDS = "Twelve parcels a day, undervalued “by habit”"


def _seen(page: Any, name: str) -> None:
    """A picture at both widths, where `PICTURES` names a folder."""
    folder = os.environ.get("PICTURES")
    for width in (360, 1440) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=str(Path(folder or "") / f"{name}-{width}.png"), full_page=True)


def test_a_draft_survives_a_reload_and_an_ended_sign_in_and_is_nobody_elses(
    chromium: Any, live_server: Any, signed_in: Any, transactional_world: Any
) -> None:
    context = chromium.new_context(base_url=live_server.url)
    context.add_cookies(signed_in("coordinator"))
    page = context.new_page()
    page.goto("/programme/needs/new/")
    page.locator("[name=evidence]").fill(WORDS)
    page.reload()
    assert page.locator("[name=evidence]").input_value() == WORDS
    assert "zone" in {cookie["name"] for cookie in context.cookies()}

    page.locator("[name=officers]").fill("3")
    page.locator("[name=competency]").select_option(index=1)
    context.clear_cookies(name="sessionid")
    page.locator("main form button").last.click()
    page.get_by_role("heading", name="You are not signed in").wait_for()
    _seen(page, "not-signed-in")
    context.add_cookies(signed_in("coordinator"))
    page.get_by_role("button", name="Send it again").click()
    page.wait_for_url(lambda url: "/needs/new/" not in url)
    assert Need.objects.order_by("-id")[0].evidence == WORDS

    page.goto("/programme/needs/new/")
    assert page.locator("[name=evidence]").input_value() == "", "what was sent is no draft any more"
    page.locator("[name=evidence]").fill("Half a sentence")
    context.clear_cookies(name="sessionid")
    page.goto("/")
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:'))") == [], (
        "nobody is signed in: nothing stays"
    )
    for part, address, name in (
        ("officer", "/today/", "today"),
        ("manager", f"/programme/{_activity()}/selection/", "selection"),
        ("coordinator", _replace(), "replace"),
        ("coordinator", _replace().partition("replace")[0], "invitation"),
    ):
        if os.environ.get("PICTURES"):
            context.clear_cookies(name="sessionid")
            context.add_cookies(signed_in(part))
            page.goto(address)
            _seen(page, name)
    context.close()


def _activity() -> Any:
    from entrepot.capacity.training.models import Activity

    return Activity.objects.get(stage="selection").uuid


def _replace() -> str:
    from entrepot.capacity.training.models import Nomination

    seat = Nomination.objects.select_related("invitation").get(
        activity__stage="confirmed", person__email="officer@practice.example", outcome="seat"
    )
    return f"/programme/invitations/{seat.invitation.uuid}/replace/{seat.uuid}/"
