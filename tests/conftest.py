"""What every test can ask for: the practice region, a principal and a browser session for each of its people."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in the same thread


@pytest.fixture(autouse=True)
def no_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere but this machine is a mistake."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            msg = f"a test reached for {address}"
            raise AssertionError(msg)
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def continued(monkeypatch: pytest.MonkeyPatch) -> None:
    """In each browser of the test client someone has pressed Continue on a link before; what a preview sees, test_links.py asks for."""
    real = Client.__init__

    def start(self: Client, *given: Any, **named: Any) -> None:
        real(self, *given, **named)
        self.cookies["opens_links"] = "1"

    monkeypatch.setattr(Client, "__init__", start)


@pytest.fixture
def at() -> datetime:
    """The moment at which the test happens."""
    return datetime.now(UTC)


class World:
    """The practice region and its people, by their part."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def person(self, part: str) -> Any:
        """The person with this part, as `coordinator`."""
        from entrepot.ground.people.models import Person

        return Person.objects.select_related("home").get(email=f"{part}@practice.example")

    def principal(self, part: str, *, days: int = 0, **more: Any) -> Any:
        """Their principal, some days from now."""
        from entrepot.ground.access.api import principal_for

        return principal_for(self.person(part), self.at + timedelta(days=days), **more)

    def place(self, code: str) -> Any:
        """A place of the practice region."""
        from entrepot.ground.region.api import find

        return find(code, region="PX/")

    def browser(self, part: str = "", *, fresh: bool = False) -> Client:
        """A signed-in browser, or one of nobody. `fresh`: in which the person has just said again who they are."""
        from entrepot.ground.people.demo import PASSWORD

        client = Client()
        if fresh:
            client.post("/sign-in/", {"login": f"{part}@practice.example", "password": PASSWORD})
            client.post("/me/again/", {"password": PASSWORD})
        elif part:
            client.force_login(self.person(part), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def officer_of(self, code: str) -> Any:
        """Some officer at home in this Member."""
        from entrepot.ground.people.models import Person

        return Person.objects.filter(home__code=code, home__invented=True).order_by("-id").first()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The facts and the practice region, once for all tests; each test's changes are rolled back."""
    from tests.snapshot import put_practice_region

    with django_db_blocker.unblock():
        put_practice_region()


@pytest.fixture
def world(db: None, at: datetime) -> World:
    """The practice region."""
    return World(at)


def pytest_addoption(parser: Any) -> None:
    """Offer the run on another database only what touches one."""
    parser.addoption("--only-database", action="store_true", help="leave out the tests that touch no database")


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """The slow ones first, so that no worker ends with one while the other rests.

    With `--only-database`, keep tests that ask for the database, or whose module starts processes that have one of their own.
    """
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if not config.getoption("--only-database"):
        return
    kept = [item for item in items if "db" in item.fixturenames or item.get_closest_marker("django_db") or hasattr(item.module, "apart")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept
