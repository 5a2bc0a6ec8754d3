"""Designing an activity: what happens when two do it at once."""

from __future__ import annotations

from typing import Any

import pytest

from .walking import Walk


@pytest.mark.row("R12.1")
def test_a_stale_design_is_refused_with_both_sides_and_nothing_is_lost(world: Any) -> None:
    walk = Walk(world)
    uuid = walk.designed()
    now = walk.send("manager", "get", f"/training/activities/{uuid}")
    stale = {"version": now["version"] - 1, "host": str(world.place("RTC-LAG").uuid), "seats": 9}
    refused = walk.send("manager", "patch", f"/training/activities/{uuid}", stale, wanted=409)
    assert refused["theirs"]["host"] == str(world.place("RTC-SAG").uuid)
    assert (refused["theirs"]["seats"], refused["yours"]["seats"]) == (2, 9)
    assert refused["current_version"] == now["version"]
    assert walk.send("manager", "get", f"/training/activities/{uuid}") == now
