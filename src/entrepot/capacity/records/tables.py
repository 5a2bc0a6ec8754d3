"""Rows into the large tables, many at a time: the one place that speaks SQL to each database in its own way.

On PostgreSQL many rows go in by binary COPY and few by one statement that is the whole transaction, on SQLite by one prepared statement
for all.
"""

from __future__ import annotations

import contextlib
import functools
import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
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
    """None, for `keep_plain` only: when it was stored."""
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


@functools.cache
def is_postgresql() -> bool:
    """Which of the two databases this is."""
    return bool(connection.vendor == "postgresql")


def fetch(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a query that is asked often: PostgreSQL keeps its plan, as planning over partitions takes longer than the query."""
    if is_postgresql():
        connection.ensure_connection()
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as prepared:
            return prepared.execute(sql, values, prepare=True).fetchall()  # type: ignore[call-overload, no-any-return]
    return list(_sqlite(sql, values))


def run(sql: str, values: Sequence[Any]) -> None:
    """Do what has no answer, and is done often."""
    if is_postgresql():
        connection.ensure_connection()
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as prepared:
            prepared.execute(sql, values, prepare=True)  # type: ignore[call-overload]
        return
    _sqlite(sql, values)


def _sqlite(sql: str, values: Sequence[Any], *, many: bool = False) -> Any:
    """Ask SQLite itself: a statement by way of Django's cursor takes longer than what it asks for. `many`: for each of `values`."""
    here = connections[DEFAULT_DB_ALIAS]  # each look through `connection` takes as long as a small query
    here.ensure_connection()
    raw: Any = here.connection
    with here.wrap_database_errors:
        return (raw.executemany if many else raw.execute)(_questions(sql), values)


@functools.lru_cache(maxsize=256)
def _questions(sql: str) -> str:
    return sql.replace("%s", "?")


def put(store: int, named: Put) -> None:
    """Insert rows of a store's names, or what `named` says of those that are there; on PostgreSQL all go in at once."""
    if not named.rows:
        return
    if is_postgresql():
        heads, arrays, told = _arrays(named)
        run(
            f"INSERT INTO {named.table} (store_id, {heads}) SELECT %s::bigint, t.* FROM unnest({arrays}) AS t {named.on_conflict}",  # noqa: S608
            [store, *told],
        )
        return
    heads = ", ".join(("store_id", *named.columns))
    sql = f"INSERT INTO {named.table} ({heads}) VALUES ({placeholders(('', *named.columns))}) {named.on_conflict}"  # noqa: S608
    _sqlite(sql, [(store, *row) for row in named.rows], many=True)


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


def reserve(store: int, count: int) -> tuple[int, int]:
    """The first of `count` positions in a row, later than any before, and how often names were taken out of the store: who knows names from
    before has to look again where that has changed. Call first in the transaction that uses them.

    From here to the end of the transaction nobody else writes into this store (on SQLite: into any). The clock is read under that lock,
    not when the request came: only so do positions rise as transactions are committed.
    """
    if is_postgresql():
        ((first, taken),) = fetch(_RESERVE, [store, count, _ahead(), store])
    else:
        ((last, taken),) = fetch(
            "SELECT (SELECT max(position) FROM records_statement), names_taken FROM records_store WHERE id = %s", [store]
        )
        first = max(from_instant(now()), (last or 0) + 1)
    return first, taken


_RESERVE = """
WITH first AS MATERIALIZED (SELECT records_reserve(%s, %s, %s) AS at)
SELECT at, records_plain(at, %s, '{}', '{}', '{}') FROM first
"""


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
"""Up to so many statements go into PostgreSQL by one statement: a COPY has three turns of talk with the server, and is quicker only with
more rows."""
# Sub-selects hide how long an array is: else every length would be planned for anew, which takes longer than what is planned.
_KEEP_PLAIN = f"""
WITH first AS MATERIALIZED (
    SELECT records_reserve(%s, %s, %s) AS at
), plain AS MATERIALIZED (
    SELECT at, records_plain(at, %s, %s::uuid[], %s::bigint[], %b::bytea[]) AS taken FROM first
), new AS (
    INSERT INTO records_identifier (store_id, uuid, position)
    SELECT %s::bigint, t.uuid, plain.at + t.number FROM plain, unnest((SELECT %s::uuid[]), (SELECT %s::bigint[])) AS t(uuid, number)
    WHERE plain.taken IS NOT NULL
), kept AS (
    INSERT INTO records_statement ({_COLUMNS}, inherits, voided, erased)
    SELECT plain.at + t.number, t.store, t.place, t.key, t.uuid, t.actor, t.verb, t.activity, NULL, t.registration,
        coalesce(t.happened, plain.at + t.number), t.edition, t.raw, FALSE, FALSE, FALSE
    FROM plain, unnest(
        (SELECT %s::bigint[]), (SELECT %s::bigint[]), (SELECT %s::bigint[]), (SELECT %s::bigint[]), (SELECT %s::uuid[]),
        (SELECT %s::bigint[]), (SELECT %s::bigint[]), (SELECT %s::bigint[]), (SELECT %s::uuid[]), (SELECT %s::bigint[]),
        (SELECT %s::smallint[]), (SELECT %b::bytea[])
    ) AS t(number, store, place, key, uuid, actor, verb, activity, registration, happened, edition, raw)
    WHERE plain.taken IS NOT NULL
), marked AS (
    INSERT INTO records_mark (store_id, role, key, position)
    SELECT %s::bigint, t.role, t.key, plain.at + t.number
    FROM plain, unnest((SELECT %s::smallint[]), (SELECT %s::bigint[]), (SELECT %s::bigint[])) AS t(role, key, number)
    WHERE plain.taken IS NOT NULL
), counted AS (
    INSERT INTO records_volume (key_id, "on", statements)
    SELECT %s::bigint, %s::date, %s::bigint FROM plain WHERE plain.taken IS NOT NULL
    ON CONFLICT (key_id, "on") DO UPDATE SET statements = records_volume.statements + excluded.statements
)"""  # noqa: S608  (no value is in the text)


class Put(NamedTuple):
    """Rows to put into a table of a store's names: `columns` with their types on PostgreSQL, and what to do with those that are there."""

    table: str
    columns: dict[str, str]
    rows: Sequence[Sequence[Any]]
    on_conflict: str


def keep_plain(
    store: int,
    rows: Sequence[StatementRow],
    marks: Iterable[tuple[int, int, int]],
    *,
    day: date,
    names: Sequence[Put],
    defined: Put,
) -> tuple[int, int] | None:
    """PostgreSQL: keep statements that refer to no other in one turn of talk, which is the whole transaction where there is none around it.

    Positions in `rows` and `marks` count from 0. `defined` are the activities to define (key, iri, definition). The answer is the
    first position and how often names were taken out of the store; None, and nothing is kept, where an identifier is known, something
    refers to one, or an activity has another definition: such are not plain, and go the long way.
    """
    columns = _columns(rows)
    raw = columns.pop()
    del columns[8]  # what they refer to: nothing
    uuids, numbers = _array(columns[4]), _array(columns[0])
    marked = _columns(sorted(set(marks))) or [[], [], []]
    values = [store, len(rows), _ahead(), store, uuids, _array([row[0] for row in defined.rows]), [row[2] for row in defined.rows]]
    values += [store, uuids, numbers, *map(_array, columns), raw]
    values += [store, *map(_array, marked), rows[0].key, day, len(rows)]
    more = ""
    for number, named in enumerate(each for each in (*names, defined) if each.rows):
        heads, arrays, told = _arrays(named)
        more += (
            f", named{number} AS (INSERT INTO {named.table} (store_id, {heads}) SELECT %s::bigint, t.* "  # noqa: S608
            f"FROM plain, unnest({arrays}) AS t WHERE plain.taken IS NOT NULL {named.on_conflict})"
        )
        values += [store, *told]
    ((first, taken),) = fetch(f"{_KEEP_PLAIN}{more} SELECT at, taken FROM plain", values)  # noqa: S608
    return None if taken is None else (first, taken)


def _arrays(named: Put) -> tuple[str, str, list[Any]]:
    """(columns, their arrays as parameters, the arrays) of rows to put."""
    kinds = named.columns.values()
    arrays = ", ".join(f"(SELECT %{'b' if kind == 'bytea' else 's'}::{kind}[])" for kind in kinds)
    told = [_array(column) if kind == "bigint" else column for kind, column in zip(kinds, _columns(named.rows), strict=True)]
    return ", ".join(named.columns), arrays, told


@contextlib.contextmanager
def inserting(rows: Sequence[StatementRow]) -> Iterator[None]:
    """Insert new statements. What is done inside is done while PostgreSQL takes them in; it asks the database for nothing."""
    if not is_postgresql():
        _sqlite(_INSERT, rows, many=True)
        yield
        return
    into = f"COPY records_statement ({_COLUMNS}, inherits, voided, erased) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        copy.write(_HEADER)
        for start in range(0, len(rows), AT_ONCE):
            copy.write(b"".join(map(_binary, rows[start : start + AT_ONCE])))
        copy.write(_TRAILER)
        yield


AT_ONCE = 50
"""So many rows are sent at a time: the server takes them in while the next are made ready."""


_MARK = struct.Struct(">hiqihiqiq")


def insert_marks(store: int, marks: Iterable[tuple[int, int, int]]) -> None:
    """Insert marks, each (role, key, position) and once, that are not there yet."""
    rows = list(marks)
    if not rows:
        return
    if not is_postgresql():
        sql = "INSERT INTO records_mark (store_id, role, key, position) VALUES (?,?,?,?)"
        _sqlite(sql, [(store, *row) for row in rows], many=True)
        return
    data = b"".join([_MARK.pack(4, 8, store, 2, role, 8, key, 8, position) for role, key, position in rows])
    into = "COPY records_mark (store_id, role, key, position) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        copy.write(_HEADER + data + _TRAILER)


def add_marks(store: int, marks: Iterable[tuple[int, int, int]]) -> None:
    """Insert those of `marks` that are not there yet."""
    rows = sorted(set(marks))
    if not rows:
        return
    if is_postgresql():
        arrays = "unnest(%s::smallint[], %s::bigint[], %s::bigint[])"
        sql = f"INSERT INTO records_mark (store_id, role, key, position) SELECT %s::bigint, t.* FROM {arrays} AS t ON CONFLICT DO NOTHING"  # noqa: S608
        run(sql, [store, *map(_array, _columns(rows))])
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
            [store, _array([uuid for uuid, _ in identifiers]), _array([position for _, position in identifiers])],
        )
        return len(rows)
    sql = "INSERT INTO records_identifier (store_id, uuid, position) VALUES (?,?,?) ON CONFLICT DO NOTHING"
    return int(_sqlite(sql, [(store, uuid, position) for uuid, position in identifiers], many=True).rowcount)


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
