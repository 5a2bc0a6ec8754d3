"""Commands about selection: select, estimate, backtest, simulate."""

from __future__ import annotations

import dataclasses
import json
import secrets
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from entrepot.kernel.errors import DomainError
from entrepot.risk.declarations.api import Unreadable, connect, require_whole, write
from entrepot.risk.generator.api import load_scenario
from entrepot.risk.measures.api import plot_points, plot_weeks, wilson
from entrepot.risk.profiles.api import back_test, history_of, in_words, load_profiles
from entrepot.risk.selection.api import (
    STRATEGIES,
    Plan,
    Protocol,
    estimate,
    load_plan,
    report,
    select_days,
    simulate_all,
)

from .showing import finite, interval, opened, progress, show, table


class UnknownStrategy(DomainError):
    """There is no strategy of this name."""

    code = "unknown-strategy"


def _load(path: Path, needed: tuple[str, ...]) -> pa.Table:
    """A table that another command wrote. Raises `Unreadable`."""
    if not path.is_file():
        raise Unreadable("There is no file %(path)s.", path=path)
    if path.suffix not in (".parquet", ".pq"):
        require_whole(path)
    try:
        made = pq.read_table(path) if path.suffix in (".parquet", ".pq") else pa_csv.read_csv(path)
    except (pa.ArrowException, OSError) as error:
        raise Unreadable("%(path)s cannot be read: %(why)s", path=path, why=str(error).splitlines()[0][:200]) from None
    missing = [name for name in needed if name not in made.column_names]
    if missing:
        raise Unreadable("%(path)s lacks the columns %(missing)s.", path=path, missing=", ".join(missing))
    return made


def _days(column: Any) -> Any:
    return column.cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)


def _aligned(identifiers: pa.Table, other: pa.Table, what: Path) -> pa.Table:
    """The rows of `other` for these identifiers, in their order. Raises `Unreadable` where some are not there."""
    place = {name: row for row, name in enumerate(other["declaration_id"].to_pylist())}
    wanted = [place.get(name, -1) for name in identifiers.cast(pa.string()).to_pylist()]
    lost = sum(row < 0 for row in wanted)
    if lost:
        raise Unreadable("%(path)s lacks %(lost)s of the declarations that were scored.", path=what, lost=lost)
    return other.take(pa.array(wanted))


def select(options: Any) -> int:
    """Lanes for each office and day."""
    scores = _load(options.scores, ("declaration_id", "lodged_on", "office", "value", "score"))
    score = scores["score"].cast(pa.float64()).to_numpy()
    if not np.isfinite(score).all() or score.min(initial=0) < 0:
        raise Unreadable("%(path)s: scores have to be numbers of 0 or more.", path=options.scores)
    profiles = load_profiles(options.profiles) if options.profiles else []
    if profiles and not options.declarations:
        print("Profiles look at declarations: give them with --declarations.", file=sys.stderr)
        return 2
    history = None
    if options.declarations:
        declared = _aligned(scores["declaration_id"], opened(options).arrow(), options.declarations)
        history = history_of(declared)[0]
    plan = load_plan(options.plan) if options.plan else Plan()
    phases = json.loads(options.phases.read_text(encoding="utf-8")) if options.phases and options.phases.exists() else {}
    seed = secrets.randbits(53) if options.seed is None else options.seed
    begun = time.perf_counter()
    with progress(options, "offices and days") as told:
        made = select_days(
            scores["declaration_id"].cast(pa.string()),
            _days(scores["lodged_on"]),
            scores["office"].cast(pa.string()).to_numpy(zero_copy_only=False),
            score / max(1.0, float(score.max(initial=0.0))),
            scores["value"].cast(pa.float64()).to_numpy(zero_copy_only=False),
            plan,
            seed=seed,
            profiles=profiles,
            history=history,
            phases=phases,
            progress=told,
        )
    taken = time.perf_counter() - begun
    con = connect()
    con.create_table("selected", made.table, temp=True, overwrite=True)
    write(con, con.table("selected"), options.out)
    if options.phases:
        options.phases.write_text(json.dumps(made.phases), encoding="utf-8")
    lanes = {row["values"]: row["counts"] for row in made.table["lane"].value_counts().to_pylist()}
    grounds = {row["values"]: row["counts"] for row in made.table["ground"].value_counts().to_pylist()}
    lines = [f"{options.out}: {made.table.num_rows:,} declarations, seed {seed}, {taken:.2f} s"]
    lines += [f"  {name}: {count:,}" for name, count in sorted(lanes.items())]
    lines += ["grounds:", *(f"  {name}: {count:,}" for name, count in sorted(grounds.items()) if name != "none")]
    lines += [f"short: {what}" for what in made.short[:5]] + ([f"… and {len(made.short) - 5} more"] if len(made.short) > 5 else [])
    data = {"rows": made.table.num_rows, "lanes": lanes, "grounds": grounds, "short": made.short, "seed": seed, "seconds": round(taken, 3)}
    show(options, data, lines)
    return 0


