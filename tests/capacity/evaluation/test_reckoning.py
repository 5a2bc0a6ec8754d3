"""Each rate, interval and test of evaluation against a named reference or brute force."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

from entrepot.capacity.evaluation import core

SCORES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=6, max_size=60)


def _gain(pairs: list[tuple[float, float]]) -> core.Gain:
    before = {str(index): a for index, (a, _) in enumerate(pairs)}
    after = {str(index): b for index, (_, b) in enumerate(pairs)}
    return core.gain(before, after, of=len(pairs))


@pytest.mark.row("R21.3")
@settings(max_examples=60, deadline=None)
@given(SCORES)
def test_gain_agrees_with_scipy(pairs: list[tuple[float, float]]) -> None:
    before, after = np.array(pairs, float).T
    differences = after - before
    found = _gain(pairs)
    assert found.mean.value == pytest.approx(differences.mean())
    if differences.std() == 0:
        assert found.p_t is None
        return
    reference = stats.ttest_rel(after, before)
    interval = reference.confidence_interval()
    assert found.p_t == pytest.approx(reference.pvalue, rel=1e-6, abs=1e-12)
    assert (found.mean.low, found.mean.high) == pytest.approx((interval.low, interval.high), rel=1e-6, abs=1e-9)
    assert found.effect == pytest.approx(differences.mean() / differences.std(ddof=1))
    kept = differences[differences != 0]
    sizes = np.abs(kept)
    exact = len(kept) <= 25 and len(set(sizes)) == len(sizes)
    wilcoxon = stats.wilcoxon(kept, method="exact" if exact else "asymptotic", correction=False)
    assert found.w == pytest.approx(wilcoxon.statistic)
    assert found.p_w == pytest.approx(wilcoxon.pvalue, rel=1e-6, abs=1e-12)


def test_gain_without_ties_is_counted_out() -> None:
    chance = random.Random(5)
    pairs = [(0.0, chance.gauss(0.4, 1)) for _ in range(12)]
    found = _gain(pairs)
    differences = [b for _, b in pairs]
    ranks = stats.rankdata(np.abs(differences))
    sums = [sum(rank for rank, sign in zip(ranks, signs, strict=True) if sign) for signs in product((0, 1), repeat=12)]
    assert found.w is not None
    assert found.p_w == pytest.approx(min(1, 2 * np.mean([total <= found.w for total in sums])))
    assert found.rank_effect == pytest.approx(
        1 - 2 * found.w / 78 if sum(r for r, d in zip(ranks, differences, strict=True) if d > 0) > 39 else 2 * found.w / 78 - 1
    )


@pytest.mark.row("R21.3")
def test_only_those_with_both_scores_are_compared_and_the_others_are_counted() -> None:
    found = core.gain({"a": 1, "b": 2, "c": 3, "d": 1, "e": 5, "x": 99}, {"a": 2, "b": 4, "c": 3, "d": 3, "e": 9, "y": 0}, of=9)
    assert (found.mean.n, found.mean.of, found.only_before, found.only_after) == (5, 9, 1, 1)
    assert found.mean.value == pytest.approx(9 / 5)
    assert core.gain({"a": 1}, {"a": 2}, of=9).mean.value is None


@pytest.mark.parametrize("df", [1, 2, 4, 9, 30, 899])
@pytest.mark.parametrize("share", [0.6, 0.9, 0.975, 0.9995])
def test_students_quantile_agrees_with_scipy(df: int, share: float) -> None:
    assert core.t_quantile(share, df) == pytest.approx(stats.t.ppf(share, df), rel=1e-9)
    assert core.t_tail(1.7, df) == pytest.approx(stats.t.sf(1.7, df), rel=1e-9)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 500), st.data())
def test_wilsons_interval_agrees_with_statsmodels(n: int, data: Any) -> None:
    hits = data.draw(st.integers(0, n))
    assert core.wilson(hits, n) == pytest.approx(proportion_confint(hits, n, method="wilson"), abs=1e-9)


def test_item_statistics_agree_with_numpy() -> None:
    chance = random.Random(2)
    keys = [f"q{n}" for n in range(6)]
    takers = []
    for _ in range(80):
        skill = chance.gauss(0, 1)
        takers.append({key: chance.gauss(skill, 1) > number / 3 - 1 for number, key in enumerate(keys)})
    table = np.array([[row[key] for key in keys] for row in takers], float)
    for number, item in enumerate(core.item_statistics(takers, keys)):
        rest = table.sum(axis=1) - table[:, number]
        assert item.difficulty == pytest.approx(table[:, number].mean())
        assert item.discrimination == pytest.approx(np.corrcoef(table[:, number], rest)[0, 1])
    assert core.item_statistics(takers[:4], keys)[0].difficulty is None


@pytest.mark.row("R23.4")
@pytest.mark.parametrize("seed", range(12))
def test_completion_with_censoring_agrees_with_statsmodels(seed: int) -> None:
    chance = random.Random(seed)
    items = []
    for _ in range(60):
        watched = chance.choice((50.0, 120.0, 200.0, 400.0, 500.0))
        done = float(chance.randint(5, 420)) if chance.random() < 0.6 else None
        items.append(core.Watched(done if done is not None and done <= watched else None, watched))
    for months in core.HORIZONS:
        horizon = months * 30.4375
        found = core.completed_within(items, months, people=60)
        times = [min(item.watched, horizon) if item.done_after is None or item.done_after > horizon else item.done_after for item in items]
        events = [item.done_after is not None and item.done_after <= horizon for item in items]
        reference = SurvfuncRight(times, events)
        s, se = reference.surv_prob[-1], reference.surv_prob_se[-1]
        assert found.share == pytest.approx(1 - s)
        if found.method == "kaplan-meier":
            width = 1.959963984540054 * (se / s) / math.log(s)
            ends = sorted((1 - s ** math.exp(width), 1 - s ** math.exp(-width)))
            assert (found.low, found.high) == pytest.approx(tuple(ends))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.none() | st.integers(0, 500), st.integers(0, 500), st.integers(1, 3)), min_size=1, max_size=30), st.integers(4, 6)
)
def test_items_put_together_as_alike_give_the_same_figures(drawn: list[tuple[int | None, int, int]], people: int) -> None:
    items = [core.Watched(None if after is None else float(after), float(max(after or 0, days)), n) for after, days, n in drawn]
    together = core.alike(items)
    assert len({(item.done_after, item.watched if item.done_after is None else None) for item in together}) == len(together)
    for months in core.HORIZONS:
        one, other = (core.completed_within(some, months, people=people) for some in (items, together))
        assert replace(one, share=None, low=None, high=None) == replace(other, share=None, low=None, high=None)
        assert (one.share is None) == (other.share is None)
        if one.share is not None:
            assert (one.share, one.low, one.high) == pytest.approx((other.share, other.low, other.high))


def test_completion_of_items_all_watched_long_enough_is_wilsons_share() -> None:
    items = [core.Watched(40.0 if n < 7 else None, 500.0) for n in range(20)]
    found = core.completed_within(items, 3, people=20)
    assert (found.method, found.share) == ("wilson", 7 / 20)
    assert (found.low, found.high) == pytest.approx(proportion_confint(7, 20, method="wilson"))
    assert core.completed_within(items, 3, people=4).share is None, "twenty items of four people are four people"
    alike = [core.Watched(40.0, 500.0, 7), core.Watched(None, 500.0, 13)]
    assert core.completed_within(alike, 3, people=20) == found, "items alike may be counted together"


@pytest.mark.row("R21.4")
@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=5, max_size=9), st.integers(0, 3))
def test_bounds_are_those_of_every_way_the_silent_could_have_answered(values: list[int], silent: int) -> None:
    of = len(values) + silent
    found = core.bounds_of(values, of=of, worst=1, best=5)
    means = [(sum(values) + sum(others)) / of for others in product(range(1, 6), repeat=silent)]
    assert found
    assert (found.low, found.high) == pytest.approx((min(means), max(means)))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5)), min_size=6, max_size=40), st.data())
def test_weights_are_one_over_the_chance_to_answer(values: list[tuple[str, int]], data: Any) -> None:
    parts = {part: sum(p == part for p, _ in values) for part, _ in values}
    asked = {part: n + data.draw(st.integers(0, 20)) for part, n in parts.items()} | {"z": 7}
    found = core.weighted([(part, float(value)) for part, value in values], asked)
    weights = [asked[part] / parts[part] for part, _ in values]
    assert found.mean.value == pytest.approx(np.average([value for _, value in values], weights=weights))
    assert found.uncovered == 7, "a part without an answer is said, not guessed"


def test_weights_mend_what_silence_bent() -> None:
    """Where silence depends on the part alone, the weighted mean is the truth and the plain one is not; the interval covers 95 in 100."""
    chance = random.Random(11)
    covered, plain = 0, []
    for _ in range(400):
        people = [(part, chance.gauss({"calm": 4.2, "busy": 2.4}[part], 0.6)) for part in ["calm"] * 200 + ["busy"] * 200]
        said = [(part, value) for part, value in people if chance.random() < {"calm": 0.7, "busy": 0.2}[part]]
        found = core.weighted(said, {"calm": 200, "busy": 200}).mean
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 3.3 <= found.high
        plain.append(sum(value for _, value in said) / len(said))
    assert 0.92 <= covered / 400 <= 0.98
    assert np.mean(plain) > 3.7


def test_response_rates_of_small_parts_are_not_said() -> None:
    asked, answered = {"a": 30, "b": 20, "c": 6}, {"a": 20, "b": 9, "c": 4}
    rows = {row.part: row for row in core.answered_by(asked, answered)}
    assert rows["c"].answered is None
    assert any(rows[part].answered is None for part in "ab"), "or c follows by subtraction"
    opened = {row.part: row for row in core.answered_by(asked, answered, open_cells=True)}
    assert opened["c"].share == pytest.approx(4 / 6)
    assert (opened["a"].low, opened["a"].high) == pytest.approx(proportion_confint(20, 30, method="wilson"))


@pytest.mark.row("R66.3")
@pytest.mark.parametrize("seed", range(10))
def test_reach_counts_each_colleague_once_and_agrees_with_a_walk(seed: int) -> None:
    chance = random.Random(seed)
    seats = [f"s{n}" for n in range(5)]
    known, lessons = list(seats), []
    for number in range(15):
        by = chance.choice(known)
        heard = frozenset(chance.choice((f"c{chance.randint(0, 25)}", chance.choice(seats))) for _ in range(chance.randint(0, 4)))
        lessons.append(core.Lesson(f"l{number}", by, chance.randint(0, 9), heard))
        known += sorted(heard)
    found = core.reach_of(seats, lessons)
    reached, order = set(), list(lessons)
    standing = set(seats)
    grown = True
    while grown:
        grown = False
        for lesson in order:
            if lesson.by in standing and not lesson.confirmed <= standing:
                reached |= lesson.confirmed - set(seats)
                standing |= lesson.confirmed
                grown = True
    assert found.confirmed == len(reached), "each colleague who can be traced to a seat, once"
    assert found.claimed == sum(max(lesson.claimed, len(lesson.confirmed)) for lesson in lessons if lesson.by in standing)


def test_minutes_are_estimated_from_the_questions_and_a_sitting_has_to_be_believable() -> None:
    short, long = core.DEFAULTS["supervisor"], core.DEFAULTS["member"]
    assert 60 < core.seconds_for(short) < core.seconds_for(long) < 600
    assert [core.sitting(seconds) for seconds in (None, 1, 95.4, 90_000)] == [None, None, 95, None]
    assert core.over_with({1: core.Burden(1, 470, 0, 3)}, {1: 20, 2: 400, 3: 481}) == [1, 3]


counts = st.tuples(st.integers(1, 9), st.integers(0, 12), st.integers(0, 12))


@given(st.dictionaries(st.sampled_from("abcdefgh"), counts, min_size=1))
@settings(max_examples=300, deadline=None)
def test_no_member_reckons_what_another_ones_few_officers_did(sums: dict[str, tuple[int, int, int]]) -> None:
    """Everyone knows the rows that are said, the whole where it is said, and the row of their own Member."""
    hidden, whole = core.unsaid(sums)
    assert all(sums[place][0] >= 5 and not any(0 < n < 5 for n in sums[place]) for place in sums.keys() - hidden)
    for own in (None, *sums):
        left = [sums[place] for place in hidden - {own}]
        if whole and left:
            assert len(left) > 1
            assert sum(seats for seats, _, _ in left) >= 5
            assert not any(0 < sum(one[part] for one in left) < 5 for part in (1, 2))
