"""Commands about data: generate, check, features, networks."""

from __future__ import annotations

import dataclasses
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa

from entrepot.risk.declarations.api import write
from entrepot.risk.features.api import Settings, compute, compute_on_spark, spark
from entrepot.risk.generator.api import generate_files, load_scenario, scenarios
from entrepot.risk.networks.api import find_alerts, new_key, pseudonym

from .showing import opened, progress, show, table


def generate(options: Any) -> int:
    """Make invented declarations and their oracle."""
    if options.list:
        show(options, scenarios(), table(["scenario", "what it is"], [[name, title] for name, title in scenarios().items()]))
        return 0
    if options.out.resolve() == options.oracle.resolve():
        print("The oracle goes to a file of its own: --oracle.", file=sys.stderr)
        return 2
    scenario = load_scenario(options.scenario, rows=options.rows, weeks=options.weeks)
    with progress(options, "weeks") as told:
        made = generate_files(scenario, options.out, options.oracle, seed=options.seed, progress=told)
    hit = made.found / made.inspected if made.inspected else 0.0
    lines = [
        f"{options.out}: {made.rows:,} declarations over {scenario.weeks} weeks, scenario {scenario.name}, seed {options.seed}",
        f"inspected {made.inspected:,}, of which {made.found:,} found something ({hit:.1%}): the labels are selective",
        f"{options.oracle}: the truth: {made.fraud:,} false ({made.fraud / max(1, made.rows):.2%}), {made.revenue_at_stake:,.0f} at stake, "
        f"{made.revenue_found:,.0f} of it recovered",
    ]
    show(
        options,
        {**dataclasses.asdict(made), "scenario": scenario.name, "seed": options.seed, "out": options.out, "oracle": options.oracle},
        lines,
    )
    return 0


def check(options: Any) -> int:
    """Part a file's rows; exit code 1 where any was refused."""
    checked = opened(options)
    written = write(checked.con, checked.good, options.out) if options.out else None
    reasons: dict[str, int] = {}
    if checked.refused:
        for said in checked.rejected.select("reason").to_pyarrow()["reason"].to_pylist():
            for part in said.split("; "):
                if part.strip():
                    words = part[part.rfind("(") :] if part.endswith(")") else part
                    kind = part.split(" ", 1)[-1] if part.endswith(")") else part
                    reasons[kind or words] = reasons.get(kind or words, 0) + 1
    most = sorted(reasons.items(), key=lambda item: -item[1])[:12]
    lines = [f"{checked.read:,} rows read, {checked.read - checked.refused:,} good, {checked.refused:,} refused"]
    lines += [f"  {count:,} × … {words}" for words, count in most]
    show(options, {"read": checked.read, "refused": checked.refused, "written": written, "reasons": dict(most)}, lines)
    return 1 if checked.refused else 0


def features(options: Any) -> int:
    """Write the features of every declaration."""
    settings = Settings(half_life=options.half_life, delay=options.delay)
    checked = opened(options)
    if options.engine == "spark":
        with tempfile.TemporaryDirectory(prefix="entrepot-") as folder, progress(options, "Spark"):
            clean = Path(folder) / "clean.parquet"
            write(checked.con, checked.good, clean)
            with spark() as con:
                made = compute_on_spark(con, clean, settings).to_pyarrow()
        checked.con.create_table("features", made, temp=True, overwrite=True)
        expression = checked.con.table("features")
    else:
        with progress(options, "features") as told:
            expression = compute(checked.con, checked.good, settings, progress=told)
    rows = write(checked.con, expression, options.out)
    show(
        options,
        {"rows": rows, "engine": options.engine, "out": options.out},
        [f"{options.out}: features of {rows:,} declarations ({options.engine})"],
    )
    return 0


def networks(options: Any) -> int:
    """Write alerts, one row for each declaration of each."""
    checked = opened(options)
    declarations = checked.arrow()
    if not declarations.num_rows:
        print("No good row is left to look at.", file=sys.stderr)
        return 1
    alerts, names = find_alerts(declarations, de_minimis=options.de_minimis, window=options.window)
    key = new_key()

    def shown(name: str) -> str:
        return name if options.reveal else pseudonym(name, key)

    identifiers = declarations["declaration_id"].to_pylist()
    importers = declarations["importer"].to_pylist()
    rows = [(number, alert, row) for number, alert in enumerate(alerts, 1) for row in alert.rows.tolist()]
    made = pa.table(
        {
            "alert": pa.array([number for number, _, _ in rows], pa.int64()),
            "rule": pa.array([alert.rule for _, alert, _ in rows], pa.string()),
            "kind": pa.array([alert.kind for _, alert, _ in rows], pa.string()),
            "key": pa.array([shown(names[alert.kind][alert.key]) for _, alert, _ in rows], pa.string()),
            "score": pa.array([alert.score for _, alert, _ in rows], pa.float64()),
            "declaration_id": pa.array([identifiers[row] for _, _, row in rows], pa.string()),
            "importer": pa.array([shown(importers[row]) for _, _, row in rows], pa.string()),
            "seen": pa.array([alert.seen for _, alert, _ in rows], pa.string()),
        }
    )
    checked.con.create_table("alerts", made, temp=True, overwrite=True)
    write(checked.con, checked.con.table("alerts"), options.out)
    counts: dict[str, int] = {}
    for alert in alerts:
        counts[alert.rule] = counts.get(alert.rule, 0) + 1
    lines = [
        f"{options.out}: {len(alerts):,} alerts over {len(rows):,} rows; identifiers {'as they are' if options.reveal else 'pseudonymous'}"
    ]
    lines += [f"  {rule}: {count:,}" for rule, count in sorted(counts.items())]
    show(options, {"alerts": len(alerts), "rows": len(rows), "rules": counts, "revealed": options.reveal, "out": options.out}, lines)
    return 0
