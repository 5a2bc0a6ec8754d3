"""Keeping the region: places, and dated facts about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Conflict, Invalid
from entrepot.kernel.lineages import lineage, region_of
from entrepot.kernel.periods import ImpreciseDate, Period
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .enums import EventKind, PlaceKind, StandingKind
from .models import Event, Facility, Place, Source, Standing
from .rules import place_rules

EDITABLE = frozenset({"name", "names", "city", "institute", "languages", "specialities", "time_zone", "connectivity"})
_UNDER = {
    PlaceKind.SUB_REGION: {PlaceKind.REGION},
    PlaceKind.MEMBER: {PlaceKind.SUB_REGION, PlaceKind.REGION},
    PlaceKind.OFFICE: {PlaceKind.MEMBER, PlaceKind.OFFICE},
}


class OverlappingStanding(Conflict):
    """Two dated facts of one kind about one thing cover the same day."""

    code = "overlapping-period"
    message = gettext_noop("This overlaps what is recorded from %(from)s. End that first, or choose other dates.")


@action
def record_source(*, by: Principal, at: datetime, code: str, title: str, publisher: str = "", address: str = "", dated: str = "") -> Source:
    """Record where facts were read; the same code again changes nothing."""
    found = Source.objects.filter(code=code).first()
    if found:
        nothing_done()
        return found
    source = Source.objects.create(code=code, title=title, publisher=publisher, address=address, dated=dated)
    append(by=by, at=at, verb="region.source.recorded", thing=source)
    return source


@action
def add_place(
    *,
    by: Principal,
    at: datetime,
    code: str,
    kind: PlaceKind,
    name: str,
    parent: Place | None = None,
    source: Source | None = None,
    invented: bool = False,
    **details: Any,
) -> Place:
    """Add a place under `parent` (None for a region). Raises `Invalid` for a bad code, a wrong parent, or a code already taken there."""
    if parent is not None:
        place_rules.require(by, "add under", parent)
    faults: dict[str, Text | str] = {}
    if not name.strip():
        faults["name"] = gettext_noop("A place needs a name.")
    allowed = _UNDER.get(kind, {PlaceKind.REGION})
    if (parent is None) != (kind == PlaceKind.REGION) or (parent and PlaceKind(parent.kind) not in allowed):
        faults["kind"] = gettext_noop("A place of this kind does not stand there.")
    line = lineage(parent.lineage if parent else "", code)
    if Place.objects.filter(code=code, lineage__under=region_of(line)).exists():
        faults["code"] = gettext_noop("This code is taken in the region.")
    if faults:
        raise Invalid(faults)
    place = Place.objects.create(
        code=code, kind=kind, name=name.strip(), parent=parent, lineage=line, source=source, invented=invented, **details
    )
    append(by=by, at=at, verb="region.place.added", thing=place, place=line, facts={"kind": kind, "code": code})
    return place


@action
def edit_place(*, by: Principal, at: datetime, uuid: UUID, values: Mapping[str, Any], version: int | None) -> Place:
    """Change a place's details. Raises `NotFound`, `NotAllowed`, `Invalid`, `StaleEdit`."""
    place = hold(place_rules.visible_to(by), uuid)
    place_rules.require(by, "edit", place)
    unknown = set(values) - EDITABLE
    if unknown:
        raise Invalid({name: gettext_noop("This cannot be changed here.") for name in unknown})
    unfit = [name for name, value in values.items() if isinstance(value, str) and any(ord(char) < 32 for char in value)]
    if unfit:
        raise Invalid({name: gettext_noop("Write this on one line, without control characters.") for name in unfit})
    if not str(values.get("name", place.name)).strip():
        raise Invalid({"name": gettext_noop("A place needs a name.")})
    changed = change(place, values, version=version)
    if changed:
        append(by=by, at=at, verb="region.place.edited", thing=place, place=place.lineage, facts={"fields": sorted(changed)})
    else:
        nothing_done()
    return place


