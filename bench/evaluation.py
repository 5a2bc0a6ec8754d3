"""Server time of evaluation's pages with a million answers, and the compiling of a year of them: `python -m bench.evaluation`.

`ANSWERS` (about so many), `BENCH_HOME` and `BENCH_DATABASE` as in bench.pages, whose measure this uses. One workshop has 450 people of all
Members; each is asked a reaction and a follow-up, the supervisor one, and three in five answer.
"""

from __future__ import annotations

import os
import random
import time
import uuid
from datetime import timedelta
from typing import Any

from django.db import connection

from bench.pages import _browser, _measure  # sets Django up
from entrepot.capacity.evaluation import compiled
from entrepot.capacity.evaluation.api import request_compilation
from entrepot.capacity.evaluation.core import DEFAULTS, seconds_for
from entrepot.capacity.evaluation.models import ActionItem, Ask, Compilation, Form, Lesson
from entrepot.capacity.training.models import Activity, Attendance, Invitation, Nomination, Session
from entrepot.desk import demo
from entrepot.desk.cli import _prepare
from entrepot.ground.keeping.api import writing
from entrepot.ground.people.models import Person
from entrepot.ground.region.models import Place
from entrepot.ground.work.api import now
from entrepot.kernel.principals import SYSTEM

ANSWERS = int(os.environ.get("ANSWERS", "1000000"))
EACH = 450
PER_ACTIVITY = 5170
"""Answers of one workshop, about."""
PAGES = (
    *("activities/{big}/answers/", "activities/{big}/silence/reaction/", "activities/{big}/after/", "activities/{big}/report/"),
    *("activities/{big}/reach/", "burden/", "plans/", "years/", "years/{year}/", "years/{year}.csv", "overdue/"),
)


def fill(chance: random.Random) -> None:
    """Closed workshops of the last eleven months, by bulk."""
    at = now()
    people = list(Person.objects.filter(home__invented=True, home__kind="member").values_list("pk", "home_id"))
    model = Activity.objects.get(stage="closed", code__startswith="PX-")
    workshops = max(1, ANSWERS // PER_ACTIVITY)
    for number in range(workshops):
        with writing():
            _one(model, number, at - timedelta(days=30 + number * 300 / workshops), people, chance)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _one(model: Activity, number: int, closed: Any, people: list[Any], chance: random.Random) -> None:
    members = {home for _, home in people}
    copy = Activity(**{f.attname: getattr(model, f.attname) for f in model._meta.concrete_fields if f.name not in ("id", "uuid")})
    copy.code, copy.uuid, copy.title = f"EV-{number:04d}", uuid.uuid4(), f"Workshop {number}"
    copy.created_at, copy.closed_at = closed - timedelta(days=120), closed
    copy.starts_on, copy.ends_on, copy.nominate_by = (closed - timedelta(days=12)).date(), (closed - timedelta(days=10)).date(), None
    copy.save()
    invitations = {home: Invitation(activity=copy, place_id=home, sent_at=copy.created_at, state="answered") for home in members}
    Invitation.objects.bulk_create(invitations.values())
    seats = [
        Nomination(
            activity=copy,
            invitation=invitations[home],
            person_id=person,
            rank=rank,
            years=chance.randrange(25),
            submitted_at=closed,
            outcome="seat",
            confirmed_at=closed,
            release="given",
            supervisor_id=people[0][0],
        )
        for rank, (person, home) in enumerate(chance.sample(people, min(EACH, len(people))), 1)
    ]
    Nomination.objects.bulk_create(seats, batch_size=1000)
    session = Session.objects.create(activity=copy, title="All day", starts_at=closed, ends_at=closed + timedelta(hours=6), door="AAAAAA")
    Attendance.objects.bulk_create([Attendance(session=session, nomination=n, mode="in_person", at=closed) for n in seats], batch_size=2000)
    asks = []
    for kind in ("reaction", "officer", "supervisor"):
        questions = DEFAULTS[kind]
        form = Form.objects.create(
            activity=copy, kind=kind, questions=[q.plain() for q in questions], seconds=seconds_for(questions), frozen_at=closed
        )
        for seat in seats:
            answered = chance.random() < 0.6
            if answered or kind != "reaction":
                given = {q.key: _answer(q.kind, chance) for q in questions} if answered else {}
                values: dict[str, Any] = {"person_id": seat.person_id, "asked_at": closed, "due_on": (closed + timedelta(days=30)).date()}
                values |= {"answered_at": closed + timedelta(days=chance.randrange(40)) if answered else None, "answers": given}
                asks.append(Ask(form=form, nomination=seat, place_id=seat.invitation.place_id, **values))
    Ask.objects.bulk_create(asks, batch_size=1000)
    items = []
    for seat in seats:
        done = closed + timedelta(days=chance.randrange(30)) if chance.random() < 0.5 else None
        values = {"what": "A list at the counter", "due_on": closed.date(), "made_at": closed, "done_at": done}
        items.append(ActionItem(nomination=seat, state="done" if done else "planned", **values))
    ActionItem.objects.bulk_create(items, batch_size=1000)
    Lesson.objects.bulk_create([Lesson(nomination=n, on=closed.date(), what="The list", claimed=4, told_at=closed) for n in seats[::5]])


def _answer(kind: str, chance: random.Random) -> Any:
    return {"scale": chance.randint(1, 5), "yes": chance.random() < 0.5}.get(kind, "Files are checked against the list")


def main() -> None:
    """Fill, unless it is filled, measure, print."""
    _prepare()
    if not demo.is_made():
        demo.make(at=now(), people=3000)
        begun = time.perf_counter()
        fill(random.Random(5))  # noqa: S311  (invented answers)
        print(f"filled in {time.perf_counter() - begun:.0f} s")
    region = Place.objects.get(code="PX", invented=True)
    day = now().date()
    span = {"from_on": day - timedelta(days=365), "to_on": day}
    made = Compilation.objects.filter(region=region, **span).first() or request_compilation(by=SYSTEM, at=now(), region=region, **span)
    steps: list[int] = []
    begun = time.perf_counter()
    body = compiled.compile_body(made, now(), lambda done, _: steps.append(done))
    taken = time.perf_counter() - begun
    with writing():
        made.body, made.ended_at = body, now()
        made.save()
    print(f"{connection.vendor}: {body['answers']:,} answers of {Ask.objects.count():,} asks, {len(body['activities'])} activities")
    print(f"a year compiled in {taken:.1f} s, progress told {len(steps)} times\n")
    print("| page of the programme manager | ms | queries | kB compressed |\n|---|---:|---:|---:|")
    names = {"big": Activity.objects.get(code="EV-0000").uuid, "year": made.uuid}
    for page in PAGES:
        milliseconds, queries, weight = _measure(_browser("manager"), "/evaluation/" + page.format(**names), rounds=5)
        print(f"| `{page}` | {milliseconds:.0f} | {queries} | {weight / 1000:.1f} |", flush=True)


if __name__ == "__main__":
    main()
