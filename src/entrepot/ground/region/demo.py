"""The practice region: a dozen invented Members of different size, language and connectivity, with centres and bodies."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from entrepot.ground.keeping.api import writing
from entrepot.kernel.periods import ImpreciseDate
from entrepot.kernel.principals import SYSTEM

from .actions import add_facility, add_place, date_fact
from .enums import PlaceKind, StandingKind
from .models import Facility, Place, Standing

REGION = "PX"
GROUPS = (("ISLES", "Outer isles"), ("SHORE", "Long shore"), ("HEIGHTS", "The heights"))
# code, name, group, languages, zone, line, tile, offices
MEMBERS: tuple[tuple[str, str, str, tuple[str, ...], str, str, tuple[int, int], tuple[str, ...]], ...] = (
    ("ATN", "Atoll North Customs", "ISLES", ("en", "to"), "Pacific/Tongatapu", "patchy", (6, 1), ("Lagoon Wharf",)),
    ("ATS", "Atoll South Customs", "ISLES", ("en", "fr"), "Pacific/Efate", "patchy", (7, 2), ("South Jetty",)),
    ("LAG", "Lagoon Customs", "ISLES", ("en", "fj"), "Pacific/Fiji", "slow", (6, 2), ("Reef Port", "Inner Airfield")),
    ("REEF", "Reef Republic Customs", "ISLES", ("en", "pt"), "Asia/Dili", "slow", (5, 2), ("West Anchorage",)),
    ("SAG", "Sagara Customs", "SHORE", ("id", "en"), "Asia/Jakarta", "fast", (3, 3), ("Sagara Harbour", "Sagara Airport", "Parcel Hall")),
    ("MERI", "Meridian Customs", "SHORE", ("ko", "en"), "Asia/Seoul", "fast", (5, 3), ("Meridian Port", "Meridian Post")),
    ("KALA", "Kala Customs", "SHORE", ("th", "en"), "Asia/Bangkok", "fast", (4, 3), ("Kala Bridge", "Kala Airport")),
    ("DELT", "Delta Customs", "SHORE", ("bn", "en"), "Asia/Dhaka", "slow", (3, 4), ("Delta Mouth", "Inland Depot")),
    ("KARS", "Karst Customs", "HEIGHTS", ("lo", "en"), "Asia/Vientiane", "slow", (4, 2), ("Cave Road",)),
    ("HIGH", "Highpass Customs", "HEIGHTS", ("dz", "en"), "Asia/Thimphu", "patchy", (2, 2), ("Upper Gate",)),
    ("STEP", "Steppe Customs", "HEIGHTS", ("mn", "en"), "Asia/Ulaanbaatar", "slow", (3, 1), ("Railhead", "Salt Crossing")),
    ("ORCH", "Orchard Customs", "HEIGHTS", ("ur", "en"), "Asia/Karachi", "slow", (1, 2), ("Orchard Dry Port",)),
)
CENTRES = (
    ("RTC-SAG", "Sagara Training Centre", "SAG", "Sagara", (("Auditorium", 120), ("Parcel line mock-up", 16)), "accredited"),
    ("RTC-MERI", "Meridian Training Centre", "MERI", "Meridian", (("Image room", 24), ("Container yard", 30)), "accredited"),
    ("RTC-LAG", "Lagoon Training Centre", "LAG", "Reef Town", (("Open classroom", 20),), "applicant"),
)
BODIES = (
    ("LAB-KALA", PlaceKind.LABORATORY, "Kala Customs Laboratory", "KALA", "Kala", ("Spectrometer bench", 6)),
    ("DOG-STEP", PlaceKind.DOG_CENTRE, "Steppe Detector Dog Centre", "STEP", "Railhead", ("Scent hall", 10)),
)


def make(*, at: datetime, seed: int, people: int) -> None:
    """Make the practice region, all of it marked invented. `seed` and `people` do not matter here."""
    del seed, people
    who: dict[str, Any] = {"by": SYSTEM, "at": at, "invented": True}
    region = add_place(**who, code=REGION, kind=PlaceKind.REGION, name="Practice region")
    groups = {code: add_place(**who, code=code, kind=PlaceKind.SUB_REGION, name=name, parent=region) for code, name in GROUPS}
    start = ImpreciseDate((at - timedelta(days=2000)).date())
    members: dict[str, Place] = {}
    for code, name, group, languages, zone, line, (column, row), offices in MEMBERS:
        details: dict[str, Any] = {
            "languages": list(languages),
            "time_zone": zone,
            "connectivity": line,
            "tile_column": column,
            "tile_row": row,
        }
        member = members[code] = add_place(**who, code=code, kind=PlaceKind.MEMBER, name=name, parent=groups[group], **details)
        date_fact(by=SYSTEM, at=at, kind=StandingKind.MEMBERSHIP, place=member, since=start)
        for number, office in enumerate(offices, 1):
            add_place(**who, code=f"{code}-{number}", kind=PlaceKind.OFFICE, name=office, parent=member, time_zone=zone)
    add_place(**who, code="PX-RO", kind=PlaceKind.REGIONAL_OFFICE, name="Practice regional office", parent=region, time_zone="Asia/Bangkok")
    add_place(**who, code="PX-LO", kind=PlaceKind.LIAISON_OFFICE, name="Practice liaison office", parent=region)
    add_place(**who, code="PX-FUND", kind=PlaceKind.PARTNER, name="Practice partner fund", parent=region)
    for code, name, host, city, rooms, status in CENTRES:
        centre = add_place(**who, code=code, kind=PlaceKind.CENTRE, name=name, parent=region, city=city, time_zone=members[host].time_zone)
        date_fact(by=SYSTEM, at=at, kind=StandingKind.HOST, place=centre, since=start, other=members[host])
        date_fact(by=SYSTEM, at=at, kind=StandingKind.STATUS, place=centre, since=start, status=status)
        for room, seats in rooms:
            add_facility(by=SYSTEM, at=at, place=centre, name=room, seats=seats)
    for code, kind, name, host, city, (room, seats) in BODIES:
        body = add_place(**who, code=code, kind=kind, name=name, parent=region, city=city, time_zone=members[host].time_zone)
        date_fact(by=SYSTEM, at=at, kind=StandingKind.HOST, place=body, since=start, other=members[host])
        add_facility(by=SYSTEM, at=at, place=body, name=room, seats=seats)
    past = ImpreciseDate((at - timedelta(days=900)).date())
    handover = ImpreciseDate((at - timedelta(days=170)).date())
    date_fact(by=SYSTEM, at=at, kind=StandingKind.VICE_CHAIR, place=members["MERI"], since=past, until=handover, other=region)
    date_fact(by=SYSTEM, at=at, kind=StandingKind.VICE_CHAIR, place=members["KALA"], since=handover, other=region)


def remove() -> None:
    """Take every invented place out again. The journal keeps that they were there."""
    with writing():
        Standing.objects.filter(place__invented=True).delete()
        Facility.objects.filter(place__invented=True).delete()
        for kind in (PlaceKind.OFFICE, PlaceKind.MEMBER, None):
            found = Place.objects.filter(invented=True).exclude(kind__in=[PlaceKind.REGION, PlaceKind.SUB_REGION])
            (found.filter(kind=kind) if kind else found).delete()
        Place.objects.filter(invented=True, kind=PlaceKind.SUB_REGION).delete()
        Place.objects.filter(invented=True, kind=PlaceKind.REGION).delete()
