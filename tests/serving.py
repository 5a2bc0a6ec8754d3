"""The product's own processes for tests: started on a database apart, asked over the network, ended by their number."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.apart import run

KEY = """
import django
django.setup()
from django.utils import timezone
from entrepot.capacity.records.api import make_key
from entrepot.ground.region.api import find
from entrepot.kernel.principals import SYSTEM
issued = make_key(by=SYSTEM, at=timezone.now(), place=find("DELT", region="PX/"), name="faults")
print(issued.key.key, issued.secret)
"""


class Server:
    """A web process on a practice region of its own."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.environment, self.port = environment, port
        name, secret = run(environment, "-c", KEY).split()
        token = base64.b64encode(f"{name}:{secret}".encode()).decode()
        self.client = {"Authorization": f"Basic {token}", "X-Experience-API-Version": "2.0.0", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
        """One request on a connection of its own; the answer is read."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request(method, path, body, headers or {}, encode_chunked=isinstance(body, Iterator))
            answer = connection.getresponse()
            answer.content = answer.read()  # type: ignore[attr-defined]
            return answer

    def health(self) -> dict[str, Any]:
        """What it says of itself."""
        return dict(json.loads(self.ask("GET", "/healthz").content))  # type: ignore[attr-defined]

    def begin(self, text: str, *, last: int = 1) -> socket.socket:
        """A connection on which this much of a request is sent, from 127.0.0.`last`."""
        one = socket.create_connection(("127.0.0.1", self.port), timeout=20, source_address=(f"127.0.0.{last}", 0))
        one.sendall(text.encode())
        return one

    @contextmanager
    def locked(self) -> Iterator[None]:
        """While another process holds what has to be written."""
        if "ENTREPOT_DATABASE" in self.environment:
            with psycopg.connect(self.environment["ENTREPOT_DATABASE"]) as database:
                database.execute("LOCK TABLE records_identifier IN ACCESS EXCLUSIVE MODE")
                yield
                database.rollback()
            return
        path = Path(self.environment["ENTREPOT_HOME"]) / "entrepot.sqlite3"
        with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            yield
            database.execute("ROLLBACK")


def until(holds: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for something that comes by itself; a failure where it does not."""
    for _ in range(int(seconds * 10)):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("it never came to that")


def answers(server: Server) -> bool:
    """Whether anybody gets an answer."""
    with suppress(OSError):
        return server.ask("GET", "/xapi/about").status == 200
    return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until somebody listens on it."""
    for _ in range(1200):
        assert process.poll() is None, "the server has ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    pytest.fail("the server did not start")


@contextmanager
def started(environment: dict[str, str], *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """While Python runs with `command`; then it is told to end, and has to."""
    process = subprocess.Popen([sys.executable, *command], env=environment)
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(60) == 0, "it did not end well"


@contextmanager
def web(environment: dict[str, str]) -> Iterator[Server]:
    """A web process, with a practice region and a key, that answers."""
    server = Server(environment, free_port())
    with started(environment, "-m", "entrepot.desk.cli", "web", "--port", str(server.port)) as process:
        wait_for(server.port, process)
        yield server
