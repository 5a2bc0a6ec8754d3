"""Honesty, by worlds in which the truth is known: false claims, coverage, and whether the power promised is the power there is.

Here a few hundred worlds; `-m slow` takes a thousand of each kind. The figures of the last whole run stand in docs/impact.md.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from bench.worlds import KNOWN, NULLS, World, as_promised, tried

from entrepot.capacity.impact.core import find_break
from entrepot.capacity.impact.core.interrupted import remembering

MANY = 1000


def at_most(share: float, n: int, spreads: float = 3.1) -> float:
    """The number of n that a share this large exceeds by chance once in a thousand times."""
    return share * n + spreads * math.sqrt(share * (1 - share) * n)


@pytest.mark.row("R21.4")
def test_false_claims_are_five_in_a_hundred_at_most() -> None:
    each = 14
    found = [tried(world, each, seed=number) for number, world in enumerate(NULLS)]
    assert sum(one.spoke for one in found) <= at_most(0.05, each * len(NULLS))
    reckoned = sum(one.reckoned for one in found)
    assert reckoned - sum(one.covered for one in found) <= at_most(0.05, reckoned)


@pytest.mark.row("R21.4")
def test_what_a_plan_promises_is_what_it_finds() -> None:
    each = 25
    found = [tried(world, each, seed=number, moved=as_promised) for number, world in enumerate(KNOWN)]
    n = each * len(KNOWN)
    shown = sum(one.shown for one in found)
    assert at_most(0.8, n) >= shown >= 0.8 * n - 3.1 * math.sqrt(0.16 * n)
    assert n - sum(one.covered for one in found) <= at_most(0.05, n)


@pytest.mark.slow
@pytest.mark.parametrize("world", NULLS, ids=lambda world: world.name)
def test_false_claims_in_a_thousand_worlds_of_each_kind(world: World) -> None:
    found = tried(world, MANY, seed=NULLS.index(world) + 100)
    assert found.spoke <= at_most(0.05, MANY)
    assert found.reckoned - found.covered <= at_most(0.05, found.reckoned)


@pytest.mark.slow
@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6, 0.8])
def test_a_break_that_is_not_there_is_seldom_seen(rho: float) -> None:
    rng = np.random.default_rng(int(10 * rho))
    seen = [find_break(remembering(rho, (36,), rng) + 0.1 * np.arange(36), 18, rng).chance <= 0.05 for _ in range(MANY)]
    assert sum(seen) <= at_most(0.055, MANY)


@pytest.mark.slow
@pytest.mark.parametrize("world", KNOWN, ids=lambda world: world.name)
def test_power_and_coverage_in_a_thousand_worlds_of_each_kind(world: World) -> None:
    found = tried(world, MANY, seed=KNOWN.index(world) + 200, moved=as_promised)
    assert 0.75 * MANY <= found.shown <= 0.88 * MANY
    assert found.reckoned - found.covered <= at_most(0.05, found.reckoned)
