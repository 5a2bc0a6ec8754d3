"""How the large tables lie on each database: by month on PostgreSQL, clustered by their key on SQLite."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection, migrations

from ..core import from_instant

BY_MONTH = ("records_statement", "records_mark")
BY_HASH = 8
"""Into how many parts the identifiers are divided: each part's index stays small enough to be kept in memory."""


class CreateByMonth(migrations.CreateModel):
    """Create a table that PostgreSQL partitions by position, with one part for what no month takes."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002  (Django's)
        """Make the table."""
        model = to_state.apps.get_model(app_label, self.name)
        sql, parameters = schema_editor.table_sql(model)
        table = model._meta.db_table
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"{sql} PARTITION BY RANGE (position)", parameters or None)
            schema_editor.execute(f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT")
        else:
            # SQLite: an INTEGER key is the row's own number, so that the table itself is the index in order of position.
            schema_editor.execute(
                sql.replace('"position" bigint NOT NULL PRIMARY KEY', '"position" integer NOT NULL PRIMARY KEY') + _clustered(model)
            )


class CreateByHash(migrations.CreateModel):
    """Create a table that PostgreSQL divides by the hash of `uuid`."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002  (Django's)
        """Make the table."""
        model = to_state.apps.get_model(app_label, self.name)
        sql, parameters = schema_editor.table_sql(model)
        table = model._meta.db_table
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"{sql} PARTITION BY HASH (uuid)", parameters or None)
            for part in range(BY_HASH):
                schema_editor.execute(
                    f"CREATE TABLE {table}_{part} PARTITION OF {table} FOR VALUES WITH (MODULUS {BY_HASH}, REMAINDER {part})"
                )
        else:
            schema_editor.execute(sql + _clustered(model), parameters or None)


def _clustered(model: Any) -> str:
    return " WITHOUT ROWID" if len(model._meta.pk_fields) > 1 else ""


def make_partitions(at: datetime, months: int = 3) -> list[str]:
    """Make the partitions of this month and of those after it, where they are missing; return the names of the new ones."""
    if connection.vendor != "postgresql":
        return []
    made = []
    with connection.cursor() as cursor:
        for ahead in range(months):
            start, end = _month(at, ahead), _month(at, ahead + 1)
            for table in BY_MONTH:
                name = f"{table}_{start:%Y%m}"
                cursor.execute("SELECT to_regclass(%s)", [name])
                if cursor.fetchone()[0] is None:
                    span = f"FROM ({from_instant(start)}) TO ({from_instant(end)})"
                    cursor.execute(f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES {span}")
                    made.append(name)
    return made


def _month(at: datetime, ahead: int) -> datetime:
    years, month = divmod(at.month - 1 + ahead, 12)
    return datetime(at.year + years, month + 1, 1, tzinfo=UTC)


def drop_empty_partitions(at: datetime) -> list[str]:
    """Drop the partitions of months that are over and hold nothing any more; return their names."""
    if connection.vendor != "postgresql":
        return []
    dropped = []
    with connection.cursor() as cursor:
        for table in BY_MONTH:
            cursor.execute("SELECT relid::regclass::text FROM pg_partition_tree(%s) WHERE isleaf", [table])
            for (name,) in cursor.fetchall():
                month = name.rpartition("_")[2]
                if not month.isdigit() or month >= f"{at:%Y%m}":
                    continue
                cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {name})")  # noqa: S608  (a table's own name)
                if not cursor.fetchone()[0]:
                    cursor.execute(f"DROP TABLE {name}")
                    dropped.append(name)
    return dropped
