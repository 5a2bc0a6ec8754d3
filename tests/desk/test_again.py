"""A form sent after the sign-in is over, or from a page that a newer sign-in has overtaken, is not lost."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from entrepot.capacity.needs.models import Need

OURS = {"HTTP_SEC_FETCH_SITE": "same-origin"}
PASSWORD = "a long password of nobody"


def _strict(world: Any, part: str = "") -> Client:
    """A browser whose forms are checked, as outside the tests."""
    browser = Client(enforce_csrf_checks=True)
    if part:
        browser.force_login(world.person(part), backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def _fields(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to an address."""
    [form] = [found for found in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'action="{action}"' in found]
    return {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)}


def _need(world: Any, browser: Client) -> dict[str, str]:
    page = browser.get("/programme/needs/new/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    chosen = {
        name: re.findall(r'<option value="([^"]+)"', select)[0]
        for name, select in re.findall(r'<select name="(\w+)"(.*?)</select>', page, re.DOTALL)
    }
    return {
        **chosen,
        "csrfmiddlewaretoken": token[1],
        "officers": "3",
        "evidence": "Twelve parcels a day,\nundervalued “by habit” & <more>",
    }


def test_a_form_sent_after_the_sign_in_is_over_is_sent_again_after_signing_in(world: Any) -> None:
    browser = _strict(world, "coordinator")
    sent = _need(world, browser)
    before = Need.objects.count()
    del browser.cookies["sessionid"]
    late = browser.post("/programme/needs/new/", sent, **OURS)
    shown = late.content.decode()
    assert late.status_code == 403
    assert "You are not signed in" in shown
    assert "There is nothing here" not in shown
    kept = _fields(shown, "/programme/needs/new/")
    assert kept["evidence"].splitlines() == sent["evidence"].splitlines()
    assert Need.objects.count() == before
    # Signed in in another window, which changes the token: the page says who is signed in now, and holds everything still.
    browser.force_login(world.person("coordinator"), backend="allauth.account.auth_backends.AuthenticationBackend")
    overtaken = browser.post("/programme/needs/new/", kept | {"csrfmiddlewaretoken": "x" * 64}, **OURS)
    assert overtaken.status_code == 403
    again = _fields(overtaken.content.decode(), "/programme/needs/new/")
    assert world.person("coordinator").full_name in overtaken.content.decode()
    assert browser.post("/programme/needs/new/", again, **OURS).status_code == 302
    [made] = Need.objects.order_by("-id")[:1]
    assert made.evidence.splitlines() == sent["evidence"].splitlines()


def test_with_all_cookies_gone_the_page_is_ours_and_says_what_to_do(world: Any) -> None:
    browser = _strict(world, "coordinator")
    sent = _need(world, browser)
    browser.cookies.clear()
    answer = browser.post("/programme/needs/new/", sent, **OURS)
    shown = answer.content.decode()
    assert answer.status_code == 403
    assert "CSRF" not in shown
    assert "What you typed is still here." in shown
    assert '<link rel="stylesheet" href="/static/shell/entrepot.css' in shown


@pytest.mark.parametrize(
    "come", [{"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "https://elsewhere.example"}, {"HTTP_ORIGIN": "null"}, {}]
)
def test_a_form_of_another_site_is_never_put_into_a_page_of_ours(world: Any, come: dict[str, str]) -> None:
    answer = _strict(world, "coordinator").post("/programme/needs/new/", {"evidence": "planted words"}, **come)
    assert answer.status_code == 403
    assert "planted words" not in answer.content.decode()


def test_a_password_is_never_put_into_a_page(world: Any) -> None:
    answer = _strict(world).post("/sign-in/", {"login": "coordinator@practice.example", "password": PASSWORD}, **OURS)
    assert answer.status_code == 403
    assert PASSWORD not in answer.content.decode()


def test_what_was_typed_stands_on_the_page_of_a_refusal(world: Any) -> None:
    note = "A note that took half an hour"
    answer = world.browser("coordinator").post(
        "/programme/budget/" + "0" * 8 + "-0000-0000-0000-" + "0" * 12 + "/remove/", {"note": note}, **OURS
    )
    assert answer.status_code == 404
    link = world.browser().post("/programme/release/" + "x" * 32 + "/", {"note": note}, **OURS)
    assert (link.status_code, note in link.content.decode()) == (410, True)


def test_what_is_not_there_is_not_there_for_those_who_are_known(world: Any) -> None:
    assert world.browser("coordinator").post("/programme/no-such-page/", {"x": "1"}).status_code == 404
    assert world.browser().post("/programme/no-such-page/", {"x": "1"}).status_code == 404


def test_the_readers_clock_is_their_own_their_members_or_their_browsers_and_never_utc_by_another_name(world: Any) -> None:
    page = f"/region/{world.place('RTC-SAG').uuid}/"
    assert "where you are" not in world.browser().get(page).content.decode(), "nobody knows where"
    assert " UTC</small>" in world.browser().get(page).content.decode()
    browser = Client()
    browser.cookies["zone"] = "Pacific/Rarotonga"
    assert "where you are" in browser.get(page).content.decode()
    browser.cookies["zone"] = "../../etc/passwd"
    assert browser.get(page).status_code == 200
