"""Connections that are held and not used: too many of one address, and readers that do not read.

Granian bounds heads in time and connections in number, but it knows neither who holds them nor whether an answer is taken. The kernel does:
this looks at the process's own sockets now and then, and shuts those down. Linux only; elsewhere it rests.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import termios
import threading
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

FILES = Path("/proc/self/fd")
EVERY = 2.0
OFTEN = 0.25
"""Seconds between two looks where there is little room left."""
READING = 60.0
"""Seconds in which who is being answered has to take some of it."""
SLOWEST = 500
"""Bytes a second that a reader has to take meanwhile."""
_ACKNOWLEDGED = 120
"""Where in the kernel's report on a connection (`tcp_info`) the bytes stand that the other side has taken."""

_RECEIVED = 128
"""And those that have come from it."""

Peer = tuple[str, int]


@dataclass
class _Known:
    """What was seen of one connection: when first, and how much had been taken when an answer began to wait."""

    since: float
    waiting_since: float | None = None
    taken: int = 0


class Keeper:
    """Looks after the connections to one port."""

    def __init__(
        self,
        port: int,
        *,
        most: int,
        is_ours: Callable[[str], bool],
        whose: Callable[[str], str] = lambda address: address,
        reading: float = READING,
        room: int = 1_000_000,
    ) -> None:
        """`most` of one address, or of all that have one name by `whose`; `is_ours`: an address that may hold any number (a proxy).

        Where together they hold more than `room`, each may hold as many fewer that it is kept again, so that a few that hold what they may
        leave something for others.
        """
        self._room, self._pressed = room, False
        self._whose = whose
        self._port, self._most, self._is_ours, self._reading = port, most, is_ours, reading
        self._known: dict[Peer, _Known] = {}

    def start(self) -> None:
        """Look now and then, for as long as the process lives."""
        if FILES.exists():
            threading.Thread(target=self._go_on, name="connections", daemon=True).start()

    def _go_on(self) -> None:
        while True:
            time.sleep(OFTEN if self._pressed else EVERY)
            with suppress(OSError):
                self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Shut down what is held too long or too often; of an address's connections those on which nothing came, then the last."""
        of: dict[str, list[tuple[bool, float, Peer]]] = defaultdict(list)
        deaf: set[Peer] = set()
        seen: dict[Peer, _Known] = {}
        for connection, peer in _connections(self._port):
            one = seen[peer] = self._known.get(peer) or _Known(now)
            if not self._is_ours(peer[0]):
                of[self._whose(peer[0])].append((not _reported(connection, _RECEIVED), one.since, peer))
            if self._reads_too_slowly(connection, one, now):
                deaf.add(peer)
        self._known = seen
        held = [len(ours) for ours in of.values()]
        room = self._room - (len(seen) - sum(held))
        self._pressed = len(seen) > self._room
        most = max(1, _fair(held, self._most, room)) if self._pressed else self._most
        many = {peer for ours in of.values() for *_, peer in sorted(ours)[most:]}
        if deaf or many:
            for connection, peer in _connections(self._port):
                if peer in deaf or peer in many:
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)

    def _reads_too_slowly(self, connection: socket.socket, one: _Known, now: float) -> bool:
        waiting = struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, b"\0" * 4))[0]
        if not waiting:
            one.waiting_since = None
            return False
        taken = _reported(connection, _ACKNOWLEDGED)
        if taken is None:
            return False
        if one.waiting_since is None:
            one.waiting_since, one.taken = now, taken
            return False
        passed = now - one.waiting_since
        if passed < self._reading:
            return False
        slow = taken - one.taken < SLOWEST * passed
        one.waiting_since, one.taken = now, taken
        return slow


def _reported(connection: socket.socket, at: int) -> int | None:
    """A count of bytes from the kernel's report on a connection; None where the kernel does not say it."""
    report = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, at + 8)
    return int(struct.unpack_from("Q", report, at)[0]) if len(report) >= at + 8 else None


def _fair(held: Sequence[int], most: int, room: int) -> int:
    """How many each may hold, at most `most`, so that all together hold no more than `room`.

    >>> _fair([200, 200, 3], 200, 303), _fair([5, 5], 200, 100)
    (150, 200)
    """
    return bisect_right(range(1, most + 1), room, key=lambda each: sum(min(count, each) for count in held))


def _connections(port: int) -> Iterator[tuple[socket.socket, Peer]]:
    """Each connection of this process to the port, as a copy of it: what is closed meanwhile is not another's."""
    for name in os.listdir(FILES):  # noqa: PTH208  (thousands of names, every two seconds)
        with suppress(OSError, ValueError):
            if not os.readlink(FILES / name).startswith("socket:"):  # noqa: PTH115
                continue
            with closing(socket.socket(fileno=os.dup(int(name)))) as one:
                if one.family in (socket.AF_INET, socket.AF_INET6) and one.getsockname()[1] == port:
                    yield one, one.getpeername()[:2]
