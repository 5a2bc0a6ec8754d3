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
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

FILES = Path("/proc/self/fd")
EVERY = 2.0
READING = 60.0
"""Seconds in which who is being answered has to take some of it."""
SLOWEST = 500
"""Bytes a second that a reader has to take meanwhile."""
_ACKNOWLEDGED = 120
"""Where in the kernel's report on a connection (`tcp_info`) the bytes stand that the other side has taken."""

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
    ) -> None:
        """`most` of one address, or of all that have one name by `whose`; `is_ours`: an address that may hold any number (a proxy)."""
        self._whose = whose
        self._port, self._most, self._is_ours, self._reading = port, most, is_ours, reading
        self._known: dict[Peer, _Known] = {}

    def start(self) -> None:
        """Look now and then, for as long as the process lives."""
        if FILES.exists():
            threading.Thread(target=self._go_on, name="connections", daemon=True).start()

    def _go_on(self) -> None:
        while True:
            time.sleep(EVERY)
            with suppress(OSError):
                self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Shut down what is held too long or too often; of an address's connections those that came last."""
        of: dict[str, list[tuple[float, Peer]]] = defaultdict(list)
        deaf: set[Peer] = set()
        seen: dict[Peer, _Known] = {}
        for connection, peer in _connections(self._port):
            one = seen[peer] = self._known.get(peer) or _Known(now)
            if not self._is_ours(peer[0]):
                of[self._whose(peer[0])].append((one.since, peer))
            if self._reads_too_slowly(connection, one, now):
                deaf.add(peer)
        self._known = seen
        many = {peer for ours in of.values() for _, peer in sorted(ours)[self._most :]}
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
        report = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ACKNOWLEDGED + 8)
        if len(report) < _ACKNOWLEDGED + 8:
            return False
        taken = struct.unpack_from("Q", report, _ACKNOWLEDGED)[0]
        if one.waiting_since is None:
            one.waiting_since, one.taken = now, taken
            return False
        passed = now - one.waiting_since
        if passed < self._reading:
            return False
        slow = taken - one.taken < SLOWEST * passed
        one.waiting_since, one.taken = now, taken
        return slow


def _connections(port: int) -> Iterator[tuple[socket.socket, Peer]]:
    """Each connection of this process to the port, as a copy of it: what is closed meanwhile is not another's."""
    for name in os.listdir(FILES):  # noqa: PTH208  (thousands of names, every two seconds)
        with suppress(OSError, ValueError):
            if not os.readlink(FILES / name).startswith("socket:"):  # noqa: PTH115
                continue
            with closing(socket.socket(fileno=os.dup(int(name)))) as one:
                if one.family in (socket.AF_INET, socket.AF_INET6) and one.getsockname()[1] == port:
                    yield one, one.getpeername()[:2]
