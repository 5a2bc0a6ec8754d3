"""Each statistic against an oracle that was written by others or by brute force."""

from __future__ import annotations

import importlib
import inspect
import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import calibration, metrics
from statsmodels.stats.proportion import proportion_confint

from entrepot.kernel.errors import Invalid
from entrepot.risk.measures.core import (
    Ranked,
    auc,
    average_precision,
    bootstrap,
    brier,
    calibration_error,
    difference,
    exact,
    finite,
    mean_interval,
    precision_at,
    rate_change,
    recall_at,
    reliability,
    stability_index,
    wilson,
)

COUNTS = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
LABELLED = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 6)), min_size=2, max_size=60).filter(
    lambda rows: 0 < sum(label for label, _ in rows) < len(rows)
)


@given(COUNTS, st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_is_that_of_statsmodels(counts: tuple[int, int], level: float) -> None:
    found = wilson(*counts, level)
    assert (found.low, found.high) == pytest.approx(proportion_confint(*counts, 1 - level, method="wilson"), abs=1e-9)


@given(COUNTS, st.sampled_from([0.8, 0.95]))
def test_exact_is_that_of_scipy(counts: tuple[int, int], level: float) -> None:
    found, oracle = exact(*counts, level), stats.binomtest(*counts).proportion_ci(level, "exact")
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high), abs=1e-9)


@given(
    st.integers(1, 40).flatmap(
        lambda n: st.tuples(st.just(n), st.integers(1, n)).flatmap(lambda t: st.tuples(*map(st.just, t), st.integers(0, t[1])))
    )
)
@settings(max_examples=60)
def test_finite_is_what_trying_every_number_of_positives_gives(case: tuple[int, int, int]) -> None:
    population, drawn, hits = case
    tails = [
        tail(hits - less, population, k, drawn)
        for k in range(population + 1)
        for tail, less in ((stats.hypergeom.sf, 1), (stats.hypergeom.cdf, 0))
    ]
    assume(all(abs(chance - 0.025) > 1e-9 for chance in tails))  # exactly on the limit, rounding decides on either side
    kept = [
        k
        for k in range(hits, population - (drawn - hits) + 1)
        if stats.hypergeom.sf(hits - 1, population, k, drawn) >= 0.025 and stats.hypergeom.cdf(hits, population, k, drawn) >= 0.025
    ]
    found = finite(hits, drawn, population)
    assert (found.low, found.high) == (min(kept), max(kept))


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=20).filter(lambda v: np.std(v) > 1e-6))
def test_mean_interval_is_that_of_scipy(values: list[float]) -> None:
    found, oracle = mean_interval(values), stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high), rel=1e-6, abs=1e-9)


@given(LABELLED)
def test_auc_and_average_precision_are_those_of_scikit_learn(rows: list[tuple[int, int]]) -> None:
    labels, scores = [label for label, _ in rows], [score / 6 for _, score in rows]
    assert auc(labels, scores) == pytest.approx(metrics.roc_auc_score(labels, scores))
    assert average_precision(labels, scores) == pytest.approx(metrics.average_precision_score(labels, scores))
    positive = [s for label, s in zip(labels, scores, strict=True) if label]
    negative = [s for label, s in zip(labels, scores, strict=True) if not label]
    u = stats.mannwhitneyu(positive, negative).statistic
    assert auc(labels, scores) == pytest.approx(u / len(positive) / len(negative))


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=6), st.sampled_from([0.1, 0.34, 0.5, 1.0]))
def test_precision_and_recall_at_are_means_over_all_orders_of_ties(rows: list[tuple[int, int]], share: float) -> None:
    labels, scores = [label for label, _ in rows], [float(score) for _, score in rows]
    room = math.ceil(share * len(rows) - 1e-9)
    orders = [
        order for order in itertools.permutations(range(len(rows))) if all(scores[a] >= scores[b] for a, b in itertools.pairwise(order))
    ]
    mean = np.mean([sum(labels[row] for row in order[:room]) for order in orders])
    assert precision_at(labels, scores, share) == pytest.approx(mean / room)
    if sum(labels):
        assert recall_at(labels, scores, share) == pytest.approx(mean / sum(labels))


