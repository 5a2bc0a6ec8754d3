"""Server time of each list and detail page with many people: `make bench` (PEOPLE=100000 by default).

Runs on a database of its own in a temporary folder, or on the one that BENCH_DATABASE names (which it fills: give it an empty one).
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from typing import Any

PEOPLE = int(os.environ.get("PEOPLE", "100000"))
os.environ["ENTREPOT_HOME"] = tempfile.mkdtemp(prefix="entrepot-bench-")
os.environ["ENTREPOT_DEMO"] = "1"
if os.environ.get("BENCH_DATABASE"):
    os.environ["ENTREPOT_DATABASE"] = os.environ["BENCH_DATABASE"]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.config.settings")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from entrepot.desk import demo  # noqa: E402
from entrepot.desk.cli import _prepare  # noqa: E402
from entrepot.ground.people.models import Person, Posting  # noqa: E402
from entrepot.ground.work.api import now  # noqa: E402

PAGES = ["/", "/region/", "/today/", "/people/", "/people/?q=ana", "/people/{person}/", "/search/?q=ana", "/journal/", "/api/v1/people"]


def _browser(part: str) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    person = Person.objects.get(email=f"{part}@practice.example")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _measure(browser: Client, address: str, rounds: int = 15) -> float:
    answer: Any = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        browser.get(address)
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def main() -> None:
    """Fill, measure, print a table."""
    _prepare()
    demo.make(at=now(), people=PEOPLE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}, {Person.objects.count():,} people, {Posting.objects.count():,} postings, {platform.machine()}\n")
    print("| page | coordinator, ms | regional administrator, ms |\n|---|---:|---:|")
    officer = Person.objects.get(email="officer@practice.example").uuid
    for page in PAGES:
        address = page.format(person=officer)
        cells = [f"{_measure(_browser(part), address):.0f}" for part in ("coordinator", "admin")]
        print(f"| `{page}` | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
