"""Runs the feature expressions: on DuckDB by default, unchanged on Apache Spark."""

from __future__ import annotations

import contextlib
import functools
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.schema as sch
import ibis.expr.types as ir

from entrepot.kernel.errors import DomainError

from .core import BLOCK, HISTORIES, Settings, assemble, features, prepare, sides

SOURCE = "feature_source"
SLICE = 2_000_000
"""Rows whose joins are made at a time: with their sides about a gigabyte."""
Progress = Callable[[int, int], None]


class SparkMissing(DomainError):
    """PySpark or Java is not there."""

    code = "spark-missing"
    message = "Spark needs the extra `spark` (pip install entrepot[spark]) and Java 17."


@functools.lru_cache(maxsize=16)
def _steps(schema: sch.Schema, settings: Settings) -> tuple[tuple[str, str], ...]:
    """The statements of the three steps, once for each form of table: writing them takes longer than running them on a week's rows."""
    source = ibis.table(schema, name=SOURCE)
    dialect = "duckdb"
    prepared = prepare(source, settings, numbered=True)
    rows = ibis.table(prepared.schema(), name="feature_rows")
    steps = [("feature_rows", ibis.to_sql(prepared, dialect=dialect))]
    made = {}
    for name, expression in sides(rows, settings).items():
        steps.append((f"feature_{name}", ibis.to_sql(expression, dialect=dialect)))
        made[name] = ibis.table(expression.schema(), name=f"feature_{name}")
    steps.append(("features", ibis.to_sql(assemble(rows, made, settings), dialect=dialect)))
    return tuple((name, str(statement)) for name, statement in steps)


def compute(
    con: Any, declarations: ir.Table, settings: Settings | None = None, *, since: date | None = None, progress: Progress | None = None
) -> ir.Table:
    """The features of `declarations` on the DuckDB connection `con`: its temporary view `features`, until the next call.

    With `since`, only rows lodged from that day on get theirs; those before serve as history.

    Time grows with the rows; what does not fit in the connection's memory limit spills to its temporary folder. The histories are made
    here, and joined to the rows when the view is read, straight into what is asked for: keeping 41 columns in between takes a quarter as
    long again. Beyond `SLICE` rows the joins, which cannot spill all at once, are made here too, for some weeks at a time.
    """
    settings = settings or Settings()
    con.create_view(SOURCE, declarations, overwrite=True)
    *steps, (_, statement) = _steps(declarations.schema(), settings)
    con.raw_sql("DROP VIEW IF EXISTS features")
    con.raw_sql("DROP TABLE IF EXISTS feature_slices")
    for done, (name, side) in enumerate(steps, 1):
        # Rows come out as they went in; in the sides any order will do.
        con.raw_sql(f"SET preserve_insertion_order = {name == 'feature_rows'}")
        con.raw_sql(f"CREATE OR REPLACE TEMP TABLE {name} AS {side}")
        if progress:
            progress(done, len(steps) + 1)
    con.raw_sql("SET preserve_insertion_order = true")
    if since:
        con.raw_sql(f"DELETE FROM feature_rows WHERE lodged_on < DATE '{since.isoformat()}'")  # noqa: S608  # the histories are made by now
    if con.raw_sql("SELECT count(*) FROM feature_rows").fetchone()[0] > SLICE:
        _assemble(con, statement)
        statement = "FROM feature_slices"
        for name, _ in steps:
            con.raw_sql(f"DROP TABLE {name}")
    con.raw_sql(f"CREATE OR REPLACE TEMP VIEW features AS {statement}")
    if progress:
        progress(len(steps) + 1, len(steps) + 1)
    return con.table("features")


def _assemble(con: Any, statement: str) -> None:
    """Make the table `feature_slices`, for so many blocks of weeks at a time as hold some `SLICE` rows; the sides are narrowed alike."""
    begun = "CREATE OR REPLACE TEMP TABLE feature_slices AS"
    for first, last in _slices(con):
        now = statement
        for name, column, days in (("feature_rows", "block", 1), ("feature_velocity", "day", 7 * BLOCK), *_REACHED):
            span = f"{first * days} AND {last * days + days - 1}"
            con.raw_sql(f"CREATE OR REPLACE TEMP VIEW {name}_now AS FROM {name} WHERE {column} BETWEEN {span}")
            now = now.replace(f'"{name}"', f'"{name}_now"')
        con.raw_sql(f"{begun} {now}")
        begun = "INSERT INTO feature_slices"
    for name in ("feature_rows", "feature_velocity", *(name for name, _, _ in _REACHED)):
        con.raw_sql(f"DROP VIEW {name}_now")


_REACHED = tuple((f"feature_history_{name}", "reached", 1) for name in HISTORIES)


def _slices(con: Any) -> list[tuple[int, int]]:
    """(first, last) block of each slice, in order."""
    counted = con.raw_sql("SELECT block, count(*) FROM feature_rows GROUP BY block ORDER BY block").fetchall()
    made: list[tuple[int, int]] = []
    held = SLICE
    for block, count in counted:
        if held + count > SLICE:
            made.append((block, block))
            held = 0
        made[-1] = (made[-1][0], block)
        held += count
    return made


@contextlib.contextmanager
def spark(*, master: str = "local[2]", memory: str = "2g") -> Iterator[Any]:
    """An Ibis connection to a Spark of this process, bound to 127.0.0.1, without its web page; stopped afterwards. Raises
    `SparkMissing`."""
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  # an extra
    except ImportError:
        raise SparkMissing from None
    folder = Path(tempfile.mkdtemp(prefix="entrepot-spark-"))
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": memory,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.ansi.enabled": "false",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master(master).appName("entrepot")
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # noqa: BLE001  # whatever keeps the Java side from starting
        raise SparkMissing("Spark did not start: %(why)s", why=str(error).splitlines()[0][:200]) from None
    try:
        yield ibis.pyspark.connect(session)
    finally:
        session.stop()


def compute_on_spark(con: Any, path: Path, settings: Settings | None = None) -> ir.Table:
    """The same features of a Parquet file of checked declarations, on Spark, as an expression that has not run yet."""
    settings = settings or Settings()
    source = con.read_parquet(str(path), table_name=SOURCE)
    con.create_view("feature_rows", prepare(source, settings, numbered=False), overwrite=True)
    rows = con.table("feature_rows")
    return assemble(rows, sides(rows, settings), settings)


def whole(declarations: ir.Table, settings: Settings | None = None) -> ir.Table:
    """One expression for all of it, on whatever backend the table is of: for small tables, and for reading the SQL."""
    return features(declarations, settings)
