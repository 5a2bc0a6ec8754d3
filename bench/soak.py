"""An hour under load: `python -m bench.soak calm|rough sqlite|postgresql` (`make soak`, `make soak-rough`). Ends with 0 where all held.

Twenty requests a second, whatever the answers take: of ten, seven pages of people signed in as the practice region's cast, two of the API
and one of /xapi, some of the last two writing. *Calm*: no 5xx and nothing unanswered, memory within a tenth of what it was in the tenth
minute, the queue empty within a minute. *Rough*: slow clients all the time, a minute with a full disk, a minute without the database:
whatever fails is 503 with Retry-After, nothing fails from thirty seconds after a return on, and what was acknowledged is there at the end.

SOAK_MINUTES (60), SOAK_RATE (20). Shorter runs shorten the minutes in which something is out, down to fifteen seconds, and the tenth
minute.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import platform
import random
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from bench.standing import Standing, standing
from bench.statements import statements

MINUTES = float(os.environ.get("SOAK_MINUTES", "60"))
RATE = float(os.environ.get("SOAK_RATE", "20"))
SECONDS = MINUTES * 60
OUT = max(15.0, min(60.0, SECONDS / 10))
PARTS = ("head", "manager", "admin", "centre", "trainer", "coordinator", "neighbour", "supervisor", "officer", "analyst", "observer")
PAGES = ("/today/", "/region/", "/calendar/", "/people/", "/notices/", "/programme/", "/search/?q=ana", "/knowledge/", "/me/", "/roles/")
READS = ("people", "needs", "places", "training/activities", "notices", "me", "network", "competencies")
RETURN = 30.0
FORM = "application/x-www-form-urlencoded"


@dataclass
class Seen:
    """What came of one request."""

    at: float
    kind: str
    status: int
    took: float
    told: bool


@dataclass
class Load:
    """The clients, and what they saw."""

    stand: Standing
    seen: list[Seen] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)

    def prepare(self) -> None:
        """Keys, a token, and a sign-in for each of the cast."""
        name, secret, token, self.home = self.stand.keys()
        basic = base64.b64encode(f"{name}:{secret}".encode()).decode()
        self.xapi = {"Authorization": f"Basic {basic}", "X-Experience-API-Version": "2.0.0", "Content-Type": "application/json"}
        self.api = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.made = statements(random.randrange(10**9))  # noqa: S311
        self.lock = threading.Lock()
        for part in PARTS:
            self.cookies[part] = self._signed_in(part)

    def _signed_in(self, part: str) -> str:
        _, headers, _ = self.stand.ask("GET", "/sign-in/")
        csrf = SimpleCookie(headers["set-cookie"])["csrftoken"].value
        body = urlencode({"csrfmiddlewaretoken": csrf, "part": part, "to": "/today/"})
        status, headers, _ = self.stand.ask("POST", "/demo/enter/", body, {"Cookie": f"csrftoken={csrf}", "Content-Type": FORM})
        if status != 302:
            raise RuntimeError(status)
        return "sessionid=" + headers["set-cookie"].partition("sessionid=")[2].partition(";")[0]

    def one(self, number: int) -> None:
        """One request of the mixture."""
        chance = random.Random(number)  # noqa: S311
        draw = number % 10
        begun = time.monotonic()
        kind = "page" if draw < 7 else "api" if draw < 9 else "xapi"
        try:
            status, headers = {"page": self._page, "api": self._api, "xapi": self._xapi}[kind](chance)
        except (OSError, ValueError) as error:
            status, headers, kind = 0, {}, f"{kind}: {type(error).__name__}"
        told = headers.get("retry-after", "").isdigit()
        with self.lock:
            self.seen.append(Seen(begun, kind, status, time.monotonic() - begun, told))

    def _page(self, chance: random.Random) -> tuple[int, dict[str, str]]:
        return self.stand.ask("GET", chance.choice(PAGES), None, {"Cookie": self.cookies[chance.choice(PARTS)]})[:2]

    def _api(self, chance: random.Random) -> tuple[int, dict[str, str]]:
        if chance.random() > 1 / 8:
            return self.stand.ask("GET", f"/api/v1/{chance.choice(READS)}", None, self.api)[:2]
        person = json.dumps({"full_name": f"Soak {uuid4()}", "home": self.home})
        status, headers, body = self.stand.ask("POST", "/api/v1/people", person, {**self.api, "Idempotency-Key": str(uuid4())})
        if status == 201:
            self._note("person", json.loads(body)["uuid"])
        return status, headers

    def _xapi(self, chance: random.Random) -> tuple[int, dict[str, str]]:
        if chance.random() < 1 / 2:
            return self.stand.ask("GET", "/xapi/statements?limit=20", None, self.xapi)[:2]
        with self.lock:
            some = [next(self.made) for _ in range(chance.choice((1, 1, 1, 20)))]
        for statement in some:
            statement["id"] = str(uuid4())
        status, headers, _ = self.stand.ask("POST", "/xapi/statements", json.dumps(some), self.xapi)
        if status == 200:
            for statement in some:
                self._note("statement", statement["id"])
        return status, headers

    def _note(self, kind: str, uuid: str) -> None:
        with self.lock:
            self.kept.append((kind, uuid))

    def lost(self) -> list[tuple[str, str]]:
        """What was acknowledged and is not there."""
        where = {"person": ("/api/v1/people/{}", self.api), "statement": ("/xapi/statements?statementId={}", self.xapi)}
        with ThreadPoolExecutor(4) as pool:
            asked = pool.map(lambda one: self.stand.ask("GET", where[one[0]][0].format(one[1]), None, where[one[0]][1])[0], self.kept)
            return [one for one, status in zip(self.kept, asked, strict=True) if status != 200]


def run(load: Load, rough: bool) -> tuple[list[float], list[tuple[float, float]]]:
    """Send for as long as it lasts; (megabytes at the end of each minute, from when to when something was out)."""
    memory: list[float] = []
    outs: list[tuple[float, float]] = []
    begun = time.monotonic()
    if rough:
        threading.Thread(target=_trouble, args=(load.stand, begun, outs), daemon=True).start()
    with ThreadPoolExecutor(64) as pool, _slow(load.stand, rough):
        for number in range(int(SECONDS * RATE)):
            due = begun + number / RATE
            time.sleep(max(0.0, due - time.monotonic()))
            pool.submit(load.one, number)
            if time.monotonic() - begun > 60 * (len(memory) + 1):
                memory.append(load.stand.memory())
                print(f"minute {len(memory)}: {memory[-1]:.0f} MB, {len(load.seen):,} answered", flush=True)
    memory.append(load.stand.memory())
    return memory, outs


def _trouble(stand: Standing, begun: float, outs: list[tuple[float, float]]) -> None:
    for share, out in ((0.25, stand.without_room), (0.6, stand.without_database)):
        time.sleep(max(0.0, begun + SECONDS * share - time.monotonic()))
        since = time.monotonic()
        with out():
            time.sleep(OUT)
        outs.append((since, time.monotonic()))
        print(f"{out.__name__.replace('_', ' ')} for {time.monotonic() - since:.0f} s", flush=True)


@contextmanager
def _slow(stand: Standing, rough: bool) -> Iterator[None]:
    """Clients that send or read next to nothing, as many as one address may have; they come again when they are given up."""
    over = threading.Event()
    texts = (
        f"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {FORM}\r\nContent-Length: 400\r\n\r\n",
        "GET /static/shell/entrepot.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 50,
        "GET /region/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    )

    def crawl(text: str) -> None:
        while not over.wait(1):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", stand.port), timeout=5) as one:
                one.sendall(text.encode())
                while not over.wait(2):
                    one.sendall(b"a")

    clients = [threading.Thread(target=crawl, args=(texts[number % 3],), daemon=True) for number in range(30 if rough else 0)]
    for client in clients:
        client.start()
    yield
    over.set()


def _queue_is_empty(stand: Standing) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if stand.health()["oldest_job_seconds"] == 0:
            return True
        time.sleep(1)
    return False


def faults(load: Load, memory: list[float], outs: list[tuple[float, float]], rough: bool) -> Iterator[str]:
    """What did not hold."""
    good = range(200, 400)
    bad = [one for one in load.seen if one.status not in good]
    if not rough and bad:
        yield f"{len(bad)} requests failed: {Counter((one.kind, one.status) for one in bad).most_common(5)}"
    if not rough:
        tenth = memory[min(9, len(memory) // 6)]
        most = max(memory[min(9, len(memory) // 6) :])
        if most > 1.1 * tenth:
            yield f"memory grew from {tenth:.0f} to {most:.0f} MB"
    strange = [one for one in bad if one.status != 503 or not one.told]
    if rough and strange:
        kinds = Counter((one.kind, one.status) for one in strange).most_common(5)
        yield f"{len(strange)} failed otherwise than by 503 with Retry-After: {kinds}"
    late = [one for one in bad if not any(since - 1 <= one.at <= until + RETURN for since, until in outs)]
    if rough and late:
        when = [round(one.at - max([until for _, until in outs if until < one.at], default=one.at)) for one in late]
        yield f"{len(late)} failed while nothing was out, {sorted(when)[:20]} s after the last return: {Counter(one.kind for one in late)}"
    if not _queue_is_empty(load.stand):
        yield "the queue is not empty after a minute"
    lost = load.lost()
    if lost:
        yield f"{len(lost)} acknowledged writes are lost: {lost[:3]}"


def _report(load: Load, memory: list[float], outs: list[tuple[float, float]]) -> None:
    print(f"\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    gone = [round(until - since) for since, until in outs]
    print(f"{len(load.seen):,} requests in {MINUTES:g} minutes; {len(load.kept):,} writes acknowledged; out: {gone} s")
    print(f"memory by minute: {' '.join(f'{megabytes:.0f}' for megabytes in memory)} MB")
    print("\n| kind | answered | 503 | other | p50 ms | p95 ms | p99 ms |\n|---|---:|---:|---:|---:|---:|---:|")
    for kind in ("page", "api", "xapi"):
        ours = [one for one in load.seen if one.kind.startswith(kind)]
        times = quantiles([one.took * 1000 for one in ours if one.status in range(200, 400)] or [0.0, 0.0], n=100)
        refused = sum(one.status == 503 for one in ours)
        other = sum(one.status not in range(200, 400) and one.status != 503 for one in ours)
        print(f"| {kind} | {len(ours) - refused - other:,} | {refused} | {other} | {times[49]:.0f} | {times[94]:.0f} | {times[98]:.0f} |")


def main(words: list[str]) -> int:
    """Stand it up, load it, judge."""
    if len(words) != 2 or words[0] not in ("calm", "rough") or words[1] not in ("sqlite", "postgresql"):
        print("python -m bench.soak calm|rough sqlite|postgresql", file=sys.stderr)
        return 2
    rough = words[0] == "rough"
    with standing(words[1], small=rough) as stand:
        load: Any = Load(stand)
        load.prepare()
        print(f"{words[0]}, {words[1]}: {MINUTES:g} minutes at {RATE:g} a second", flush=True)
        memory, outs = run(load, rough)
        _report(load, memory, outs)
        wrong = list(faults(load, memory, outs, rough))
    if rough and not stand.small:
        print("left out: the full disk, which only root can make here")
    print("\n".join(wrong) or "all held")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
