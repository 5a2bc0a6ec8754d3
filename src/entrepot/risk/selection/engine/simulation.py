"""The weekly protocol: strategies of selection tried on the generator's world, against an oracle that knows the truth.

Each week's declarations come in without labels. The strategy, which has learnt from what it inspected before and from nothing else, selects
as many as the week's rate allows; the world shows what those inspections find, and its offenders answer. The rate falls from all to a
tenth. After gATE (arXiv 2010.14282), whose measure this is: revenue found ÷ revenue that the oracle would have found with as many
inspections.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from entrepot.kernel.errors import Invalid
from entrepot.risk.declarations.api import connect
from entrepot.risk.features.api import FEATURES, Settings, compute
from entrepot.risk.generator.api import Batch, Scenario, World, table_of, with_results, world_of
from entrepot.risk.measures.core import Bools, Floats
from entrepot.risk.scoring.api import Scorer, Training, UnableToFit, calibrate, fit_model

from ..core import ARMS, Bandit, Exploration, NothingKnown, Plan, Selection, curiosity, rate, select

NAMES = tuple(FEATURES)
ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Strategy:
    """How the inspections of a week are shared out: `random` and `explore` are parts of them, the rest is the model's.

    With `bandit` the part explored is learnt week by week.
    """

    name: str
    random: float = 0.0
    explore: float = 0.0
    exploration: Exploration = Exploration.NONE
    bandit: bool = False


STRATEGIES = (
    Strategy("exploitation"),
    Strategy("random", random=0.1),
    Strategy("uncertainty", random=0.02, explore=0.1, exploration=Exploration.UNCERTAINTY),
    Strategy("bandit", random=0.02, exploration=Exploration.UNCERTAINTY, bandit=True),
)
DEFAULT = "uncertainty"
"""The strategy that `select` follows unless told otherwise; docs/risk.md has the measurement that chose it."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """`full` weeks in which all is inspected, then `fall` weeks in which the rate falls to `rate`; the model is fitted anew every
    `refit`."""

    full: int = 4
    fall: int = 10
    rate: float = 0.10
    refit: int = 1
    half_life: float = 26.0

    def __post_init__(self) -> None:
        if not (self.full >= 1 and self.fall >= 0 and 0 < self.rate <= 1 and self.refit >= 1 and self.half_life >= 1):
            raise Invalid({"protocol": "at least one full week, a rate above 0 and at most 1, refit and half_life 1 or more"})

    def at(self, week: int) -> float:
        """The part of the declarations that is inspected in this week."""
        if week < self.full:
            return 1.0
        if week >= self.full + self.fall:
            return self.rate
        return 1.0 - (1.0 - self.rate) * (week - self.full + 1) / (self.fall + 1)


@dataclass(slots=True)
class Week:
    """What one week came to. `low` and `high` bound the estimated rate of falsehoods; nan where the strategy cannot know it."""

    week: int
    rows: int
    inspected: int
    found: int
    revenue: float
    oracle: float
    explored: float
    truth: float
    estimate: float = np.nan
    low: float = np.nan
    high: float = np.nan

    @property
    def norm(self) -> float:
        """Revenue found by the oracle's; nan where there was none to find."""
        return self.revenue / self.oracle if self.oracle > 0 else np.nan


@dataclass(slots=True)
class _State:
    """What a strategy knows: every declaration with its results so far, their features, and the labels of what it inspected."""

    tables: list[pa.Table] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    labels: list[Floats] = field(default_factory=list)
    revenue: list[Floats] = field(default_factory=list)
    weeks: list[Floats] = field(default_factory=list)
    scorer: Scorer | None = None


def simulate(
    scenario: Scenario,
    strategy: Strategy,
    *,
    seed: int,
    protocol: Protocol | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Week]:
    """One strategy in one world. The same seed begins with the same world; what it becomes depends on who is inspected."""
    protocol = protocol or Protocol()
    world = world_of(scenario, seed=seed)
    rng = np.random.default_rng([seed, 1])
    bandit, state, weeks = Bandit(), _State(), []
    con = connect(threads=1)
    settings = Settings(half_life=protocol.half_life, de_minimis=scenario.de_minimis)
    first, best = 1, 0.0
    for number in range(scenario.weeks):
        batch = world.next_week()
        table = table_of(world, batch, first)
        first += len(batch)
        values = _features(con, state, table, settings)
        arm = bandit.choose(rng) if strategy.bandit else -1
        explore = bandit.arms[arm] if strategy.bandit else strategy.explore
        made = _select(state, values, batch, strategy, explore, protocol.at(number), rng)
        inspected = made.inspected
        found = world.respond(batch, inspected)
        weeks.append(_week(number, batch, made, found, strategy, explore))
        if strategy.bandit and number >= protocol.full:
            gained = weeks[-1].revenue / max(1, weeks[-1].inspected)
            best = max(best * 0.98, gained)
            bandit.learn(arm, gained / best if best else 0.0)
        _learn(state, table, values, batch, inspected, found, made.propensity)
        if number % protocol.refit == 0:
            state.scorer = _fit(state, number, protocol, seed)
        if progress:
            progress(number + 1, scenario.weeks)
    con.disconnect()
    return weeks


