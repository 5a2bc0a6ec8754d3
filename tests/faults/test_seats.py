"""Two coordinators, two taps, a withdrawal and a cancellation at the same moment: each seat is given once, and nothing waits for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.apart import apart, run


@pytest.mark.slow
def test_acts_on_one_seat_that_meet_are_done_one_after_another(tmp_path: Path) -> None:
    with apart(tmp_path) as environment:
        run(environment, "-m", "tests.snapshot")
        found = json.loads(run(environment, "-m", "tests.faults.raced_seats").splitlines()[-1])
    assert found == {
        "two taps": ["done"] * 4,
        "answered": 1,
        "two replacements": ["cannot-replace", "done"],
        "replaced": 1,
        "seats kept": True,
        "withdrawn while the invitation is taken back": ["done", "done", "done"],
        "never more than there are": True,
        "cancelled": 1,
        "offered once each": True,
        "nominated while it is cancelled": [],
        "nominated once or not at all": True,
        "letters where one is left": ["conflict"] * 3 + ["done"],
    }
