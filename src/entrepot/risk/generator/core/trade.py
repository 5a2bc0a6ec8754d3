"""Those who trade and what they trade in: lines, importers, declarants, sellers, offices, with habits that last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.risk.measures.core import Bools, Floats, Ints

from .scenario import MECHANISMS, Scenario

COUNTRIES = tuple(f"X{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ") + tuple(f"Q{letter}" for letter in "MNOPQRSTUVWXYZ")
"""Codes that ISO 3166-1 leaves to users: no real country."""
HUBS = (0, 1, 2)
"""Countries through which much passes on its way."""
DUTIES = np.array([0.0, 0.03, 0.05, 0.08, 0.10, 0.15, 0.20, 0.30])


@dataclass(slots=True)
class Lines:
    """The tariff: one entry for each six-digit line."""

    hs6: tuple[str, ...]
    chapter: Ints
    price: Floats
    """usual customs value of a kilogram"""
    spread: Floats
    """standard deviation of its logarithm among honest declarations"""
    unit_mass: Floats
    """kilograms of one unit"""
    duty: Floats
    popularity: Floats
    origins: Ints
    """three usual origins, (lines, 3)"""
    preferred: Ints
    """an origin with a trade agreement: no duty if it is claimed, (lines,)"""
    sibling: Ints
    """a line of the same chapter with a lower duty, or itself"""
    phase: Floats


def make_lines(scenario: Scenario, rng: np.random.Generator) -> Lines:
    """The tariff of a scenario: codes by chapter, heading and subheading; prices and duties that go by chapter."""
    count = scenario.lines
    chapters = np.array([number for number in range(1, 98) if number != 77])
    chapter = np.sort(chapters[rng.integers(0, min(len(chapters), max(8, count // 6)), count)])
    codes: set[str] = set()
    hs6 = []
    for number in chapter:
        code = ""
        while not code or code in codes:
            code = f"{number:02d}{rng.integers(1, 30):02d}{rng.integers(0, 100):02d}"
        codes.add(code)
        hs6.append(code)
    base_price = np.exp(rng.normal(2.0, 1.2 * scenario.spread, 98))
    base_duty = rng.integers(0, len(DUTIES), 98)
    price = base_price[chapter] * np.exp(rng.normal(0, 0.5 * scenario.spread, count))
    duty = DUTIES[np.clip(base_duty[chapter] + rng.integers(-2, 3, count), 0, len(DUTIES) - 1)]
    sibling = np.arange(count)
    for number in np.unique(chapter):
        inside = np.flatnonzero(chapter == number)
        lowest = inside[np.argsort(duty[inside], kind="stable")]
        near = lowest[rng.integers(0, max(1, len(lowest) // 3), len(inside))]
        sibling[inside] = np.where(duty[near] < duty[inside], near, inside)
    popularity = 1 / (np.arange(1, count + 1) ** 0.8)
    rng.shuffle(popularity)
    return Lines(
        hs6=tuple(hs6),
        chapter=chapter,
        price=price,
        spread=rng.uniform(0.12, 0.4, count),
        unit_mass=np.exp(rng.normal(0.0, scenario.spread, count)),
        duty=duty,
        popularity=popularity / popularity.sum(),
        origins=rng.integers(3, 26, (count, 3)),
        preferred=rng.integers(26, len(COUNTRIES), count),
        sibling=sibling,
        phase=rng.uniform(0, 2 * np.pi, count),
    )


@dataclass(slots=True)
class Importers:
    """All importers, by number; rows are added when an offender registers anew."""

    activity: Floats
    start: Ints
    office: Ints
    declarant: Ints
    lines: Ints
    """(importers, 3)"""
    sellers: Ints
    """(importers, 2)"""
    address: Ints
    phone: Ints
    payer: Ints
    price: Floats
    """lasting offset of the logarithm of prices"""
    small: Bools
    """orders single small consignments"""
    rate: Floats
    """part of its declarations that are false"""
    mechanism: Ints
    """index into MECHANISMS of its habit"""
    quiet_until: Ints
    """week before which it behaves"""
    found: Ints
    """times that it was found out"""
    inspected: Ints


COLUMNS = tuple(name for name in Importers.__dataclass_fields__)


def make_importers(scenario: Scenario, lines: Lines, rng: np.random.Generator) -> Importers:
    """Importers with habits; offenders gather at some declarants and sellers, which is what entity histories can learn."""
    count = scenario.people
    declarants, sellers = max(8, count // 20), max(20, count // 3)
    weak = rng.random(declarants) < 0.15
    offender = rng.random(count) < scenario.offenders
    declarant = (declarants * rng.random(count) ** 1.6).astype(np.int64)
    draws_weak = offender & (rng.random(count) < 0.5)
    weak_ones = np.flatnonzero(weak) if weak.any() else np.arange(declarants)
    declarant[draws_weak] = rng.choice(weak_ones, draws_weak.sum())
    shared = rng.random(count) < 0.06  # honest neighbours: one forwarder's address, one family's telephone
    address, phone, payer = np.arange(count), np.arange(count), np.arange(count)
    address[shared] = rng.integers(0, max(1, count // 200), shared.sum())
    phone[shared & (rng.random(count) < 0.3)] = rng.integers(0, max(1, count // 100))
    mix = np.array([scenario.mix.get(name, 0.0) for name in MECHANISMS])
    small = rng.random(count) < 0.2
    start = np.where(rng.random(count) < scenario.newcomers, rng.integers(0, max(1, scenario.weeks), count), 0)
    activity = rng.pareto(1.6, count) + 0.2
    people = Importers(
        activity=np.minimum(activity, 25.0),
        start=start,
        office=(scenario.offices * rng.random(count) ** 1.5).astype(np.int64),
        declarant=declarant,
        lines=rng.choice(scenario.lines, (count, 3), p=lines.popularity),
        sellers=rng.integers(0, sellers, (count, 2)),
        address=address,
        phone=phone,
        payer=payer,
        price=rng.normal(0, 0.12, count),
        small=small,
        rate=np.zeros(count),
        mechanism=rng.choice(len(mix), count, p=mix / mix.sum()),
        quiet_until=np.zeros(count, dtype=np.int64),
        found=np.zeros(count, dtype=np.int64),
        inspected=np.zeros(count, dtype=np.int64),
    )
    people.rate[offender] = rng.beta(2.0, 2.0, offender.sum())
    for index in np.flatnonzero(offender):
        settle(people, int(index), lines, rng)
    scale = rates_for(scenario, people)
    people.rate = np.minimum(people.rate * scale, 0.95)
    return people


def rates_for(scenario: Scenario, people: Importers) -> float:
    """By how much the offenders' rates have to be scaled so that, before anyone adapts, `prevalence` of the rows are false."""
    offending = float((people.activity * people.rate).sum() / people.activity.sum())
    wanted = scenario.prevalence * (1 - scenario.opportunists)
    return wanted / offending if offending > 0 else 0.0


def settle(people: Importers, index: int, lines: Lines, rng: np.random.Generator) -> None:
    """Give an offender lines where its mechanism pays: high duties, a cheaper sibling, or an agreement to claim."""
    worth = lines.popularity * (lines.duty + 0.002)
    if people.mechanism[index] == 1:
        worth = lines.popularity * (lines.duty - lines.duty[lines.sibling])
        if worth.sum() <= 0:
            worth = lines.popularity * (lines.duty + 0.002)
    people.lines[index] = rng.choice(len(lines.hs6), 3, p=worth / worth.sum())
    people.small[index] = people.mechanism[index] == 4


def add_importers(people: Importers, like: Ints) -> Ints:
    """Register copies of these importers under new numbers, each with a record of its own; returns the new numbers."""
    before = len(people.activity)
    for name in COLUMNS:
        column = getattr(people, name)
        setattr(people, name, np.concatenate([column, column[like]]))
    new = np.arange(before, before + len(like))
    people.found[new] = people.inspected[new] = 0
    return new
