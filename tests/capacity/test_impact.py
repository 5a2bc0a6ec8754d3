"""Estimators against brute force, closed forms and statsmodels; intervals against enumeration; verdicts and the words they use."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from entrepot.capacity.impact.core import (
    CAUSAL,
    Found,
    Panel,
    Plan,
    Promise,
    causal,
    checked,
    compare,
    complete,
    explained,
    find_break,
    in_words,
    match,
    noise,
    obstacles,
    packed,
    packed_promise,
    promised,
    promised_in_words,
    reckon,
    unpacked,
    unpacked_promise,
    wanted,
)
from entrepot.capacity.impact.core import differences as d
from entrepot.capacity.impact.core import matching as m
from entrepot.capacity.impact.core.chance import handed_out, ways
from entrepot.capacity.impact.core.interrupted import Memory, design, fitted, remembering
from entrepot.capacity.impact.core.promise import Noise
from entrepot.capacity.impact.core.reckoning import Check
from entrepot.capacity.impact.enums import GRADE_NOTES, GRADES, METHODS, STEPS, VERDICTS, Method, Reason, Verdict
from entrepot.kernel.texts import Text


def _panel(values: Any, starts: Any) -> Panel:
    values = np.asarray(values, dtype=float)
    return Panel(tuple(f"M{at}" for at in range(len(values))), values, np.asarray(starts, dtype=np.int64))


def _drawn(seed: int, n: int = 12, periods: int = 20, starts: Any = None) -> Panel:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, periods)).cumsum(axis=1) + rng.normal(size=periods).cumsum()
    return _panel(values, [8, 8, 8, 11, 11, 14] + [periods] * (n - 6) if starts is None else starts)


@pytest.mark.parametrize("seed", range(5))
def test_group_time_differences_are_the_coefficients_of_the_saturated_regression(seed: int) -> None:
    """With Members that never take part, ATT(g, t) is the coefficient of the dummy for g and t beside Member and period."""
    panel = _drawn(seed)
    n, periods = panel.values.shape
    columns: list[Any] = [np.kron(np.eye(n)[:, at], np.ones(periods)) for at in range(n)]
    columns += [np.tile(np.eye(periods)[:, t], n) for t in range(1, periods)]
    names = []
    for start in (8, 11, 14):
        for t in range(periods):
            if t != start - 1:
                columns.append(np.kron((panel.starts == start).astype(float), np.eye(periods)[:, t]))
                names.append((start, t))
    fit = sm.OLS(panel.values.reshape(-1), np.stack(columns, axis=1)).fit()
    said = dict(zip(names, fit.params[-len(names) :], strict=True))
    for distance in range(-6, 6):
        of = d.at_distance(panel, distance, before=1)
        for cell in of:
            value, _ = d.reckoned(d.contrasts(panel.values, [cell]), panel.starts, [cell])
            if distance != -1:
                assert float(value) == pytest.approx(said[cell.start, cell.start + distance], abs=1e-8)


def _by_hand(panel: Panel, before: int, after: int, *, not_yet: bool) -> float:
    """The overall difference, term by term, as the docstring has it."""
    periods = panel.periods
    own = []
    for i, start in enumerate(panel.starts):
        if start >= periods:
            continue
        gaps = []
        for t in range(start, min(periods, start + after)):
            others = [j for j, s in enumerate(panel.starts) if (s > t if not_yet else s >= periods)]
            if others:
                change = [panel.values[j, t] - panel.values[j, start - before : start].mean() for j in (i, *others)]
                gaps.append(change[0] - float(np.mean(change[1:])))
        if gaps:
            own.append(float(np.mean(gaps)))
    return float(np.mean(own))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), before=st.integers(1, 8), after=st.integers(1, 9), not_yet=st.booleans(), never=st.booleans())
def test_the_overall_difference_is_its_definition(seed: int, before: int, after: int, not_yet: bool, never: bool) -> None:
    starts = [8, 8, 11, 11, 14, 14] + ([20] * 4 if never else [17] * 4)
    if not never and not not_yet:
        starts[-2:] = [20, 20]
    panel = _drawn(seed, n=10, starts=starts)
    of = d.cells(panel, before=before, after=after, not_yet=not_yet)
    value, part = d.reckoned(d.contrasts(panel.values, of), panel.starts, of)
    assert float(value) == pytest.approx(_by_hand(panel, before, after, not_yet=not_yet), abs=1e-9)
    assert part.sum() == pytest.approx(0, abs=1e-9)


def test_with_two_groups_it_is_the_regression_with_welchs_error() -> None:
    panel = _drawn(3, starts=[10] * 5 + [20] * 7)
    of = d.cells(panel, before=10, after=10)
    value, part = d.reckoned(d.contrasts(panel.values, of), panel.starts, of)
    change = panel.values[:, 10:].mean(axis=1) - panel.values[:, :10].mean(axis=1)
    fit = sm.OLS(change, sm.add_constant((panel.starts < 20).astype(float))).fit()
    assert float(value) == pytest.approx(fit.params[1])
    welch = change[:5].var(ddof=1) / 5 + change[5:].var(ddof=1) / 7
    assert math.sqrt(float((part**2).sum())) == pytest.approx(math.sqrt(welch))


def test_chance_is_the_share_of_all_ways_counted_one_by_one() -> None:
    panel = _drawn(11, n=8, starts=[8, 8, 8, 20, 20, 20, 20, 20])
    found = compare(panel, before=4, after=6, rng=np.random.default_rng(0))
    change = panel.values[:, 8:14].mean(axis=1) - panel.values[:, 4:8].mean(axis=1)

    def t(part: tuple[int, ...], shift: float = 0.0) -> float:
        moved = change - shift * np.isin(np.arange(8), (0, 1, 2))
        rest = [i for i in range(8) if i not in part]
        one, other = moved[list(part)], moved[rest]
        return float((one.mean() - other.mean()) / math.sqrt(one.var(ddof=1) / 3 + other.var(ddof=1) / 5))

    every = list(combinations(range(8), 3))
    assert found.ways == len(every) == ways(panel.starts) == 56
    assert found.chance == pytest.approx(sum(abs(t(part)) >= abs(t((0, 1, 2))) - 1e-9 for part in every) / 56)
    for x, inside in ((found.low + 1e-6, True), (found.high - 1e-6, True), (found.low - 1e-3, False), (found.high + 1e-3, False)):
        share = sum(abs(t(part, x)) >= abs(t((0, 1, 2), x)) - 1e-9 for part in every) / 56
        assert (share > 0.05) is inside


@given(labels=st.lists(st.sampled_from([5, 7, 9]), min_size=2, max_size=7))
def test_every_way_is_handed_out_once_the_real_one_first(labels: list[int]) -> None:
    real = np.array(labels)
    every, whole = handed_out(real, np.random.default_rng(0))
    assert whole
    assert (every[0] == real).all()
    assert len({tuple(row) for row in every}) == len(every) == ways(real)
    assert all(sorted(row) == sorted(labels) for row in every)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 8), more=st.integers(0, 6))
def test_pairs_are_assigned_as_scipy_assigns_them(seed: int, n: int, more: int) -> None:
    cost = np.random.default_rng(seed).random((n, n + more))
    mine = m.assigned(cost)
    rows, columns = linear_sum_assignment(cost)
    assert len(set(mine)) == n
    assert cost[np.arange(n), mine].sum() == pytest.approx(cost[rows, columns].sum())


def test_matched_pairs_are_swapped_in_every_way() -> None:
    rng = np.random.default_rng(4)
    level = rng.normal(size=16) * 0.2
    values = level[:, None] + rng.normal(size=(16, 14)) * 0.3
    panel = _panel(values, [7] * 6 + [14] * 10)
    matched = match(panel)
    assert len({j for _, j in matched.pairs}) == len(matched.pairs)
    change = m.changes(values, panel, matched.pairs, before=7, after=7)
    found = m.compare_pairs(panel, matched, before=7, after=7, rng=rng)
    n = len(change)

    def t(signs: Any) -> float:
        turned = change * np.array(signs)
        return abs(turned.mean()) / math.sqrt(turned.var(ddof=1) / n)

    share = sum(t(signs) >= t([1] * n) - 1e-9 for signs in product((1, -1), repeat=n)) / 2**n
    assert found.chance == pytest.approx(share)
    assert found.value == pytest.approx(change.mean())


def test_who_has_nobody_like_them_is_named_and_left_out() -> None:
    rng = np.random.default_rng(2)
    values = rng.normal(size=(14, 12)) * 0.1 + np.array([0.0] * 13 + [50.0])[:, None]
    panel = _panel(values, [12] * 6 + [6] * 8)
    plan = Plan(Method.MATCHED, 6, 6, 1.0, 1)
    matched = match(panel)
    assert 13 in matched.alone
    found = reckon(panel, plan, rng)
    assert "M13" in found.alone
    assert found.estimate is not None
    assert found.estimate.taking_part == len(matched.pairs) == 8 - len(found.alone)


def test_the_line_and_its_break_are_those_of_statsmodels() -> None:
    rng = np.random.default_rng(8)
    values = remembering(0.4, (30,), rng) + 0.1 * np.arange(30) + 2 * (np.arange(30) >= 15)
    columns, weights = design(30, 15)
    value, error, _ = fitted(values, columns, weights, np.asarray(0.0))
    plain = sm.OLS(values, columns).fit()
    assert float(value) == pytest.approx(float(weights @ plain.params))
    assert float(error) == pytest.approx(math.sqrt(float(weights @ plain.cov_params() @ weights)))
    lag = np.abs(np.subtract.outer(np.arange(30), np.arange(30)))
    value, error, _ = fitted(values, columns, weights, np.asarray(0.4))
    general = sm.GLS(values, columns, sigma=0.4**lag).fit()
    assert float(value) == pytest.approx(float(weights @ general.params))
    assert float(error) == pytest.approx(math.sqrt(float(weights @ general.cov_params() @ weights)))


def test_memory_is_not_read_too_low_from_a_short_series() -> None:
    rng = np.random.default_rng(6)
    columns, _ = design(26, 13)
    memory = Memory(columns, rng)
    usual = remembering(0.6, (400, 26), rng)
    plain = [sm.tsa.acf(row @ memory.off, nlags=1)[1] for row in usual]
    assert np.mean(plain) < 0.45, "what the residuals show"
    assert np.mean(memory.of(usual)) == pytest.approx(0.6, abs=0.12)


def test_noise_is_read_from_the_periods_before() -> None:
    rng = np.random.default_rng(9)
    made = 3 * remembering(0.5, (600, 10), rng) + rng.normal(size=(600, 1)) * 20 + rng.normal(size=10) * 9
    found = noise(made)
    assert found.spread == pytest.approx(3, rel=0.06)
    assert found.rho == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("method", [Method.DIFFERENCES, Method.MATCHED, Method.INTERRUPTED])
def test_a_promise_does_not_look_at_what_came_after(method: Method) -> None:
    rng = np.random.default_rng(12)
    values = rng.normal(size=(40, 20))
    starts = [10] * 8 + [20] * 32
    if method is Method.INTERRUPTED:
        values, starts = values[:1], [10]
    plan = Plan(method, 10, 10, 0.5, 1)
    said = [
        promised(_panel(np.where(np.arange(20) < 10, values, after), starts), plan, np.random.default_rng(1))
        for after in (0.0, 1e6, np.nan)
    ]
    assert said[0] is not None
    assert said[0] == said[1] == said[2]


ABOUT = Plan(Method.DIFFERENCES, 8, 8, 1.0, 1)


def _told(panel: Panel, plan: Plan = ABOUT, seed: int = 1) -> Found:
    return reckon(panel, plan, np.random.default_rng(seed))


def _groups(n: int = 12, moved: float = 0.0, noise_of: float = 0.3, drift: float = 0.0) -> Panel:
    rng = np.random.default_rng(20)
    values = rng.normal(size=(n, 16)) * noise_of + rng.normal(size=(n, 1))
    part = np.arange(n) < n // 2
    values += moved * np.outer(part, np.arange(16) >= 8) + drift * np.outer(part, np.arange(16))
    return _panel(values, np.where(part, 8, 16))


@pytest.mark.row("R21.1")
def test_each_verdict_has_its_case() -> None:
    assert _told(_groups(moved=3)).verdict is Verdict.SHOWN
    assert _told(_groups(moved=-3)).verdict is Verdict.OPPOSITE
    assert _told(_groups(moved=-3), replace(ABOUT, better=-1)).verdict is Verdict.SHOWN
    assert _told(_groups()).verdict is Verdict.RULED_OUT
    assert _told(_groups(noise_of=4)).reasons == (Reason.WIDE,)
    assert _told(_groups(moved=3, drift=0.5)).reasons == (Reason.APART,)
    granted = _told(_groups(moved=3), replace(ABOUT, drift=0.5))
    assert granted.verdict is Verdict.CANNOT_TELL
    assert granted.estimate is not None
    assert granted.estimate.high - granted.estimate.low > 8


@pytest.mark.row("R21.4")
def test_without_a_comparison_it_cannot_tell_however_many_persons() -> None:
    """Thirty persons, tested before and after, and nobody to compare with: one place, two periods."""
    two = _panel([[41.0, 78.0]], [1])
    found = _told(two, Plan(Method.INTERRUPTED, 1, 1, 5.0, 1))
    assert found.verdict is Verdict.CANNOT_TELL
    assert set(found.reasons) == {Reason.NO_COMPARISON, Reason.FEW_PERIODS}
    asked = wanted(found, Plan(Method.INTERRUPTED, 1, 1, 5.0, 1), None, "points")
    assert any("did not take part" in str(text) for text in asked)
    assert any("periods before" in str(text) for text in asked)
    alone = _groups()
    everyone = Panel(alone.units, alone.values, np.full(12, 8))
    assert Reason.NO_COMPARISON in _told(everyone).reasons
    long = np.random.default_rng(3).normal(size=(1, 40)) + 30 * (np.arange(40) >= 20)
    broken = _told(_panel(long, [20]), Plan(Method.INTERRUPTED, 20, 20, 5.0, 1))
    assert broken.verdict is Verdict.CANNOT_TELL, "a break of a hundred standard deviations still has nobody beside it"
    assert broken.broken is not None
    assert broken.broken.chance < 0.01


def test_few_members_periods_and_figures_to_come_are_named() -> None:
    assert _told(_groups(n=4)).reasons == (Reason.FEW_MEMBERS,)
    assert Reason.FEW_PERIODS in obstacles(_groups(), replace(ABOUT, before=3))
    assert _told(_groups(), replace(ABOUT, after=9)).reasons == (Reason.NOT_YET,)
    panel = _groups(moved=3)
    panel.values[0, 9] = np.nan
    found = _told(panel)
    assert found.left_out == ("M0",)
    assert found.estimate is not None
    assert found.estimate.taking_part == 5
    assert complete(panel)[0].units == tuple(f"M{at}" for at in range(1, 12))


def test_what_comes_after_the_window_changes_nothing() -> None:
    panel = _groups(moved=3)
    longer = Panel(panel.units, np.concatenate([panel.values, np.full((12, 5), np.nan)], axis=1), np.where(panel.starts < 16, 8, 21))
    assert _told(longer) == _told(panel)


def test_no_mean_is_said_of_fewer_than_three_members() -> None:
    panel = _drawn(5, n=12, periods=16, starts=[8] * 10 + [16] * 2)
    assert all(line.others is None for line in d_lines(panel))


def d_lines(panel: Panel) -> Any:
    from entrepot.capacity.impact.core.reckoning import _lines

    return _lines(panel)


def _every_finding() -> list[tuple[Found, Plan]]:
    """A finding for every verdict, reason and method."""
    told = [(_told(_groups(moved=moved, drift=drift, noise_of=wide)), ABOUT) for moved, drift, wide in _CASES]
    series = Plan(Method.INTERRUPTED, 20, 20, 5.0, 1)
    for jump in (0, 30):
        values = np.random.default_rng(3).normal(size=(1, 40)) + jump * (np.arange(40) >= 20)
        told.append((_told(_panel(values, [20]), series), series))
    told += [
        (Found(Verdict.CANNOT_TELL, (reason,)), plan)
        for reason in Reason
        for plan in (ABOUT, series, replace(ABOUT, method=Method.MATCHED))
    ]
    looked = told[0][0]
    return [*told, (replace(looked, verdict=Verdict.CANNOT_TELL, reasons=(Reason.LOOKED_FIRST,)), ABOUT)]


_CASES = [(3, 0, 0.3), (-3, 0, 0.3), (0, 0, 0.3), (0, 0, 4), (3, 0.5, 0.3)]


def _flat(text: Any) -> str:
    if isinstance(text, Text):
        return text.message % {name: _flat(value) for name, value in text.values.items()}
    return str(text)


@pytest.mark.row("R21.4")
def test_no_word_of_cause_without_a_comparison_that_shows_it() -> None:
    """Every string that any verdict can produce is scanned, filled in and bare."""
    promise = Promise(1.2, 0.6, 40, Noise(1.0, 0.3))
    seen = set()
    for found, plan in _every_finding():
        seen.add(found.verdict)
        told = [*in_words(found, "days"), *explained(found), *wanted(found, plan, promise, "days"), *promised_in_words(promise, plan, "%")]
        told += [checked(check, "days") for check in found.checks]
        words = [causal(_flat(text)) for text in told]
        if found.speaks:
            assert any(words), "this one may say it"
        else:
            assert not any(words), (found.verdict, [text for text, word in zip(told, words, strict=True) if word])
    assert seen == set(Verdict)
    vocabularies = (METHODS, STEPS, GRADES, GRADE_NOTES, {key: words for key, words in VERDICTS.items() if key is Verdict.CANNOT_TELL})
    assert [words for vocabulary in vocabularies for words in vocabulary.values() if causal(words)] == []


def test_the_scan_knows_the_usual_words() -> None:
    for text in (
        "Refusals fell because of it",
        "the impact of training",
        "it led to fewer",
        "an effect of 3",
        "improved by 4",
        "thanks to",
    ):
        assert causal(text), text
    assert CAUSAL.search("The list lies at the counter") is None


def test_findings_and_promises_are_kept_whole() -> None:
    for found, _ in _every_finding():
        again = unpacked(packed(found))
        assert packed(again) == packed(found)
        assert [str(text) for text in in_words(again, "days")] == [str(text) for text in in_words(found, "days")]
    endless = replace(_told(_groups(moved=3)), estimate=replace(_told(_groups(moved=3)).estimate, high=math.inf))  # type: ignore[type-var]
    assert unpacked(packed(endless)).estimate.high == math.inf  # type: ignore[union-attr]
    promise = Promise(1.2, 0.6, None, Noise(1.0, 0.3))
    assert unpacked_promise(packed_promise(promise)) == promise
    assert Check("apart", None) in unpacked(packed(Found(Verdict.CANNOT_TELL, checks=(Check("apart", None),)))).checks


def test_a_break_is_found_where_there_is_one_and_not_read_where_there_is_none() -> None:
    rng = np.random.default_rng(14)
    flat = [find_break(remembering(0.3, (36,), rng), 18, np.random.default_rng(at)).chance for at in range(40)]
    assert sum(chance <= 0.05 for chance in flat) <= 6
    jump = find_break(remembering(0.3, (36,), rng) + 6 * (np.arange(36) >= 18), 18, rng)
    assert jump.chance <= 0.01
    assert jump.low < 6 < jump.high
