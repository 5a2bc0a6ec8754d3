"""Passwords, changed and forgotten, in a real browser: each way to its end."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail
from django.core.cache import cache

from entrepot.ground.people.demo import PASSWORD
from entrepot.ground.work.api import work_off

ADDRESS, SECRET = "officer@practice.example", "JBSWY3DPEHPK3PXP"
CHANGED, CHOSEN = "a lagoon with three herons", "four ferries before breakfast"


def _sign_in(page: Any, url: str, password: str) -> None:
    page.goto(f"{url}/sign-in/")
    page.fill("[name=login]", ADDRESS)
    page.fill("[name=password]", password)
    page.click("main [type=submit]")
    page.wait_for_load_state()


def _choose(page: Any, password: str, **more: str) -> None:
    for name, value in {**more, "password1": password, "password2": password}.items():
        page.fill(f"[name={name}]", value)
    page.click("main [type=submit]")
    page.wait_for_load_state()


@pytest.mark.browser
def test_a_password_is_changed_forgotten_and_chosen_anew(chromium: Any, live_server: Any, transactional_world: Any) -> None:
    cache.clear()
    url = live_server.url
    here, elsewhere = (chromium.new_context(viewport={"width": width, "height": 800}).new_page() for width in (1440, 360))
    for page in (here, elsewhere):
        _sign_in(page, url, PASSWORD)
        assert page.url == f"{url}/today/"

    here.goto(f"{url}/me/password/")
    _choose(here, CHANGED, oldpassword=PASSWORD)
    assert "Password successfully changed" in here.content()
    here.goto(f"{url}/today/")
    assert here.url == f"{url}/today/"
    elsewhere.goto(f"{url}/today/")
    assert "/sign-in/" in elsewhere.url, "the other browser is out"

    TOTP.activate(transactional_world.person("officer"), SECRET)
    elsewhere.click("text=Forgot your password?")
    elsewhere.fill("[name=email]", ADDRESS)
    elsewhere.click("main [type=submit]")
    elsewhere.wait_for_url("**/password/forgotten/sent/")
    work_off()
    # The mail leads to the operator's address, whatever host the visitor came by.
    link = url + re.findall(re.escape(settings.ADDRESS) + r"(/password/new/\S+)", str(mail.outbox[-1].body))[0]
    assert mail.outbox[-1].to == [ADDRESS]
    elsewhere.goto(link)
    assert link not in elsewhere.url, "the secret does not stay in the address bar"
    assert elsewhere.evaluate("document.documentElement.scrollWidth") <= 360
    _choose(elsewhere, CHOSEN)
    assert elsewhere.url == f"{url}/password/new/done/"
    here.goto(f"{url}/today/")
    assert "/sign-in/" in here.url
    _sign_in(here, url, CHANGED)
    assert here.url != f"{url}/today/"
    _sign_in(elsewhere, url, CHOSEN)
    assert "/second-step/authenticate/" in elsewhere.url, "the second step is still there"
    elsewhere.fill("[name=code]", format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time()))))
    elsewhere.click("main form:has([name=code]) [type=submit]")
    elsewhere.wait_for_url(f"{url}/today/")
    elsewhere.goto(link)
    assert elsewhere.locator("[name=password1]").count() == 0, "the link works once"
    for page in (here, elsewhere):
        page.context.close()
