"""Writing a facts pack into the database, through the same actions that people use. Loading it again changes nothing."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from typing import Any

from entrepot.kernel.periods import ImpreciseDate
from entrepot.kernel.principals import SYSTEM

from ..actions import add_facility, add_place, date_fact, record_event, record_source
from ..core import read_pack, read_past
from ..enums import EventKind, PlaceKind, StandingKind
from ..models import Place, Source


def load_facts(*, at: datetime, name: str = "asia-pacific") -> Place:  # noqa: C901  (seven kinds of row, one short loop each)
    """Load the pack `name` unless its region is there already, and return the region."""
    pack = read_pack(files("entrepot.ground.region.facts").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    found = Place.objects.filter(kind=PlaceKind.REGION, code=pack.region["code"]).first()
    if found:
        return found
    who: dict[str, Any] = {"by": SYSTEM, "at": at}
    sources: dict[str, Source] = {row["code"]: record_source(**who, **row) for row in pack.sources}

    def place(row: dict[str, Any], kind: str, parent: Place | None, **details: Any) -> Place:
        return add_place(
            **who, code=row["code"], kind=PlaceKind(kind), name=row["name"], parent=parent, source=sources[row["source"]], **details
        )

    def fact(kind: StandingKind, about: Place, row: dict[str, Any], **more: Any) -> None:
        until = ImpreciseDate.parse(row["to"]) if row.get("to") else None
        since = ImpreciseDate.parse(row["from"])
        seen = bool(row.get("seen"))
        date_fact(**who, kind=kind, place=about, since=since, until=until, source=sources[row["source"]], seen_only=seen, **more)

    region = place(pack.region, PlaceKind.REGION, None)
    groups = {row["code"]: place(row, PlaceKind.SUB_REGION, region) for row in pack.sub_regions}
    members: dict[str, Place] = {}
    for row in pack.members:
        column, line = row["tile"]
        members[row["code"]] = place(row, PlaceKind.MEMBER, groups[row["sub_region"]], tile_column=column, tile_row=line)
        fact(StandingKind.MEMBERSHIP, members[row["code"]], row)
    for row in pack.bodies:
        body = place(row, row["kind"], region, city=row.get("city", ""))
        for host in row.get("host", []):
            fact(StandingKind.HOST, body, host, other=members[host["member"]])
    for row in pack.centres:
        centre = place(row, PlaceKind.CENTRE, region, city=row.get("city", ""), institute=row.get("institute", ""))
        for facility in row.get("facilities", []):
            add_facility(**who, place=centre, name=facility, source=sources[row["source"]])
        first = min(row["status"], key=lambda status: ImpreciseDate.parse(status["from"]).on)
        fact(StandingKind.HOST, centre, {**first, "to": ""}, other=members[row["host"]])
        for status in row["status"]:
            fact(StandingKind.STATUS, centre, status, status=status["status"])
    for row in pack.terms:
        fact(StandingKind.VICE_CHAIR, members[row["member"]], row, other=region)
    return region


def load_past(*, at: datetime, region: str = "AP", name: str = "past") -> None:
    """Load past events of a region that is there already; those that are recorded stay as they are."""
    found = Place.objects.filter(kind=PlaceKind.REGION, code=region).first()
    if found is None:
        return
    past = read_past(files("entrepot.ground.region.facts").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    who: dict[str, Any] = {"by": SYSTEM, "at": at}
    for row in past.sources:
        record_source(**who, **row)
    sources = {source.code: source for source in Source.objects.filter(code__in={row["source"] for row in past.events})}
    for row in past.events:
        told = {name: row[name] for name in ("city", "people", "administrations", "at_least") if name in row}
        until = ImpreciseDate.parse(row["to"]).on if row.get("to") else None
        since = ImpreciseDate.parse(row["from"])
        kind = EventKind(row["kind"])
        record_event(**who, region=found, title=row["title"], kind=kind, since=since, source=sources[row["source"]], to_on=until, **told)
