"""Selection: chances that are kept, capacity that is never passed, estimates that cover, and the order of the lanes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from entrepot.kernel.errors import Invalid
from entrepot.risk.profiles.api import FIELDS, history_from, profile_from
from entrepot.risk.selection.api import (
    Bandit,
    Exploration,
    Ground,
    Hits,
    Lane,
    NothingKnown,
    Plan,
    compliance,
    curiosity,
    drift,
    examiners,
    may_reroute,
    precision,
    rate,
    select,
    select_days,
    total,
    worth,
)
from entrepot.risk.selection.core import carried, proportional, systematic

DRAWS = 3000
PLANS = {
    "room": (Plan(expected=0.2, random=0.02, explore=0.2, exploration=Exploration.UNCERTAINTY, capacity={"x": 40}), 40),
    "tight": (Plan(expected=0.1, random=0.05, explore=0.0, capacity={"x": 10}), 10),
    "too tight": (Plan(expected=0.1, random=0.1, explore=0.1, capacity={"x": 3}), 3),
    "no model": (Plan(expected=0.03, random=0.03), 200),
}
HITS = [Hits("a", np.arange(5)), Hits("b", np.arange(20, 60), Lane.RED, 0.25), Hits("c", np.arange(100, 120), Lane.YELLOW)]


def _far(drawn: int, chance: np.ndarray) -> float:
    """Chance of a result as far off as the worst row's, over all rows."""
    p = np.array([stats.binomtest(int(k), DRAWS, min(1.0, float(c))).pvalue for k, c in zip(drawn, chance, strict=True)])
    return float(p.min() * len(p))


@pytest.mark.row("R49.3")
@pytest.mark.parametrize("name", list(PLANS))
def test_each_row_is_inspected_as_often_as_its_propensity_says(name: str) -> None:
    plan, cap = PLANS[name]
    rng, score = np.random.default_rng(1), np.random.default_rng(2).random(200)
    counts, blind, most = np.zeros(200), np.zeros(200), 0
    for _ in range(DRAWS):
        made = select(score, HITS, plan, rng, office="x", curiosity=score * (1 - score))
        counts += made.inspected
        blind += made.ground == Ground.RANDOM
        most = max(most, int(made.inspected.sum()))
    assert (made.propensity > 0).all()
    assert _far(counts, made.propensity) > 1e-3
    assert most <= cap
    assert bool(made.short) == (name == "too tight" or (name == "tight" and bool(made.short)))


