"""Rows into the large tables, many at a time: the one place that speaks SQL to each database in its own way.

On PostgreSQL many rows go in by binary COPY and few by one prepared statement, on SQLite by one prepared statement for all.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import psycopg
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from entrepot.ground.work.api import now

from .core import from_instant
from .core.identities import key_of

VOIDED_KEY = key_of("http://adlnet.gov/expapi/verbs/voided")


class StatementRow(NamedTuple):
    """A row of `records_statement`, in the order of its columns here; uuids as 32 hexadecimal digits."""

    position: int
    store: int
    place: int
    key: int
    uuid: str
    actor: int | None
    verb: int
    activity: int | None
    target: str | None
    registration: str | None
    happened: int | None
    """None, for `keep_few` only: when it was stored."""
    edition: int
    raw: bytes


_COLUMNS = "position, store_id, place_id, key_id, uuid, actor, verb, activity, target, registration, happened, edition, raw"
_INSERT = (
    f"INSERT INTO records_statement ({_COLUMNS}, inherits, voided, erased) "  # noqa: S608  (no value is in the text)
    "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,0,0,0)"
)
_NULL = b"\xff\xff\xff\xff"
_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_BIG = struct.Struct(">iq")
_FALSE = b"\x00\x00\x00\x01\x00" * 3


def is_postgresql() -> bool:
    """Which of the two databases this is."""
    return bool(connection.vendor == "postgresql")


@contextlib.contextmanager
def together(*, few: bool) -> Iterator[None]:
    """A transaction; on PostgreSQL and with a `few` rows one in which what is asked is sent without waiting until rows are read.

    A turn of talk with the server takes as long as what one statement is asked for; so the end of the transaction, too, is sent with the
    last of them, and Django finds it done. Not for many rows: COPY cannot be sent so. Not inside another transaction either: a savepoint
    rolled back there makes psycopg 3.3 forget statements that it has just prepared.
    """
    if not few or connection.in_atomic_block or not is_postgresql():
        with transaction.atomic():
            yield
        return
    connection.ensure_connection()
    with transaction.atomic(), connection.wrap_database_errors, connection.connection.pipeline():
        yield
        psycopg.Cursor(connection.connection).execute("COMMIT")


class Asked:
    """A query that was sent; `rows` waits for its answer."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def rows(self) -> list[tuple[Any, ...]]:
        """The rows of the answer; to be called once."""
        with connection.wrap_database_errors, self._cursor as cursor:
            return list(cursor.fetchall())


def ask(sql: str, values: Sequence[Any]) -> Asked:
    """Send a query that is asked often: PostgreSQL keeps its plan, as planning over partitions takes longer than the query."""
    if is_postgresql():
        connection.ensure_connection()
        cursor: Any = psycopg.Cursor(connection.connection)
        with connection.wrap_database_errors:
            cursor.execute(sql, values, prepare=True)
    else:
        cursor = connection.cursor()
        cursor.execute(sql, values)
    return Asked(cursor)


def fetch(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a query that is asked often."""
    return ask(sql, values).rows()


def run(sql: str, values: Sequence[Any]) -> None:
    """Do what has no answer, and is done often."""
    if is_postgresql():
        connection.ensure_connection()
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as prepared:
            prepared.execute(sql, values, prepare=True)  # type: ignore[call-overload]
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def put(table: str, store: int, columns: dict[str, str], rows: Sequence[Sequence[Any]], on_conflict: str) -> None:
    """Insert rows of a store's names, or what `on_conflict` says; `columns` has their types on PostgreSQL, where all go in at once."""
    if not rows:
        return
    heads = ", ".join(("store_id", *columns))
    if is_postgresql():
        arrays = ", ".join(f"%b::{kind}[]" if kind == "bytea" else f"%s::{kind}[]" for kind in columns.values())
        values = [_array(column) if kind == "bigint" else column for kind, column in zip(columns.values(), _columns(rows), strict=True)]
        run(f"INSERT INTO {table} ({heads}) SELECT %s::bigint, * FROM unnest({arrays}) {on_conflict}", [store, *values])  # noqa: S608
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({heads}) VALUES ({placeholders(('', *columns))}) {on_conflict}",  # noqa: S608
            [(store, *row) for row in rows],
        )


