"""The record store killed in the middle: each acknowledged statement is there, once, and the answer to a repeat is right."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.apart import apart, run
from tests.capacity.lrs import VERB, VOIDED, statement
from tests.serving import KEY, free_port, wait_for

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "5"))
COUNT = """
import django, json
django.setup()
from collections import Counter
from entrepot.capacity.records.models import Identifier, Key, Mark, Statement, Volume
key = Key.objects.get(name="faults")
found = Counter(str(u) for u in Statement.objects.filter(key=key).values_list("uuid", flat=True))
print(json.dumps({"found": found, "identifiers": Identifier.objects.filter(store=key.store).count(),
  "volume": sum(Volume.objects.filter(key=key).values_list("statements", flat=True)),
  "lost": Mark.objects.exclude(position__in=Statement.objects.values("position")).count(),
  "voided": [str(u) for u in Statement.objects.filter(key=key, voided=True).values_list("uuid", flat=True)]}))
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Any:
    """The environment of an installation of its own, with the practice region."""
    with apart(tmp_path) as environment:
        run(environment, "-m", "tests.snapshot")
        yield environment


class Sender(threading.Thread):
    """A client that sends until its server is gone, and remembers what was acknowledged and what it does not know of."""

    def __init__(self, port: int, headers: dict[str, str], seed: int) -> None:
        super().__init__(daemon=True)
        self.port, self.headers, self.chance = port, headers, random.Random(seed)
        self.acknowledged: dict[str, dict[str, Any]] = {}
        self.unknown: list[list[dict[str, Any]]] = []
        self.voided: list[str] = []

    def run(self) -> None:
        """Send batches of one to forty, now and then voiding an earlier one."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            self._send(connection)

    def _send(self, connection: http.client.HTTPConnection) -> None:
        while True:
            batch = [statement(verb={"id": VERB + "answered"}) for _ in range(self.chance.choice([1, 1, 5, 40]))]
            if self.acknowledged and self.chance.random() < 0.3:
                # What voids cannot be voided itself.
                target = self.chance.choice([one["id"] for one in self.acknowledged.values() if one["verb"]["id"] != VOIDED])
                batch.append(statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": target}))
            try:
                connection.request("POST", "/xapi/statements", json.dumps(batch), self.headers)
                answer = connection.getresponse()
                ids = json.loads(answer.read())
            except (OSError, http.client.HTTPException, ValueError):
                self.unknown.append(batch)
                return
            assert answer.status == 200, ids
            assert ids == [one["id"] for one in batch]
            self.acknowledged |= {one["id"]: one for one in batch}
            self.voided += [one["object"]["id"] for one in batch if one["verb"]["id"] == VOIDED]


def _serve(home: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "entrepot.desk.cli", "web", "--port", str(port)]
    environment = {**home, "ENTREPOT_LOG": "ERROR"}
    server = subprocess.Popen(command, env=environment, start_new_session=True)
    wait_for(port, server)
    return server


def _post(port: int, headers: dict[str, str], data: Any) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/xapi/statements", json.dumps(data), headers)
    answer = connection.getresponse()
    status, body = answer.status, json.loads(answer.read())
    connection.close()
    return status, body


def _wait_for_the_first_answer(clients: list[Sender]) -> None:
    for _ in range(600):
        if any(client.acknowledged for client in clients):
            return
        time.sleep(0.02)


def test_killed_under_load_from_four_clients_nothing_acknowledged_is_lost_or_doubled(home: Any) -> None:
    name, secret = run(home, "-c", KEY).split()
    token = base64.b64encode(f"{name}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {token}", "X-Experience-API-Version": "2.0.0", "Content-Type": "application/json"}
    chance, acknowledged, voided, sent = random.Random(5), {}, set(), {}
    for number in range(ROUNDS):
        port = free_port()
        server = _serve(home, port)
        clients = [Sender(port, headers, number * 4 + one) for one in range(4)]
        for client in clients:
            client.start()
        _wait_for_the_first_answer(clients)
        time.sleep(chance.uniform(0.02, 0.8))
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        for client in clients:
            client.join(60)
            assert not client.is_alive()
            acknowledged |= client.acknowledged
            voided |= set(client.voided)
            sent |= client.acknowledged | {one["id"]: one for batch in client.unknown for one in batch}
        if number in (0, ROUNDS - 1):
            port = free_port()
            server = _serve(home, port)
            _repeats_are_answered_rightly(port, headers, clients, chance)
            acknowledged |= {one["id"]: one for client in clients for batch in client.unknown for one in batch}
            voided |= {
                one["object"]["id"] for client in clients for batch in client.unknown for one in batch if one["verb"]["id"] == VOIDED
            }
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()
    state = json.loads(run(home, "-c", COUNT))
    assert len(acknowledged) > ROUNDS * 4
    assert set(acknowledged) <= set(state["found"]), "an acknowledged statement is lost"
    assert set(state["found"]) <= set(sent), "something is there that nobody sent"
    assert set(state["found"].values()) == {1}, "each is there once"
    assert state["identifiers"] == state["volume"] == len(state["found"])
    assert state["lost"] == 0, "a mark of no statement"
    assert voided <= set(state["voided"])


def _repeats_are_answered_rightly(port: int, headers: dict[str, str], clients: list[Sender], chance: random.Random) -> None:
    """What is known is answered as before; what is not known is kept now, whole; what contradicts is refused."""
    for client in clients:
        for batch in client.unknown:
            assert _post(port, headers, batch) == (200, [one["id"] for one in batch])
        known = list(client.acknowledged.values())
        if known:
            again = chance.sample(known, min(len(known), 20))
            assert _post(port, headers, again) == (200, [one["id"] for one in again])
            status, _ = _post(port, headers, {**known[0], "result": {"response": str(uuid4())}})
            assert status == 409
