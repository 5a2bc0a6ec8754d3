"""The record store: `python -m bench.records write`, `clients`, `where`, `load N`, `read`, `chain`; without a word, a round.

It serves itself by `entrepot web` on BENCH_PORT (8190), one web process, on the database that BENCH_DATABASE names, else SQLite, in
BENCH_HOME, else a temporary folder. One client, loopback, durable storage (as the product is set), full validation. Beside each figure
stands what the database alone does with the same rows: no HTTP, no JSON, no checking, the same bytes and indexes, the same commits.
"""

from __future__ import annotations

import base64
import cProfile
import http.client
import io
import json
import os
import platform
import pstats
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HOME = Path(os.environ.get("BENCH_HOME") or tempfile.mkdtemp(prefix="entrepot-bench-"))
PORT = int(os.environ.get("BENCH_PORT", "8190"))
os.environ["ENTREPOT_HOME"] = str(HOME)
os.environ["ENTREPOT_LOG"] = "ERROR"
if os.environ.get("BENCH_DATABASE"):
    os.environ["ENTREPOT_DATABASE"] = os.environ["BENCH_DATABASE"]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.config.settings")

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402

from bench.statements import HOME as CONTENT  # noqa: E402
from bench.statements import VERBS, activity, actor, batches, statements  # noqa: E402
from entrepot.capacity.records.actions.statements import _row, marks_of, prepare  # noqa: E402
from entrepot.capacity.records.api import client_named, make_key  # noqa: E402
from entrepot.capacity.records.core import read_json  # noqa: E402
from entrepot.capacity.records.core.ordering import stamp  # noqa: E402
from entrepot.capacity.records.exchange.importing import bring_in  # noqa: E402
from entrepot.capacity.records.models import Statement  # noqa: E402
from entrepot.capacity.records.tables import _COLUMNS, _HEADER, _INSERT, _MARK, _TRAILER, StatementRow, _binary, is_postgresql  # noqa: E402
from entrepot.desk.cli import _prepare  # noqa: E402
from entrepot.ground.region.api import regions  # noqa: E402
from entrepot.ground.work.api import now  # noqa: E402
from entrepot.kernel.principals import SYSTEM  # noqa: E402

ROUNDS = 5
SIZES = ((500, 12), (50, 60), (1, 300))


def key() -> tuple[str, str]:
    """The key that all is sent with, made once for a folder."""
    kept = HOME / "bench-key.json"
    if not kept.exists():
        _prepare()
        issued = make_key(by=SYSTEM, at=now(), place=regions()[0], name="bench")
        kept.write_text(json.dumps([issued.key.key, issued.secret]))
    name, secret = json.loads(kept.read_text())
    return name, secret


class Server:
    """The web process that is measured."""

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers

    def __enter__(self) -> Server:
        name, secret = key()
        connection.close()
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "entrepot.desk.cli", "web", "--port", str(PORT), "--workers", str(self.workers)]
        )
        token = base64.b64encode(f"{name}:{secret}".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}", "X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"}
        for _ in range(100):
            time.sleep(0.2)
            try:
                self.http = http.client.HTTPConnection("127.0.0.1", PORT)
                self.ask("GET", "/xapi/about")
            except OSError:
                continue
            return self
        raise RuntimeError

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def ask(self, method: str, path: str, body: bytes | None = None) -> float:
        """One request: seconds until its answer was read whole."""
        begun = time.perf_counter()
        self.http.request(method, path, body, self.headers)
        answer = self.http.getresponse()
        data = answer.read()
        if answer.status != 200:
            raise RuntimeError(answer.status, data[:300])
        return time.perf_counter() - begun

    def memory(self) -> int:
        """Resident megabytes of the web process and its workers."""
        total = 0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
            except OSError:
                continue
            if int(status["PPid"]) == self.process.pid or folder.name == str(self.process.pid):
                total += int(status.get("VmRSS", "0 kB").split()[0]) // 1024
        return total


def sync_milliseconds() -> float:
    """What one durable write of a page costs on this disk just now."""
    with (HOME / "sync.test").open("wb", buffering=0) as file:
        times = []
        for _ in range(100):
            begun = time.perf_counter()
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


BARE = ("records_statement", "records_identifier", "records_mark")


