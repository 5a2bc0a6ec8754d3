"""Server time of the collection with 20,000 practices in five scripts: `make bench-knowledge` (PRACTICES=20000 by default).

On SQLite, or on the empty database that BENCH_DATABASE names, as in bench.pages, whose measure this uses.
"""

from __future__ import annotations

import os
import random
import statistics
import time
import uuid
from datetime import timedelta
from typing import Any

from django.db import connection

from bench.pages import _browser, _measure  # sets Django up
from entrepot.capacity.knowledge.finding import Wish, best, find
from entrepot.capacity.knowledge.indexing import write
from entrepot.capacity.knowledge.models import Mention, Practice, Token
from entrepot.desk import demo
from entrepot.desk.cli import _prepare
from entrepot.ground.access.api import principal_for
from entrepot.ground.keeping.api import writing
from entrepot.ground.people.models import Person
from entrepot.ground.work.api import now

PRACTICES = int(os.environ.get("PRACTICES", "20000"))
PARTS = ("problem", "context", "done", "resources", "results", "evidence", "lessons", "transfer")
WORDS = {
    "en": [
        "origin",
        "certificate",
        "parcel",
        "officer",
        "shift",
        "counter",
        "notebook",
        "scanner",
        "image",
        "risk",
        "profile",
        "audit",
        "value",
        "price",
        "list",
        "bin",
        "belt",
        "harbour",
    ],
    "fr": [
        "origine",
        "certificat",
        "colis",
        "agent",
        "équipe",
        "guichet",
        "carnet",
        "scanner",
        "image",
        "risque",
        "profil",
        "contrôle",
        "valeur",
        "prix",
        "liste",
        "bac",
        "port",
    ],
    "th": ["ถิ่นกำเนิด", "หนังสือรับรอง", "พัสดุ", "เจ้าหน้าที่", "เคาน์เตอร์", "สมุด", "ภาพ", "ความเสี่ยง", "ราคา", "ตรวจสอบ"],
    "zh": ["原产地", "证书", "包裹", "关员", "班次", "柜台", "图像", "风险", "价格", "查验"],
    "ar": ["المنشأ", "شهادة", "طرد", "موظف", "نوبة", "شباك", "صورة", "مخاطر", "سعر", "تفتيش"],
}
QUERIES = ("", "origin", "certificate of origin parcel", "ถิ่นกำเนิด", "原产地证书", "المنشأ", "quxword", "list&topic=ORI", "&like={member}")


def _text(chance: random.Random, language: str, words: int) -> str:
    between = "" if language in ("th", "zh") else " "
    made = [chance.choice(WORDS[language]) for _ in range(words)]
    if language in ("en", "fr"):
        made += [f"{chance.choice('bcdfgklmnprst')}{chance.choice('aeiou')}{chance.randrange(4000)}" for _ in range(words // 8)]
    return between.join(made)


def fill(chance: random.Random) -> None:
    """Copies of a published practice with other words, topics, Members and languages, by bulk, and their words in the index."""
    model = Practice.objects.filter(state="published").first()
    assert model
    topics = list(Practice.objects.values_list("topic_id", flat=True).distinct())
    places = list(Practice.objects.values_list("place_id", flat=True).distinct())
    with writing():
        for first in range(0, PRACTICES, 500):
            batch, texts = [], []
            for _ in range(first, min(first + 500, PRACTICES)):
                language = chance.choice(["en", "en", "en", "fr", "th", "zh", "ar"])
                values: dict[str, Any] = {f.attname: getattr(model, f.attname) for f in model._meta.concrete_fields if f.name != "id"}
                values |= {"uuid": uuid.uuid4(), "language": language, "item_id": None, "activity_id": None, "used": chance.randrange(4)}
                values |= {"topic_id": chance.choice(topics), "place_id": chance.choice(places), "state": "published", "sight": "public"}
                values["published_at"] = now() - timedelta(days=chance.randrange(1500))
                told = {"title": _text(chance, language, 5)[:200], **{name: _text(chance, language, 25) for name in PARTS}}
                batch.append(Practice(**values | told))
                texts.append(told)
            Practice.objects.bulk_create(batch)
            write({practice.pk: [told] for practice, told in zip(batch, texts, strict=True)})


def main() -> None:
    """Fill, measure, print a table."""
    _prepare()
    if not demo.is_made():
        demo.make(at=now())
    if Practice.objects.count() < PRACTICES:
        fill(random.Random(1))  # noqa: S311
        with connection.cursor() as cursor:
            # As the database does by itself before long.
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    member = Practice.objects.filter(place__code="ATN").select_related("place")[0].place.uuid
    counts = f"{Practice.objects.count():,} practices, {Token.objects.count():,} tokens, {Mention.objects.count():,} mentions"
    print(f"{connection.vendor}, {counts}; medians of 15\n")
    print("| words | found | search ms | page with counts ms | queries | kB compressed |\n|---|---:|---:|---:|---:|---:|")
    browser = _browser("coordinator")
    reader = principal_for(Person.objects.get(email="coordinator@practice.example"), now())
    for query in QUERIES:
        wish = Wish(query.partition("&")[0])
        alone, n = _searched(reader, wish)
        taken, queries, weight = _measure(browser, f"/knowledge/?q={query.format(member=member)}")
        shown = query.partition("=")[0] if "&" in query else query
        print(f"| `{shown}` | {n:,} | {alone:.0f} | {taken:.0f} | {queries} | {weight / 1000:.1f} |", flush=True)


def _searched(reader: Any, wish: Wish) -> tuple[float, int]:
    """(median milliseconds to the keys of the first twenty, how many there are in all)."""
    times = []
    for _ in range(15):
        begun = time.perf_counter()
        found = find(reader, wish)
        list(best(found).values_list("pk", flat=True)[:20])
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000, found.practices.count()


if __name__ == "__main__":
    main()
