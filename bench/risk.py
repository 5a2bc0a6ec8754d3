"""Speed of the risk engine, the bare library beside each in the same run: `make bench-risk`.

`python -m bench.risk [--rows N] [--growth 1,10,30] [--spark]`; growth takes millions of rows and prints time and peak memory of each.
"""

from __future__ import annotations

import argparse
import datetime as dt
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from entrepot.risk.declarations.api import connect, read, write
from entrepot.risk.features.api import FEATURES, compute, compute_on_spark, spark
from entrepot.risk.generator.api import generate_files, load_scenario
from entrepot.risk.profiles.api import FIELDS, Profile, back_test, history_of, naive, profile_from
from entrepot.risk.scoring.api import fit, training_from
from entrepot.risk.selection.api import Exploration, Plan, select_days

TODAY = dt.date(2100, 1, 1)
NAMES = tuple(FEATURES)
BARE = """CREATE OR REPLACE TEMP TABLE bare AS SELECT declaration_id, {windows} FROM d {named}"""


def _timed(call: Callable[[], Any], rounds: int = 1) -> tuple[float, Any]:
    times, made = [], None
    for _ in range(rounds):
        begun = time.perf_counter()
        made = call()
        times.append(time.perf_counter() - begun)
    return min(times), made


def _say(what: str, seconds: float, rows: int, beside: str = "") -> None:
    print(f"| {what} | {seconds:.2f} s | {rows / seconds / 1e6:.2f} M rows/s | {beside} |", flush=True)


def _bare_windows() -> str:
    """Ten look-back sums as an analyst would write them: a window over days for each of five names."""
    names = ("importer", "seller", "payer", "declarant", "hs6")
    sums = ", ".join(f"sum(n) OVER {name} AS {name}_n, sum(h) OVER {name} AS {name}_h" for name in names)
    over = ", ".join(f"{name} AS (PARTITION BY {name} ORDER BY day RANGE BETWEEN UNBOUNDED PRECEDING AND 7 PRECEDING)" for name in names)
    return BARE.format(windows=sums, named=f"WINDOW {over}")


def _profiles(history: Any, count: int = 200) -> list[Profile]:
    rng = np.random.default_rng(1)
    hs6, origin, importer = (history.texts[name].words for name in ("hs6", "origin", "importer"))
    made = []
    for number in range(count):
        parts: list[dict[str, Any]] = [{"field": "hs6", "starts": [str(rng.choice(hs6))[: int(rng.choice([2, 4, 6]))] for _ in range(3)]}]
        if number % 2:
            parts.append({"field": "origin", "in": [str(one) for one in rng.choice(origin, 5)]})
        if number % 3:
            parts.append({"field": "price", "lt": float(np.exp(rng.normal(2, 1)))})
        if number % 4 == 0:
            parts.append(
                {"any": [{"field": "importer", "in": [str(one) for one in rng.choice(importer, 50)]}, {"field": "value", "gt": 5000}]}
            )
        if number % 5 == 0:
            parts.append({"not": {"field": "office", "in": ["O01"]}})
        made.append(profile_from({"code": f"P{number}", "criteria": {"all": parts}}, FIELDS))
    return made


def main(rows: int) -> None:
    """The table."""
    now = dt.datetime.now(dt.UTC)
    print(f"{platform.machine()}, Python {platform.python_version()}, {now:%Y-%m-%d %H:%M} UTC, {rows:,} rows\n")
    print("| what | time | rate | beside it, in the same run |\n|---|---:|---:|---|")
    folder = Path(tempfile.mkdtemp(prefix="entrepot-bench-"))
    seconds, made = _timed(lambda: generate_files(load_scenario("steady", rows=rows), folder / "d.parquet", folder / "o.parquet", seed=1))
    count = made.rows
    _say("generate, written as Parquet", seconds, count)
    seconds, checked = _timed(lambda: read(folder / "d.parquet", today=TODAY))
    _say("check every cell", seconds, count)
    write(checked.con, checked.good, folder / "clean.parquet")
    con = connect()
    con.raw_sql(
        f"CREATE TABLE d AS SELECT *, (outcome IS NOT NULL)::int n, coalesce(outcome, false)::int h, "  # noqa: S608
        f"date_diff('day', DATE '2015-01-05', lodged_on) AS day FROM '{folder}/clean.parquet'"
    )
    bare, _ = _timed(lambda: con.raw_sql(_bare_windows()))
    con.raw_sql("DROP TABLE bare")
    con.raw_sql(f"CREATE TABLE clean AS FROM '{folder}/clean.parquet'")
    first, _ = _timed(lambda: compute(con, con.table("clean")).to_pyarrow())
    seconds, features = _timed(lambda: compute(con, con.table("clean")).to_pyarrow(), 3)
    _say(
        f"{len(FEATURES)} features, DuckDB, into Arrow",
        seconds,
        count,
        f"ten sums as windows in bare DuckDB {bare:.2f} s; the first call writes the SQL too: {first:.2f} s",
    )
    table = features.sort_by("declaration_id")
    columns = {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}
    columns["outcome"] = np.array([np.nan if value is None else float(value) for value in columns["outcome"]])
    seconds, scorer = _timed(lambda: fit("boosting", training_from(columns, NAMES), seed=1))
    known = int(np.isfinite(columns["outcome"]).sum())
    _say("fit, calibrate, measure boosting", seconds, known)
    values = np.ascontiguousarray(np.column_stack([columns[name] for name in NAMES]).astype(np.float32))
    bare, _ = _timed(lambda: scorer.model.booster.predict(values), 3)  # type: ignore[attr-defined]
    seconds, scores = _timed(lambda: scorer.score(values), 3)
    _say("score, the default model", seconds, count, f"LightGBM's own predict {bare:.2f} s: {seconds / bare:.2f} ×")
    one = values[:1].copy()
    alone = statistics.median(_timed(lambda: scorer.score(one))[0] for _ in range(500))
    print(f"| score one declaration | {alone * 1000:.3f} ms | | |")
    top = np.argsort(-scores)[:5000]
    seconds, _ = _timed(lambda: scorer.reasons(values[top]))
    _say("reasons for 5,000 selected", seconds, 5000)
    declared = pq.read_table(folder / "clean.parquet")
    laid, (history, outcomes) = _timed(lambda: history_of(declared))
    profiles = _profiles(history)
    seconds, _ = _timed(lambda: back_test(profiles, history, outcomes))
    slow, _ = _timed(lambda: [naive(history, profile.criteria) for profile in profiles[:4]])
    _say(
        "back-test 200 profiles",
        seconds,
        count,
        f"looking at every row for every condition {slow * 50:.0f} s (four measured, × 50); numbering the columns, once {laid:.2f} s",
    )
    _selection(history, scores, columns)


