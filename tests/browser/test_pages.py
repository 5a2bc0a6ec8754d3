"""Every distinct page in a real browser: axe finds nothing, nothing is wider than the screen, and it works by keyboard."""

from __future__ import annotations

import os
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from entrepot.capacity.training.models import Activity
from entrepot.ground.documents.models import Document
from entrepot.ground.journal.models import Entry
from entrepot.ground.notices.demo import WELCOME
from entrepot.ground.notices.rendering import unsubscribe_secret
from tests.house.changed import THINGS as CHANGED
from tests.house.community import THINGS as COMMUNITY
from tests.house.programme import THINGS

pytestmark = pytest.mark.browser
PAGES: list[tuple[str, str]] = [
    *(("", address) for address in ("/", "/region/", "/region/?region=PX", "/search/?q=lag", "/calendar/", "/roles/", "/about/", "/demo/")),
    *(("", address) for address in ("/sign-in/", "/password/forgotten/", "/nowhere/", "/region/?on=soon", "/me/join/none/")),
    *(("coordinator", address) for address in ("/today/", "/people/", "/people/new/", "/journal/", "/me/", "/switches/", "/merge/")),
    *(("coordinator", address) for address in ("/people/{officer}/", "/people/{officer}/edit/", "/people/{officer}/post/")),
    *(("coordinator", address) for address in ("/erase/{officer}/", "/me/password/", "/region/{member}/", "/region/{member}/edit/")),
    *(("coordinator", address) for address in ("/me/second-step/", "/me/sessions/")),
    ("admin", "/region/{region}/vice-chair/"),
    *(("coordinator", address) for address in ("/documents/", "/documents/new/", "/documents/{paper}/", "/notices/", "/notices/settings/")),
    ("coordinator", "/journal/{entry}/"),
    ("", "/notices/off/{off}/"),
    *(
        ("", address)
        for address in ("/programme/", "/programme/{activity}/", "/programme/{activity}/note/", "/certificates/verify/", "/knowledge/")
    ),
    *(
        ("manager", address)
        for address in ("/programme/new/", "/programme/{activity}/", "/programme/{activity}/selection/", "/evaluation/overdue/")
    ),
    *(
        ("manager", address)
        for address in ("/programme/{deciding}/selection/", "/programme/{activity}/members/", "/programme/{activity}/design/")
    ),
    *(
        ("manager", address)
        for address in ("/programme/needs/", "/evaluation/activities/{whole}/after/", "/evaluation/activities/{whole}/report/")
    ),
    *(
        ("manager", address)
        for address in ("/evaluation/activities/{activity}/test/", "/programme/{activity}/cancel/", "/evaluation/items/{item}/")
    ),
    *(("centre", address) for address in ("/programme/sessions/{session}/door/", "/programme/sessions/{session}/attendance/")),
    *(("centre", address) for address in ("/programme/sessions/{session}/edit/", "/programme/{activity}/trainers/")),
    *(
        ("coordinator", address)
        for address in ("/programme/invitations/{invitation}/", "/programme/needs/new/", "/programme/needs/{need}/")
    ),
    *(("coordinator", address) for address in ("/knowledge/{practice}/", "/knowledge/{practice}/edit/", "/certificates/")),
    *(("officer", address) for address in ("/programme/participant/{seat}/", "/evaluation/plan/{alumnus}/", "/evaluation/answer/{ask}/")),
    *(("officer", address) for address in ("/programme/participant/{alumnus}/", "/programme/seat/{seat}/")),
    ("supervisor", "/programme/release/{seat}/"),
    *(("manager", address) for address in ("/reports/activities/?start=2024-01-01", "/reports/members/", "/reports/members/{member}/")),
    *(("centre", address) for address in ("/programme/again/", "/programme/{activity}/papers/new/")),
    ("neighbour", "/knowledge/{published}/"),
    *(("coordinator", f"/knowledge/{page}") for page in ("?q=list", "new/?kind=technology", "compare/", "rounds/", "rounds/{round}/")),
    *(("coordinator", f"/knowledge/{{practice}}/{page}/") for page in ("versions", "in/fr")),
    *(("", f"/publications/{page}") for page in ("", "px-good-practice/", "px-good-practice/1/", "px-good-practice/2/1/th/")),
    *(("head", f"/publications/{page}") for page in ("make/", "make/{publication}/")),
    ("coordinator", "/publications/counting/"),
    *(("manager", f"/evaluation/{page}/") for page in ("burden", "plans", "years", "years/{year}", "forms/{form}", "forms/{form}/preview")),
    *(("manager", f"/evaluation/activities/{{whole}}/{page}/") for page in ("answers", "silence/reaction", "reach")),
    *(("manager", f"/evaluation/{page}/") for page in ("activities/{activity}/forms", "forms/{form}/question", "forms/{form}/in/fr")),
    *(("coordinator", f"/evaluation/{page}/") for page in ("answer/{consolidated}", "asks/{consolidated}/clearance", "taught/{taught}")),
    *(("coordinator", f"/evaluation/{page}/") for page in ("asks/{supervised}/hand-over", "overdue")),
    ("officer", "/evaluation/brief/{alumnus}/"),
    *(("manager", address) for address in ("/impact/", "/impact/new/", "/impact/stories/{story}/", "/impact/stories/{open_story}/")),
    *(
        ("manager", address)
        for address in ("/impact/stories/{open_story}/plan/", "/impact/stories/{open_story}/link/", "/impact/links/{link}/")
    ),
    *(
        ("coordinator", address)
        for address in ("/indicators/", "/indicators/new/", "/indicators/{indicator}/", "/indicators/{indicator}/file/")
    ),
    *(("coordinator", address) for address in ("/indicators/{indicator}/enter/", "/indicators/values/{value}/", "/impact/links/{link}/")),
    ("manager", "/indicators/{indicator}/edit/"),
    *(("coordinator", f"/community/{page}") for page in ("", "me/", "people/{profile}/", "?topic=nothing")),
    *(("officer", f"/community/{page}") for page in ("groups/", "groups/{alumni_group}/", "?topic=ORI")),
    *(("manager", f"/community/{page}/") for page in ("groups", "posts/{post}/take-out")),
    *(("coordinator", f"/records/{page}/") for page in ("stream", "mine", "volumes", "keys", "statements/{statement}")),
]
LOOKS = [(360, "light"), (1440, "dark"), (360, "dark"), (1440, "light")]


