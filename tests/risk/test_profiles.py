"""Profiles: the index against looking at every row, the trial against sums by hand, and the life of a profile."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.kernel.errors import Conflict, DomainError, Invalid
from entrepot.risk.profiles.api import (
    FIELDS,
    Outcomes,
    Profile,
    UnreadableProfiles,
    activate,
    approve,
    back_test,
    criteria_from,
    expire,
    history_from,
    in_words,
    load_profiles,
    naive,
    profile_from,
    profile_plain,
    renew,
    revise,
)
from entrepot.risk.profiles.core import plain

SMALL = {"hs6": "text", "origin": "text", "value": "number"}
CONDITION = st.one_of(
    st.builds(lambda v: {"field": "hs6", "starts": v}, st.lists(st.sampled_from(["6", "64", "6402", "85"]), min_size=1, max_size=2)),
    st.builds(lambda v: {"field": "origin", "in": v}, st.lists(st.sampled_from(["XA", "XB", "XC"]), min_size=1, max_size=2)),
    st.builds(lambda v: {"field": "hs6", "contains": [v]}, st.sampled_from(["02", "1", "9"])),
    st.builds(lambda op, v: {"field": "value", op: v}, st.sampled_from(["lt", "le", "gt", "ge"]), st.integers(0, 10)),
    st.builds(lambda a, b: {"field": "value", "between": [a, b]}, st.integers(0, 10), st.integers(0, 10)),
    st.builds(lambda f: {"field": f, "missing": True}, st.sampled_from(list(SMALL))),
)
TREE = st.recursive(
    CONDITION,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=8,
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["640211", "640299", "850440", "610910", None]),
        st.sampled_from(["XA", "XB", None]),
        st.one_of(st.integers(0, 10), st.none()),
    ),
    min_size=1,
    max_size=40,
)


def _columns(rows: list[tuple]) -> dict[str, Any]:
    return {
        "hs6": np.array([hs for hs, _, _ in rows], dtype=object),
        "origin": np.array([origin for _, origin, _ in rows], dtype=object),
        "value": np.array([np.nan if value is None else value for _, _, value in rows], dtype=float),
    }


@given(ROWS, TREE)
@settings(max_examples=150)
def test_the_index_finds_what_looking_at_every_row_finds(rows: list[tuple], data: dict) -> None:
    history = history_from(_columns(rows))
    tree = criteria_from(data, SMALL)
    assert history.rows(tree).tolist() == np.flatnonzero(naive(history, tree)).tolist()
    assert criteria_from(json.loads(json.dumps(plain(tree))), SMALL) == tree
    assert in_words(tree)


@pytest.mark.row("R53.4", "R53.1")
@given(ROWS, st.lists(TREE, min_size=1, max_size=4), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_the_trial_is_sums_by_hand(rows: list[tuple], trees: list[dict], seed: int) -> None:
    rng = np.random.default_rng(seed)
    history, count = history_from(_columns(rows)), len(rows)
    outcomes = Outcomes(
        np.sort(rng.integers(0, 5, count)),
        rng.integers(0, 2, count),
        ("A", "B"),
        rng.random(count) < 0.5,
        rng.random(count) < 0.5,
        rng.random(count),
    )
    profiles = [Profile(f"P{n}", criteria_from(tree, SMALL)) for n, tree in enumerate(trees)]
    found = back_test(profiles, history, outcomes)
    masks = [naive(history, profile.criteria) for profile in profiles]
    days = outcomes.day.max() - outcomes.day.min() + 1
    for number, (trial, mask) in enumerate(zip(found.trials, masks, strict=True)):
        others = np.logical_or.reduce([m for k, m in enumerate(masks) if k != number] or [np.zeros(count, dtype=bool)])
        alone, hit = mask & ~others, mask & outcomes.inspected & outcomes.found
        assert (trial.hits, trial.inspected, trial.found) == (mask.sum(), (mask & outcomes.inspected).sum(), hit.sum())
        assert trial.hits_a_day == pytest.approx(mask.sum() / days)
        assert (trial.marginal_hits, trial.marginal_found) == (alone.sum(), (alone & hit).sum())
        assert trial.revenue == pytest.approx(outcomes.revenue[mask].sum())
        assert sum(trial.office_load.values()) == pytest.approx(trial.hits_a_day)
        assert [(mask & m).sum() for m in masks] == found.overlap[number].tolist()


def _draft() -> Profile:
    return profile_from(
        {
            "code": "P1",
            "owner": "ana",
            "basis": "Act 1, s. 2",
            "sunset": "2027-01-01",
            "valid_from": "2026-01-01",
            "criteria": {"field": "hs6", "in": ["640299"]},
        },
        FIELDS,
    )


@pytest.mark.row("R53.1")
def test_a_profile_lives_from_draft_to_expiry_under_four_eyes() -> None:
    draft = _draft()
    with pytest.raises(Conflict, match="other than its owner"):
        approve(draft, by="ana")
    with pytest.raises(Conflict, match="Only an approved"):
        activate(draft)
    active = activate(approve(draft, by="ben"))
    assert active.in_force(date(2026, 6, 1))
    assert not active.in_force(date(2025, 12, 31))
    assert not active.in_force(date(2027, 1, 1))
    longer = renew(active, sunset=date(2028, 1, 1), by="ben")
    assert longer.in_force(date(2027, 6, 1))
    with pytest.raises(Conflict):
        renew(active, sunset=date(2028, 1, 1), by="ana")
    revised = revise(longer, title="shoes")
    assert (revised.version, revised.status, revised.approved_by) == (2, "draft", "")
    assert not expire(longer).in_force(date(2026, 6, 1))


@pytest.mark.row("R53.2")
def test_a_profile_keeps_the_source_it_came_from() -> None:
    profile = profile_from({"code": "P1", "source": "alert 17 of 2026", "criteria": {"field": "hs6", "in": ["640299"]}}, FIELDS)
    assert profile_from(json.loads(json.dumps(profile_plain(profile))), FIELDS) == profile


def test_without_a_basis_or_a_sunset_nothing_is_activated() -> None:
    bare = approve(profile_from({"code": "P", "criteria": {"field": "hs6", "in": ["1"]}}, FIELDS), by="ben")
    with pytest.raises(Conflict, match="legal basis and a sunset"):
        activate(bare)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "", "criteria": {"field": "hs6", "in": ["1"]}},
        {"code": "P", "criteria": {"field": "nothing", "in": ["1"]}},
        {"code": "P", "criteria": {"field": "value", "in": ["1"]}},
        {"code": "P", "criteria": {"field": "value", "lt": "ten"}},
        {"code": "P", "criteria": {"field": "value", "lt": float("nan")}},
        {"code": "P", "criteria": {"all": []}},
        {"code": "P", "criteria": {"field": "hs6", "in": ["1"]}, "lane": "purple"},
        {"code": "P", "criteria": {"field": "hs6", "in": ["1"]}, "rate": 2},
        {"code": "P", "criteria": {"field": "hs6", "in": ["1"]}, "sunset": "soon"},
        {"code": "P", "criteria": {"field": "hs6", "in": ["1"]}, "colour": "red"},
        {"code": "P", "criteria": None},
    ],
)
def test_a_wrong_profile_is_refused_with_its_code(wrong: dict) -> None:
    with pytest.raises(Invalid, match="Profile"):
        profile_from(wrong, FIELDS)


def test_criteria_nested_without_end_are_refused() -> None:
    deep: dict = {"field": "hs6", "in": ["1"]}
    for _ in range(100):
        deep = {"not": deep}
    with pytest.raises(Invalid, match="nested"):
        criteria_from(deep, SMALL)


@pytest.mark.parametrize("content", ["", "[", "{}", "3", '["x"]', "[" * 50_000])
def test_a_file_that_holds_no_profiles_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(content)
    with pytest.raises(UnreadableProfiles):
        load_profiles(tmp_path / "p.json")


def test_two_profiles_of_one_code_are_refused() -> None:
    history = history_from(_columns([("640211", "XA", 1)]))
    one = Profile("P", criteria_from({"field": "hs6", "in": ["1"]}, SMALL))
    outcomes = Outcomes(np.zeros(1, int), np.zeros(1, int), ("A",), np.ones(1, bool), np.ones(1, bool), np.ones(1))
    with pytest.raises(DomainError, match="same code"):
        back_test([one, one], history, outcomes)
