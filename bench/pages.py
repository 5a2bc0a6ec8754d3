"""Server time, queries and weight of each list and detail page with many people: `make bench` (PEOPLE=100000 by default).

Runs on SQLite in a temporary folder, or on the empty database that BENCH_DATABASE names. With BENCH_HOME the folder is kept, and what it
(or the database) holds is measured again without loading.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from typing import Any

PEOPLE = int(os.environ.get("PEOPLE", "100000"))
os.environ["ENTREPOT_HOME"] = os.environ.get("BENCH_HOME") or tempfile.mkdtemp(prefix="entrepot-bench-")
os.environ["ENTREPOT_DEMO"] = "1"
if os.environ.get("BENCH_DATABASE"):
    os.environ["ENTREPOT_DATABASE"] = os.environ["BENCH_DATABASE"]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.config.settings")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.filling import fill  # noqa: E402
from entrepot.desk import demo  # noqa: E402
from entrepot.desk.cli import _prepare  # noqa: E402
from entrepot.ground.journal.models import Entry  # noqa: E402
from entrepot.ground.people.models import Person, Posting  # noqa: E402
from entrepot.ground.region.models import Place  # noqa: E402
from entrepot.ground.work.api import now  # noqa: E402

PAGES = ["/", "/region/", "/region/{member}/", "/calendar/", "/today/", "/people/", "/people/?q=ana", "/people/{person}/", "/search/?q=ana"]
PAGES += ["/journal/", "/journal/{entry}/", "/documents/", "/notices/", "/roles/", "/me/", "/api/v1/people", "/api/v1/journal"]


def _browser(part: str) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    person = Person.objects.get(email=f"{part}@practice.example")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _measure(browser: Client, address: str, rounds: int = 15) -> tuple[float, int, int]:
    """(median milliseconds, queries, bytes compressed)."""
    answer: Any = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        browser.get(address)
        times.append(time.perf_counter() - begun)
    with CaptureQueriesContext(connection) as caught:
        browser.get(address)
    queries = len(caught)  # before the next request empties the log
    weight = len(browser.get(address, HTTP_ACCEPT_ENCODING="gzip").content)
    return statistics.median(times) * 1000, queries, weight


def main() -> None:
    """Fill, unless it is filled, measure, print a table."""
    _prepare()
    if not demo.is_made():
        demo.make(at=now(), people=PEOPLE)
        reader = Person.objects.select_related("home").get(email="coordinator@practice.example")
        fill(reader=reader, at=now(), rows=1000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(f"{connection.vendor}, {Person.objects.count():,} people, {Posting.objects.count():,} postings, {platform.machine()}\n")
    print("| page | coordinator, ms | regional administrator, ms | queries | kB compressed |\n|---|---:|---:|---:|---:|")
    names = {
        "person": Person.objects.get(email="officer@practice.example").uuid,
        "member": Place.objects.get(code="ATN", invented=True).uuid,
        "entry": Entry.objects.filter(verb="bench.filled").latest("id").uuid,
    }
    slow = []
    for page in PAGES:
        found = [_measure(_browser(part), page.format(**names)) for part in ("coordinator", "admin")]
        milliseconds = [f"{taken:.0f}" for taken, _, _ in found]
        queries, weight = max(count for _, count, _ in found), max(size for _, _, size in found)
        print(f"| `{page}` | {' | '.join(milliseconds)} | {queries} | {weight / 1000:.1f} |", flush=True)
        if queries > 15 or weight > 30_000:
            slow.append(page)
    assert not slow, slow


if __name__ == "__main__":
    main()
