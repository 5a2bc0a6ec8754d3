"""Cursors that no page gave: refused in words, never a fault of ours."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest


def _cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


BAD = {
    "deep": "[" * 3000,
    "no moment": json.dumps(["nonsense", 1]),
    "a number": "[5, 1]",
    "a truth": "[true, true]",
    "half a character": '["\\ud800", 1]',
    "nul": '["\\u0000", 1]',
    "a number of 5000 digits": "[" + "1" * 5000 + ", 1]",
    "the first year": json.dumps(["0001-01-01T00:00:00+14:00", 1]),
    "the last year": json.dumps(["9999-12-31T23:59:59-12:00", 1]),
    "no zone": json.dumps(["2026-01-01T00:00:00", 1]),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize(
    "address", ["/impact/", "/programme/needs/", "/programme/", "/api/v1/impact/stories", "/api/v1/training/activities"]
)
def test_an_invented_moment_is_refused(world: Any, address: str, name: str) -> None:
    assert world.browser("manager").get(address, {"cursor": _cursor(BAD[name])}).status_code == 422


@pytest.mark.parametrize("name", ["deep", "half a character", "nul"])
@pytest.mark.parametrize("address", ["/people/", "/journal/", "/documents/", "/notices/", "/community/"])
def test_an_invented_cursor_is_refused(world: Any, address: str, name: str) -> None:
    assert world.browser("manager").get(address, {"cursor": _cursor(BAD[name])}).status_code == 422


def test_a_page_number_of_5000_digits_is_refused(world: Any) -> None:
    assert world.browser("manager").get("/knowledge/", {"skip": "1" * 5000}).status_code == 422
