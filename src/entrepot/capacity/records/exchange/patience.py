"""How long another record store may take with one answer: each byte has its own time on a socket, and the whole would have none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socket import SHUT_RDWR, socket
from typing import Any

LONGEST = 300.0
"""Seconds: what comes more slowly than 32 MB in that time comes in smaller pages, or not at all."""


@contextmanager
def hanging_up(connected: Any) -> Iterator[None]:
    """What is read inside from this socket ends after `LONGEST`, as if the other store had hung up."""
    end = threading.Timer(LONGEST, socket.shutdown, (connected, SHUT_RDWR))
    end.daemon = True
    end.start()
    try:
        yield
    finally:
        end.cancel()
