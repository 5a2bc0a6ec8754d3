"""What the record store contributes: its pages, matching and retention, practice statements, and a person's own records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from django.apps import apps
from django.urls import reverse

from entrepot.kernel.offers import DemoMaker, Hit, NavOffer, Offers, PersonData, RecurringJob, Section, Switchable
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Text, gettext_noop

from .actions import people
from .demo import make, remove
from .models import Agent, Document, Statement
from .showing import found_activities

COUNTERS = (Role.HEAD, Role.PROGRAMME_MANAGER, Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR, Role.CENTRE_MANAGER)
READERS = (Role.NATIONAL_COORDINATOR, Role.CENTRE_MANAGER)


def reads(principal: Principal) -> bool:
    """Whether the principal reads the statements of some place."""
    return bool(principal.reaches(*READERS))


def counts(principal: Principal) -> bool:
    """Whether the principal sees what clients bring."""
    return bool(principal.reaches(*COUNTERS))


def _learns(principal: Principal) -> bool:
    return bool(principal.person_id)


def _found(principal: Principal, words: str, limit: int) -> Iterable[Hit]:
    if reads(principal):
        for activity in found_activities(principal, words, limit):
            href = f"{reverse('records:stream')}?activity={activity.key}&store={activity.store_id}"
            yield Hit(activity.title, href, Text(gettext_noop("Recorded activity")), activity.place, activity.invented)


def _export(person_id: int) -> Mapping[str, Any]:
    """All that is recorded of a person: their statements in every store, byte by byte, and what programs noted for them."""
    statements: list[Any] = []
    documents: list[Any] = []
    for agent in Agent.objects.filter(person_id=person_id).order_by("pk"):
        mine = Statement.objects.filter(store_id=agent.store_id, actor=agent.key).order_by("position")
        statements += [msgspec.Raw(bytes(raw)) for raw in mine.values_list("raw", flat=True).iterator(chunk_size=1000)]
        noted = Document.objects.filter(store_id=agent.store_id, agent=agent.key).order_by("pk")
        documents += [{"kind": d.kind, "name": d.name, "updated_at": d.updated_at, "bytes": len(bytes(d.content))} for d in noted]
    return {"statements": statements, "documents": documents}


_TABLES = frozenset(model._meta.label for model in apps.get_app_config("records").get_models())
"""What identifies an actor, a verb or an activity is no text to take a name out of: actors are taken out as who they are."""


OFFERS = Offers(
    nav=[
        NavOffer(Section.LEARN, gettext_noop("Your records"), "records:mine", _learns, order=60),
        NavOffer(Section.LEARN, gettext_noop("What arrives"), "records:stream", reads, order=70),
        NavOffer(Section.LEARN, gettext_noop("Record volumes"), "records:volumes", counts, order=75),
        NavOffer(Section.LEARN, gettext_noop("Record keys"), "records:keys", counts, order=80),
    ],
    search=[_found],
    jobs=[
        RecurringJob("records.match", timedelta(minutes=5), "records.match"),
        RecurringJob("records.retain", timedelta(days=1), "records.retain"),
    ],
    demo=[DemoMaker(60, remove, make)],
    switches=[Switchable("records", gettext_noop("Learning records of your people (xAPI)"), frozenset({"records"}))],
    person=PersonData(_export, people.erase, people.move, _TABLES, people.hold_stores),
)
