"""Many rows of everything that a list shows, written in bulk: for the benchmarks, and for the test that counts queries."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from entrepot.ground.documents.models import Document
from entrepot.ground.journal.models import Entry
from entrepot.ground.keeping.api import writing
from entrepot.ground.notices.models import Notice
from entrepot.ground.people.demo import _crowd
from entrepot.ground.region.models import Place
from entrepot.kernel.texts import Text


def fill(*, reader: Any, at: datetime, rows: int) -> None:
    """`rows` officers with three postings each, documents, entries and offices of the reader’s Member; as many notices to the reader."""
    home = reader.home
    offices = list(Place.objects.filter(parent=home, kind="office"))
    _crowd(rows, random.Random(1), at, offices, {office.code: home for office in offices})  # noqa: S311  (invented people)
    text = Text("Told %(n)s", {"n": 1}).packed()
    with writing():
        Document.objects.bulk_create([_paper(home, at, n) for n in range(rows)], batch_size=500)
        Entry.objects.bulk_create([_entry(home, at, n) for n in range(rows)], batch_size=500)
        Place.objects.bulk_create([_office(home, n) for n in range(rows)], batch_size=500)
    Notice.objects.bulk_create(
        [
            Notice(
                person=reader, kind="notices.welcome", title_packed=text, body_packed=text, by_uuid=uuid4(), at=at - timedelta(minutes=n)
            )
            for n in range(rows)
        ],
        batch_size=500,
    )


def _paper(home: Any, at: datetime, number: int) -> Document:
    said = {"title": f"Paper {number}", "name": "paper.txt", "media_type": "text/plain", "size": 1, "digest": "0" * 64}
    return Document(place=home, about=home.uuid, kept_by=uuid4(), kept_at=at, visibility="public", **said)


def _entry(home: Any, at: datetime, number: int) -> Entry:
    what = {"verb": "bench.filled", "thing_kind": "bench.thing", "thing_uuid": uuid4(), "facts": {"n": number}}
    return Entry(at=at, by_kind="system", by_uuid=uuid4(), place=home.lineage, **what)


def _office(home: Any, number: int) -> Place:
    code = f"{home.code}-B{number}"
    return Place(code=code, lineage=f"{home.lineage}{code}/", kind="office", parent=home, name=f"Bench office {number}", invented=True)