def _features(con: Any, state: _State, table: pa.Table, settings: Settings) -> Any:
    """Features of the new rows: past results are in, the new ones have none yet."""
    none = np.zeros(table.num_rows, dtype=bool)
    unseen = with_results(table, inspected=none, found=none, revenue=np.zeros(table.num_rows), propensity=np.zeros(table.num_rows))
    past = pa.concat_tables([*state.tables, _plain(unseen)])
    con.create_table("past", past, temp=True, overwrite=True)
    start = pa.compute.min(unseen["lodged_on"]).as_py()
    made = compute(con, con.table("past"), settings, since=start).order_by("declaration_id").select(*NAMES).to_pyarrow()
    return np.ascontiguousarray(np.column_stack([made[name].to_numpy(zero_copy_only=False) for name in NAMES]).astype(np.float32))


def _plain(table: pa.Table) -> pa.Table:
    return table.cast(pa.schema([(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]))


def _select(
    state: _State, values: Any, batch: Batch, strategy: Strategy, explore: float, share: float, rng: np.random.Generator
) -> Selection:
    count = len(batch)
    value = batch.declared["value"]
    if state.scorer is None:
        probability, score = np.full(count, 0.5), rng.random(count)
    else:
        probability = state.scorer.score(values)
        score = worth(probability, value)
    budget = max(1, round(share * count))
    rest = 1 - strategy.random
    plan = Plan(
        expected=min(1.0, budget / count),
        random=strategy.random * share,
        explore=min(1.0, explore / rest) if explore else 0.0,
        exploration=strategy.exploration,
        capacity={"": budget},
    )
    return select(score, [], plan, rng, curiosity=curiosity(probability, value))


def worth(probability: Floats, value: Floats) -> Floats:
    """What puts declarations in order, (n,): `p × (1 + value)^½`. Half way between as many findings and as much revenue as possible.

    `probability` (n,) from 0 to 1; `value` (n,) declared, in the unit of account. The square root, because what is short grows with the
    value but more slowly. Oracle: the formula.
    """
    return np.asarray(probability * np.sqrt(1.0 + np.nan_to_num(np.maximum(value, 0.0))))


def _learn(state: _State, table: pa.Table, values: Any, batch: Batch, inspected: Bools, found: Bools, propensity: Floats) -> None:
    revenue = batch.truth["revenue"]
    done = with_results(table, inspected=inspected, found=found, revenue=revenue, propensity=propensity)
    state.tables.append(_plain(done))
    state.values.append(values[inspected])
    state.labels.append(found[inspected].astype(float))
    state.revenue.append(np.where(found, revenue, 0.0)[inspected])
    state.weeks.append(np.full(int(inspected.sum()), float(batch.week)))


def _fit(state: _State, week: int, protocol: Protocol, seed: int) -> Scorer | None:
    """The model of next week: fitted on all that was inspected, newer results weighing more, calibrated on the newest fifth."""
    age = week - np.concatenate(state.weeks)
    training = Training(
        NAMES, np.concatenate(state.values), np.concatenate(state.labels), np.concatenate(state.revenue), 0.5 ** (age / protocol.half_life)
    )
    if len(training.labels) < 20:
        return None
    try:
        model = fit_model("boosting", training, seed=seed, rounds=ROUNDS)
    except UnableToFit:
        return None
    return Scorer(model, calibrate(model.margin(training.values), training.labels, training.weights))


def _week(number: int, batch: Batch, made: Selection, found: Bools, strategy: Strategy, explore: float) -> Week:
    truth, inspected = batch.truth, made.inspected
    prize = np.sort(np.where(truth["would_find"], truth["revenue"], 0.0))[::-1]
    week = Week(
        week=number,
        rows=len(batch),
        inspected=int(inspected.sum()),
        found=int(found.sum()),
        revenue=float(truth["revenue"][found].sum()),
        oracle=float(prize[: int(inspected.sum())].sum()),
        explored=strategy.random + explore,
        truth=float(truth["would_find"].mean()),
    )
    with contextlib.suppress(NothingKnown):  # exploitation alone never learns how much it misses
        week.estimate, week.low, week.high = rate(found, inspected, made.propensity)
    return week


def worlds(scenario: Scenario, seeds: int, first: int = 1) -> list[World]:
    """The worlds of several seeds, for looking at."""
    return [world_of(scenario, seed=seed) for seed in range(first, first + seeds)]


__all__ = ["ARMS", "DEFAULT", "STRATEGIES", "Protocol", "Strategy", "Week", "simulate", "worlds", "worth"]