def run_estimate(options: Any) -> int:
    """Compliance and precision from a selection and what it found."""
    needed = ("declaration_id", "lodged_on", "score", "lane", "ground", "propensity", "random_chance")
    selection = _load(options.selection, needed)
    declared = _aligned(selection["declaration_id"], opened(options).arrow(), options.declarations)
    if options.oracle:
        truth = _aligned(selection["declaration_id"], _load(options.oracle, ("declaration_id", "would_find")), options.oracle)
        outcome = truth["would_find"].cast(pa.float64()).to_numpy(zero_copy_only=False)
    else:
        outcome = declared["outcome"].cast(pa.float64()).to_numpy(zero_copy_only=False)
    lane = selection["lane"].cast(pa.string()).to_numpy(zero_copy_only=False)
    inspected = lane == "red"
    lost = int((inspected & ~np.isfinite(outcome)).sum())
    if lost:
        print(
            f"{lost:,} of {int(inspected.sum()):,} selected declarations have no outcome yet. Counting them as clean would be wrong, "
            "and leaving them out is right only if that is an accident: record their outcomes first.",
            file=sys.stderr,
        )
        return 1
    day = _days(selection["lodged_on"])
    columns = {
        "inspected": inspected,
        "found": outcome == 1.0,
        "propensity": selection["propensity"].to_numpy(),
        "random_chance": selection["random_chance"].to_numpy(),
        "ground": selection["ground"].cast(pa.string()).to_numpy(zero_copy_only=False),
        "score": selection["score"].to_numpy(),
        "day": day,
    }
    hits = {}
    if options.profiles:
        history = history_of(declared)[0]
        for profile in load_profiles(options.profiles):
            mask = np.zeros(len(day), dtype=bool)
            mask[history.rows(profile.criteria)] = True
            hits[profile.code] = mask
    found = estimate(columns, top=options.top, hits=hits)
    if options.plot:
        _plot_drift(options, columns)
    lines = [
        f"{found.rows:,} declarations, {found.inspected:,} inspected, {found.found:,} found",
        f"compliance: {interval(found.compliance)}",
        f"precision of the model's first {options.top:.0%}: {interval(found.model)}",
        f"rate on the blind draw alone: {interval(found.random)}",
        *(f"precision of {code}: {interval(value)}" for code, value in found.profiles.items()),
    ]
    if found.drift:
        verdict = "suspect: someone should look" if found.drift.is_suspect else "nothing out of the ordinary"
        lines.append(f"drift on the blind draw: before {interval(found.drift.before)}, now {interval(found.drift.now)}, "
                     f"p {found.drift.p_value:.3f}, score index {found.drift.score_index:.2f}: {verdict}")  # fmt: skip
    show(options, dataclasses.asdict(found), lines)
    return 0


def _plot_drift(options: Any, columns: dict[str, Any]) -> None:
    blind = (columns["ground"] == "random") & columns["inspected"]
    block = (columns["day"][blind] - columns["day"].min()) // 28
    hit = columns["found"][blind]
    points = [(float(b), wilson(int(hit[block == b].sum()), int((block == b).sum()))) for b in np.unique(block)]
    plot_points(options.plot, points, title="What the blind draw finds", x="four weeks", y="part found, 95 % interval")


