"""The practice region, made once and then put into each database that a test needs: making it takes a minute on a busy machine.

A snapshot is kept outside the repository, by the content of everything under src and by the day, so that a change makes a new one; of two
processes that want it at once, the second waits for the first. `python -m tests.snapshot` puts it into the database of the environment.
While one test is being written, `SNAPSHOT=tables` keeps the one at hand until a migration changes; the whole suite is run without it.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import pickle
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, get_hasher, make_password
from django.core.management import call_command
from django.db import connection, transaction

SOURCE = Path(__file__).parents[1] / "src"
KEPT = Path(tempfile.gettempdir()) / f"entrepot-practice-{os.getuid()}"


def _name() -> str:
    seen = hashlib.sha256(f"{connection.vendor} {date.today()}".encode())
    tables_only = os.environ.get("SNAPSHOT") == "tables"
    for path in sorted(SOURCE.rglob("migrations/*.py") if tables_only else SOURCE.rglob("*")):
        if path.suffix in (".py", ".toml", ".json", ".csv"):
            seen.update(str(path.relative_to(SOURCE)).encode())
            seen.update(path.read_bytes())
    return seen.hexdigest()[:20]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def put_practice_region() -> None:
    """Facts and practice region into the empty database of this process: from the snapshot, or made and kept for the next.

    On SQLite the snapshot brings its tables along, so that the database need not be migrated; on PostgreSQL it has to be, unless it holds
    no table at all.
    """
    KEPT.mkdir(mode=0o700, exist_ok=True)
    path = KEPT / _name()
    with _locked(path):
        if path.exists():
            _read(path)
            _hash_again()
            return
        _migrate()
        _make()
        for old in sorted(KEPT.glob("*"), key=lambda one: one.stat().st_mtime)[:-40]:
            old.unlink(missing_ok=True)
        _write(path)


def _migrate() -> None:
    """Migrate; what Django made for a test without migrations is thrown away first, so that the migrations make it."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(":memory:")) as nothing:
            nothing.backup(connection.connection)
    call_command("migrate", verbosity=0)


def _make() -> None:
    from entrepot.desk import demo
    from entrepot.desk.gathered import load_packs
    from entrepot.ground.work.api import now, work_off

    load_packs(at=now())
    if not demo.is_made():
        demo.make(at=now())
        work_off()  # the words of welcome go out, so that each test finds the outbox and the queue empty


def _hash_again() -> None:
    """The cast's one password as this process hashes it: the suite does so quickly, what stands by itself as the product does."""
    from entrepot.ground.keeping.api import writing
    from entrepot.ground.people.demo import PASSWORD
    from entrepot.ground.people.models import Person

    cast = Person.objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if not cast.filter(password__startswith=f"{get_hasher().algorithm}$").exists():
        with writing():
            cast.update(password=make_password(PASSWORD))


def _files() -> dict[str, bytes]:
    from entrepot.ground.documents.api import storage, stored_names

    found = {}
    for name in stored_names():
        with storage().open(name) as content:
            found[name] = content.read()
    return found


def _write(path: Path) -> None:
    kept: dict[str, Any] = {"files": _files()}
    if connection.vendor == "sqlite":
        kept |= {"rows": _sqlite_out()}
    else:
        kept |= {"rows": _postgresql_out(), "tables": _postgresql("pg_dump", "--schema-only", "--no-owner").stdout}
    made = path.with_suffix(".new")
    made.write_bytes(pickle.dumps(kept))
    made.rename(path)


def _read(path: Path) -> None:
    from django.core.files.base import ContentFile

    from entrepot.ground.documents.api import storage

    kept: dict[str, Any] = pickle.loads(path.read_bytes())
    if connection.vendor == "postgresql" and not connection.introspection.table_names():
        _postgresql("psql", "--quiet", "--set=ON_ERROR_STOP=1", given=kept["tables"])
    (_sqlite_in if connection.vendor == "sqlite" else _postgresql_in)(kept["rows"])
    for name, content in kept["files"].items():
        if not storage().exists(name):
            storage().save(name, ContentFile(content))


def _sqlite_out() -> bytes:
    connection.ensure_connection()
    with tempfile.NamedTemporaryFile(suffix=".sqlite3") as file:
        with closing(sqlite3.connect(file.name)) as copy:
            connection.connection.backup(copy)
        return Path(file.name).read_bytes()


def _sqlite_in(rows: bytes) -> None:
    connection.ensure_connection()
    with tempfile.NamedTemporaryFile(suffix=".sqlite3") as file:
        Path(file.name).write_bytes(rows)
        with closing(sqlite3.connect(file.name)) as copy:
            copy.backup(connection.connection)


def _tables() -> list[str]:
    every = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    return sorted((every | {"django_migrations"}) & set(connection.introspection.table_names()))


def _postgresql(program: str, *words: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run one of PostgreSQL's own programs on this database."""
    held = connection.settings_dict
    where = {"PGHOST": held["HOST"], "PGPORT": str(held["PORT"] or 5432), "PGUSER": held["USER"], "PGDATABASE": held["NAME"]}
    environment = {**os.environ, **where, "PGPASSWORD": held["PASSWORD"] or "", "PGOPTIONS": "--client-min-messages=warning"}
    return subprocess.run([program, *words], input=given, env=environment, check=True, capture_output=True)


def _postgresql_out() -> dict[str, bytes]:
    found = {}
    with connection.cursor() as cursor:
        for table in _tables():
            content = io.BytesIO()
            with cursor.copy(f'COPY (SELECT * FROM "{table}") TO STDOUT') as copy:
                for piece in copy:
                    content.write(piece)
            found[table] = content.getvalue()
    return found


def _postgresql_in(rows: dict[str, bytes]) -> None:
    tables = _tables()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # foreign keys are sound in the whole, not table by table
        cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, tables))}")
        for table in tables:
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(rows[table])
        cursor.execute(
            "SELECT s.relname, t.relname, a.attname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') "
            "JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid "
            "WHERE s.relkind = 'S'"
        )
        for sequence, table, column in cursor.fetchall():
            cursor.execute(f'SELECT setval(%s, COALESCE((SELECT max("{column}") FROM "{table}"), 0) + 1, false)', [f'"{sequence}"'])


def main() -> None:
    """Put tables and practice region into the empty database of the environment."""
    import django

    django.setup()
    put_practice_region()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.config.settings")
    main()
