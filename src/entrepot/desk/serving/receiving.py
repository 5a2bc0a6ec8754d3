"""Reading a body whole before anyone works on it: within a size, within a time, and small ones in memory only."""

from __future__ import annotations

import errno
import io
import logging
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

logger = logging.getLogger(__name__)
IN_MEMORY = 1_000_000
"""Bytes up to which a body is kept in memory; a larger one goes to a temporary file as it comes."""
HEARD_OUT = 5.0
"""Seconds for which what was refused is still listened to and thrown away: who is cut off while sending reads no answer."""


@dataclass(frozen=True)
class Bounds:
    """What is taken: bytes by kind of body, a time to begin with, a rate from then on, how many at once, and connections of one address."""

    form: int
    upload: int
    statements: int
    grace: float = 20.0
    rate: float = 4000.0
    longest: float = 3600.0
    at_once: int = 200
    of_one: int = 40
    spooled: int = 500_000_000
    connections: int = 200

    def for_body(self, path: str, content_type: str) -> int:
        """The largest body that is taken at this address."""
        if path.startswith("/xapi/"):
            return self.statements
        return self.upload if content_type.lower().startswith("multipart/form-data") else self.form


def _nothing() -> None:
    """As it says."""


class Receiving:
    """A body that is on its way. `end` says how that ended: whole, large, slow, full (the disk), or gone (the client)."""

    def __init__(self, request: Any, bound: int, length: int, *, done: Callable[[Receiving], None]) -> None:
        self.request, self.bound, self.length, self._done = request, bound, length, done
        self.begun, self.received, self.end = time.monotonic(), 0, ""
        self.body: BinaryIO | None = None
        self.leave: Callable[[], None] = _nothing
        self._file: BinaryIO | None = None
        self._future: Any = None
        self._pieces: Any = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin. A short one comes in one piece, a long one and one of unknown length as it is sent."""
        if 0 <= self.length <= IN_MEMORY:
            self._await(self.request.proto(), self._in_one)
            return
        self._file = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  (closed by whoever reads it)
        self._pieces = self.request.proto.__aiter__()
        self._await(self._pieces.__anext__(), self._piece)

    def _await(self, future: Any, then: Callable[[Any], None]) -> None:
        self._future = future
        future.add_done_callback(then)

    def _in_one(self, future: Any) -> None:
        data = self._result(future)
        if data is None:
            return
        self.received, self.body = len(data), io.BytesIO(data)
        self._finish("whole" if self.received == self.length else "gone")

    def _piece(self, future: Any) -> None:
        data = self._result(future)
        if data is None:
            return
        if not data:
            self._whole()
            return
        self.received += len(data)
        if self.received > self.bound:
            self._finish("large")
            return
        assert self._file is not None
        try:
            self._file.write(data)
        except OSError as error:
            logger.exception("a body could not be kept while it came in")
            self._finish("full" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else "gone")
            return
        self._await(self._pieces.__anext__(), self._piece)

    def _whole(self) -> None:
        assert self._file is not None
        self._file.seek(0)
        self.body = self._file
        self._finish("whole" if self.length in (-1, self.received) else "gone")

    def _result(self, future: Any) -> bytes | None:
        """What came; None where this is over."""
        try:
            return bytes(future.result())
        except BaseException:  # noqa: BLE001  (cancelled is no `Exception`)
            self._finish("gone")
            return None

    def lateness(self, bounds: Bounds, now: float) -> float:
        """The share of its time that is used up; above 1 it comes too slowly."""
        taken = now - self.begun
        expected = self.length if 0 <= self.length <= IN_MEMORY else self.received
        return max(taken / (bounds.grace + expected / bounds.rate), taken / bounds.longest)

    def give_up(self) -> None:
        """End it as too slow."""
        if self._finish("slow") and self._future is not None:
            self._future.cancel()
            self._future = None

    def _finish(self, end: str) -> bool:
        with self._lock:
            if self.end:
                return False
            self.end = end
        self.leave()
        self._done(self)
        # Granian reads on for as long as anyone could ask for more: nothing may refer to the body by way of itself.
        self.leave = _nothing
        self._pieces = None
        if end != "slow":
            self._future = None
        return True

    def drop(self) -> None:
        """Let go of what came."""
        if self._file is not None:
            self._file.close()


class Watch:
    """All bodies that are on their way: how many, of whom, and whether they come fast enough."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._all: set[Receiving] = set()
        self._of: Counter[str] = Counter()
        self._lock = threading.Lock()
        threading.Thread(target=self._look, name="slow-bodies", daemon=True).start()

    def begin(self, receiving: Receiving) -> bool:
        """Receive it, unless too much is being received already; return whether it is.

        Where all places are taken, or all room for long ones, one of whoever holds more than the newcomer is given up for it: else a few
        addresses that send next to nothing, or much and never its end, keep everybody from signing in or sending files.
        """
        address = receiving.request.address
        given_up: list[Receiving] = []
        receiving.leave = lambda: self._leave(receiving)
        with self._lock:
            if self._of[address] >= self._bounds.of_one:
                return False
            for held, worst in self._short(receiving):
                most = max(held.values(), default=0)
                theirs = [one for one in self._all if held[one.request.address] == most and not one.end]
                if most <= held[address] or not theirs:
                    return False
                given_up.append(max(theirs, key=worst))
            self._all.add(receiving)
            self._of[address] += 1
        for one in given_up:
            one.give_up()
        receiving.start()
        return True

    def _short(self, receiving: Receiving) -> list[tuple[Counter[str], Callable[[Receiving], float]]]:
        """What is all taken, by address, and by what one of an address's bodies is given up: its lateness, or how much it takes."""
        short: list[tuple[Counter[str], Callable[[Receiving], float]]] = []
        if len(self._all) >= self._bounds.at_once:
            now = time.monotonic()
            short.append((self._of, lambda one: one.lateness(self._bounds, now)))
        if receiving.length > IN_MEMORY or receiving.length < 0:
            kept: Counter[str] = Counter()
            for one in self._all:
                kept[one.request.address] += one.received
            if kept.total() > self._bounds.spooled:
                short.append((kept, lambda one: one.received))
        return short

    def _leave(self, receiving: Receiving) -> None:
        with self._lock:
            self._all.discard(receiving)
            self._of[receiving.request.address] -= 1
            if not self._of[receiving.request.address]:
                del self._of[receiving.request.address]

    def _look(self) -> None:
        while True:
            time.sleep(0.5)
            if self._all:
                now = time.monotonic()
                with self._lock:
                    late = [one for one in self._all if one.lateness(self._bounds, now) > 1]
                for one in late:
                    one.give_up()

    def drain(self, proto: Any) -> None:
        """Listen on for a while to what was refused."""
        _Drain(proto).go_on()

    def state(self) -> dict[str, int]:
        """How many bodies are on their way."""
        return {"receiving": len(self._all)}


class _Drain:
    def __init__(self, proto: Any) -> None:
        self._until = time.monotonic() + HEARD_OUT
        try:
            self._pieces = proto.__aiter__()
        except RuntimeError:  # it is being read already, piece by piece
            self._pieces = proto

    def go_on(self, future: Any = None) -> None:
        """Take the next piece, until there is none or the time is over."""
        try:
            if (future is None or future.result()) and time.monotonic() < self._until:
                self._pieces.__anext__().add_done_callback(self.go_on)
        except BaseException:  # noqa: BLE001  (they are gone; there is nobody to tell)
            return
