"""The log of security events: what is told, in which form, and that it names nobody."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as product
from django.test import Client

from entrepot.ground.access.core import MaskedFormatter
from entrepot.ground.limits.api import LOGGER, SecurityEvent
from entrepot.ground.people.demo import PASSWORD

ADDRESS = "officer@practice.example"


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(MaskedFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def told(self) -> list[dict[str, Any]]:
        return [json.loads(line.split(" ", 3)[3]) for line in self.lines]

    def events(self) -> list[str]:
        return [one["event"] for one in self.told()]


@pytest.fixture
def kept() -> Iterator[_Kept]:
    """The lines of the log, as they would be written."""
    handler, logger = _Kept(), logging.getLogger(LOGGER)
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def test_who_signs_in_and_out_and_what_goes_wrong_is_told_in_one_form_without_a_name(world: Any, kept: _Kept, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "failures.account": "2/5m"}
    person, client = world.person("officer"), Client()
    for _ in range(3):
        client.post("/sign-in/", {"login": ADDRESS.upper(), "password": "not this one at all"})
    assert kept.events() == ["password_wrong", "password_wrong", "kept_waiting", "asked_too_often"]
    settings.LIMITS = product.LIMITS | {"failures.account": "off"}
    client.post("/sign-in/", {"login": ADDRESS, "password": PASSWORD})
    client.post("/sign-out/")
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    client.post("/sign-in/", {"login": ADDRESS, "password": PASSWORD})
    client.post("/me/second-step/authenticate/", {"code": "000000"})
    wrong, *_, signed_in, signed_out, second = kept.told()
    assert [signed_in["event"], signed_out["event"], second["event"]] == ["signed_in", "signed_out", "second_step_wrong"]
    assert signed_in["means"] == "password"
    assert {one["person"] for one in (signed_in, signed_out, second)} == {str(person.uuid)}
    assert re.fullmatch("[0-9a-f]{20}", wrong["account"])
    assert "person" not in wrong, "an account is told by a digest, whether there is one or not"
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO entrepot\.security \{", line) for line in kept.lines)
    for personal in ("practice.example", person.full_name, "127.0.0.1", PASSWORD, "000000"):
        assert not any(personal.lower() in line.lower() for line in kept.lines), personal


def test_what_is_refused_is_told_with_who_asked_and_where(world: Any, kept: _Kept) -> None:
    browser = world.browser("officer")
    neighbour = world.person("coordinator")
    assert browser.get(f"/people/{neighbour.uuid}/edit/").status_code in (403, 404)
    assert browser.get("/no-such-page/").status_code == 404
    assert Client().get("/api/v1/me", HTTP_AUTHORIZATION="Bearer wrong").status_code == 401
    careful = Client(enforce_csrf_checks=True)
    assert careful.post("/sign-in/", {"login": ADDRESS, "password": PASSWORD}).status_code == 403
    assert Client().get("/xapi/statements").status_code in (400, 401)
    told = kept.told()
    assert kept.events()[:3] == ["access_refused", "secret_refused", "form_refused"]
    assert (told[0]["person"], told[0]["route"]) == (str(world.person("officer").uuid), "people:edit")
    assert (told[2]["route"], told[2]["method"], told[2]["status"]) == ("account_login", "POST", 403)


def test_no_address_that_is_asked_for_ends_a_line_of_a_log() -> None:
    record = logging.LogRecord(
        "any", logging.WARNING, "", 0, "Not Found: %s", ("/a\n2026-01-01T00:00:00Z INFO entrepot.security {}\u2028",), None
    )
    line = MaskedFormatter().format(record)
    assert len(line.splitlines()) == 1
    assert line.endswith("Not Found: /a\\x0a2026-01-01T00:00:00Z INFO entrepot.security {}\\x2028")


def test_the_log_is_on_by_itself_and_every_event_stands_in_the_inventory() -> None:
    assert product.LOGGING["loggers"][LOGGER] == {"level": "INFO"}
    inventory = (Path(__file__).parents[2] / "docs/operations.md").read_text()
    assert [event for event in SecurityEvent if f"`{event}`" not in inventory] == []
