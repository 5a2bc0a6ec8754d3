"""Clients of the practice region's record stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.capacity.lrs import Lrs


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """What a test wrote is rolled back, so that the process must not think that it knows it."""
    from entrepot.capacity.records.actions import naming

    naming.forget()
    yield
    naming.forget()


@pytest.fixture
def client_at(world: Any) -> Callable[..., Lrs]:
    """A client with a key of its own at a place, `all` unless scopes are given."""
    from entrepot.capacity.records.api import make_key
    from entrepot.kernel.principals import SYSTEM

    def made(code: str = "DELT", *scopes: str, version: str = "2.0.0") -> Lrs:
        place = world.place(code)
        return Lrs(make_key(by=SYSTEM, at=world.at, place=place, name=f"client of {code}", scopes=scopes or ["all"]), version)

    return made


@pytest.fixture
def lrs(client_at: Callable[..., Lrs]) -> Lrs:
    """A client of a store that is empty at first."""
    return client_at()
