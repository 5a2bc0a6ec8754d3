"""The few turns in which Django works, and the line of those who wait for one."""

from __future__ import annotations

import logging
import select
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from django.db import connections

logger = logging.getLogger(__name__)
PATIENCE = 30.0
"""Seconds after which a request that still waits is refused: who sent it has hardly waited so long."""


class Waiting(Protocol):
    """A request that can wait."""

    address: str
    since: float


def _is_told_off(connection: Any) -> bool:
    """Whether PostgreSQL has said something on a connection that rests: that it ends. To look costs no question and no answer."""
    raw = connection.connection
    if raw is None or connection.vendor != "postgresql":
        return False
    if raw.closed:
        return True
    looked = select.poll()
    looked.register(raw.fileno(), select.POLLIN)
    return bool(looked.poll(0))


T = TypeVar("T", bound=Waiting)


class Turn:
    """The right to work, with connections of its own to the databases: whichever thread has the turn has them.

    Django keeps connections by thread. Threads here come and go with the bodies that arrive; turns stay few, and so do connections.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def __enter__(self) -> None:
        for connection in self._kept.values():
            if _is_told_off(connection):
                connection.close()
        if not self._kept:
            for alias in connections:
                self._kept[alias] = connections.create_connection(alias)
                self._kept[alias].inc_thread_sharing()
        for alias, connection in self._kept.items():
            connections[alias] = connection

    def __exit__(self, *_: object) -> None:
        for alias in self._kept:
            del connections[alias]


class Line(Generic[T]):
    """Who comes in works at once in a free turn, waits in the line, or is refused where it is full.

    One address never has the last turn: what takes long, or waits for a lock that its own requests hold, keeps nobody else from asking.
    Of those who wait, whoever has the fewest turns is next.
    """

    def __init__(self, *, turns: int, places: int, work: Callable[[T], None], refuse: Callable[[T], None]) -> None:
        self.turns, self.places, self._work, self._refuse = turns, places, work, refuse
        self._free = [Turn() for _ in range(turns)]  # the one that was used last is taken first: its caches are warm
        self._line: deque[T] = deque()
        self._of: Counter[str] = Counter()
        self._working: Counter[str] = Counter()
        self._most = max(1, turns - 1)
        self._lock = threading.Lock()

    def enter(self, one: T) -> None:
        """Work now, in the caller's thread and on what waits after it too, or leave it in the line, or refuse it."""
        with self._lock:
            turn = self._free.pop() if self._free and self._working[one.address] < self._most else None
            if turn is not None:
                self._working[one.address] += 1
            else:
                full = len(self._line) >= self.places or self._of[one.address] >= max(1, self.places // 2)
                if not full:
                    self._line.append(one)
                    self._of[one.address] += 1
        if turn is not None:
            self._take(turn, one)
        elif full:
            self._refuse(one)

    def _take(self, turn: Turn, first: T) -> None:
        one: T | None = first
        while one is not None:
            self._serve(turn, one)
            one = self._next(turn, one)

    def _serve(self, turn: Turn, one: T) -> None:
        try:
            if time.monotonic() - one.since > PATIENCE:
                self._refuse(one)
                return
            with turn:
                self._work(one)
        except BaseException:  # whatever happens, the turn is given on
            logger.exception("a request broke the turn that it had")

    def _next(self, turn: Turn, done: T) -> T | None:
        with self._lock:
            _take_off(self._working, done.address)
            at = min(range(len(self._line)), key=lambda place: self._working[self._line[place].address], default=-1)
            if at < 0 or self._working[self._line[at].address] >= self._most:
                self._free.append(turn)
                return None
            one = self._line[at]
            del self._line[at]
            _take_off(self._of, one.address)
            self._working[one.address] += 1
            return one

    def state(self) -> dict[str, int]:
        """How many work and how many wait."""
        with self._lock:
            return {"working": self.turns - len(self._free), "waiting": len(self._line)}


def _take_off(counts: Counter[str], address: str) -> None:
    counts[address] -= 1
    if not counts[address]:
        del counts[address]
