"""The journal, for those who may read it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from entrepot.ground.keeping.api import page
from entrepot.kernel.errors import NotFound
from entrepot.shell.tables import as_table

from ..models import Entry
from ..rules import entry_rules


@require_GET
def entries(request: Any) -> HttpResponse:
    """Entries, latest first: by the moment of the act, which is sealed, as the number of a row is not."""
    if not request.principal.is_known:
        raise NotFound
    found = entry_rules.visible_to(request.principal)
    verb = request.GET.get("verb", "").strip()[:80]
    if verb:
        found = found.filter(verb=verb)
    shown = page(found, by="at", cursor=request.GET.get("cursor", ""), descending=True)
    return render(request, "journal/entries.html", {"page": shown, "verb": verb})


@require_GET
def entry(request: Any, uuid: UUID) -> HttpResponse:
    """One entry: all that it holds, where it stands in the chain, and what else was done to the same thing."""
    mine = entry_rules.visible_to(request.principal)
    found = mine.filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    others = mine.filter(thing_uuid=found.thing_uuid).exclude(pk=found.pk).order_by("-at", "-id")[:20]
    return render(request, "journal/entry.html", {"entry": found, "facts": sorted(found.facts.items()), "others": others})


@require_GET
def table(request: Any) -> HttpResponse:
    """The latest ten thousand entries as a table for spreadsheets."""
    if not request.principal.is_known:
        raise NotFound
    titles = ["at", "by_kind", "by", "verb", "thing_kind", "thing", "place", "facts", "position", "seal"]
    latest = entry_rules.visible_to(request.principal).order_by("-at", "-id")[:10_000]
    return as_table("csv", "journal", titles, (_row(entry) for entry in latest.iterator(chunk_size=1000)))


def _row(entry: Entry) -> list[Any]:
    facts = json.dumps(entry.facts, sort_keys=True, ensure_ascii=False)
    who = [entry.at, entry.by_kind, entry.by_uuid, entry.verb]
    return [*who, entry.thing_kind, entry.thing_uuid, entry.place, facts, entry.position or "", entry.seal]
