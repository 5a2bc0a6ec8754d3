"""`entrepot risk …`: the wing's command line. Importing it is cheap; what a command needs, it imports when it runs.

Exit codes: 0 done, 1 something is wrong with the data, 2 the call was wrong or an extra is missing.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from datetime import date
from pathlib import Path
from typing import Any

EXAMPLES = """examples, in the order of the work:
  entrepot risk generate --rows 100000 --out trade.parquet --oracle truth.parquet
  entrepot risk check my-export.csv --out clean.parquet --rejects bad.csv
  entrepot risk fit trade.parquet --out model.json --card card.md --plot calibration.svg
  entrepot risk score model.json trade.parquet --since 2025-12-01 --out scores.parquet
  entrepot risk select scores.parquet --declarations trade.parquet --profiles mine.json --out selected.csv
  entrepot risk backtest mine.json trade.parquet
  entrepot risk simulate --scenario drift --seeds 10 --jobs 2 --plot simulation.svg
  entrepot risk benchmark --train A.csv --valid B.csv --test C.csv
The guide is docs/risk.md.
"""
INPUT = "declarations, .csv or .parquet"


def add(commands: Any) -> None:
    """Give the command line the command `risk` and what is under it."""
    risk = commands.add_parser(
        "risk",
        help="risk engine: make data, check, score, select, try profiles and strategies",
        description="The risk engine, on files.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    risk.set_defaults(bare=True, run=run)
    under = risk.add_subparsers(dest="risk_command", required=True, metavar="COMMAND")
    _data(under)
    _models(under)
    _selecting(under)
    for parser in under.choices.values():
        parser.add_argument("--json", action="store_true", help="the result as JSON on standard output, nothing else")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")


def _reads(parser: Any, name: str = "declarations") -> None:
    parser.add_argument(name, type=Path, help=INPUT)
    parser.add_argument(
        "--layout", default="declarations", help="declarations, postal, customs-declarations, or a TOML file that names your columns"
    )
    parser.add_argument("--rejects", type=Path, help="write refused rows with their reasons to this file")
    parser.add_argument(
        "--today", type=date.fromisoformat, default=None, help="the day after which a date is in the future (default: today)"
    )
    parser.add_argument("--memory", default="", help="bound DuckDB's memory, as 4GB; what does not fit goes to a temporary folder")


def _data(under: Any) -> None:
    generate = under.add_parser(
        "generate", help="invented declarations with known truth", description="Make invented trade and its oracle."
    )
    generate.set_defaults(work="data:generate")
    generate.add_argument("--scenario", default="steady", help="a name (see --list) or a TOML file")
    generate.add_argument("--list", action="store_true", help="list the scenarios and stop")
    generate.add_argument("--rows", type=int, default=None, help="about how many declarations")
    generate.add_argument("--weeks", type=int, default=None)
    generate.add_argument("--seed", type=int, default=1)
    generate.add_argument("--out", type=Path, default=Path("trade.parquet"))
    generate.add_argument("--oracle", type=Path, default=Path("oracle.parquet"), help="the truth, in a file apart")
    check = under.add_parser("check", help="part a file's rows into good ones and refused ones with reasons")
    check.set_defaults(work="data:check")
    _reads(check)
    check.add_argument("--out", type=Path, help="write the good rows to this file")
    features = under.add_parser("features", help="what was known of each declaration on the day it was lodged")
    features.set_defaults(work="data:features")
    _reads(features)
    features.add_argument("--out", type=Path, required=True)
    features.add_argument("--engine", choices=["duckdb", "spark"], default="duckdb")
    features.add_argument("--half-life", type=float, default=26.0, help="weeks after which a result counts half")
    features.add_argument("--delay", type=int, default=0, help="days until a result is known")
    networks = under.add_parser("networks", help="split consignments, borrowed identities, rings")
    networks.set_defaults(work="data:networks")
    _reads(networks)
    networks.add_argument("--out", type=Path, required=True, help="alerts, one row for each declaration of each alert")
    networks.add_argument("--de-minimis", type=float, default=150.0)
    networks.add_argument("--window", type=int, default=7, help="days between the parts of one split")
    networks.add_argument("--reveal", action="store_true", help="write identifiers as they are; without it, pseudonyms of this run")


def _models(under: Any) -> None:
    fit = under.add_parser("fit", help="fit, calibrate and measure a model on inspected declarations")
    fit.set_defaults(work="models:fit_model")
    _reads(fit)
    fit.add_argument("--model", choices=["boosting", "logistic", "lookup", "neural", "revenue"], default="boosting")
    fit.add_argument("--out", type=Path, required=True, help="the model, as JSON that cannot run code")
    fit.add_argument("--card", type=Path, help="write the model card as Markdown")
    fit.add_argument("--plot", type=Path, help="calibration, as .svg or .png")
    fit.add_argument("--learning-curve", type=Path, help="quality by number of labelled rows, as .svg or .png (fits five times)")
    fit.add_argument("--by-propensity", action="store_true", help="weigh each row by one over its chance of inspection")
    fit.add_argument("--seed", type=int, default=0)
    score = under.add_parser("score", help="score declarations, with reasons for the highest")
    score.set_defaults(work="models:score")
    score.add_argument("model", type=Path)
    _reads(score)
    score.add_argument("--out", type=Path, required=True)
    score.add_argument("--since", type=date.fromisoformat, help="score only what was lodged from this day on; earlier rows are history")
    score.add_argument("--reasons", type=float, default=0.05, help="explain this part with the highest scores")
    score.add_argument("--plot", type=Path, help="precision against inspection rate, where outcomes are known, as .svg or .png")
    bench = under.add_parser("benchmark", help="four models on the public customs data, two ways, and what it cannot prove")
    bench.set_defaults(work="models:run_benchmark")
    for part in ("train", "valid", "test"):
        bench.add_argument(f"--{part}", type=Path, required=True)
    bench.add_argument("--seed", type=int, default=0)


def _selecting(under: Any) -> None:
    select = under.add_parser("select", help="lanes for each office and day: criteria, random quota, model, exploration")
    select.set_defaults(work="selecting:select")
    select.add_argument("scores", type=Path, help="what `score` wrote")
    select.add_argument("--declarations", type=Path, help="the declarations themselves, for profiles")
    select.add_argument("--layout", default="declarations")
    select.add_argument("--today", type=date.fromisoformat, default=None)
    select.add_argument("--profiles", type=Path, help="profiles, .json or .toml; those in force select")
    select.add_argument("--plan", type=Path, help="rates and capacities, .toml")
    select.add_argument("--phases", type=Path, help="read and write where each criterion's count stands (JSON)")
    select.add_argument("--out", type=Path, required=True)
    select.add_argument("--seed", type=int, default=None, help="default: drawn, and reported")
    estimate = under.add_parser("estimate", help="compliance and precision without bias, from a selection and its outcomes")
    estimate.set_defaults(work="selecting:run_estimate")
    estimate.add_argument("selection", type=Path, help="what `select` wrote")
    _reads(estimate)
    estimate.add_argument("--profiles", type=Path)
    estimate.add_argument("--oracle", type=Path, help="practice: what `generate` wrote as the truth, as if the selected had been inspected")
    estimate.add_argument("--top", type=float, default=0.05, help="the model points to this part with the highest scores")
    estimate.add_argument("--plot", type=Path, help="what the random draw finds, month by month, as .svg or .png")
    backtest = under.add_parser("backtest", help="what profiles would have hit, found and cost")
    backtest.set_defaults(work="selecting:backtest")
    backtest.add_argument("profiles", type=Path)
    _reads(backtest)
    simulate = under.add_parser("simulate", help="strategies of selection, week by week, against the oracle")
    simulate.set_defaults(work="selecting:simulate")
    simulate.add_argument("--scenario", default="drift")
    simulate.add_argument("--rows", type=int, default=15_000)
    simulate.add_argument("--weeks", type=int, default=None)
    simulate.add_argument("--seeds", type=int, default=10)
    simulate.add_argument("--strategies", default="", help="by comma; default all")
    simulate.add_argument("--rate", type=float, default=0.10, help="the rate to which inspection falls")
    simulate.add_argument("--refit", type=int, default=2, help="weeks between fits")
    simulate.add_argument("--jobs", type=int, default=1, help="runs at a time")
    simulate.add_argument("--plot", type=Path, help="revenue by the oracle's over weeks, as .svg or .png")


def run(options: Any) -> int:
    """Run one command; what is wrong is said in one line."""
    module, function = options.work.split(":")
    try:
        work = getattr(importlib.import_module(f"{__name__}.{module}"), function)
    except ImportError as error:
        print(f"`entrepot risk` needs the extra `risk` (pip install 'entrepot[risk]'): {error.name} is missing.", file=sys.stderr)
        return 2
    from entrepot.kernel.errors import DomainError

    from .showing import WRONG_CALL

    try:
        return int(work(options))
    except DomainError as error:
        print(error, file=sys.stderr)
        return 2 if error.code in WRONG_CALL else 1
    except BrokenPipeError:
        return 0
    except (KeyboardInterrupt, MemoryError) as error:
        print("Stopped." if isinstance(error, KeyboardInterrupt) else "Out of memory: try --memory 4GB, or Parquet.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or 'A file'}: {error.strerror or error}", file=sys.stderr)
        return 2
