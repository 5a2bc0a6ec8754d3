"""After an erasure: no byte of it is left in the files of the database, and a copy that is put back brings nobody back unseen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from entrepot.ground.work.api import enqueue

from .models import Person

SMALL = 256_000_000
"""Tables up to so many bytes are written anew (nobody writes to them meanwhile); of a larger one PostgreSQL uses the room again in time."""
NIGHT = 16
"""The hour, in UTC, at which it is night in most of the region."""


class NotYet(RuntimeError):
    """Someone read from the database all the while: the queue tries it again."""


def backups_end(at: datetime) -> date:
    """The day on which the last backup ends that was made before this moment."""
    return (at + settings.BACKUPS_KEPT).date()


def wipe_later(person: Person, at: datetime) -> None:
    """Queue the wiping of the files, in the transaction of the erasure: at once on SQLite, in the night on PostgreSQL; and note the
    erasure beside the database, for the case that an older copy of that is put back."""
    if connection.vendor == "postgresql":
        night = datetime(at.year, at.month, at.day, NIGHT, tzinfo=UTC)
        night += timedelta(days=night <= at)
        enqueue("people.wipe", run_at=night, key=f"people.wipe:{night:%Y%m%d}")
    else:
        enqueue("people.wipe", run_at=at, key=f"people.wipe:{person.uuid}")
    enqueue("people.note_erased", run_at=at, key=f"people.note_erased:{person.uuid}", person=str(person.uuid), on=at.date().isoformat())


def note_erased(person: str, on: str) -> None:
    """Note an erasure beside the database, where an older copy of that does not take it back. Noted twice is noted."""
    with (settings.HOME / "erased").open("a") as file:
        file.write(f"{person} {on}\n")


def come_back() -> list[UUID]:
    """Those who were erased and are there again, as a copy made before was put back."""
    file = settings.HOME / "erased"
    noted = [UUID(line.split()[0]) for line in file.read_text().splitlines()] if file.exists() else []
    back = Person.objects.filter(erased_at__isnull=True)
    return sorted(
        uuid
        for start in range(0, len(noted), 500)
        for uuid in back.filter(uuid__in=noted[start : start + 500]).values_list("uuid", flat=True)
    )


def wipe() -> None:
    """Leave nothing of what was deleted or changed in the files of the database. Within a transaction that is not to be had."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _wipe_postgresql(cursor)
        else:
            _wipe_sqlite(cursor)


def _wipe_sqlite(cursor: Any) -> None:
    # Deleted content is overwritten as it is deleted; this is for what an earlier version deleted, and for the log.
    cursor.execute("PRAGMA freelist_count")
    free = cursor.fetchone()[0]
    cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
    if free and cursor.fetchone()[0] <= SMALL:
        cursor.execute("VACUUM")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if cursor.fetchone()[0]:
        raise NotYet


def _wipe_postgresql(cursor: Any) -> None:
    cursor.execute(
        "SELECT c.oid::regclass::text, pg_total_relation_size(c.oid) <= %s FROM pg_class c "
        "WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY 1",
        [SMALL],
    )
    for table, small in cursor.fetchall():
        cursor.execute(f"VACUUM {'(FULL)' if small else ''} {table}")
