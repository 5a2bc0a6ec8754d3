"""Statements of a store into a file, in the order they were stored, a thousand at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models.functions import Length

from ..core import exact
from ..core.ordering import instant_of, stamp
from ..finding import Found, fitting_in
from ..models import Attachment, Key, Statement, Store, Verb
from ..queries import authorities
from ..tables import plain

CHUNK = 1000


class NeedsParquet(RuntimeError):
    """The library for Parquet is not installed."""


@dataclass(frozen=True, slots=True)
class Row:
    """A statement on its way out: as it stands, as it is handed out, and what a table wants to know."""

    found: Found
    shown: bytes
    happened: int
    verb: str
    voided: bool
    key: str


def rows(store: Store, *, since: int = 0, until: int = 2**63 - 1) -> Iterator[Row]:
    """Every statement of a store after `since` up to `until` (positions), voided ones and those that void included."""
    last = since
    verbs = dict(Verb.objects.filter(store=store).values_list("key", "iri"))
    keys = dict(Key.objects.filter(store=store).values_list("pk", "key"))
    while True:
        following = Statement.objects.filter(store=store, position__gt=last, position__lte=until).order_by("position")
        lengths = list(following.values_list("position", Length("raw"))[:CHUNK])
        if not lengths:
            return
        some = list(following[: fitting_in([length for _, length in lengths])])
        known = authorities(one.key_id for one in some)
        for one in some:
            found = Found(one.position, one.uuid, one.key_id, one.edition, bytes(one.raw))
            yield Row(found, handed_out(found, known), one.happened, verbs.get(one.verb, ""), one.voided, keys.get(one.key_id, ""))
        last = some[-1].position


def handed_out(found: Found, known: dict[int, bytes]) -> bytes:
    """A statement as `/xapi` hands it out."""
    uuid = plain(found.uuid)
    dashed = f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"
    return exact(
        found.raw,
        uuid=dashed,
        stored=stamp(found.position),
        authority=known.get(found.key, b"{}"),
        version="1.0.0" if found.edition == 1 else "2.0.0",
    )


def to_json_lines(store: Store, target: Path, *, progress: Callable[[int], None], **span: int) -> int:
    """Write one statement a line. A line break between its parts becomes a space; inside a text there is none."""
    count = 0
    with _whole(target) as file:
        for count, row in enumerate(rows(store, **span), 1):
            file.write(row.shown.replace(b"\n", b" ").replace(b"\r", b" ") + b"\n")
            if count % CHUNK == 0:
                progress(count)
    return count


def to_parquet(store: Store, target: Path, *, progress: Callable[[int], None], **span: int) -> int:
    """Write a table: what finds a statement as columns, and `raw`, its bytes as they came."""
    try:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        msg = "Parquet needs pyarrow: pip install 'entrepot[parquet]'"
        raise NeedsParquet(msg) from None
    instant = pa.timestamp("us", tz="UTC")
    schema = pa.schema(
        [
            *(("id", pa.string()), ("stored", instant), ("timestamp", instant), ("verb", pa.string()), ("key", pa.string())),
            *(("voided", pa.bool_()), ("edition", pa.int8()), ("statement", pa.binary()), ("raw", pa.binary())),
        ]
    )
    count = 0
    with _whole(target) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        chunk: list[dict[str, Any]] = []
        for count, row in enumerate(rows(store, **span), 1):
            chunk.append(
                {
                    "id": str(row.found.uuid),
                    "stored": instant_of(row.found.position),
                    "timestamp": instant_of(row.happened),
                    "verb": row.verb,
                    "key": row.key,
                    "voided": row.voided,
                    "edition": row.found.edition,
                    "statement": row.shown,
                    "raw": row.found.raw,
                }
            )
            if len(chunk) == CHUNK * 5:
                writer.write_table(pa.Table.from_pylist(chunk, schema))
                chunk = []
                progress(count)
        writer.write_table(pa.Table.from_pylist(chunk, schema))
    return count


class _whole:  # noqa: N801  (reads as a function: with _whole(target) as file)
    """A file that gets its name only once it is whole."""

    def __init__(self, target: Path) -> None:
        self.target, self.part = target, target.with_name(target.name + ".part")

    def __enter__(self) -> Any:
        self.file = self.part.open("wb")
        return self.file

    def __exit__(self, kind: object, *_: object) -> None:
        self.file.close()
        if kind is None:
            self.part.replace(self.target)
        else:
            self.part.unlink(missing_ok=True)


def attachments_to(store: Store, folder: Path) -> int:
    """Write the content of each attachment into a file named by its digest; return how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for one in Attachment.objects.filter(store=store).order_by("pk").iterator(chunk_size=20):
        (folder / one.sha2).write_bytes(bytes(one.content))
        count += 1
    return count
