"""Statements for measuring and for practice: what officers of a region would send, the same for the same seed."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

VERBS = [
    ("http://adlnet.gov/expapi/verbs/completed", "completed", 30),
    ("http://adlnet.gov/expapi/verbs/experienced", "experienced", 40),
    ("http://adlnet.gov/expapi/verbs/answered", "answered", 60),
    ("http://adlnet.gov/expapi/verbs/passed", "passed", 12),
    ("http://adlnet.gov/expapi/verbs/failed", "failed", 4),
    ("http://adlnet.gov/expapi/verbs/initialized", "initialized", 15),
    ("http://adlnet.gov/expapi/verbs/terminated", "terminated", 15),
]
HOME = "https://learn.practice.example"


def actor(number: int) -> dict[str, Any]:
    """Officer `number`."""
    return {"objectType": "Agent", "name": f"Officer {number}", "account": {"homePage": HOME, "name": f"officer-{number}"}}


def activity(number: int) -> str:
    """The address of unit `number`."""
    return f"{HOME}/courses/{number // 20}/units/{number}"


def statements(seed: int, *, officers: int = 4000, units: int = 1200) -> Iterator[dict[str, Any]]:
    """Statements without end, about 950 bytes each."""
    chance = random.Random(seed)  # noqa: S311  (the same every time is what is wanted)
    at = datetime(2026, 1, 5, 8, tzinfo=UTC)
    kinds = [verb[:2] for verb in VERBS]
    weights = [verb[2] for verb in VERBS]
    while True:
        officer, unit = chance.randrange(officers), chance.randrange(units)
        verb, display = chance.choices(kinds, weights)[0]
        at += timedelta(milliseconds=chance.randrange(3000))
        yield {
            "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            "actor": actor(officer),
            "verb": {"id": verb, "display": {"en": display}},
            "object": {
                "objectType": "Activity",
                "id": activity(unit),
                "definition": {
                    "name": {"en": f"Unit {unit}"},
                    "description": {"en": "Preferential origin: reading a certificate"},
                    "type": "http://adlnet.gov/expapi/activities/module",
                },
            },
            "result": {
                "score": {"scaled": chance.randrange(101) / 100, "raw": chance.randrange(51), "min": 0, "max": 50},
                "success": chance.random() < 0.8,
                "completion": True,
                "duration": f"PT{chance.randrange(1, 40)}M{chance.randrange(60)}S",
            },
            "context": {
                "registration": str(uuid.UUID(int=officer * 1_000_003 + unit // 20, version=4)),
                "platform": "Entrepot",
                "language": "en",
                "contextActivities": {
                    "parent": [{"id": f"{HOME}/courses/{unit // 20}"}],
                    "grouping": [{"id": f"{HOME}/programmes/2026"}],
                },
            },
            "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }


def batches(seed: int, size: int, count: int) -> list[bytes]:
    """`count` request bodies of `size` statements each (one alone is no list)."""
    source = statements(seed)
    made = []
    for _ in range(count):
        some = [next(source) for _ in range(size)]
        made.append(json.dumps(some[0] if size == 1 else some).encode())
    return made
