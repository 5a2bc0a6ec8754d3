"""Who is inspected at one office on one day.

The order is that of the region's customs systems: criteria; then the random quota; then the model's top-up to the lane's expected rate;
red before yellow before blue. All chances are fixed before anything is drawn: which rows a criterion selects for certain, which the model
takes, and with what chance every other row is drawn. So each row's chance of inspection is known exactly, and none is nought.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import numpy as np

from entrepot.kernel.errors import Invalid
from entrepot.risk.measures.core import Bools, Floats, Ints

from .sampling import carried, proportional, systematic


class Lane(IntEnum):
    """Where a declaration goes; the lower number takes precedence."""

    RED = 0
    YELLOW = 1
    BLUE = 2
    GREEN = 3


class Ground(IntEnum):
    """Why it goes there."""

    NONE = 0
    CRITERION = 1
    RANDOM = 2
    MODEL = 3
    EXPLORATION = 4
    OVER_CAPACITY = 5


class Exploration(StrEnum):
    """How the part of the top-up that is not the model's is spent."""

    NONE = "none"
    RANDOM = "random"
    UNCERTAINTY = "uncertainty"


@dataclass(frozen=True, slots=True)
class Plan:
    """What an administration sets. Rates are parts of the day's declarations of an office; capacity counts its examinations a day.

    `expected` is what physical examination should come to in all, `random` the least that is drawn blindly, `explore` the part of the
    top-up that is spent on learning. Documents (yellow) and audit afterwards (blue) are topped up by score to rates of their own.
    """

    expected: float = 0.05
    random: float = 0.01
    explore: float = 0.1
    exploration: Exploration = Exploration.UNCERTAINTY
    yellow: float = 0.0
    blue: float = 0.0
    capacity: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("expected", "random", "explore", "yellow", "blue"):
            if not 0 <= getattr(self, name) <= 1:
                raise Invalid({name: f"{name} lies from 0 to 1"})
        if self.random > self.expected:
            raise Invalid({"random": "the least random rate is not above the expected rate"})
        if any(not isinstance(count, int) or count < 0 for count in self.capacity.values()):
            raise Invalid({"capacity": "capacities are whole numbers"})


@dataclass(frozen=True, slots=True)
class Hits:
    """The rows that one criterion hits, in the order of lodging, with its lane and the chance with which it selects a hit."""

    code: str
    rows: Ints
    lane: Lane = Lane.RED
    chance: float = 1.0


@dataclass(slots=True)
class Selection:
    """For n rows: lane, ground, number of the criterion that counted (-1 none), chance of physical examination, rate of the random draw.

    `short` says where the least random rate could not be kept within capacity; `phases` go into the next batch.
    """

    lane: Ints
    ground: Ints
    criterion: Ints
    propensity: Floats
    random_chance: Floats
    phases: dict[str, float]
    short: list[str] = field(default_factory=list)

    @property
    def inspected(self) -> Bools:
        """Which rows are physically examined."""
        return np.asarray(self.lane == Lane.RED)


def select(
    score: Floats,
    hits: list[Hits],
    plan: Plan,
    rng: np.random.Generator,
    *,
    office: str = "",
    curiosity: Floats | None = None,
    phases: dict[str, float] | None = None,
) -> Selection:
    """Select among the n rows of one office and day.

    `score` (n,) puts them in order, `curiosity` (n,) ≥ 0 says how much there is to learn from each (uniform if None). `phases` are those of
    the batch before. Raises `Invalid`. Oracle: the tests draw many times and count: each row is inspected as often as its propensity
    says, and never more than capacity allows.
    """
    count = len(score)
    if not np.isfinite(score).all():
        raise Invalid({"score": "scores have to be finite"})
    made = Selection(
        lane=np.full(count, Lane.GREEN, dtype=np.int64),
        ground=np.zeros(count, dtype=np.int64),
        criterion=np.full(count, -1, dtype=np.int64),
        propensity=np.zeros(count),
        random_chance=np.zeros(count),
        phases=dict(phases or {}),
    )
    if not count:
        return made
    cap = plan.capacity.get(office, count)
    miss = np.ones(count)  # chance that no criterion selects it
    for one in hits:
        if one.lane is Lane.RED:
            miss[one.rows] *= 1.0 - one.chance
    by_criterion = 1.0 - miss
    random = _random_rate(plan, by_criterion, cap, office, made)
    room = cap - _quota(random * (by_criterion < 1).sum())
    by_criterion, drawn = _criteria(hits, by_criterion, room, rng, made)
    model, chance = _top_up(score, by_criterion, drawn, random, plan, cap, curiosity)
    _draw(score, by_criterion, drawn, model, chance, random, rng, made)
    _documents(score, plan, made)
    return made


def _quota(expected: float) -> int:
    return int(np.ceil(expected - 1e-9))


def _random_rate(plan: Plan, by_criterion: Floats, cap: int, office: str, made: Selection) -> float:
    free = int((by_criterion < 1).sum())
    if not free or plan.random * free <= cap:
        return plan.random
    made.short.append(f"{office or 'the office'}: capacity {cap} is below the least random quota {_quota(plan.random * free)}")
    return cap / free


