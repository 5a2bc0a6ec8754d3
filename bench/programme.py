"""Server time of the programme with 2,000 activities and 200,000 nominations, and the reading of a workbook of 5,000 rows: `make bench`.

`ACTIVITIES`, `NOMINATIONS` and `BENCH_DATABASE` as in bench.pages, whose measure this uses.
"""

from __future__ import annotations

import io
import os
import random
import time
import uuid
from datetime import timedelta
from typing import Any

from django.db import connection
from openpyxl import Workbook

from bench.pages import _browser, _measure  # sets Django up
from entrepot.capacity.training import workbook
from entrepot.capacity.training.core import COLUMNS
from entrepot.capacity.training.models import Activity, Invitation, Nomination
from entrepot.desk import demo
from entrepot.desk.cli import _prepare
from entrepot.ground.keeping.api import writing
from entrepot.ground.people.models import Person
from entrepot.ground.work.api import now

ACTIVITIES = int(os.environ.get("ACTIVITIES", "2000"))
NOMINATIONS = int(os.environ.get("NOMINATIONS", "200000"))
PAGES = [
    *(
        ("manager", page)
        for page in ("/programme/", "/programme/?stage=selection", "/programme/{deciding}/", "/programme/{deciding}/selection/")
    ),
    *(
        ("manager", page)
        for page in ("/programme/{whole}/", "/evaluation/activities/{whole}/after/", "/evaluation/activities/{closed}/report/")
    ),
    *(("manager", page) for page in ("/today/", "/programme/needs/")),
    *(("coordinator", page) for page in ("/programme/", "/programme/{deciding}/", "/today/")),
]


def fill(chance: random.Random) -> None:
    """Copies of the practice region's activity in selection, each with its share of nominations, by bulk."""
    people = list(Person.objects.filter(home__invented=True).values_list("pk", "home_id"))
    model = Activity.objects.get(stage="selection", code__startswith="PX-")
    members = list({home for _, home in people})
    each = max(1, NOMINATIONS // ACTIVITIES)
    with writing():
        for first in range(0, ACTIVITIES, 100):
            batch = []
            for number in range(first, min(first + 100, ACTIVITIES)):
                back = timedelta(days=chance.randrange(1500))
                copy = Activity(
                    **{f.attname: getattr(model, f.attname) for f in model._meta.concrete_fields if f.name not in ("id", "uuid")}
                )
                copy.code, copy.uuid, copy.created_at = f"BN-{number:06d}", uuid.uuid4(), model.created_at - back
                copy.stage = chance.choice(["closed", "closed", "followed_up", "selection", "confirmed", "invitation"])
                copy.starts_on = copy.ends_on = copy.nominate_by = None
                batch.append(copy)
            Activity.objects.bulk_create(batch)
            invitations = [Invitation(activity=a, place_id=home, sent_at=a.created_at, state="answered") for a in batch for home in members]
            Invitation.objects.bulk_create(invitations, batch_size=2000)
            found = {(i.activity_id, i.place_id): i for i in invitations}
            rows = []
            for a in batch:
                for rank, (person, home) in enumerate(chance.sample(people, min(each, len(people))), 1):
                    outcome = chance.choice(["seat", "seat", "waiting", "out"])
                    values: dict[str, Any] = {"activity": a, "invitation": found[a.pk, home], "person_id": person, "rank": rank}
                    rows.append(Nomination(**values, submitted_at=a.created_at, outcome=outcome, release="given", consent=True))
            Nomination.objects.bulk_create(rows, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _workbook(rows: int) -> float:
    """Seconds to read and check a workbook of so many rows, a tenth of them with a fault."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = workbook.SHEET
    for number, column in enumerate(COLUMNS, 1):
        sheet.cell(workbook.HEAD, number, column.title)
    for row in range(rows):
        level = "B2" if row % 10 else "fluent"
        values = [
            row % 900 + 1,
            f"Officer {row}",
            "",
            "",
            f"o{row}@practice.example",
            "F",
            "Officer",
            "",
            "",
            4,
            level,
            "s@practice.example",
            "",
            "yes",
        ]
        for number, value in enumerate(values, 1):
            sheet.cell(workbook.HEAD + 1 + row, number, value)
    about = book.create_sheet(workbook.ABOUT)
    invitation = uuid.uuid4()
    about.append(["invitation", str(invitation)])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    begun = time.perf_counter()
    good, faults = workbook.read(file, invitation)
    taken = time.perf_counter() - begun
    assert len(good) + rows // 10 == rows
    assert faults
    return taken


def main() -> None:
    """Fill, unless it is filled, measure, print a table."""
    _prepare()
    if not demo.is_made():
        demo.make(at=now(), people=3000)
        fill(random.Random(3))  # noqa: S311  (invented rows)
    print(f"{connection.vendor}, {Activity.objects.count():,} activities, {Nomination.objects.count():,} nominations\n")
    names = {
        name: Activity.objects.get(stage=stage, code__startswith="PX-").uuid
        for name, stage in (("deciding", "selection"), ("whole", "followed_up"), ("closed", "closed"))
    }
    print("| page | as | ms | queries | kB compressed |\n|---|---|---:|---:|---:|")
    for part, page in PAGES:
        taken, queries, weight = _measure(_browser(part), page.format(**names))
        print(f"| `{page}` | {part} | {taken:.0f} | {queries} | {weight / 1000:.1f} |", flush=True)
    print(f"\na workbook of 5,000 rows read and checked in {_workbook(5000):.1f} s")


if __name__ == "__main__":
    main()