@action
def add_facility(
    *, by: Principal, at: datetime, place: Place, name: str, seats: int | None = None, source: Source | None = None
) -> Facility:
    """Record a room or installation of a centre."""
    place_rules.require(by, "edit", place)
    if not name.strip() or Facility.objects.filter(place=place, name=name.strip()).exists():
        raise Invalid({"name": gettext_noop("Give the room a name that the place does not have yet.")})
    facility = Facility.objects.create(place=place, name=name.strip(), seats=seats, source=source)
    append(by=by, at=at, verb="region.facility.added", thing=facility, place=place.lineage)
    return facility


@action
def date_fact(
    *,
    by: Principal,
    at: datetime,
    kind: StandingKind,
    place: Place,
    since: ImpreciseDate,
    until: ImpreciseDate | None = None,
    other: Place | None = None,
    status: str = "",
    source: Source | None = None,
    seen_only: bool = False,
) -> Standing:
    """Record that something is true of a place from one day up to another. Raises `OverlappingStanding`, `Invalid`.

    A term of the Vice-Chair excludes other terms of that region; any other kind excludes itself for the place.
    """
    place_rules.require(by, "date", place)
    period = Period(since.on, until.on if until else None)
    Place.objects.select_for_update().get(pk=other.pk if kind is StandingKind.VICE_CHAIR and other else place.pk)
    rivals = Standing.objects.filter(kind=kind)
    rivals = rivals.filter(other=other) if kind is StandingKind.VICE_CHAIR else rivals.filter(place=place)
    for rival in rivals:
        if rival.period.overlaps(period):
            raise OverlappingStanding(**{"from": rival.since.text})
    standing = Standing.objects.create(
        kind=kind,
        place=place,
        other=other,
        status=status,
        from_on=since.on,
        from_precision=since.precision,
        to_on=period.end,
        to_precision=until.precision if until else "day",
        source=source,
        seen_only=seen_only,
    )
    facts = {
        "kind": kind,
        "from": since.text,
        "to": until.text if until else None,
        "status": status,
        "other": other.uuid if other else None,
    }
    append(by=by, at=at, verb="region.fact.dated", thing=standing, place=place.lineage, facts=facts)
    return standing


@action
def end_fact(*, by: Principal, at: datetime, standing: Standing, until: ImpreciseDate) -> Standing:
    """Say when something ceased, or will cease, to be true."""
    held = Standing.objects.select_for_update(of=("self",)).select_related("place").get(pk=standing.pk)
    place_rules.require(by, "date", held.place)
    Period(held.from_on, until.on)
    change(held, {"to_on": until.on, "to_precision": until.precision}, version=None)
    append(by=by, at=at, verb="region.fact.ended", thing=held, place=held.place.lineage, facts={"to": until.text})
    return held


@action
def hand_over_vice_chair(
    *, by: Principal, at: datetime, region: Place, member: Place, since: ImpreciseDate, source: Source | None = None
) -> Standing:
    """End the running term on the day the next one starts, and start it. Permissions follow by the dates alone."""
    place_rules.require(by, "date", region)
    Place.objects.select_for_update().get(pk=region.pk)
    running = Standing.objects.filter(kind=StandingKind.VICE_CHAIR, other=region, to_on__isnull=True).select_related("place").first()
    if running:
        end_fact(by=by, at=at, standing=running, until=since)
    return date_fact(by=by, at=at, kind=StandingKind.VICE_CHAIR, place=member, since=since, other=region, source=source)


@action
def record_event(
    *, by: Principal, at: datetime, region: Place, title: str, kind: EventKind, since: ImpreciseDate, source: Source, **told: Any
) -> Event:
    """Record something of the region's past as a source tells it; the same again changes nothing."""
    place_rules.require(by, "date", region)
    found = Event.objects.filter(region=region, title=title, from_on=since.on).first()
    if found:
        nothing_done()
        return found
    Period(since.on, told.get("to_on"))
    event = Event.objects.create(
        region=region, title=title, kind=kind, from_on=since.on, from_precision=since.precision, source=source, **told
    )
    append(by=by, at=at, verb="region.event.recorded", thing=event, place=region.lineage, facts={"source": source.code})
    return event


def places_by_code(region: Place, codes: Sequence[str]) -> dict[str, Place]:
    """The places of `region` with these codes."""
    return {p.code: p for p in Place.objects.filter(lineage__under=region.lineage, code__in=codes)}