def _make_bare(name: str, *, parts: bool) -> None:
    """Empty tables like the store's own, named `name`_…; `parts`: on PostgreSQL divided as they are."""
    with connection.cursor() as cursor:
        for table in BARE:
            cursor.execute(f"DROP TABLE IF EXISTS {table.replace('records', name)}")
        if not is_postgresql():
            names = ", ".join(f"'{table}'" for table in BARE)
            cursor.execute(f"SELECT sql FROM sqlite_master WHERE tbl_name IN ({names}) AND sql IS NOT NULL")  # noqa: S608
            for (sql,) in cursor.fetchall():
                cursor.execute(sql.replace("records_", f"{name}_"))
            return
        for table in BARE:
            ours = table.replace("records", name)
            cursor.execute("SELECT pg_get_partkeydef(%s::regclass)", [table])
            divided = f" PARTITION BY {cursor.fetchone()[0]}" if parts else ""
            cursor.execute(f"CREATE TABLE {ours} (LIKE {table} INCLUDING ALL){divided}")
            cursor.execute(
                "SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid "
                "WHERE i.inhparent = %s::regclass AND %s",
                [table, parts],
            )
            for part, bound in cursor.fetchall():
                cursor.execute(f"CREATE TABLE {part.replace('records', name)} PARTITION OF {ours} {bound}")


def bare(name: str, size: int, bodies: list[bytes], *, marked: bool) -> float:
    """Statements a second that the database alone takes into the tables `name`_… in transactions of `size`: ready rows, all columns and
    indexes, identifiers too; `marked`: and the marks by which the store finds what columns do not say."""
    client = client_named(key()[0])
    assert client is not None
    position = time.time_ns() // 1000
    rows: list[tuple[list[StatementRow], list[tuple[int, int, int]]]] = []
    for body in bodies:
        values = read_json(body)
        some, marks = [], []
        for value in values if isinstance(values, list) else [values]:
            position += 1
            one = prepare(json.dumps(value).encode(), value, edition=1)
            some.append(_row(client, one, position, position))
            marks += marks_of(one.facts, position) if marked else ()
        rows.append((some, sorted(marks)))
    begun = time.perf_counter()
    for some, marks in rows:
        with transaction.atomic(), connection.cursor() as cursor:
            if is_postgresql():
                cursor.execute(
                    f"INSERT INTO {name}_identifier (store_id, uuid, position) SELECT 1, * FROM unnest(%s::uuid[], %s::bigint[])",  # noqa: S608
                    [[row.uuid for row in some], [row.position for row in some]],
                )
                with cursor.copy(f"COPY {name}_statement ({_COLUMNS}, inherits, voided, erased) FROM STDIN (FORMAT BINARY)") as copy:
                    copy.write(_HEADER + b"".join(map(_binary, some)) + _TRAILER)
                if marks:
                    with cursor.copy(f"COPY {name}_mark (store_id, role, key, position) FROM STDIN (FORMAT BINARY)") as copy:
                        data = b"".join([_MARK.pack(4, 8, 1, 2, role, 8, found, 8, at) for role, found, at in marks])
                        copy.write(_HEADER + data + _TRAILER)
            else:
                raw = cursor.cursor.connection
                raw.executemany(
                    f"INSERT INTO {name}_identifier (store_id, uuid, position) VALUES (1,?,?)",  # noqa: S608
                    [(row.uuid, row.position) for row in some],
                )
                raw.executemany(_INSERT.replace("records", name), some)
                raw.executemany(f"INSERT INTO {name}_mark (store_id, role, key, position) VALUES (1,?,?,?)", marks)  # noqa: S608
    return len(bodies) * size / (time.perf_counter() - begun)


def write() -> None:
    """POST in batches of 500, 50 and one at a time, beside the bare insert; rounds alternate, so that both meet the same disk."""
    seed = random.randrange(10**9)  # noqa: S311  (other statements in each run, so that none is a repeat)
    with Server() as server:
        _make_bare("bare", parts=False)
        _make_bare("whole", parts=True)
        disk = f"load {os.getloadavg()[0]:.1f}, fdatasync {sync_milliseconds():.2f} ms"
        print(f"\n{connection.vendor}, {platform.machine()}, {os.cpu_count()} cores, {disk}\n")
        print("| statements a request | a second: median (best) | bare insert | share | with marks, in parts | share | median ms |")
        print("|---:|---:|---:|---:|---:|---:|---:|", flush=True)
        for size, count in SIZES:
            ours, rows, everything, times = [], [], [], []
            for number in range(ROUNDS):
                bodies = batches(seed + size * 100 + number, size, count)
                others = batches(seed + size * 100 + 50 + number, size, count)
                rows.append(bare("bare", size, others, marked=False))
                taken = [server.ask("POST", "/xapi/statements", body) for body in bodies]
                everything.append(bare("whole", size, others, marked=True))
                ours.append(size * count / sum(taken))
                times += taken
            figures = [f"{statistics.median(some):,.0f} ({max(some):,.0f})" for some in (ours, rows, everything)]
            shares = [f"{statistics.median(a / b for a, b in zip(ours, some, strict=True)):.0%}" for some in (rows, everything)]
            line = (figures[0], figures[1], shares[0], figures[2], shares[1])
            print(f"| {size} | {' | '.join(line)} | {statistics.median(times) * 1000:.1f} |", flush=True)
    where()