def _selection(history: Any, scores: Any, columns: dict[str, Any]) -> None:
    size = min(120_000, len(scores))
    rng = np.random.default_rng(1)
    rows = rng.choice(len(scores), size, replace=False)
    office = rng.choice(np.array([f"O{number:02d}" for number in range(40)]), size)
    plan = Plan(expected=0.05, random=0.01, explore=0.1, exploration=Exploration.UNCERTAINTY)
    identifiers, day, value = columns["declaration_id"][rows], np.full(size, 20_000), columns["value"][rows]
    seconds, _ = _timed(lambda: select_days(identifiers, day, office, scores[rows], value, plan, seed=1), 3)
    _say(f"select a day of {size:,} at 40 offices", seconds, size)


def growth(millions: list[int]) -> None:
    """Features over more and more rows, from file to file, each in a process of its own with DuckDB held to 4 GB: time and peak memory."""
    print("\n| rows | file | features | rate | peak memory |\n|---:|---:|---:|---:|---:|", flush=True)
    for million in millions:
        subprocess.run([sys.executable, "-m", "bench.risk", "--one", str(million)], check=True)  # noqa: S603


def _one(million: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="entrepot-bench-"))
    made = generate_files(load_scenario("steady", rows=million * 1_000_000), folder / "d.parquet", folder / "o.parquet", seed=1)
    (folder / "o.parquet").unlink()
    con = connect(memory="4GB")
    source = con.read_parquet(folder / "d.parquet")
    seconds, _ = _timed(lambda: write(con, compute(con, source), folder / "f.parquet"))
    size = (folder / "d.parquet").stat().st_size / 1e9
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"| {made.rows / 1e6:.1f} M | {size:.2f} GB | {seconds:.1f} s | {made.rows / seconds / 1e6:.2f} M rows/s | {peak:.1f} GB |",
        flush=True,
    )
    for file in folder.iterdir():
        file.unlink()


def on_spark(sizes: list[int]) -> None:
    """What Spark costs: its start, and the same features from the same file into one on both engines."""
    print("\n| rows | DuckDB | Spark, local[2] |\n|---:|---:|---:|", flush=True)
    begun = time.perf_counter()
    with spark(memory="4g") as there:
        start = time.perf_counter() - begun
        for size in sizes:
            folder = Path(tempfile.mkdtemp(prefix="entrepot-bench-"))
            generate_files(load_scenario("steady", rows=size), folder / "d.parquet", folder / "o.parquet", seed=1)
            checked = read(folder / "d.parquet", today=TODAY)
            write(checked.con, checked.good, folder / "clean.parquet")
            con = connect()
            here, _ = _timed(
                lambda con=con, folder=folder: write(con, compute(con, con.read_parquet(folder / "clean.parquet")), folder / "f.parquet")
            )
            far, _ = _timed(lambda folder=folder: compute_on_spark(there, folder / "clean.parquet").to_parquet(str(folder / "spark")))
            print(f"| {size:,} | {here:.1f} s | {far:.1f} s |", flush=True)
    print(f"\nSpark's start: {start:.1f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--growth", default="")
    parser.add_argument("--one", type=int, default=0)
    parser.add_argument("--spark", default="")
    options = parser.parse_args()
    if options.one:
        _one(options.one)
    elif options.growth:
        growth([int(part) for part in options.growth.split(",")])
    elif options.spark:
        on_spark([int(part) for part in options.spark.split(",")])
    else:
        main(options.rows)
