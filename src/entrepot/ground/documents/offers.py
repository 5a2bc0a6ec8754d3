"""What `documents` contributes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from entrepot.ground.people.api import person_rules
from entrepot.kernel.offers import DemoMaker, Hit, NavOffer, Offers, PersonData, RecurringJob, Section
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import Text, gettext_noop
from entrepot.shell.papers import forget_prints

from .actions import forget_about
from .demo import make, remove
from .models import Document
from .queries import current
from .rules import document_rules


def _uuid(person_id: int) -> UUID:
    return person_rules.visible_to(SYSTEM).values_list("uuid", flat=True).get(pk=person_id)


def _export(person_id: int) -> Mapping[str, Any]:
    uuid = _uuid(person_id)
    kept = Document.objects.filter(kept_by=uuid) | Document.objects.filter(about=uuid)
    names = ("uuid", "title", "name", "media_type", "size", "kept_at", "retired_at")
    return {"documents": list(kept.order_by("id").values(*names))}


def _erase(person_id: int, at: datetime) -> None:
    forget_about(_uuid(person_id), at)
    transaction.on_commit(forget_prints)


def _merge(dropped: int, kept: int, _at: datetime) -> None:
    before, after = _uuid(dropped), _uuid(kept)
    Document.objects.filter(about=before).update(about=after)
    Document.objects.filter(kept_by=before).update(kept_by=after)


def _found(principal: Principal, words: str, limit: int) -> Iterable[Hit]:
    found = current(document_rules.visible_to(principal)).filter(title__icontains=words).select_related("place").order_by("title")
    for document in found[:limit]:
        href = reverse("documents:document", args=[document.uuid])
        yield Hit(document.title, href, Text(gettext_noop("Document")), document.place.name, document.place.invented)


def _anyone(_principal: Principal) -> bool:
    return True


OFFERS = Offers(
    nav=[NavOffer(Section.KNOWLEDGE, gettext_noop("Documents"), "documents:documents", _anyone, order=90)],
    search=[_found],
    jobs=[RecurringJob("documents.sweep", timedelta(days=1), "documents.sweep")],
    demo=[DemoMaker(40, remove, make)],
    rest=[("", "entrepot.ground.documents.rest.router")],
    person=PersonData(_export, _erase, _merge),
)
