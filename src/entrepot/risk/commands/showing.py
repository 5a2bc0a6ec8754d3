"""What commands show: progress on standard error, results on standard output, refused rows in a few words."""

from __future__ import annotations

import contextlib
import json
import math
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from entrepot.risk.declarations.api import Checked, connect, load_layout, read, write

WRONG_CALL = {
    *("unknown-scenario", "unable-to-fit", "spark-missing", "unknown-plot", "wrong-columns", "unreadable-plan", "unreadable-profiles"),
    *("unreadable", "missing-columns", "not-that-data", "untrusted-model", "unknown-strategy"),
}


@contextlib.contextmanager
def progress(options: Any, words: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error while the block runs; none where nobody watches."""
    if options.quiet or not sys.stderr.isatty():
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)


def show(options: Any, data: Any, lines: list[str]) -> None:
    """Print the data as JSON, or the lines."""
    if options.json:
        print(json.dumps(finite(data), default=str, ensure_ascii=False))
    else:
        print("\n".join(lines))


def finite(value: Any) -> Any:
    """JSON knows no nan: what cannot be known is null."""
    if isinstance(value, dict):
        return {str(key): finite(entry) for key, entry in value.items()}
    if hasattr(value, "_asdict"):
        return finite(value._asdict())
    if isinstance(value, list | tuple):
        return [finite(entry) for entry in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def opened(options: Any, *, attribute: str = "declarations") -> Checked:
    """The file of declarations, checked; refused rows are written where asked and always counted aloud."""
    today = getattr(options, "today", None) or datetime.now(UTC).date()
    con = connect(memory=getattr(options, "memory", ""))
    path = getattr(options, attribute)
    checked = read(path, layout=load_layout(options.layout), today=today, con=con)
    if checked.refused:
        if getattr(options, "rejects", None):
            write(con, checked.rejected, options.rejects)
        first = checked.rejected.limit(1).to_pyarrow().to_pylist()[0]
        where = f"; all are in {options.rejects}" if getattr(options, "rejects", None) else "; --rejects FILE writes them all"
        count = f"{checked.refused:,} of {checked.read:,} rows refused{where}"
        print(f"{path}: {count}. The first, row {first['row_in_file']}: {first['reason']}", file=sys.stderr)
    return checked


def interval(found: Any, *, percent: bool = True) -> str:
    """An estimate and its interval in words."""
    if found is None or any(value is None or math.isnan(value) for value in (found[0],)):
        return "not known"
    scale, unit = (100, " %") if percent else (1, "")
    low, high = (value if value is not None else float("nan") for value in found[1:])
    return f"{found[0] * scale:.1f}{unit} ({low * scale:.1f} to {high * scale:.1f})"


def table(heads: list[str], rows: list[list[Any]]) -> list[str]:
    """Rows under heads, in columns; numbers to the right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(head), *(len(row[at]) for row in cells)) if cells else len(head) for at, head in enumerate(heads)]
    right = [bool(cells) and all(row[at][:1].isdigit() or row[at][:1] in "-–." for row in cells) for at in range(len(heads))]

    def line(row: list[str]) -> str:
        return "  ".join(cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(row, widths, right, strict=True)).rstrip()

    return [line(heads), "  ".join("-" * width for width in widths), *(line(row) for row in cells)]
