"""Turns at one file: first come, first served among the threads of a process; among processes each in its turn. Every wait is bounded."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path

SHORTEST_PAUSE, LONGEST_PAUSE = 0.0002, 0.001
"""Seconds between two looks at what another process holds. Only the first thread in each process's line looks."""


class Line:
    """A lock that threads get in the order in which they asked: it is handed on, so that nobody can step in between."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def take(self, seconds: float) -> bool:
        """Wait for the lock, at most so long; whether it was had."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=max(seconds, 0)):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it was handed over in the last moment

    def leave(self) -> None:
        """Hand the lock to who has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class Turns:
    """The turns at one file of one process: two locked files beside it. A process that dies, however, has let go of both.

    Who has the second lock may write. Who waits for it holds the first, so that a process which has just written, and has more to write,
    comes after the one that waits.
    """

    def __init__(self, path: Path) -> None:
        self._line = Line()
        self._next, self._now = (_opened(path.with_name(path.name + end)) for end in (".next", ".turn"))

    def take(self, seconds: float) -> bool:
        """Wait for the turn, at most so long; whether it was had."""
        until = time.monotonic() + seconds
        if not self._line.take(seconds):
            return False
        had = False
        try:
            had = _had(self._next, until) and _had(self._now, until)
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)
            if not had:
                self._line.leave()
        return had

    def leave(self) -> None:
        """Let the next one have its turn."""
        fcntl.flock(self._now, fcntl.LOCK_UN)
        self._line.leave()


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _had(file: int, until: float) -> bool:
    pause = SHORTEST_PAUSE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)
        else:
            return True


_known: dict[Path, Turns] = {}
_guard = threading.Lock()


def turns_at(path: Path) -> Turns:
    """The turns of this process at a file."""
    with _guard:
        if path not in _known:
            _known[path] = Turns(path)
        return _known[path]


def _anew() -> None:
    """A child has its parent's files, and with them would hold its parent's turn."""
    global _guard  # noqa: PLW0603  (the parent may have been holding it)
    _guard = threading.Lock()
    _known.clear()


os.register_at_fork(after_in_child=_anew)
