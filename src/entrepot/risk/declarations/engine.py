"""Files of declarations, in and out: CSV and Parquet through DuckDB, bad rows set aside with their reasons."""

from __future__ import annotations

import tempfile
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from .core import ROW, Layout, is_bad, layout_from, reasons, repeated, typed
from .lines import LONGEST as LINE_LIMIT
from .lines import Unreadable, looks_whole, part

LAYOUTS = Path(__file__).parent / "layouts"


def load_layout(name: str) -> Layout:
    """A layout by name, or from a TOML file of the caller's. Raises `Unreadable` or `Invalid`.

    >>> load_layout("postal").called("importer")
    'addressee'
    """
    path = Path(name) if name.endswith(".toml") else LAYOUTS / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in LAYOUTS.glob("*.toml")))
        raise Unreadable("There is no layout %(name)s. There are %(known)s, or give a file that ends in .toml.", name=name, known=known)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unreadable("%(path)s is no TOML file: %(why)s", path=path, why=error) from None
    base = load_layout(str(data["base"])) if data.get("base") and data["base"] != name else None
    return layout_from(path.stem, data, base)


def connect(*, memory: str = "", threads: int = 0) -> Any:
    """A DuckDB in memory that spills to a temporary folder of its own; `memory` as in `2GB` bounds what it holds."""
    spill = Path(tempfile.mkdtemp(prefix="entrepot-risk-"))
    settings: dict[str, Any] = {"temp_directory": str(spill), "preserve_insertion_order": True}
    if memory:
        settings["memory_limit"] = memory
    if threads:
        settings["threads"] = threads
    return ibis.duckdb.connect(**settings)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file's rows, parted: `good` in our types, `rejected` with row number, identifier, reason and what stood there."""

    con: Any
    good: ir.Table
    rejected: ir.Table
    read: int
    refused: int

    def arrow(self) -> pa.Table:
        """The good rows, in memory."""
        return self.good.to_pyarrow()


def read(path: Path, *, layout: Layout | None = None, today: date, con: Any = None) -> Checked:
    """Read a CSV or Parquet file and part its rows.

    A row is refused where a cell is not what the layout says, its identifier came before, or the line is no line of CSV; never silently.
    Raises `Unreadable` where the file is missing or not of its kind, `MissingColumns` where a required column is not there.
    """
    layout = layout or load_layout("declarations")
    con = con or connect()
    broken = _load(con, path)
    raw = con.table("raw_rows")
    wrong = is_bad(raw, layout, today=today)
    key = raw[layout.called(layout.key)].cast("string").strip()
    # Ordering the rows by identifier costs more than all else; where counting shows that none repeats, it is not done.
    twice = key.count().to_pyarrow().as_py() > key.nunique().to_pyarrow().as_py()
    marked = raw.mutate(bad_row=wrong | repeated(raw, layout).when if twice else wrong)
    con.create_table("marks", marked.filter(marked.bad_row).select(ROW), temp=True, overwrite=True)
    bad = con.table("marks")
    refused = int(bad.count().to_pyarrow().as_py())
    whole = typed(raw, layout)
    good = whole.anti_join(bad, ROW) if refused else whole
    said = reasons(raw, layout, today=today)
    again = repeated(raw, layout)
    cells = _as_text(raw)
    why = raw.select(**{ROW: raw[ROW]}, identifier=raw[layout.called(layout.key)].cast("string").substr(0, 64), reason=said, content=cells)
    rejected = why.semi_join(bad, ROW)
    if refused:
        said_twice = raw.select(**{ROW: raw[ROW]}, again=again.when.ifelse(again.words.concat("; "), ""))
        rejected = rejected.join(said_twice, ROW).select(
            ROW, "identifier", reason=lambda t: t.reason.concat(t.again), content=lambda t: t.content
        )
    if broken:
        con.create_table("broken_lines", pa.table(broken), temp=True, overwrite=True)
        rejected = rejected.union(con.table("broken_lines"))
    total = int(raw.count().to_pyarrow().as_py()) + len(broken["reason"] if broken else [])
    lines = len(broken["reason"]) if broken else 0
    return Checked(con=con, good=good.order_by(ROW), rejected=rejected.order_by(ROW), read=total, refused=refused + lines)


def _as_text(raw: ir.Table) -> Any:
    joined = ibis.literal("")
    for name in raw.columns:
        if name != ROW:
            joined = joined.concat(raw[name].cast("string").fill_null("").substr(0, 60), "|")
    return joined


def _load(con: Any, path: Path) -> dict[str, list[Any]]:
    """Fill the table `raw_rows`; returns the lines that are no lines of CSV, as columns of the rejects."""
    if not path.is_file():
        raise Unreadable("There is no file %(path)s.", path=path)
    match path.suffix.lower():
        case ".parquet" | ".pq":
            _fill(con, path, f"row_number() OVER () AS {ROW}, *", f"read_parquet({_quoted(path)})")
            return {}
        case ".csv" | ".txt" | ".gz":
            return _load_csv(con, path)
        case other:
            raise Unreadable("%(path)s ends in “%(other)s”; .csv, .csv.gz and .parquet can be read.", path=path, other=other)


def _load_csv(con: Any, path: Path) -> dict[str, list[Any]]:
    """DuckDB reads where every line is a row; where one is not, lines are parted first, so that rows and rejects are all lines."""
    whole, lines = looks_whole(path)
    if whole and lines:
        _fill(con, path, f"row_number() OVER () AS {ROW}, *", _csv(path))
        rejected = _count(con, "reject_errors")
        if not rejected and _count(con, "raw_rows") == lines - 1:
            return {}
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as clean:
        rejects = part(path, clean, ROW)
        clean.flush()
        _fill(con, path, f"* REPLACE (CAST({ROW} AS BIGINT) AS {ROW})", _csv(Path(clean.name)))
    nothing = ["" for _ in rejects.rows]
    named: dict[str, list[Any]] = {ROW: rejects.rows, "identifier": nothing, "reason": rejects.reasons, "content": rejects.contents}
    return named if rejects.rows else {}


def _fill(con: Any, path: Path, columns: str, source: str) -> None:
    try:
        con.raw_sql(f"CREATE OR REPLACE TEMP TABLE raw_rows AS SELECT {columns} FROM {source}")  # noqa: S608
    except duckdb.Error as error:
        first = str(error).splitlines()[0][:300] if str(error) else "no reason given"
        raise Unreadable("%(path)s cannot be read as %(kind)s: %(why)s", path=path, kind=path.suffix[1:] or "a table", why=first) from None


def _count(con: Any, table: str) -> int:
    return int(con.raw_sql(f"SELECT count(*) FROM {table}").fetchall()[0][0])  # noqa: S608


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _csv(path: Path) -> str:
    options = f"header=true, all_varchar=true, delim=',', quote='\"', escape='\"', strict_mode=true, max_line_size={LINE_LIMIT}"
    return f"read_csv({_quoted(path)}, {options}, ignore_errors=true, store_rejects=true, rejects_limit=0)"


def write(con: Any, table: ir.Table, path: Path) -> int:
    """Write a table as CSV or Parquet, by the name's ending, without holding it in memory; returns the number of rows."""
    quoted = str(path).replace("'", "''")
    kind = "FORMAT parquet, COMPRESSION zstd" if path.suffix.lower() in (".parquet", ".pq") else "FORMAT csv, HEADER"
    found = con.raw_sql(f"COPY ({con.compile(table)}) TO '{quoted}' ({kind})").fetchone()
    return int(found[0]) if found else 0