def names_of(world: Any) -> dict[str, Any]:
    """What fills the addresses of PAGES."""
    names = {"officer": world.person("officer").uuid, "member": world.place("ATN").uuid, "region": world.place("PX").uuid}
    paper, off = Document.objects.get(name="roster.csv").uuid, unsubscribe_secret(world.person("officer").uuid, WELCOME)
    names |= {name.replace(" ", "_"): COMMUNITY[name](world)[0] for name in ("profile", "alumni group", "post")}
    names["entry"] = Entry.objects.filter(verb="documents.document.kept", place__under=world.place("ATN").lineage).latest("id").uuid
    programme = {
        name: THINGS[name](world)[0]
        for name in ("activity", "session", "invitation", "need", "item", "ask", "practice", "alumnus", "statement")
    }
    programme |= {name: THINGS[name](world)[0] for name in ("form", "year", "taught")}
    programme |= {"consolidated": THINGS["member's answer"](world)[0], "supervised": THINGS["supervisor's answer"](world)[0]}
    programme |= {"round": THINGS["round"](world)[0], "publication": THINGS["publication's uuid"](world)[0]}
    programme |= {"seat": THINGS["nomination"](world)[0], "published": THINGS["practice"](world)[1]}
    programme |= {name: Activity.objects.get(stage=stage).uuid for name, stage in (("whole", "followed_up"), ("deciding", "selection"))}
    for name in ("indicator", "value", "story", "link"):
        programme[name] = CHANGED[name](world)[0]
    programme["open_story"] = CHANGED["story"](world)[1]
    return names | programme | {"paper": paper, "off": off}


def _open(chromium: Any, width: int, theme: str, cookies: list[dict[str, Any]]) -> Any:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    if cookies:
        context.add_cookies(cookies)
    return context


def test_axe_finds_nothing_and_no_page_is_wider_than_the_screen(
    chromium: Any, live_server: Any, signed_in: Any, transactional_world: Any
) -> None:
    world = transactional_world
    names = names_of(world)
    faults: list[str] = []
    contexts: dict[tuple[str, int, str], Any] = {}
    for number, (part, address) in enumerate(PAGES):
        looks = LOOKS if os.environ.get("AXE_ALL") else [LOOKS[number % 2], LOOKS[2 + number % 2]][: 1 + number % 2]
        for width, theme in looks:
            if (part, width, theme) not in contexts:
                contexts[part, width, theme] = _open(chromium, width, theme, signed_in(part))
            page = contexts[part, width, theme].new_page()
            wrong: list[str] = []
            page.on("console", lambda message, wrong=wrong: wrong.append(message.text) if message.type == "error" else None)
            page.goto(live_server.url + address.format(**names))
            results = Axe().run(page, options={"resultTypes": ["violations"]})
            for violation in results.response["violations"]:
                nodes = [node["html"][:120] for node in violation["nodes"][:3]]
                faults.append(f"{part}{address} {width} {theme}: {violation['id']} {nodes}")
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                faults.append(f"{address} {width}: wider than the screen")
            faults += [f"{address}: {text}" for text in wrong if "404" not in text and "422" not in text]
            page.close()
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


@pytest.mark.parametrize("address", ["/programme/", "/evaluation/burden/", "/impact/", "/reports/activities/"])
def test_the_row_of_a_sections_pages_shows_the_open_one_on_a_phone(
    chromium: Any, live_server: Any, signed_in: Any, transactional_world: Any, address: str
) -> None:
    context = _open(chromium, 360, "light", signed_in("manager"))
    page = context.new_page()
    page.goto(live_server.url + address)
    box = page.locator(".second [aria-current]").bounding_box()
    assert box
    assert 0 <= box["x"] < box["x"] + box["width"] <= 360, box
    context.close()
