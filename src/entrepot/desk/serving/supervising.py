"""Keeping the product's processes alive: what ends is started again, and all end together."""

from __future__ import annotations

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence

logger = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
"""Seconds before what ended is started again: at first, and at most."""
SETTLED = 60.0
"""Seconds after which a process counts as well: should it end now, the waits begin anew."""
TOO_SOON = 5.0
"""Seconds: a first process that ends by itself within them cannot be started at all (its port is taken, say)."""
END = 40.0
"""Seconds for a process to end before it is killed."""


class _Child:
    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name, self.command, self.wait, self.starts = name, command, FIRST_WAIT, 0
        self.again_at: float | None = None
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command)  # noqa: S603  (our own command line)
        self.begun, self.again_at, self.starts = time.monotonic(), None, self.starts + 1

    def look(self) -> bool:
        """Start it again where it has ended, in time; return whether it is beyond that."""
        now = time.monotonic()
        if self.again_at is not None:
            if now >= self.again_at:
                self.start()
            return False
        code = self.process.poll()
        if code is None:
            return False
        if self.starts == 1 and code > 0 and now - self.begun < TOO_SOON:
            return True
        self.wait = FIRST_WAIT if now - self.begun > SETTLED else min(self.wait * 2, LONGEST_WAIT)
        self.again_at = now + self.wait
        logger.error("%s ended with code %s and is started again in %g s", self.name, code, self.wait)
        return False

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def bury(self, until: float) -> None:
        try:
            self.process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            logger.error("%s did not end and is killed", self.name)  # noqa: TRY400
            self.process.kill()
            self.process.wait()


def supervise(commands: Mapping[str, Sequence[str]]) -> int:
    """Run these until told to end (0), or until one of them cannot be started at all (1)."""
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    children = [_Child(name, command) for name, command in commands.items()]
    failed = False
    while not failed and not over.wait(0.2):
        failed = sum(child.look() for child in children) > 0  # each is looked at
    until = time.monotonic() + END
    for child in children:
        child.end()
    for child in children:
        child.bury(until)
    return int(failed)
