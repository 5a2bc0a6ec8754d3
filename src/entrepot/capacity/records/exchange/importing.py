"""Statements from a file into a store: the sound are kept, the others put aside with the reason; to run it again changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from ..actions.statements import CANNOT_STAND, Incoming, keep, receive
from ..core import Fault, Unreadable, atoms
from ..enums import LATEST
from ..queries import Client
from .exporting import NeedsParquet

BATCH = 500


class Line(NamedTuple):
    """A statement of a file: its number there, its bytes, and where a table says so its version and its identifier."""

    number: int
    statement: bytes
    version: str = ""
    uuid: str = ""


_Numbered = tuple[int, Incoming]


@dataclass(slots=True)
class Tally:
    """What became of the lines of a file."""

    read: int = 0
    new: int = 0
    known: int = 0
    rejected: int = 0
    rejects: list[dict[str, Any]] = field(default_factory=list)
    """Those that were not put aside into a file yet."""


def lines_of(source: Path) -> Iterator[Line]:
    """The statements of a file: JSON lines, a JSON list, or Parquet with a column `raw` or `statement`."""
    if source.suffix == ".parquet":
        yield from _parquet(source)
        return
    with source.open("rb") as file:
        if file.read(1) == b"[":
            from ..core import split  # noqa: PLC0415

            yield from (Line(number, text) for number, text in enumerate(split(source.read_bytes()), 1))
            return
        file.seek(0)
        for number, line in enumerate(file, 1):
            if line.strip():
                yield Line(number, line.strip())


def _parquet(source: Path) -> Iterator[Line]:
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        msg = "Parquet needs pyarrow: pip install 'entrepot[parquet]'"
        raise NeedsParquet(msg) from None
    table = pq.ParquetFile(source)
    names = set(table.schema_arrow.names)
    # As it came, a statement may have neither identifier nor version: then the columns beside it say what the store gave it.
    columns = ["raw", *(name for name in ("id", "edition") if name in names)] if "raw" in names else ["statement"]
    number = 0
    for some in table.iter_batches(batch_size=BATCH, columns=columns):
        for row in some.to_pylist():
            number += 1
            text = row[columns[0]]
            version = LATEST[row["edition"]] if row.get("edition") in LATEST else ""
            yield Line(number, text.encode() if isinstance(text, str) else text, version, row.get("id") or "")


def bring_in(*, key: Client, at: datetime, lines: Iterable[Line | tuple[int, bytes]], progress: Callable[[Tally], None]) -> Tally:
    """Keep the statements of `lines` for `key`, five hundred in a transaction; `progress` is told after each."""
    tally = Tally()
    batch: list[_Numbered] = []
    for number, line, version, uuid in (Line(*one) for one in lines):
        tally.read += 1
        try:
            batch.append((number, _received(line, version, uuid)))
        except Fault as fault:
            _reject(tally, number, line, fault.path, fault.message)
        except Unreadable as error:
            _reject(tally, number, line, "", str(error))
        if len(batch) == BATCH:
            _keep(key, at, batch, tally)
            batch = []
            progress(tally)
    _keep(key, at, batch, tally)
    progress(tally)
    return tally


def _received(statement: bytes, version: str, uuid: str) -> Incoming:
    one = receive(statement, version=version)
    if uuid:
        atoms.uuid(uuid)
        one.uuid = uuid.replace("-", "").lower()
    return one


def _reject(tally: Tally, number: int, line: bytes, path: str, message: str) -> None:
    tally.rejected += 1
    tally.rejects.append({"line": number, "path": path, "message": message, "statement": line.decode("utf-8", "replace")[:100_000]})


def _keep(key: Client, at: datetime, batch: list[_Numbered], tally: Tally) -> None:
    """Keep a batch; where one of it contradicts what is kept, one by one, so that the others are not held up."""
    if not batch:
        return
    first = {one.uuid: (number, one) for number, one in reversed(batch)}
    tally.known += len(batch) - len(first)
    unique = list(first.values())[::-1]
    try:
        kept = keep(key=key, at=at, incoming=[one for _, one in unique])
        tally.new += kept.new
        tally.known += len(kept.repeats)
    except CANNOT_STAND as error:
        if len(unique) == 1:
            _reject(tally, unique[0][0], unique[0][1].raw, "id", str(error))
            return
        for each in unique:
            _keep(key, at, [each], tally)


def put_aside(tally: Tally, target: Path) -> None:
    """Append what was rejected to a file of JSON lines."""
    if tally.rejects:
        with target.open("a", encoding="utf-8") as file:
            for reject in tally.rejects:
                file.write(json.dumps(reject, ensure_ascii=False) + "\n")
        tally.rejects.clear()
