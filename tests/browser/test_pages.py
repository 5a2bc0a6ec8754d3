"""Every distinct page in a real browser: axe finds nothing, nothing is wider than the screen, and it works by keyboard."""

from __future__ import annotations

import os
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
PAGES: list[tuple[str, str]] = [
    *(("", address) for address in ("/", "/region/", "/region/?region=PX", "/search/?q=lag", "/calendar/", "/roles/", "/about/", "/demo/")),
    *(("", address) for address in ("/sign-in/", "/password/forgotten/", "/nowhere/", "/region/?on=soon", "/me/join/none/")),
    *(("coordinator", address) for address in ("/today/", "/people/", "/people/new/", "/journal/", "/me/", "/switches/", "/merge/")),
    *(("coordinator", address) for address in ("/people/{officer}/", "/people/{officer}/edit/", "/people/{officer}/post/")),
    *(("coordinator", address) for address in ("/erase/{officer}/", "/me/password/", "/region/{member}/", "/region/{member}/edit/")),
    *(("coordinator", address) for address in ("/me/second-step/", "/me/sessions/")),
    ("admin", "/region/{region}/vice-chair/"),
    *(("coordinator", f"/records/{page}/") for page in ("stream", "mine", "volumes", "keys", "statements/{statement}")),
]
LOOKS = [(360, "light"), (1440, "dark"), (360, "dark"), (1440, "light")]


def _open(chromium: Any, width: int, theme: str, cookies: list[dict[str, Any]]) -> Any:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    if cookies:
        context.add_cookies(cookies)
    return context


def test_axe_finds_nothing_and_no_page_is_wider_than_the_screen(
    chromium: Any, live_server: Any, signed_in: Any, transactional_world: Any
) -> None:
    from entrepot.capacity.records.models import Statement

    world = transactional_world
    names = {"officer": world.person("officer").uuid, "member": world.place("ATN").uuid, "region": world.place("PX").uuid}
    names["statement"] = Statement.objects.filter(place=world.place("ATN"))[0].uuid
    faults: list[str] = []
    for number, (part, address) in enumerate(PAGES):
        looks = LOOKS if os.environ.get("AXE_ALL") else [LOOKS[number % 2], LOOKS[2 + number % 2]][: 1 + number % 2]
        for width, theme in looks:
            context = _open(chromium, width, theme, signed_in(part))
            page = context.new_page()
            wrong: list[str] = []
            page.on("console", lambda message, wrong=wrong: wrong.append(message.text) if message.type == "error" else None)
            page.goto(live_server.url + address.format(**names))
            results = Axe().run(page)
            for violation in results.response["violations"]:
                nodes = [node["html"][:120] for node in violation["nodes"][:3]]
                faults.append(f"{part}{address} {width} {theme}: {violation['id']} {nodes}")
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                faults.append(f"{address} {width}: wider than the screen")
            faults += [f"{address}: {text}" for text in wrong if "404" not in text and "422" not in text]
            context.close()
    assert faults == [], "\n".join(faults)


def test_a_coordinator_registers_and_posts_an_officer_without_javascript_on_a_phone(
    chromium: Any, live_server: Any, signed_in: Any, transactional_world: Any
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    context.add_cookies(signed_in("coordinator"))
    page = context.new_page()
    page.goto(live_server.url + "/people/new/")
    page.select_option("[name=home]", label="Atoll North Customs")
    page.fill("[name=full_name]", "Ana")
    page.click("main button.btn")
    page.select_option("[name=role]", "officer")
    page.select_option("[name=place]", label="Lagoon Wharf")
    page.click("main button.btn")
    assert page.inner_text("h1") == "Ana"
    assert "Officer" in page.inner_text("main")
    context.close()


def test_the_skip_link_is_first_by_keyboard(chromium: Any, live_server: Any, transactional_world: Any) -> None:
    page = chromium.new_page()
    page.goto(live_server.url + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.close()