@given(LABELLED, st.data())
def test_weights_are_worth_as_many_copies(rows: list[tuple[int, int]], data: st.DataObject) -> None:
    times = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows))))
    labels, scores = np.array([label for label, _ in rows]), np.array([score for _, score in rows], dtype=float)
    copies = np.repeat(np.arange(len(rows)), times)
    weighted = Ranked(labels, scores)
    if 0 < labels[copies].sum() < len(copies):
        assert weighted.auc(times.astype(float)) == pytest.approx(auc(labels[copies], scores[copies]))
        assert weighted.average_precision(times.astype(float)) == pytest.approx(average_precision(labels[copies], scores[copies]))


def test_bootstrap_interval_is_near_the_closed_one_for_a_mean() -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(10, 2, 400)
    found = bootstrap(np.arange(400), lambda w: float((w * values).sum() / w.sum()), rng, rounds=2000)
    closed = mean_interval(values.tolist())
    assert found.low == pytest.approx(closed.low, abs=0.03)
    assert found.high == pytest.approx(closed.high, abs=0.03)


def test_bootstrap_by_groups_is_wider_where_rows_repeat_each_other() -> None:
    rng = np.random.default_rng(5)
    values = np.repeat(rng.normal(0, 1, 40), 10)
    mean = lambda w: float((w * values).sum() / w.sum())  # noqa: E731
    alone = bootstrap(np.arange(400), mean, rng, rounds=400)
    together = bootstrap(np.repeat(np.arange(40), 10), mean, rng, rounds=400)
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_reliability_and_brier_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    scores = rng.random(500)
    labels = (rng.random(500) < scores).astype(int)
    rates, means = calibration.calibration_curve(labels, scores, n_bins=10, strategy="quantile")
    found = reliability(labels, scores)
    assert [one.score for one in found] == pytest.approx(means, abs=0.02)
    assert [one.found.estimate for one in found] == pytest.approx(rates, abs=0.05)
    assert brier(labels, scores) == pytest.approx(metrics.brier_score_loss(labels, scores))
    by_hand = sum(one.count / 500 * abs(one.score - one.found.estimate) for one in found)
    assert calibration_error(labels, scores) == pytest.approx(by_hand)


def test_stability_index_is_both_divergences_together() -> None:
    rng = np.random.default_rng(2)
    before, now = rng.normal(0, 1, 1000), rng.normal(0.5, 1.3, 800)
    edges = np.quantile(before, np.linspace(0, 1, 11)[1:-1])
    p = np.r_[np.bincount(np.searchsorted(edges, before, side="right"), minlength=10), 0] + 0.5
    q = np.r_[np.bincount(np.searchsorted(edges, now, side="right"), minlength=10), 0] + 0.5
    assert stability_index(before, now) == pytest.approx(stats.entropy(p, q) + stats.entropy(q, p))
    assert stability_index(before, np.full(10, np.nan)) > 1


@given(st.integers(0, 8), st.integers(8, 9), st.integers(0, 8), st.integers(8, 9))
@settings(max_examples=40)
def test_rate_change_sums_the_tables_that_are_no_likelier(a: int, n: int, b: int, m: int) -> None:
    chances = [stats.hypergeom.pmf(k, n + m, a + b, n) for k in range(n + 1)]
    own = stats.hypergeom.pmf(a, n + m, a + b, n)
    assert rate_change(a, n, b, m) == pytest.approx(min(1.0, sum(p for p in chances if p <= own * (1 + 1e-7))))


def test_difference_is_welchs() -> None:
    rng = np.random.default_rng(3)
    before, now = rng.normal(0, 1, 12).tolist(), rng.normal(1, 2, 15).tolist()
    found, oracle = difference(before, now), stats.ttest_ind(now, before, equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high))


@pytest.mark.parametrize(
    "call",
    [lambda: wilson(3, 2), lambda: finite(1, 5, 4), lambda: auc([0, 2], [1, 2]), lambda: auc([0, 1], [1, np.inf]), lambda: auc([], [])],
)
def test_arguments_that_cannot_be_are_refused(call) -> None:
    with pytest.raises(Invalid):
        call()


STATISTICS = ("measures.core", "selection.core.estimates", "selection.core.sampling", "selection.core.bandit", "selection.core.drift")


def test_every_statistic_names_its_oracle() -> None:
    """What is held against what: in the docstring, where a reader of the figure looks."""
    unnamed = []
    for name in STATISTICS:
        module = importlib.import_module(f"entrepot.risk.{name}")
        for word, thing in vars(module).items():
            home = getattr(thing, "__module__", "")
            if inspect.isfunction(thing) and not word.startswith("_") and home.startswith(f"entrepot.risk.{name}"):
                unnamed += [] if "racle" in (thing.__doc__ or "") else [f"{home}.{word}"]
    assert unnamed == []
