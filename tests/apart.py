"""A database apart from the suite’s, for tests that start and kill processes: SQLite in a folder, or one made on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg


@contextmanager
def apart(home: Path) -> Iterator[dict[str, str]]:
    """The environment in which commands use such a database; it is dropped afterwards."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ENTREPOT_")}
    environment = {**kept, "ENTREPOT_HOME": str(home), "ENTREPOT_DEMO": "1", "DJANGO_SETTINGS_MODULE": "entrepot.config.settings"}
    given = os.environ.get("TEST_DATABASE")
    if not given:
        yield environment
        return
    url = urlsplit(given)
    name = f"{url.path.lstrip('/')}_apart_{uuid4().hex[:10]}"
    server = urlunsplit(url._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield {**environment, "ENTREPOT_DATABASE": urlunsplit(url._replace(path=f"/{name}"))}
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(environment: dict[str, str], *command: str, code: int = 0) -> str:
    """Run Python with `command`, expect this exit code, and return what it printed (on failure expected: its complaints)."""
    done = subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stderr if code else done.stdout
