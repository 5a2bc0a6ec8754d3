"""The offers of every app, gathered once."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from entrepot.desk.rest import repeats
from entrepot.ground.people.api import sweep
from entrepot.kernel.offers import DemoMaker, NoticeKind, Offers, PersonData, RecurringJob, Section, Switchable
from entrepot.kernel.principals import Principal

APPS = (
    "entrepot.ground.journal",
    "entrepot.ground.work",
    "entrepot.ground.limits",
    "entrepot.ground.region",
    "entrepot.ground.people",
    "entrepot.ground.access",
    "entrepot.ground.documents",
    "entrepot.ground.notices",
    "entrepot.ground.indicators",
    "entrepot.capacity.competencies",
    "entrepot.capacity.needs",
    "entrepot.capacity.training",
    "entrepot.capacity.records",
    "entrepot.capacity.credentials",
    "entrepot.capacity.evaluation",
    "entrepot.capacity.impact",
    "entrepot.capacity.knowledge",
    "entrepot.capacity.publications",
    "entrepot.capacity.reporting",
    "entrepot.capacity.community",
)


@cache
def offers() -> tuple[Offers, ...]:
    """What each app offers, in the order of storeys."""
    return tuple(importlib.import_module(f"{app}.offers").OFFERS for app in APPS)


def jobs() -> list[RecurringJob]:
    """All recurring jobs."""
    return [*(job for offer in offers() for job in offer.jobs), RecurringJob("desk.clear", timedelta(hours=6), "desk.clear")]


def load_packs(*, at: datetime) -> None:
    """Load what each app needs before anyone works."""
    for offer in offers():
        for load in offer.packs:
            load(at=at)


def makers() -> list[DemoMaker]:
    """The makers of the practice pack, in their order."""
    return sorted((maker for offer in offers() for maker in offer.demo), key=lambda maker: maker.order)


def switches() -> dict[str, Switchable]:
    """The modules that a Member may switch off, by code."""
    return {switch.code: switch for offer in offers() for switch in offer.switches}


def closed_to(principal: Principal, room: str) -> Switchable | None:
    """The module that the principal's Member has switched off to which this room (a namespace of addresses) belongs, if any."""
    if not principal.off:
        return None
    return next((one for one in switches().values() if one.code in principal.off and room in one.routes), None)


def notice_kinds() -> list[NoticeKind]:
    """The kinds of notice that are sent."""
    return [kind for offer in offers() for kind in offer.notices]


def extras(name: str) -> list[Any]:
    """What apps offer under a name that two of them have agreed on, in the order of storeys."""
    return [offer.extra[name] for offer in offers() if name in offer.extra]


def routers() -> Iterator[tuple[str, Any]]:
    """(prefix, router) of the apps that bring routes of their own for /api/v1."""
    for offer in offers():
        for prefix, dotted in offer.rest:
            module, _, name = dotted.rpartition(".")
            yield prefix, getattr(importlib.import_module(module), name)


def person_data() -> Iterator[tuple[str, PersonData]]:
    """(app, what it does with one person's data), for each app that holds any."""
    for app, offer in zip(APPS, offers(), strict=True):
        if offer.person:
            yield app.rsplit(".", 1)[-1], offer.person


def erasers() -> list[Callable[[int, datetime], None]]:
    """What erases a person in every room, and after them what takes their name out of every text."""
    rooms = [data for _, data in person_data()]
    apart = frozenset().union(*(data.sweeps for data in rooms))
    return [*(data.erase for data in rooms), repeats.forget, partial(sweep, but=apart)]


def movers() -> list[Callable[[int, int, datetime], None]]:
    """What moves all that one record of a person has to another, in every room."""
    return [data.merge for _, data in person_data()]


def readiers() -> list[Callable[[Collection[int]], None]]:
    """What takes the locks of the rooms before people are held."""
    return [data.before for _, data in person_data() if data.before]


def navigation(principal: Principal) -> dict[Section, list[tuple[str, str]]]:
    """(title, route) of the pages that this principal may open, by section."""
    found: dict[Section, list[tuple[str, str]]] = {}
    items = sorted((item for offer in offers() for item in offer.nav), key=lambda item: (item.section, item.order))
    for item in items:
        if not closed_to(principal, item.route.partition(":")[0]) and item.shown(principal):
            found.setdefault(item.section, []).append((item.title, item.route))
    return found


def call_all(kind: str, principal: Principal, *arguments: Any) -> Iterator[Any]:
    """Everything that the offers of one kind (work, search, calendar) answer the principal; rooms that are switched off answer nothing."""
    for app, offer in zip(APPS, offers(), strict=True):
        if closed_to(principal, app.rsplit(".", 1)[-1]):
            continue
        for source in getattr(offer, kind):
            yield from source(principal, *arguments)
