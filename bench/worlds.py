"""Worlds in which the truth is known, and what the reckoning of `capacity.impact` says of them: `python -m bench.worlds N` prints a table.

False claims: verdicts that speak of the activity where it changed nothing. Coverage: intervals that hold the true difference. Power:
verdicts "shown" where the difference is exactly the least that the plan promised to find four times in five. (The smallest difference
worth knowing is set far below, so that "ruled out" does not come in the way.)
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from entrepot.capacity.impact.core import Panel, Plan, promised, reckon
from entrepot.capacity.impact.core.interrupted import remembering
from entrepot.capacity.impact.core.types import Floats, Ints
from entrepot.capacity.impact.enums import Method, Verdict

PERIODS, BEGINS = 26, 12
PLAN = Plan(Method.DIFFERENCES, before=10, after=10, smallest=0.2, better=1)


@dataclass(frozen=True, slots=True)
class World:
    """A way in which figures come about, in units of their own noise, with nothing changed by the activity."""

    name: str
    members: int = 12
    part: int = 6
    rho: float = 0.5
    shock: float = 1.0
    """Spread of each period's step, shared by all Members."""
    uneven: float = 0.0
    """Spread of the logarithm of Members' noise."""
    slopes: float = 0.0
    """Spread of Members' own slopes, per period."""
    drift: float = 0.0
    """Slope that those that take part have beyond the others'; the plan grants as much."""
    by_level: bool = False
    """The higher a Member stands, the likelier it takes part."""
    staggered: bool = False
    method: Method = Method.DIFFERENCES

    def plan(self) -> Plan:
        """The plan that is written down for it."""
        return replace(PLAN, method=self.method, drift=self.drift, not_yet=self.staggered)

    def drawn(self, rng: np.random.Generator) -> Panel:
        """One such world."""
        n = self.members
        level = 3 * rng.normal(size=n)
        size = np.exp(self.uneven * rng.normal(size=(n, 1)))
        values = level[:, None] + size * remembering(self.rho, (n, PERIODS), rng) + self.shock * rng.normal(size=PERIODS).cumsum()
        values += self.slopes * rng.normal(size=(n, 1)) * np.arange(PERIODS)
        starts = self._starts(level, rng)
        values += self.drift * np.outer(starts < PERIODS, np.arange(PERIODS))
        return Panel(tuple(f"M{at}" for at in range(n)), values, starts)

    def _starts(self, level: Floats, rng: np.random.Generator) -> Ints:
        liking = level / 3 + rng.normal(size=self.members) if self.by_level else rng.normal(size=self.members)
        chosen = np.argsort(-liking)[: self.part]
        starts = np.full(self.members, PERIODS, dtype=np.int64)
        starts[chosen] = rng.choice([10, 12, 16], size=self.part) if self.staggered else BEGINS
        return starts


NULLS = (
    World("a dozen Members, memory 0.5, shared shocks"),
    World("strong memory (0.9)", rho=0.9),
    World("no memory, strong shocks", rho=0.0, shock=3.0),
    World("uneven noise (spread e^0.5)", uneven=0.5),
    World("own slopes, spread 0.03 a period", slopes=0.03),
    World("takers drift by 0.02 a period, granted", drift=0.02),
    World("those that stand high take part", by_level=True),
    World("four of twelve take part", part=4),
    World("twenty, begun at three times", members=20, part=10, staggered=True),
    World("thirty-five, begun at three times, uneven", members=35, part=14, uneven=0.5, staggered=True),
    World("thirty-five, matched pairs", members=35, part=10, method=Method.MATCHED),
    World("thirty-five, matched, high ones take part", members=35, part=8, by_level=True, method=Method.MATCHED),
)
KNOWN = (
    World("a dozen Members, memory 0.5"),
    World("twenty, begun at three times", members=20, part=10, staggered=True),
    World("thirty-five, uneven noise", members=35, part=14, uneven=0.5),
    World("thirty-five, matched pairs", members=35, part=10, method=Method.MATCHED),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """Over `worlds`: how many were reckoned to an interval, how many intervals held the truth, how many verdicts spoke, were "shown"."""

    worlds: int
    reckoned: int
    covered: int
    spoke: int
    shown: int


def tried(world: World, count: int, seed: int, moved: Callable[[Panel, Plan, np.random.Generator], float] | None = None) -> Counted:
    """`count` worlds, with nothing moved or by what `moved` says of the plan; worlds with nothing promised are drawn anew."""
    rng = np.random.default_rng(seed)
    reckoned = covered = spoke = shown = done = 0
    plan = world.plan()
    while done < count:
        panel = world.drawn(rng)
        difference = moved(panel, plan, rng) if moved else 0.0
        if np.isnan(difference):
            continue
        done += 1
        after = np.arange(PERIODS)[None, :] >= panel.starts[:, None]
        found = reckon(Panel(panel.units, panel.values + difference * after, panel.starts), plan, rng, drawn=False)
        spoke += found.speaks
        shown += found.verdict is Verdict.SHOWN
        if found.estimate is not None:
            reckoned += 1
            covered += found.estimate.low <= difference <= found.estimate.high
    return Counted(done, reckoned, covered, spoke, shown)


def as_promised(panel: Panel, plan: Plan, rng: np.random.Generator) -> float:
    """The least difference that the plan promises to find; nan where it promises nothing."""
    said = promised(panel, plan, rng)
    return said.least if said else np.nan


def main(count: int) -> None:
    """Print both tables."""
    print(f"| nothing changed, {count} worlds each | false claims | interval holds 0 |\n|---|---|---|")
    for number, world in enumerate(NULLS):
        found = tried(world, count, seed=100 + number)
        print(f"| {world.name} | {100 * found.spoke / count:.1f} % | {_share(found.covered, found.reckoned)} |", flush=True)
    print(f"\n| changed by the least promised, {count} worlds each | shown | interval holds it |\n|---|---|---|")
    for number, world in enumerate(KNOWN):
        found = tried(world, count, seed=200 + number, moved=as_promised)
        print(f"| {world.name} | {100 * found.shown / count:.1f} % | {_share(found.covered, found.reckoned)} |", flush=True)


def _share(hits: int, n: int) -> str:
    return f"{100 * hits / n:.1f} % of {n}" if n else "–"


if __name__ == "__main__":
    began = time.perf_counter()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    print(f"\n{time.perf_counter() - began:.0f} s")