def _criteria(hits: list[Hits], by_criterion: Floats, room: int, rng: np.random.Generator, made: Selection) -> tuple[Floats, Bools]:
    """Criteria first. Where they want more than there is room for, red rows are drawn so that each keeps the same part of its chance."""
    count = len(by_criterion)
    drawn = np.zeros(count, dtype=bool)
    wanted = float(by_criterion.sum())
    reserve = sum(1 for one in hits if one.lane is Lane.RED and 0 < one.chance < 1)
    for number, one in enumerate(hits):
        if not len(one.rows):
            continue
        phase = made.phases.get(one.code, float(rng.random()))
        taken, made.phases[one.code] = (
            carried(len(one.rows), one.chance, phase) if one.chance < 1 else (np.ones(len(one.rows), bool), phase)
        )
        rows = one.rows[taken]
        better = rows[(one.lane < made.lane[rows]) | ((one.lane == made.lane[rows]) & (made.criterion[rows] < 0))]
        made.lane[better], made.ground[better], made.criterion[better] = one.lane, Ground.CRITERION, number
    if wanted + reserve <= room:
        return by_criterion, made.lane == Lane.RED
    # Too many: a fresh draw with fixed size decides, and the propensities are those of that draw.
    chance = proportional(by_criterion, float(max(0, room)))
    drawn = systematic(chance, rng)
    over = (made.lane == Lane.RED) & ~drawn
    made.lane[over], made.ground[over] = Lane.YELLOW, Ground.OVER_CAPACITY
    for number, one in enumerate(hits):
        if one.lane is Lane.RED:
            fresh = one.rows[drawn[one.rows] & (made.lane[one.rows] != Lane.RED)]
            made.lane[fresh], made.ground[fresh], made.criterion[fresh] = Lane.RED, Ground.CRITERION, number
    return chance, drawn


def _top_up(
    score: Floats, by_criterion: Floats, drawn: Bools, random: float, plan: Plan, cap: int, curiosity: Floats | None
) -> tuple[Bools, Floats]:
    """Which rows the model takes for certain, and the chance of every other row that no criterion takes for certain, (n,) and (n,)."""
    count = len(score)
    free = by_criterion < 1
    partial = ((by_criterion > 0) & free).any()
    taken = float(by_criterion.sum()) + (2.0 if partial else 0.0)
    budget = min(float(cap), plan.expected * count) - max(taken, float(drawn.sum()))
    explore = plan.explore if plan.exploration is not Exploration.NONE else 0.0
    # A row of the model's that the random draw picks too costs one inspection, not two: hence the division.
    top = max(0.0, (budget - random * free.sum()) / (1 - random)) if random < 1 else 0.0
    size = min(int(free.sum()), int(np.floor(top * (1 - explore) + 1e-9)))
    model = np.zeros(count, dtype=bool)
    if size:
        order = np.argsort(np.where(free, -score, np.inf), kind="stable")
        model[order[:size]] = True
    rest = free & ~model
    chance = np.zeros(count)
    chance[rest] = random
    # What the model's rows would have got at random is free for exploration: they are inspected anyhow.
    spare = budget - size - random * rest.sum()
    if explore and spare > 0:
        weight = np.ones(count) if curiosity is None or plan.exploration is Exploration.RANDOM else curiosity
        chance[rest] += (1 - random) * proportional(weight[rest], spare / max(1e-12, 1 - random))
    room = cap - int(drawn.sum()) - size
    total = chance.sum()
    if _quota(total) > room and total > 0:
        chance *= max(0, room) / total if room < total else 1.0
        chance *= np.floor(chance.sum() + 1e-9) / chance.sum() if np.floor(chance.sum()) >= 1 else 1.0
    return model, np.minimum(chance, 1.0)


def _draw(
    score: Floats,
    by_criterion: Floats,
    drawn: Bools,
    model: Bools,
    chance: Floats,
    random: float,
    rng: np.random.Generator,
    made: Selection,
) -> None:
    """The random quota and the exploration in one draw, told apart afterwards in the ratio of their chances."""
    free = (chance > 0) & ~model
    picked = np.zeros(len(score), dtype=bool)
    picked[free] = systematic(chance[free], rng)
    blind = picked & (rng.random(len(score)) * chance < random)
    blind |= model & systematic(np.where(model, random, 0.0), rng)
    for rows, ground in ((model, Ground.MODEL), (picked, Ground.EXPLORATION), (blind, Ground.RANDOM)):
        new = rows & ~drawn
        made.lane[new], made.ground[new] = Lane.RED, ground
    made.random_chance = np.where(by_criterion < 1, np.where(model, random, np.minimum(random, chance)), 0.0)
    made.propensity = np.where(model, 1.0, 1.0 - (1.0 - by_criterion) * (1.0 - chance))


def _documents(score: Floats, plan: Plan, made: Selection) -> None:
    """Yellow, then blue, by score among what is still green."""
    for lane, rate in ((Lane.YELLOW, plan.yellow), (Lane.BLUE, plan.blue)):
        wanted = int(rate * len(score)) - int((made.lane == lane).sum())
        if wanted > 0:
            green = np.flatnonzero(made.lane == Lane.GREEN)
            rows = green[np.argsort(-score[green], kind="stable")[:wanted]]
            made.lane[rows], made.ground[rows] = lane, Ground.MODEL


def may_reroute(current: Lane, wanted: Lane) -> bool:
    """A local officer may raise a risk, never lower it.

    >>> may_reroute(Lane.GREEN, Lane.RED), may_reroute(Lane.RED, Lane.GREEN)
    (True, False)
    """
    return wanted < current


def curiosity(probability: Floats, value: Floats) -> Floats:
    """How much there is to learn, (n,): `p (1 − p) ln(e + value)`, largest where the model is in doubt and much is at stake.

    `probability` (n,) from 0 to 1, `value` (n,) in the unit of account, missing counting as 0. Source: the uncertainty-times-scale score of
    gATE (arXiv 2010.14282). Oracle: the formula.
    """
    return np.asarray(probability * (1 - probability) * np.log(np.e + np.nan_to_num(np.maximum(value, 0.0))))
