"""Who is erased and what is closed at the moment at which somebody else writes: nothing comes back, and nothing changes after the close."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.apart import apart, run


@pytest.mark.slow
def test_what_has_ended_is_not_written_by_what_was_begun_before(tmp_path: Path) -> None:
    with apart(tmp_path) as environment:
        run(environment, "-m", "tests.snapshot")
        found = json.loads(run(environment, "-m", "tests.faults.raced_endings").splitlines()[-1])
    assert found == {
        "replaced, then erased": {"ended": ["replace: done", "erase: done"], "named": 0, "valid": 0},
        "erased, then replaced": {"ended": ["erase: done", "replace: conflict"], "named": 0, "valid": 0},
        "marked, then closed": ["mark: done", "close: done"],
        "closed, then marked": ["close: done", "mark: too-late"],
    }


@pytest.mark.slow
def test_what_somebody_writes_while_another_is_erased_stays_and_whoever_is_gone_writes_no_more(tmp_path: Path) -> None:
    with apart(tmp_path) as environment:
        run(environment, "-m", "tests.snapshot")
        found = json.loads(run(environment, "-m", "tests.faults.raced_leaving").splitlines()[-1])
    assert found == {
        "a practice changed": {"ended": ["edit: done", "erase: done"], "left": "Ask —, or the help desk"},
        "an activity changed": {"ended": ["edit: done", "erase: done"], "left": "As — and many more wished"},
        "a clearance taken back": {"ended": ["take back: done", "erase: done"], "left": []},
        "erased, then a profile": {"ended": ["erase: done", "profile: no-longer-there"], "left": 0},
        "erased, then a token": {"ended": ["erase: done", "token: no-longer-there"], "left": 0},
        "merged, then a profile": {"ended": ["merge: done", "profile: no-longer-there"], "left": 0},
        "erased, then told of": {"ended": ["erase: done", "tell: done"], "left": 0},
        "read, then erased, then compiled": {"ended": ["erase: done", "compile: done"], "left": ["What — taught"]},
        "known by an address, then erased": {"ended": ["erase: done", "match: done"], "left": 0},
        "erased, then known by an address": {"ended": ["erase: done", "match: done"], "left": 0},
    }


@pytest.mark.slow
def test_what_a_member_takes_back_while_it_is_published_can_be_read_nowhere(tmp_path: Path) -> None:
    with apart(tmp_path) as environment:
        run(environment, "-m", "tests.snapshot")
        found = json.loads(run(environment, "-m", "tests.faults.raced_publishing").splitlines()[-1])
    assert found == {
        "first published, then withdrawn": {"ended": ["publish: done", "withdraw: done"], "readable": 0},
        "published again, then withdrawn": {"ended": ["publish: done", "withdraw: done"], "readable": 0},
        "withdrawn, then published": {"ended": ["publish: done", "withdraw: done"], "readable": 0},
    }