def backtest(options: Any) -> int:
    """What profiles would have done on these declarations."""
    profiles = load_profiles(options.profiles)
    declared = opened(options).arrow()
    if not declared.num_rows:
        print("No good row is left to try the profiles on.", file=sys.stderr)
        return 1
    history, outcomes = history_of(declared)
    begun = time.perf_counter()
    made = back_test(profiles, history, outcomes)
    taken = time.perf_counter() - begun
    heads = ["profile", "hits/day", "inspected", "found", "hit rate (95 %)", "lift", "revenue", "shared", "alone found", "alone revenue"]
    rows = [
        [t.code, f"{t.hits_a_day:.1f}", t.inspected, t.found, interval(t.hit_rate), f"{t.lift:.1f}", f"{t.revenue:,.0f}", f"{t.shared:.0%}",
         t.marginal_found, f"{t.marginal_revenue:,.0f}"]
        for t in made.trials
    ]  # fmt: skip
    lines = [f"{made.rows:,} declarations over {made.days} days, {len(profiles)} profiles, {taken:.2f} s", *table(heads, rows), ""]
    lines += [f"{profile.code}: {in_words(profile.criteria)}" for profile in profiles[:20]]
    lines.append("A hit rate is over inspected hits only; what nobody inspected is unknown, not clean.")
    data = {
        "rows": made.rows,
        "days": made.days,
        "seconds": round(taken, 3),
        "profiles": [dataclasses.asdict(trial) for trial in made.trials],
        "overlap": made.overlap.tolist(),
    }
    show(options, finite(data), lines)
    return 0


def simulate(options: Any) -> int:
    """Strategies against the oracle."""
    names = [name for name in options.strategies.split(",") if name] or [one.name for one in STRATEGIES]
    known = {one.name: one for one in STRATEGIES}
    unknown = [name for name in names if name not in known]
    if unknown or options.seeds < 1 or options.jobs < 1:
        raise UnknownStrategy("There is no strategy %(name)s; there are %(known)s. Seeds and jobs are 1 or more.",
                              name=", ".join(unknown) or "to run", known=", ".join(known))  # fmt: skip
    scenario = load_scenario(options.scenario, rows=options.rows, weeks=options.weeks)
    protocol = Protocol(rate=options.rate, refit=options.refit)
    chosen = tuple(known[name] for name in names)
    with progress(options, "runs") as told:
        runs = simulate_all(scenario, seeds=options.seeds, strategies=chosen, protocol=protocol, jobs=options.jobs, progress=told)
    found = report(scenario, runs, protocol=protocol)
    if options.plot:
        marks = {campaign.week: str(campaign.mechanism) for campaign in scenario.campaigns}
        series = {name: one["by_week"] for name, one in found["strategies"].items()}
        plot_weeks(options.plot, series, title="Revenue found, by what the oracle would find", y="part of the oracle's", marks=marks)
    rows = []
    for name, one in found["strategies"].items():
        gap = one["behind_best"]
        cover = one["coverage"]
        rows.append([name, *(_reach(one[key]) for key in ("norm_revenue", "worst_quarter")),
                     "best" if gap is None else _reach(gap) + (" (noise)" if one["within_noise_of_best"] else ""),
                     "" if one["hit_rate"] is None else f"{one['hit_rate']:.3f}", one["found"],
                     "none: no chance logged" if cover is None else _reach(cover)])  # fmt: skip
    lines = [f"{scenario.name}: {scenario.weeks} weeks, about {scenario.rows:,} declarations, {options.seeds} seeds; inspection falls to "
             f"{protocol.rate:.0%}; figures from week {found['settled_from_week']} on, 95 % intervals over seeds"]  # fmt: skip
    lines += table(
        ["strategy", "revenue/oracle", "worst quarter", "behind the best", "hit rate", "found", "intervals that hold the truth"], rows
    )
    show(options, found, lines)
    return 0


def _reach(found: dict[str, Any]) -> str:
    if found["value"] is None:
        return "nothing to find"
    low, high = (("?" if found[key] is None else f"{found[key]:.3f}") for key in ("low", "high"))
    return f"{found['value']:.3f} ({low} to {high})"