def _columns(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _array(values: Iterable[int | str | None]) -> str:
    """Numbers or identifiers as the text of an array, which has one type whatever stands in it, so that one plan serves all."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def among(column: str, values: Sequence[Any], kind: str = "bigint") -> tuple[str, list[Any]]:
    """The condition that `column` is one of `values`: one parameter on PostgreSQL, so that the plan is the same for any number of them."""
    if is_postgresql():
        return f"{column} = ANY(%s::{kind}[])", [list(values)]
    return f"{column} IN ({placeholders(values)})", list(values)


def reserve(store: int, count: int) -> int:
    """The first of `count` positions in a row, later than any before: call first in the transaction that uses them.

    From here to the end of the transaction nobody else writes into this store (on SQLite: into any). The clock is read under that lock,
    not when the request came: only so do positions rise as transactions are committed.
    """
    if is_postgresql():
        return int(fetch("SELECT records_reserve(%s, %s, %s)", [store, count, _ahead()])[0][0])
    return max(from_instant(now()), _last() + 1)


def _ahead() -> int:
    """By how much a demo's clock runs ahead of the database's, in microseconds."""
    return from_instant(now()) - from_instant(timezone.now()) if settings.DEMO else 0


def _last() -> int:
    return int(fetch("SELECT max(position) FROM records_statement", [])[0][0] or 0)


def _big(value: int | None) -> bytes:
    return _NULL if value is None else _BIG.pack(8, value)


def _uuid(value: str | None) -> bytes:
    return _NULL if value is None else b"\x00\x00\x00\x10" + bytes.fromhex(value)


_HEAD = struct.Struct(">hiqiqiqiq")


def _binary(row: StatementRow) -> bytes:
    return b"".join(
        (
            _HEAD.pack(16, 8, row.position, 8, row.store, 8, row.place, 8, row.key),
            _uuid(row.uuid),
            _big(row.actor),
            _BIG.pack(8, row.verb),
            _big(row.activity),
            _uuid(row.target),
            _uuid(row.registration),
            _big(row.happened),
            struct.pack(">ihi", 2, row.edition, len(row.raw)),
            row.raw,
            _FALSE,
        )
    )


FEW = 64
"""Up to so many statements go into PostgreSQL by one prepared statement: a COPY has three turns of talk with the server, and is quicker
only with more rows."""

_KEEP_FEW = f"""
WITH first AS MATERIALIZED (
    SELECT records_reserve(%s, %s, %s) AS at
), new AS (
    INSERT INTO records_identifier (store_id, uuid, position)
    SELECT %s::bigint, t.uuid, first.at + t.number FROM first, unnest(%s::uuid[], %s::bigint[]) AS t(uuid, number)
    ON CONFLICT DO NOTHING RETURNING position
), kept AS (
    INSERT INTO records_statement ({_COLUMNS}, inherits, voided, erased)
    SELECT new.position, t.store, t.place, t.key, t.uuid, t.actor, t.verb, t.activity, t.target, t.registration,
        coalesce(t.happened, new.position), t.edition, t.raw, FALSE, FALSE, FALSE
    FROM first, new, unnest(
        %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[],
        %s::uuid[], %s::uuid[], %s::bigint[], %s::smallint[], %b::bytea[]
    ) AS t(number, store, place, key, uuid, actor, verb, activity, target, registration, happened, edition, raw)
    WHERE new.position = first.at + t.number
), marked AS (
    INSERT INTO records_mark (store_id, role, key, position)
    SELECT %s::bigint, t.role, t.key, new.position
    FROM first, new, unnest(%s::smallint[], %s::bigint[], %s::bigint[]) AS t(role, key, number)
    WHERE new.position = first.at + t.number
)
SELECT first.at, (SELECT count(*) FROM new) FROM first
"""  # noqa: S608  (no value is in the text)


def keeps_at_once(count: int) -> bool:
    """Whether so many statements are kept by `keep_few`."""
    return is_postgresql() and count <= FEW


def keep_few(store: int, rows: Sequence[StatementRow], marks: Iterable[tuple[int, int, int]]) -> Asked:
    """PostgreSQL: reserve positions, insert identifiers, and where one is new its statement and marks.

    Positions in `rows` and `marks` count from 0. The answer is one row: the first position, and how many were new.
    """
    # Until the end of the transaction kept plans are used as they are: planning anew each time takes longer than what is planned.
    run("SET LOCAL plan_cache_mode = force_generic_plan", [])
    columns = _columns(rows)
    raw = columns.pop()
    numbers, uuids = _array(columns[0]), _array(columns[4])
    marked = _columns(sorted(set(marks))) or [[], [], []]
    values = [store, len(rows), _ahead(), store, uuids, numbers, *map(_array, columns), raw, store, *map(_array, marked)]
    return ask(_KEEP_FEW, values)


def insert_statements(rows: Sequence[StatementRow]) -> None:
    """Insert new statements."""
    with connection.cursor() as cursor:
        if is_postgresql():
            with cursor.copy(f"COPY records_statement ({_COLUMNS}, inherits, voided, erased) FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(_HEADER + b"".join(map(_binary, rows)) + _TRAILER)
        else:
            cursor.cursor.connection.executemany(_INSERT, rows)


_MARK = struct.Struct(">hiqihiqiq")


def insert_marks(store: int, marks: Iterable[tuple[int, int, int]]) -> None:
    """Insert marks, each (role, key, position), that are not there yet."""
    rows = sorted(set(marks))
    if not rows:
        return
    with connection.cursor() as cursor:
        if is_postgresql():
            data = b"".join([_MARK.pack(4, 8, store, 2, role, 8, key, 8, position) for role, key, position in rows])
            with cursor.copy("COPY records_mark (store_id, role, key, position) FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(_HEADER + data + _TRAILER)
        else:
            cursor.cursor.connection.executemany(
                "INSERT INTO records_mark (store_id, role, key, position) VALUES (?,?,?,?)",
                [(store, *row) for row in rows],
            )


def add_marks(store: int, marks: Iterable[tuple[int, int, int]]) -> None:
    """Insert those of `marks` that are not there yet."""
    rows = sorted(set(marks))
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO records_mark (store_id, role, key, position) VALUES (%s,%s,%s,%s) ON CONFLICT DO NOTHING",
            [(store, *row) for row in rows],
        )


def insert_identifiers(store: int, identifiers: Sequence[tuple[str, int]]) -> int:
    """Insert identifiers, each (uuid, position), that the store has not seen, and return how many were new."""
    if is_postgresql():
        rows = fetch(
            "INSERT INTO records_identifier (store_id, uuid, position) "
            "SELECT %s::bigint, u, p FROM unnest(%s::uuid[], %s::bigint[]) AS t(u, p) ON CONFLICT DO NOTHING RETURNING position",
            [store, [uuid for uuid, _ in identifiers], [position for _, position in identifiers]],
        )
        return len(rows)
    with connection.cursor() as cursor:
        done = cursor.cursor.connection.executemany(
            "INSERT INTO records_identifier (store_id, uuid, position) VALUES (?,?,?) ON CONFLICT DO NOTHING",
            [(store, uuid, position) for uuid, position in identifiers],
        )
        return int(done.rowcount)


def placeholders(values: Sequence[Any]) -> str:
    """`%s` for each of `values`."""
    return ",".join(["%s"] * len(values))


def positions_of(store: int, uuids: Sequence[str]) -> dict[str, int]:
    """Where the statements with these identifiers stand, by identifier (32 digits); what was never seen is left out."""
    found: dict[str, int] = {}
    for start in range(0, len(uuids), 900):
        text, values = among("uuid", uuids[start : start + 900], "uuid")
        rows = fetch(f"SELECT uuid, position FROM records_identifier WHERE store_id = %s AND {text}", [store, *values])  # noqa: S608
        found.update((plain(uuid), position) for uuid, position in rows)
    return found


def plain(uuid: Any) -> str:
    """A uuid as the database gave it, as 32 digits."""
    return uuid if isinstance(uuid, str) else str(uuid.hex)


def horizon(store: int) -> int:
    """Up to which position all that a store keeps can be read: nothing will appear at or below it later.

    PostgreSQL knows whether a writer is under way. On SQLite what was stored last is a true bound, as one transaction writes at a time;
    where that is old, now is one too, if the lock can be had for a moment, which means that nobody is writing.
    """
    if is_postgresql():
        return int(fetch("SELECT records_horizon(%s, %s)", [store, _ahead()])[0][0])
    last, at = _last(), from_instant(now())
    if at - last < FRESH:
        return last
    if connection.in_atomic_block:
        return at
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            cursor.execute("BEGIN IMMEDIATE")
            last, at = _last(), from_instant(now())
            cursor.execute("ROLLBACK")
        except OperationalError:
            return last
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(connection.settings_dict['OPTIONS'].get('timeout', 5) * 1000)}")
    return max(last, at)


FRESH = 500_000
"""Microseconds: where the last statement is no older, it is bound enough, and no writer is asked to wait."""
LONGEST_WRITE = 30
"""Seconds: a transaction that takes longer to write gives up, so that one client never keeps the others waiting for long."""
