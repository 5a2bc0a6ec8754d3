"""Who writes into SQLite waits in line: in order, within bounds, and nobody who is gone is waited for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.utils import OperationalError

from entrepot.ground.keeping.sqlite.base import DatabaseWrapper
from entrepot.ground.keeping.sqlite.turns import Line, Turns

HOLDER = (
    "import sys, pathlib; from entrepot.ground.keeping.sqlite.turns import Turns; print(Turns(pathlib.Path(sys.argv[1])).take(9)); input()"
)


def test_threads_have_their_turn_in_the_order_in_which_they_asked() -> None:
    line, order = Line(), list[int]()

    def write(number: int) -> None:
        assert line.take(30)
        order.append(number)
        line.leave()

    assert line.take(0)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for waiting, thread in enumerate(threads):
        thread.start()
        while len(line._waiting) <= waiting:
            os.sched_yield()
    line.leave()
    for thread in threads:
        thread.join(30)
    assert order == list(range(12))
    assert line.take(0), "and the line is free again"


def test_a_wait_that_was_given_up_leaves_no_place_in_the_line() -> None:
    line = Line()
    assert line.take(0)
    assert not line.take(0.01)
    line.leave()
    assert line.take(0)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, which has the turn at `database`."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "database")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    assert holder.stdout.readline() == "True\n"
    yield holder
    holder.kill()
    holder.communicate()


def test_what_another_process_holds_is_waited_for_within_bounds_and_free_once_it_is_killed(elsewhere: Any, tmp_path: Path) -> None:
    mine = Turns(tmp_path / "database")
    assert not mine.take(0.01)
    assert not mine.take(0.01), "nor did the first try leave anything locked in this process"
    elsewhere.send_signal(signal.SIGKILL)
    elsewhere.wait()
    assert mine.take(30)
    mine.leave()


def test_a_child_does_not_hold_its_parents_turn(tmp_path: Path) -> None:
    from entrepot.ground.keeping.sqlite.turns import turns_at

    path = tmp_path / "database"
    assert turns_at(path).take(0)
    child = os.fork()
    if not child:
        os._exit(int(turns_at(path).take(0.01)))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    turns_at(path).leave()
    assert turns_at(path).take(0)


def _connection(path: Path) -> DatabaseWrapper:
    options = {"transaction_mode": "IMMEDIATE", "timeout": 0.05}
    rest = {"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "TIME_ZONE": None, "TEST": {}}
    return DatabaseWrapper({"ENGINE": "entrepot.ground.keeping.sqlite", "NAME": str(path), "OPTIONS": options, **rest}, alias="turns")


def _begin(connection: DatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


@pytest.mark.django_db
def test_a_transaction_has_its_turn_until_it_ends_however_that_is(tmp_path: Path) -> None:
    first, second = _connection(tmp_path / "database"), _connection(tmp_path / "database")
    for end in ("commit", "rollback", "close"):
        _begin(first)
        with pytest.raises(OperationalError, match="locked"):
            _begin(second)
        getattr(first, end)()
        _begin(second)
        second.rollback()
        second.set_autocommit(True)
        if end != "close":
            first.set_autocommit(True)
    first.close()
    second.close()


@pytest.mark.django_db
def test_a_transaction_that_cannot_begin_gives_its_turn_back(tmp_path: Path) -> None:
    """Somebody who knows nothing of turns, as a backup or a person with the sqlite3 program, has the file."""
    import sqlite3

    ours, stranger = _connection(tmp_path / "database"), sqlite3.connect(tmp_path / "database", isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        _begin(ours)
    stranger.execute("ROLLBACK")
    stranger.close()
    _begin(ours)
    ours.rollback()
    ours.close()


@pytest.mark.django_db
def test_a_commit_that_ends_in_no_error_of_the_database_gives_its_turn_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.backends.sqlite3 import base

    def fail(_self: object) -> None:
        raise MemoryError

    first, second = _connection(tmp_path / "database"), _connection(tmp_path / "database")
    _begin(first)
    with monkeypatch.context() as patched:
        patched.setattr(base.DatabaseWrapper, "_commit", fail, raising=False)
        with pytest.raises(MemoryError):
            first.commit()
    _begin(second)
    second.rollback()
    second.close()
    first.close()