@given(st.integers(1, 60), st.floats(0, 0.3), st.floats(0, 1), st.integers(0, 20), st.integers(0, 2**32 - 1))
@settings(max_examples=150)
def test_no_plan_passes_capacity_or_leaves_a_row_without_a_lane(count: int, random: float, explore: float, cap: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    plan = Plan(
        expected=max(random, 0.3), random=random, explore=explore, exploration=Exploration.UNCERTAINTY, yellow=0.1, capacity={"x": cap}
    )
    hits = [Hits("p", np.flatnonzero(rng.random(count) < 0.3)), Hits("q", np.flatnonzero(rng.random(count) < 0.3), Lane.RED, 0.5)]
    made = select(rng.random(count), hits, plan, rng, office="x", curiosity=rng.random(count))
    assert made.inspected.sum() <= cap
    assert ((made.propensity >= 0) & (made.propensity <= 1 + 1e-9)).all()
    assert (made.propensity[made.inspected] > 0).all()
    assert (made.ground[made.lane == Lane.RED] != Ground.NONE).all()


@pytest.mark.row("R53.3")
def test_the_order_is_criteria_then_random_then_model_and_red_before_yellow() -> None:
    score = np.linspace(0, 1, 100)
    hits = [Hits("yellow", np.arange(10), Lane.YELLOW), Hits("red", np.arange(5, 15), Lane.RED)]
    made = select(score, hits, Plan(expected=0.3, random=0.05, explore=0.0, yellow=0.2), np.random.default_rng(1))
    assert (made.lane[5:15] == Lane.RED).all()
    assert (made.criterion[5:15] == 1).all()
    assert (made.lane[:5] <= Lane.YELLOW).all()
    assert made.inspected.sum() == pytest.approx(30, abs=1)
    model = np.flatnonzero(made.ground == Ground.MODEL)
    assert set(model[made.lane[model] == Lane.RED]) <= set(range(80, 100))
    assert (made.lane == Lane.YELLOW).sum() == 20
    assert (made.ground == Ground.RANDOM).sum() >= 4


@pytest.mark.row("R49.2")
def test_what_criteria_want_beyond_capacity_goes_to_documents() -> None:
    made = select(np.zeros(50), [Hits("p", np.arange(40))], Plan(expected=1.0, random=0.02, capacity={"": 10}), np.random.default_rng(1))
    assert made.inspected.sum() <= 10
    over = made.ground == Ground.OVER_CAPACITY
    assert (made.lane[over] == Lane.YELLOW).all()
    assert over.sum() >= 30
    assert (made.propensity[:40] > 0).all()


def test_a_criterion_never_lets_more_hits_pass_than_it_says() -> None:
    phase, run, longest, taken = 0.37, 0, 0, 0
    rng = np.random.default_rng(1)
    for _ in range(300):
        drawn, phase = carried(int(rng.integers(0, 7)), 0.25, phase)
        for one in drawn:
            run = 0 if one else run + 1
            longest, taken = max(longest, run), taken + one
    assert longest == 3


@example([1.0] * 28 + [5e-324], 28.5)  # half of the least number there is is nought
@example([1e308] * 4, 2.0)
@given(st.lists(st.floats(0, 5), min_size=1, max_size=30), st.floats(0, 30))
def test_proportional_chances_sum_to_the_total_and_keep_the_order(weights: list[float], wanted: float) -> None:
    weight = np.array(weights)
    chance = proportional(weight, wanted)
    assert chance.max() <= 1
    assert chance.sum() == pytest.approx(min(wanted, len(weight)), abs=1e-6)
    order = np.argsort(weight)
    assert (np.diff(chance[order]) >= -1e-9).all()


def test_systematic_draws_keep_their_chances_and_their_size() -> None:
    rng, chance = np.random.default_rng(1), np.random.default_rng(2).random(30)
    drawn = np.array([systematic(chance, rng) for _ in range(DRAWS)])
    assert _far(drawn.sum(axis=0), chance) > 1e-3
    assert set(drawn.sum(axis=1)) <= {int(np.floor(chance.sum())), int(np.ceil(chance.sum()))}


@given(st.integers(0, 200), st.lists(st.floats(0.1, 5), min_size=1, max_size=6), st.integers(0, 99))
def test_examiners_get_what_their_time_allows(count: int, shares: list[float], seed: int) -> None:
    made = examiners(np.arange(count), np.array(shares), np.random.default_rng(seed))
    loads = np.bincount(made, minlength=len(shares))
    assert loads.sum() == count
    assert (np.abs(loads - count * np.array(shares) / sum(shares)) < 1).all()


@pytest.mark.parametrize("exploration", [Exploration.NONE, Exploration.UNCERTAINTY])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_estimates_cover_the_truth_as_often_as_they_say(exploration: Exploration, level: float) -> None:
    rng = np.random.default_rng(7)
    score = rng.beta(1, 12, 1500)
    found = rng.random(1500) < score
    plan = Plan(expected=0.15, random=0.05, explore=0.4, exploration=exploration)
    held, estimates = 0, []
    for _ in range(800):
        made = select(score, [], plan, rng, curiosity=curiosity(score, np.full(1500, 100.0)))
        reach = rate(found & made.inspected, made.inspected, made.propensity, level)
        held += reach.low - 1e-12 <= found.mean() <= reach.high + 1e-12
        estimates.append(reach.estimate)
    error = np.std(estimates) / np.sqrt(len(estimates))
    assert abs(np.mean(estimates) - found.mean()) < 4 * error + 1e-4
    assert stats.binomtest(held, 800, level, alternative="less").pvalue > 0.001


def test_totals_are_unbiased() -> None:
    rng = np.random.default_rng(3)
    amount, chance = rng.lognormal(3, 1, 200), rng.uniform(0.1, 1, 200)
    found = [total(np.where(drawn, amount, np.nan), drawn, chance) for drawn in (systematic(chance, rng) for _ in range(2000))]
    estimates = np.array([value for value, _ in found])
    assert estimates.mean() == pytest.approx(amount.sum(), abs=4 * estimates.std() / np.sqrt(2000))
    assert np.mean([error for _, error in found]) > 0.9 * estimates.std()


def test_precision_of_profile_and_model_is_the_rate_among_theirs() -> None:
    rng = np.random.default_rng(4)
    found = rng.random(400) < 0.2
    everything = np.ones(400, dtype=bool)
    hit = rng.random(400) < 0.3
    assert precision(hit, found, everything, np.ones(400)).estimate == pytest.approx(found[hit].mean())
    assert compliance(found, everything, np.ones(400)).estimate == pytest.approx(1 - found.mean())


def test_what_could_never_be_inspected_is_not_estimated() -> None:
    with pytest.raises(NothingKnown, match="no chance"):
        rate(np.zeros(3, bool), np.zeros(3, bool), np.array([0.0, 1.0, 1.0]))


def test_the_bandit_updates_as_auer_and_others_wrote_it() -> None:
    bandit = Bandit(arms=(0.1, 0.2, 0.3), mixing=0.3, forgetting=0.05)
    chance = 0.7 / 3 + 0.1
    weights = np.ones(3) * np.array([np.exp(0.3 * (0.6 / chance) / 3), 1, 1]) + np.e * 0.05 / 3 * 3
    bandit.learn(0, 0.6)
    assert bandit.weights == pytest.approx(weights / weights.sum())
    assert bandit.chances().sum() == pytest.approx(1)
    assert bandit.chances().min() >= 0.1


def test_drift_is_seen_on_the_blind_draw() -> None:
    rng = np.random.default_rng(5)
    now = np.arange(800) >= 400
    score = rng.random(800)
    same = drift(now, rng.random(800) < 0.1, score, {"x": score})
    assert not same.is_suspect
    changed = drift(now, rng.random(800) < np.where(now, 0.3, 0.05), score, {})
    assert changed.is_suspect
    assert changed.p_value == pytest.approx(
        stats.fisher_exact(
            [
                [changed.before.estimate * 400, 400 * (1 - changed.before.estimate)],
                [changed.now.estimate * 400, 400 * (1 - changed.now.estimate)],
            ]
        ).pvalue,
        rel=1e-6,
    )
    assert drift(now, rng.random(800) < 0.1, np.where(now, score / 4, score), {}).is_suspect


def test_formulas_of_worth_and_curiosity() -> None:
    assert worth(np.array([0.5]), np.array([99.0]))[0] == pytest.approx(5.0)
    assert curiosity(np.array([0.5, 0.5]), np.array([0.0, np.nan])) == pytest.approx([0.25, 0.25])


@pytest.mark.parametrize(
    ("now", "wanted", "may"),
    [(Lane.GREEN, Lane.YELLOW, True), (Lane.YELLOW, Lane.RED, True), (Lane.RED, Lane.BLUE, False), (Lane.RED, Lane.RED, False)],
)
def test_an_officer_may_raise_a_risk_and_not_lower_it(now: Lane, wanted: Lane, may: bool) -> None:
    assert may_reroute(now, wanted) is may


def test_days_and_offices_are_selected_apart_and_only_profiles_in_force_count() -> None:
    rng = np.random.default_rng(1)
    count = 1200
    day, office = rng.integers(20_000, 20_004, count), rng.choice(np.array(["A", "B"]), count)
    hs6 = rng.choice(np.array(["640299", "850440"], dtype=object), count)
    base = {"owner": "ana", "basis": "Act", "status": "active", "criteria": {"field": "hs6", "in": ["640299"]}}
    live = profile_from({**base, "code": "live", "sunset": "2100-01-01", "rate": 0.1, "instruction": "Weigh it."}, FIELDS)
    dead = profile_from({**base, "code": "dead", "sunset": "2000-01-01"}, FIELDS)
    history = history_from({"hs6": hs6})
    call = lambda seed: select_days(  # noqa: E731
        [f"D{n}" for n in range(count)], day, office, rng_score, np.full(count, 50.0), Plan(expected=0.2, random=0.02, capacity={"B": 5}),
        seed=seed, profiles=[live, dead], history=history,
    )  # fmt: skip
    rng_score = rng.random(count)
    made, again = call(9), call(9)
    assert made.table.equals(again.table)
    lane = np.array(made.table["lane"].to_pylist())
    criterion = np.array(made.table["criterion"].to_pylist())
    assert set(criterion) == {"", "live"}
    assert set(np.array(made.table["instruction"].to_pylist())[criterion == "live"]) == {"Weigh it."}
    for one in np.unique(day):
        assert (lane[(day == one) & (office == "B")] == "red").sum() <= 5
        assert (lane[(day == one) & (office == "A")] == "red").sum() > 5


@pytest.mark.parametrize("wrong", [{"expected": 1.2}, {"random": 0.2, "expected": 0.1}, {"capacity": {"x": -1}}])
def test_a_plan_that_cannot_be_is_refused(wrong: dict) -> None:
    with pytest.raises(Invalid):
        Plan(**wrong)