class Sender(threading.Thread):
    """A client that posts one statement after the other, and notes how long each took."""

    def __init__(self, headers: dict[str, str], bodies: list[bytes]) -> None:
        super().__init__()
        self.headers, self.bodies, self.times = headers, bodies, list[float]()

    def run(self) -> None:
        """Send all."""
        connection = http.client.HTTPConnection("127.0.0.1", PORT)
        for body in self.bodies:
            begun = time.perf_counter()
            connection.request("POST", "/xapi/statements", body, self.headers)
            answer = connection.getresponse()
            data = answer.read()
            if answer.status != 200:
                raise RuntimeError(answer.status, data[:300])
            self.times.append(time.perf_counter() - begun)
        connection.close()


def clients(number: int = 4, each: int = 400) -> None:
    """Four clients at once, a statement a request, with one and with two web processes: how long the slow answers take."""
    for workers in (1, 2):
        with Server(workers) as server:
            server.ask("POST", "/xapi/statements", batches(random.randrange(10**9), 1, 1)[0])  # noqa: S311
            senders = [Sender(server.headers, batches(random.randrange(10**9), 1, each)) for _ in range(number)]  # noqa: S311
            begun = time.perf_counter()
            for sender in senders:
                sender.start()
            for sender in senders:
                sender.join()
            took = time.perf_counter() - begun
        times = sorted(one for sender in senders for one in sender.times)
        if len(times) < number * each:
            raise RuntimeError
        p50, p99 = times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000
        print(
            f"{connection.vendor}, {workers} web process{'es' * (workers > 1)}, {number} clients: p50 {p50:.1f} ms, p99 {p99:.1f} ms, "
            f"longest {times[-1] * 1000:.1f} ms, {number * each / took:,.0f} a second; fdatasync {sync_milliseconds():.2f} ms",
            flush=True,
        )


STEPS = {
    "read and check": ("_checked", "writing.py"),
    "of which anew": ("prepare", "statements.py"),
    "identifiers": ("insert_identifiers", "tables.py"),
    "statements": ("inserting", "tables.py"),
    "all in one": ("keep_plain", "tables.py"),
    "marks": ("insert_marks", "tables.py"),
    "references": ("settle", "references.py"),
    "names": ("look", "naming.py"),
    "commit": ("_commit", "base.py"),
}


def where() -> None:
    """Where the time of a request goes, by a profiler in this process (which slows Python, not the database)."""
    from entrepot.config.wsgi import application  # noqa: PLC0415  # it freezes what is loaded, which is not for the other measurements

    token = base64.b64encode(":".join(key()).encode()).decode()
    for size, count in ((500, 6), (1, 200)):
        profile = cProfile.Profile()
        warm = False
        for body in batches(random.randrange(10**9), size, count):  # noqa: S311
            environ = {
                "REQUEST_METHOD": "POST",
                "PATH_INFO": "/xapi/statements",
                "SERVER_NAME": "127.0.0.1",
                "SERVER_PORT": str(PORT),
                "HTTP_HOST": "127.0.0.1",
                "wsgi.input": io.BytesIO(body),
                "wsgi.url_scheme": "http",
                "wsgi.errors": sys.stderr,
                "CONTENT_LENGTH": str(len(body)),
                "CONTENT_TYPE": "application/json",
                "HTTP_AUTHORIZATION": f"Basic {token}",
                "HTTP_X_EXPERIENCE_API_VERSION": "1.0.3",
            }
            if warm:
                profile.runcall(application, environ, lambda *_: None)
            else:
                application(environ, lambda *_: None)  # the first one loads the product
            warm = True
        times = pstats.Stats(profile).stats  # type: ignore[attr-defined]
        whole = sum(entry[3] for name, entry in times.items() if name[2] == "__call__" and name[0].endswith("wsgi.py"))
        shares = {
            step: sum(entry[3] for name, entry in times.items() if name[2] == function and name[0].endswith(file))
            for step, (function, file) in STEPS.items()
        }
        shares["all else"] = whole - sum(time for step, time in shares.items() if not step.startswith("of which"))
        print(f"\n{size} a request: " + ", ".join(f"{step} {time / whole:.0%}" for step, time in shares.items()))


