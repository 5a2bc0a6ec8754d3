"""Several strategies over several worlds, and what may be said of them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any

import numpy as np

from entrepot.risk.generator.api import Scenario
from entrepot.risk.measures.core import mean_interval, wilson

from .simulation import DEFAULT, STRATEGIES, Protocol, Strategy, Week, simulate

Progress = Callable[[int, int], None]
Runs = dict[str, list[list[Week]]]


def _one(task: tuple[Scenario, Strategy, int, Protocol]) -> tuple[str, int, list[Week]]:
    scenario, strategy, seed, protocol = task
    return strategy.name, seed, simulate(scenario, strategy, seed=seed, protocol=protocol)


def simulate_all(
    scenario: Scenario,
    *,
    seeds: int,
    first: int = 1,
    strategies: tuple[Strategy, ...] = STRATEGIES,
    protocol: Protocol | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Runs:
    """Every strategy in every world, `jobs` at a time; the answer does not depend on how many."""
    protocol = protocol or Protocol()
    tasks = [(scenario, strategy, seed, protocol) for seed in range(first, first + seeds) for strategy in strategies]
    made: dict[tuple[str, int], list[Week]] = {}

    def keep(found: tuple[str, int, list[Week]]) -> None:
        made[found[0], found[1]] = found[2]
        if progress:
            progress(len(made), len(tasks))

    if jobs > 1:
        # A fresh interpreter for each: a fork would inherit DuckDB's and LightGBM's threads half alive.
        with multiprocessing.get_context("spawn").Pool(jobs, maxtasksperchild=8) as pool:
            for found in pool.imap_unordered(_one, tasks):
                keep(found)
    else:
        for task in tasks:
            keep(_one(task))
    return {one.name: [made[one.name, seed] for seed in range(first, first + seeds)] for one in strategies}


def report(scenario: Scenario, runs: Runs, *, protocol: Protocol | None = None) -> dict[str, Any]:
    """What the runs say, as plain JSON. Figures are over the weeks in which the rate has reached its floor.

    `norm_revenue` is revenue found ÷ the oracle's, summed over those weeks, one value for each seed, with Student's interval; `behind_best`
    the paired difference to the strategy with the highest mean, within noise where its interval reaches 0; `worst_quarter` the lowest value
    over thirteen weeks, mean over seeds, in which a collapse would show; `coverage` how many weekly intervals for the rate of falsehoods
    hold the truth.
    """
    protocol = protocol or Protocol()
    settled = protocol.full + protocol.fall
    norm = {name: np.array([_norm(weeks, settled) for weeks in worlds]) for name, worlds in runs.items()}
    best = max(norm, key=lambda name: float(np.nan_to_num(norm[name]).mean()))
    strategies = {}
    for name, worlds in runs.items():
        late = [week for weeks in worlds for week in weeks if week.week >= settled]
        known = [week for week in late if not np.isnan(week.low)]
        held = sum(week.low - 1e-12 <= week.truth <= week.high + 1e-12 for week in known)
        inspected, found = sum(week.inspected for week in late), sum(week.found for week in late)
        gap = mean_interval((norm[name] - norm[best]).tolist())
        strategies[name] = {
            "norm_revenue": _plain(mean_interval(norm[name].tolist())),
            "behind_best": None if name == best else _plain(gap),
            "within_noise_of_best": bool(name == best or np.isnan(gap.high) or gap.high >= 0),
            "worst_quarter": _plain(mean_interval([_worst(weeks, settled) for weeks in worlds])),
            "hit_rate": found / inspected if inspected else None,
            "found": found,
            "coverage": _plain(wilson(held, len(known))) | {"weeks": len(known)} if known else None,
            "by_week": _by_week(worlds),
        }
    return {
        "schema": "entrepot-risk-simulation/1",
        "scenario": scenario.name,
        "weeks": scenario.weeks,
        "seeds": len(next(iter(runs.values()))),
        "settled_from_week": settled,
        "rate": protocol.rate,
        "best": best,
        "default": DEFAULT,
        "strategies": strategies,
    }


def _norm(weeks: list[Week], settled: int) -> float:
    late = [week for week in weeks if week.week >= settled]
    prize = sum(week.oracle for week in late)
    return sum(week.revenue for week in late) / prize if prize > 0 else float("nan")


def _worst(weeks: list[Week], settled: int) -> float:
    late = [week for week in weeks if week.week >= settled]
    spans = [late[at : at + 13] for at in range(max(1, len(late) - 12))]
    parts = [sum(w.revenue for w in span) / sum(w.oracle for w in span) for span in spans if sum(w.oracle for w in span) > 0]
    return min(parts) if parts else float("nan")


def _by_week(worlds: list[list[Week]]) -> list[float | None]:
    """Mean over seeds of each week's revenue by the oracle's."""
    values = np.array([[week.norm for week in weeks] for weeks in worlds])
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    sums = np.where(known, values, 0.0).sum(axis=0)
    return [round(float(s / c), 4) if c else None for s, c in zip(sums, count, strict=True)]


def _plain(found: Any) -> dict[str, float | None]:
    return {
        key: None if np.isnan(value) else round(float(value), 4)
        for key, value in zip(("value", "low", "high"), (found.estimate, found.low, found.high), strict=True)
    }
