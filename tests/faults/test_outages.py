"""The database locked or gone, the disk full: 503 and when to ask again, nothing is acknowledged that was not kept, and on it goes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.apart import apart, run
from tests.capacity.lrs import statement
from tests.serving import Server, answers, started, until, web

QUICK = {"ENTREPOT_LOCK_SECONDS": "0.5", "ENTREPOT_LOG": "CRITICAL", "ENTREPOT_ROOM_MB": "5", "ENTREPOT_TURNS": "2"}
ON_POSTGRESQL = bool(os.environ.get("TEST_DATABASE"))
TOKEN = """
import django
django.setup()
from django.utils import timezone
from entrepot.ground.access.api import make_token, principal_for
from entrepot.ground.access.web.views import scopes
from entrepot.ground.people.models import Person
person, at = Person.objects.get(email="coordinator@practice.example"), timezone.now()
known = scopes()
_, secret = make_token(by=principal_for(person, at), at=at, person=person, name="outages", scopes=list(known), known_scopes=known)
print(secret, person.home.uuid)
"""
WORK = """
import django, sys
django.setup()
from entrepot.ground.work.api import enqueue
enqueue("journal.seal", key=sys.argv[1])
"""


class Relay:
    """Stands in front of PostgreSQL and can go away: connections are cut, and new ones refused."""

    def __init__(self, host: str, port: int) -> None:
        self.there, self.pairs = (host, port), []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self.there)
                self.pairs.append((near, far))
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), name="carry", daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Go away."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for pair in self.pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
        self.pairs = []

    @contextmanager
    def away(self) -> Iterator[None]:
        """While it is gone."""
        self.end()
        yield
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


class Stand:
    """The product on a small disk of its own, before a database that can go away."""

    def __init__(self, server: Server, away: Callable[[], Any], secret: str, home: str) -> None:
        self.server, self.away, self.home = server, away, Path(server.environment["ENTREPOT_HOME"])
        self.bearer = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json", "Idempotency-Key": "out"}
        self.person = json.dumps({"full_name": "Outage", "home": home})

    def register(self) -> Any:
        """Register a person by API, with a key by which it is done once."""
        return self.server.ask("POST", "/api/v1/people", self.person, self.bearer)

    def keep(self) -> tuple[Any, str]:
        """Send a statement; the answer, and its identifier."""
        one = statement()
        return self.server.ask("POST", "/xapi/statements", json.dumps(one), self.server.client), one["id"]

    def has(self, uuid: str) -> bool:
        """Whether a statement is there."""
        return self.server.ask("GET", f"/xapi/statements?statementId={uuid}", None, self.server.client).status == 200


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=120m", "tmpfs", str(folder)], capture_output=True, check=False).returncode:
        yield folder
        return
    try:
        (folder / "small").touch()
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: Any) -> Iterator[Stand]:
    with _small_disk(tmp_path_factory.mktemp("outages")) as home, apart(home) as environment:
        run(environment, "-m", "tests.snapshot")
        run(environment, "-m", "django", "collectstatic", "--no-input", "-v0")
        (home / "tmp").mkdir()
        quick = {**environment, **QUICK, "TMPDIR": str(home / "tmp")}
        away: Callable[[], Any] = lambda: _locked(home / "entrepot.sqlite3")  # noqa: E731
        if ON_POSTGRESQL:
            url = urlsplit(environment["ENTREPOT_DATABASE"])
            relay = Relay(url.hostname or "", url.port or 5432)
            quick["ENTREPOT_DATABASE"] = urlunsplit(url._replace(netloc=f"{url.username}@127.0.0.1:{relay.port}"))
            away = relay.away
        secret, place = run(environment, "-c", TOKEN).split()
        with web(quick) as server:
            yield Stand(server, away, secret, place)
        if ON_POSTGRESQL:
            relay.end()


def _is_outage(answer: Any, kind: str) -> None:
    assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (503, kind), answer.content[:300]
    assert int(answer.headers["Retry-After"]) > 0


def test_a_database_that_goes_away_is_said_to_each_in_their_form_and_missed_by_nobody_when_it_is_back(stand: Stand) -> None:
    kept = []
    answer, uuid = stand.keep()
    assert answer.status == 200
    with stand.away():
        for _ in range(3):  # both turns meet it, and one again
            lost, gone = stand.keep()
            _is_outage(lost, "application/json")
            kept.append(gone)
        _is_outage(stand.register(), "application/problem+json")
        if ON_POSTGRESQL:
            _is_outage(stand.server.ask("GET", "/region/"), "text/html")
            until(lambda: "the database does not answer" in stand.server.health()["faults"])
    assert stand.has(uuid)
    assert stand.register().status == 201
    for _ in range(4):
        assert stand.keep()[0].status == 200
        assert stand.server.ask("GET", "/region/").status == 200
    assert not any(stand.has(gone) for gone in kept)
    until(lambda: stand.server.health()["database"])  # a look is good for a second


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no server that could be restarted")
def test_a_restarted_server_is_not_noticed_by_who_rests(stand: Stand) -> None:
    assert stand.keep()[0].status == 200
    given = stand.server.environment["ENTREPOT_DATABASE"]
    with psycopg.connect(given, autocommit=True) as database:
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    until(lambda: not any(thread.name == "carry" for thread in threading.enumerate()))  # the ends have come through
    assert [stand.keep()[0].status for _ in range(4)] == [200] * 4


@contextmanager
def _full(home: Path) -> Iterator[None]:
    if not (home / "small").exists():
        pytest.skip("only root can mount a small disk")
    filler = home / "filler"
    try:
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 1_000_000)
        yield
    finally:
        filler.unlink()


def test_reading_goes_on_where_the_disk_fills_before_anybody_has_asked(stand: Stand, tmp_path: Path) -> None:
    if ON_POSTGRESQL:
        pytest.skip("PostgreSQL has its own disk")
    with _small_disk(tmp_path) as home:
        shutil.copytree(stand.home, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*-wal", "*-shm", "filler"))
        environment = {**stand.server.environment, "ENTREPOT_HOME": str(home), "TMPDIR": str(home / "tmp")}
        with web(environment) as server:
            until((home / "entrepot.sqlite3-shm").exists)  # the server's own first look
            with _full(home):
                assert server.ask("GET", "/region/").status == 200
                answer = server.ask("POST", "/xapi/statements", json.dumps([statement() for _ in range(200)]), server.client)
                _is_outage(answer, "application/json")
                assert b"disk is full" in answer.content


def test_a_full_disk_is_said_and_nothing_is_acknowledged_that_was_not_kept(stand: Stand) -> None:
    kept, lost = [], []
    with _full(stand.home):
        for _ in range(5):
            answer, uuid = stand.keep()
            (kept if answer.status == 200 else lost).append(uuid)
            if answer.status != 200:
                _is_outage(answer, "application/json")
                assert b"disk is full" in answer.content
        assert lost or ON_POSTGRESQL, "PostgreSQL has its own disk"
        assert stand.server.ask("GET", "/region/").status == 200, "reading goes on"
        large = json.dumps([statement()]) + " " * 5_000_000
        answer = stand.server.ask("POST", "/xapi/statements", large, stand.server.client)
        _is_outage(answer, "application/json")
        assert b"disk is full" in answer.content
        until(lambda: any("a disk has" in fault for fault in stand.server.health()["faults"]))
    assert all(stand.has(uuid) for uuid in kept)
    assert not any(stand.has(uuid) for uuid in lost)
    assert stand.keep()[0].status == 200


@pytest.mark.slow
def test_the_worker_goes_on_through_it_and_says_that_it_lives(stand: Stand) -> None:
    environment = stand.server.environment
    with started(environment, "-m", "entrepot.desk.cli", "work", "--every", "0.1") as worker:
        until(lambda: stand.server.health().get("worker_seen_seconds") is not None)  # none before the first look is over
        with stand.away():
            time.sleep(2)  # several looks fail
        run(environment, "-c", WORK, "after the outage")
        assert worker.poll() is None
        until(lambda: "after the outage" in run(environment, "-c", DONE))
        assert stand.server.health()["oldest_job_seconds"] == 0


DONE = """
import django
django.setup()
from entrepot.ground.work.models import Job
print(list(Job.objects.filter(state="done").values_list("key", flat=True)))
"""


SUPERVISE = """
import sys
from entrepot.desk.serving.supervising import supervise
ours = (sys.executable, "-m", "entrepot.desk.cli")
sys.exit(supervise({"web": (*ours, "web", "--port", sys.argv[1]), "work": (*ours, "work", "--every", "0.1")}))
"""


@pytest.mark.slow
def test_what_dies_is_started_again_and_all_end_together(stand: Stand) -> None:
    from tests.serving import free_port

    server = Server(stand.server.environment, free_port())
    with started(server.environment, "-c", SUPERVISE, str(server.port)) as parent:
        until(lambda: answers(server))
        first = _children(parent.pid)
        for pid in first:
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(set(_children(parent.pid)) - set(first)) == 2)
        until(lambda: answers(server))
    assert not any(Path(f"/proc/{pid}").exists() for pid in _children(parent.pid))


def _children(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"\nPPid:\t{parent}\n" in (folder / "status").read_text() and "zombie" not in (folder / "status").read_text():
                found.append(int(folder.name))
    return found
