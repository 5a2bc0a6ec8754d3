"""Statements of the practice region: a month of learning by its invented officers, on the platform, on phones, in a simulator."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, timedelta
from typing import Any

import msgspec

from entrepot.ground.keeping.api import writing
from entrepot.ground.people.api import person_rules
from entrepot.ground.region.api import find
from entrepot.kernel.principals import SYSTEM

from .actions import naming
from .actions.keys import make_key
from .actions.people import match_these
from .actions.statements import keep, prepare
from .core import Identity, check
from .core.identities import as_agent
from .models import Activity, Agent, Attachment, Document, Identifier, Key, Mark, PersonIdentity, Relay, Statement, Store, Verb, Volume
from .queries import client_of, site

CLIENTS = (("ATN", "Learning platform"), ("ATN", "Phone app"), ("RTC-SAG", "Container simulator"), ("HIGH", "Learning platform"))
UNITS = ("Rules of origin", "Reading an X-ray image", "Risk indicators", "Valuation methods", "Dangerous goods")
VERBS = (("completed", 5), ("passed", 3), ("failed", 1), ("experienced", 6), ("answered", 4))
HOME = "https://learn.practice.example"


def make(*, at: datetime, seed: int = 7, **_: Any) -> None:
    """Make keys and a month of statements, through the same doors as everyone's."""
    chance = random.Random(seed)  # noqa: S311  (the same practice every time)
    officers = {place: _officers(place) for place in ("ATN", "HIGH")}
    for number, (code, name) in enumerate(CLIENTS):
        place = find(code, region="PX/")
        key = make_key(by=SYSTEM, at=at, place=place, name=name).key
        who = officers.get(code) or officers["ATN"] + officers["HIGH"]
        values = [_statement(chance, who, at, name) for _ in range(40)]
        for value in values:
            check(value)
        incoming = [prepare(msgspec.json.encode(value), value, edition=2) for value in values]
        keep(key=client_of(key), at=at - timedelta(days=number), incoming=incoming)
    match_these(person for some in officers.values() for person in some)


def _officers(code: str) -> list[Any]:
    home = find(code, region="PX/").lineage
    people = person_rules.visible_to(SYSTEM).filter(home__lineage__under=home, erased_at__isnull=True)
    return list(people.order_by("pk")[:12])


def _statement(chance: random.Random, who: list[Any], at: datetime, client: str) -> dict[str, Any]:
    verb = chance.choices([name for name, _ in VERBS], [weight for _, weight in VERBS])[0]
    unit = chance.randrange(len(UNITS))
    person = chance.choice(who)
    score = chance.randrange(70, 101) if verb == "passed" else chance.randrange(20, 70)
    when = at - timedelta(minutes=chance.randrange(60 * 24 * 30))
    return {
        "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "actor": {**as_agent(Identity("account", f"{site()} {person.uuid}")), "name": person.full_name},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}", "display": {"en": verb}},
        "object": {"id": f"{HOME}/units/{unit}", "definition": {"name": {"en": UNITS[unit]}}},
        **({"result": {"score": {"scaled": score / 100}, "success": verb == "passed"}} if verb in ("passed", "failed") else {}),
        "context": {"platform": client, "contextActivities": {"parent": [{"id": f"{HOME}/courses/{unit // 2}"}]}},
        "timestamp": when.isoformat(timespec="seconds").replace("+00:00", "Z"),
    }


def remove() -> None:
    """Take every practice store out again."""
    stores = Store.objects.filter(place__invented=True)
    keys = Key.objects.filter(store__in=stores)
    with writing():
        for model in (Statement, Mark, Identifier, Attachment, Document, Agent, Activity, Verb):
            model._default_manager.filter(store_id__in=list(stores.values_list("pk", flat=True))).delete()  # type: ignore[attr-defined]
        PersonIdentity.objects.filter(person__home__invented=True).delete()
        Volume.objects.filter(key__in=keys).delete()
        Relay.objects.filter(store__in=stores).delete()
        keys.delete()
        stores.delete()
    naming.forget()
