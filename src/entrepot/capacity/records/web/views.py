"""The record store's pages: what arrives, a statement in words, transcripts, volumes."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from entrepot.ground.people.api import person_rules
from entrepot.kernel.errors import NotFound
from entrepot.kernel.roles import Role
from entrepot.shell.charts import Chart, Series, drawn

from .. import queries, showing
from ..core import read_json
from ..core.saying import told
from ..models import Activity, Agent
from ..offers import counts, reads

LONGEST_SHOWN = 100_000
"""Bytes of a statement that its page shows."""


def _languages() -> list[str]:
    return [get_language() or "en", "en"]


def _number(text: str) -> int | None:
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 20 else None


@require_GET
def stream(request: Any) -> HttpResponse:
    """What arrives in a store, latest first; the page asks again by itself."""
    if not reads(request.principal):
        raise NotFound
    stores = showing.stores(request.principal)
    store = next((one for one in stores if str(one.pk) == request.GET.get("store", "")), stores[0] if stores else None)
    words = request.GET.get("q", "").strip()[:100]
    activity, after = _number(request.GET.get("activity", "")), _number(request.GET.get("after", ""))
    found = showing.Lines([], None)
    if store:
        found = showing.stream(request.principal, store, languages=_languages(), words=words, activity=activity, after=after)
    about = Activity.objects.filter(store=store, key=activity).first() if activity is not None else None
    context = {
        "stores": stores,
        "store": store,
        "words": words,
        "activity": activity,
        "about": showing.title_of(about) if about else "",
        "found": found,
        "live": after is None,
        "now": request.at,
    }
    return render(request, "records/_lines.html" if request.htmx else "records/stream.html", context)


def _transcript(request: Any, person: Any) -> HttpResponse:
    start = _number(request.GET.get("start", "0")) or 0
    rows, more = showing.transcript_page(request.principal, person.pk, languages=_languages(), start=max(0, min(start, 1_000_000)))
    context = {
        "person": person,
        "rows": rows,
        "next": start + len(rows) if more else None,
        "own": person.pk == request.principal.person_id,
    }
    return render(request, "records/transcript.html", context)


@require_GET
def mine(request: Any) -> HttpResponse:
    """One's own transcript, from every store."""
    if not request.principal.person_id:
        raise NotFound
    return _transcript(request, request.user)


@require_GET
def person(request: Any, uuid: UUID) -> HttpResponse:
    """A person's transcript, for their own administration."""
    found = person_rules.visible_to(request.principal).select_related("home").filter(uuid=uuid).first()
    if found is None or not (found.pk == request.principal.person_id or _answers_for(request.principal, found)):
        raise NotFound
    return _transcript(request, found)


def _answers_for(principal: Any, person: Any) -> bool:
    return reads(principal) and principal.holds(Role.NATIONAL_COORDINATOR, over=person.home.lineage)


@require_GET
def statement(request: Any, uuid: UUID) -> HttpResponse:
    """One statement: in words, what it says, and as it came."""
    found = showing.statement(request.principal, uuid) if request.principal.is_known else None
    if found is None:
        raise NotFound
    value = read_json(bytes(found.raw))
    agent = Agent.objects.filter(store_id=found.store_id, key=found.actor).select_related("person").first()
    known = agent.person if agent and agent.person and person_rules.may(request.principal, "view", agent.person) else None
    context = {
        "statement": found,
        "words": told(value, _languages()),
        "outcome": showing.outcome_of_page(value),
        "facts": showing.facts_of_page(value),
        "verb": value["verb"]["id"],
        "object": value["object"].get("id", ""),
        "person": known,
        "raw": _legible(bytes(found.raw), value),
        "reads": reads(request.principal),
    }
    return render(request, "records/statement.html", context)


def _legible(raw: bytes, value: Any) -> str:
    """A statement as it came, set in lines; of a long one the beginning as it stands, as lines can make it fifty times as long."""
    if len(raw) > LONGEST_SHOWN:
        return raw[:LONGEST_SHOWN].decode("utf-8", "ignore") + " …"
    return json.dumps(value, indent=2, ensure_ascii=False)


@require_GET
def volumes(request: Any) -> HttpResponse:
    """How much each client brings: counts only, nobody's results."""
    if not counts(request.principal):
        raise NotFound
    days = {"7": 7, "30": 30, "365": 365}.get(request.GET.get("days", ""), 30)
    end = request.at.date() + timedelta(days=1)
    start = end - timedelta(days=days)
    rows = queries.volumes(request.principal, start, end)
    places: dict[str, int] = {}
    for row in rows:
        places[row.key.store.place.name] = places.get(row.key.store.place.name, 0) + row.statements
    context = {
        "chart": _by_day(request.principal, start, end) if rows else "",
        "rows": rows,
        "most": max((row.statements for row in rows), default=1),
        "places": sorted(places.items(), key=lambda item: (-item[1], item[0])),
        "most_place": max(places.values(), default=1),
        "total": sum(places.values()),
        "days": days,
        "start": start,
        "last": request.at.date(),
        "choices": (7, 30, 365),
    }
    return render(request, "records/volumes.html", context)


def _by_day(principal: Any, start: date, end: date) -> str:
    """What arrived on each day, or in each week of a long stretch, as a picture."""
    counted = queries.by_day(principal, start, end)
    step = 1 if (end - start).days <= 31 else 7
    days = [start + timedelta(days=at) for at in range(0, (end - start).days, step)]
    values = [float(sum(counted.get(day + timedelta(days=at), 0) for at in range(step))) for day in days]
    peak = max(range(len(days)), key=values.__getitem__)
    said = gettext("Most arrived on %(day)s: %(n)s.") if step == 1 else gettext("Most arrived in the week from %(day)s: %(n)s.")
    chart = Chart(
        title=gettext("Statements a day") if step == 1 else gettext("Statements a week"),
        said=said % {"day": date_format(days[peak], "j F Y"), "n": f"{values[peak]:.0f}"},
        ticks=[date_format(day, "j M") for day in days],
        series=[Series(gettext("Statements"), values)],
        levels=[(0.0, "")],
    )
    return drawn(chart, "by-day")
