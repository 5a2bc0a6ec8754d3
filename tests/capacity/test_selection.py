"""Selection: against every selection there is on small cases, and what must hold on all."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.capacity.training.core import Criteria, Nominee, eligibility, line, next_in_line, select
from entrepot.capacity.training.enums import Outcome, Override, Release

START = date(2027, 3, 1)
SENT = datetime(2026, 12, 1, tzinfo=UTC)
CRITERIA = Criteria(max_nominees=3, language_level="B1")

nominees = st.lists(
    st.builds(
        Nominee,
        key=st.uuids().map(str),
        member=st.sampled_from("ABCD"),
        rank=st.integers(1, 4),
        submitted_at=st.integers(0, 5).map(lambda hours: SENT + timedelta(hours=hours)),
        language_level=st.sampled_from(["A2", "B1", "C1"]),
        release=st.sampled_from(list(Release)),
        late=st.booleans(),
        consent=st.just(True),
        same_course_on=st.sampled_from([None, None, date(2024, 5, 2)]),
        last_attended_on=st.sampled_from([None, None, date(2026, 12, 20), date(2025, 1, 1)]),
        member_seats=st.integers(0, 2),
    ),
    max_size=9,
    unique_by=lambda n: n.key,
)


def _select(people: list[Nominee], seats: int, per_member: int, overrides: dict[str, Override] | None = None) -> dict[str, Any]:
    found = select(people, seats=seats, per_member=per_member, criteria=CRITERIA, starts_on=START, overrides=overrides)
    return {decision.key: decision for decision in found}


def _best(people: list[Nominee], seats: int, per_member: int) -> set[str]:
    """Of all allowed selections the one that is first in the order: compared place by place, whoever stands earlier counts more."""
    able = [n for n in line(people) if not eligibility(n, CRITERIA, START)]
    best: tuple[int, ...] = ()
    chosen: set[str] = set()
    for size in range(len(able) + 1):
        for group in combinations(range(len(able)), size):
            members = Counter(able[index].member for index in group)
            if size > seats or (per_member and any(n > per_member for n in members.values())):
                continue
            marks = tuple(int(index in group) for index in range(len(able)))
            if marks > best:
                best, chosen = marks, {able[index].key for index in group}
    return chosen


@pytest.mark.row("R19.3")
@settings(max_examples=150, deadline=None)
@given(people=nominees, seats=st.integers(0, 6), per_member=st.integers(0, 3))
def test_no_selection_is_better_in_the_order(people: list[Nominee], seats: int, per_member: int) -> None:
    decided = _select(people, seats, per_member)
    assert {key for key, d in decided.items() if d.outcome is Outcome.SEAT} == _best(people, seats, per_member)


@settings(max_examples=150, deadline=None)
@given(people=nominees, seats=st.integers(0, 6), per_member=st.integers(0, 3), data=st.data())
def test_no_seat_over_capacity_and_no_rule_broken_but_by_name(people: list[Nominee], seats: int, per_member: int, data: Any) -> None:
    overrides = {n.key: data.draw(st.sampled_from([Override.IN, Override.OUT])) for n in people if data.draw(st.booleans())}
    decided = _select(people, seats, per_member, overrides)
    by_key = {n.key: n for n in people}
    seated = [key for key, d in decided.items() if d.outcome is Outcome.SEAT]
    assert len(seated) <= seats
    for key in seated:
        if overrides.get(key) is not Override.IN:
            assert eligibility(by_key[key], CRITERIA, START) == ()
            assert key not in overrides
    unnamed = Counter(by_key[key].member for key in seated if key not in overrides)
    assert not per_member or all(n <= per_member for n in unnamed.values())
    assert set(decided) == set(by_key), "everyone is decided on"
    assert all(d.reasons for d in decided.values()), "and told why"
    waiting = sorted(d.line for d in decided.values() if d.outcome is Outcome.WAITING)
    assert waiting == list(range(1, len(waiting) + 1)), "the line has no gaps"
    assert all(d.outcome is Outcome.OUT for key, d in decided.items() if overrides.get(key) is Override.OUT)


@settings(max_examples=60, deadline=None)
@given(people=nominees, seats=st.integers(0, 6), per_member=st.integers(0, 3), seed=st.randoms())
def test_the_same_nominees_in_any_order_give_the_same_result(people: list[Nominee], seats: int, per_member: int, seed: Any) -> None:
    shuffled = list(people)
    seed.shuffle(shuffled)
    assert _select(people, seats, per_member) == _select(shuffled, seats, per_member)


@settings(max_examples=100, deadline=None)
@given(people=nominees, seats=st.integers(1, 6), per_member=st.integers(0, 3), data=st.data())
def test_a_withdrawal_seats_exactly_the_next_in_order(people: list[Nominee], seats: int, per_member: int, data: Any) -> None:
    """Offering the free seat to the next in line gives what deciding anew without the one who left would give."""
    decided = _select(people, seats, per_member)
    seated = [n for n in people if decided[n.key].outcome is Outcome.SEAT]
    if not seated:
        return
    gone = data.draw(st.sampled_from(seated))
    waiting = sorted((n for n in people if decided[n.key].outcome is Outcome.WAITING), key=lambda n: decided[n.key].line)
    inside = Counter(n.member for n in seated if n.key != gone.key)
    chosen = next_in_line([(n.key, n.member) for n in waiting], inside=inside, per_member=per_member)
    anew = _select([n for n in people if n.key != gone.key], seats, per_member)
    expected = {key for key, d in anew.items() if d.outcome is Outcome.SEAT} - {n.key for n in seated}
    assert expected == ({chosen} if chosen else set())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rank": 4}, "over-limit"),
        ({"same_course_on": date(2024, 1, 1)}, "same-course"),
        ({"last_attended_on": date(2026, 10, 1)}, "recent"),
        ({"language_level": "A2"}, "language"),
        ({"release": Release.ASKED}, "release-missing"),
        ({"release": Release.REFUSED}, "release-refused"),
        ({"late": True}, "late"),
        ({"consent": False}, "no-consent"),
        ({"last_attended_on": date(2026, 9, 1)}, None),
    ],
)
def test_each_criterion_says_why(change: dict[str, Any], code: str | None) -> None:
    whole: dict[str, Any] = {"key": "k", "member": "A", "rank": 1, "submitted_at": SENT, "language_level": "B1", "release": Release.GIVEN}
    found = [reason.code for reason in eligibility(Nominee(**(whole | change)), CRITERIA, START)]
    assert found == ([code] if code else [])