def _lines(count: int, seed: int) -> Iterator[tuple[int, bytes]]:
    """Statements as `bench.statements` makes them, a good deal faster: one is made, the others differ from it in what counts."""
    chance = random.Random(seed)  # noqa: S311
    model = json.dumps(next(statements(seed)))
    one = json.loads(model)
    parts = {one["id"]: "%(id)s", one["actor"]["account"]["name"]: "officer-%(officer)d", one["actor"]["name"]: "Officer %(officer)d"}
    parts |= {one["verb"]["id"]: "%(verb)s", one["object"]["id"]: "%(unit)s", one["context"]["registration"]: "%(registration)s"}
    parts |= {one["timestamp"]: "%(time)s"}
    template = model.replace("%", "%%")
    for text, hole in parts.items():
        template = template.replace(f'"{text}"', f'"{hole}"')
    verbs, weights = [verb[0] for verb in VERBS], [verb[2] for verb in VERBS]
    drawn = chance.choices(verbs, weights, k=10_000)
    for number in range(count):
        bits = f"{chance.getrandbits(128):032x}"
        officer = chance.randrange(20_000)
        unit = chance.randrange(4000)
        yield (
            number,
            (
                template
                % {
                    "id": f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-8{bits[17:20]}-{bits[20:]}",
                    "officer": officer,
                    "verb": drawn[number % 10_000],
                    "unit": activity(unit),
                    "registration": f"{officer:08x}-0000-4000-8000-{unit // 20:012x}",
                    "time": f"2026-{1 + number % 12:02d}-{1 + number % 28:02d}T{number % 24:02d}:{number % 60:02d}:00Z",
                }
            ).encode(),
        )


def load(count: int) -> None:
    """Import until there are `count` statements."""
    client = client_named(key()[0])
    assert client is not None
    there = Statement.objects.count()
    begun = time.perf_counter()

    def progress(tally: Any) -> None:
        if tally.read % 100_000 == 0:
            print(f"{there + tally.new:,} at {tally.read / (time.perf_counter() - begun):,.0f}/s", flush=True)

    bring_in(key=client, at=now(), lines=_lines(max(0, count - there), there + 1), progress=progress)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def read(rounds: int = 60) -> None:
    """GET with limit 50, by each of the filters: p50 and p95, and the memory of the web process before and after."""
    chance = random.Random(3)  # noqa: S311
    some = list(Statement.objects.order_by("-position").values_list("position", flat=True)[:50_000:500])

    def agent(number: int) -> str:
        return json.dumps({name: value for name, value in actor(number).items() if name != "name"})

    def draw(kind: str) -> dict[str, str]:
        wishes = {"agent": agent(chance.randrange(4000)), "verb": chance.choice(VERBS)[0], "activity": activity(chance.randrange(1200))}
        match kind:
            case "latest":
                return {}
            case "agent + verb + activity":
                return wishes
            case "since":
                return {"since": stamp(chance.choice(some))}
            case "activity, related":
                return {"activity": f"{CONTENT}/courses/{chance.randrange(60)}", "related_activities": "true"}
        return {kind: wishes[kind]}

    with Server() as server:
        for _ in range(30):
            server.ask("GET", "/xapi/statements?limit=50")
        before = server.memory()
        print(f"\n{connection.vendor}, {Statement.objects.count():,} statements, load {os.getloadavg()[0]:.1f}\n")
        print("| GET, limit 50 | p50 ms | p95 ms |\n|---|---:|---:|")
        for kind in ("latest", "agent", "verb", "activity", "agent + verb + activity", "since", "activity, related"):
            times = [server.ask("GET", "/xapi/statements?" + urlencode({"limit": "50", **draw(kind)})) for _ in range(rounds)]
            cuts = statistics.quantiles(times, n=20)
            print(f"| {kind} | {cuts[9] * 1000:.1f} | {cuts[18] * 1000:.1f} |", flush=True)
        print(f"\nmemory of the web process: {before} MB before, {server.memory()} MB after")


def chain() -> None:
    """Every statement there is, by `more`, five hundred at a time: what the first and the last hundred pages cost, and memory."""
    with Server() as server:
        before, pages, statements_seen, path = server.memory(), [], 0, "/xapi/statements?limit=500"
        while path:
            begun = time.perf_counter()
            server.http.request("GET", path, headers=server.headers)
            answer = json.loads(server.http.getresponse().read())
            pages.append(time.perf_counter() - begun)
            statements_seen += len(answer["statements"])
            path = answer["more"]
        first, last = (statistics.quantiles(some, n=20)[18] * 1000 for some in (pages[1:101], pages[-101:-1]))
        print(
            f"\n{connection.vendor}: {statements_seen:,} statements by `more` in {len(pages):,} pages, {sum(pages):.0f} s; p95 of a page "
            f"{first:.1f} ms among the first hundred, {last:.1f} ms among the last; memory {before} MB before, {server.memory()} MB after"
        )


def main() -> None:
    """What the words after the module ask for."""
    match sys.argv[1:]:
        case ["write"]:
            write()
        case ["load", count]:
            load(int(count))
        case ["clients"]:
            clients()
        case ["where"]:
            where()
        case ["read"]:
            read()
        case ["chain"]:
            chain()
        case _:
            write()
            load(100_000)
            read()


if __name__ == "__main__":
    main()
