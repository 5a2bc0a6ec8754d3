"""A real Chromium against a live server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

# Two names for this machine that a browser trusts no more than an office’s own network.
RESOLVE = "--host-resolver-rules=MAP office.example 127.0.0.1, MAP attacker.example 127.0.0.1"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    RESOLVE,
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    where = shutil.which("chromium")
    if where is None:
        pytest.skip("no chromium on this machine; .ci/run installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def signed_in(live_server: Any, transactional_world: Any) -> Any:
    """Cookies of a session for one of the cast."""

    def cookies(part: str) -> list[dict[str, Any]]:
        client = transactional_world.browser(part)
        return [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}] if part else []

    return cookies


@pytest.fixture
def transactional_world(transactional_db: None, at: Any) -> Any:
    """The practice region, made anew: these tests commit."""
    from tests.conftest import World
    from tests.snapshot import put_practice_region

    put_practice_region()
    return World(at)
