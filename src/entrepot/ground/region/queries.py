"""Reading the region as it was, or will be, on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from entrepot.kernel.errors import NotFound
from entrepot.kernel.periods import Period

from .enums import CentreStatus, PlaceKind, StandingKind
from .models import Place, Standing

BODIES = (PlaceKind.REGIONAL_OFFICE, PlaceKind.LIAISON_OFFICE, PlaceKind.LABORATORY, PlaceKind.DOG_CENTRE)
"""What stands beside the Members and the training centres."""


def in_force(day: date, kind: StandingKind | None = None) -> QuerySet[Standing]:
    """The dated facts that hold on `day`."""
    found = Standing.objects.filter(Q(to_on__isnull=True) | Q(to_on__gt=day), from_on__lte=day)
    return found.filter(kind=kind) if kind else found


def find(code: str, *, region: str = "") -> Place:
    """The place with this code (in the region of this lineage, where several have one). Raises `NotFound`."""
    place = Place.objects.select_related("parent", "source").filter(code=code, lineage__under=region).order_by("lineage").first()
    if place is None:
        raise NotFound
    return place


def regions() -> list[Place]:
    """The regions, the real before the invented."""
    return list(Place.objects.filter(kind=PlaceKind.REGION).order_by("invented", "name"))


@dataclass(frozen=True, slots=True)
class Tile:
    """One Member on the map. `centres` are those it hosts in the network on that day; `applicant` means that it hosts one on its way in."""

    place: Place
    centres: tuple[Place, ...]
    vice_chair: bool


@dataclass(frozen=True, slots=True)
class Network:
    """The region on one day."""

    region: Place
    day: date
    tiles: tuple[Tile, ...]
    centres: tuple[Standing, ...]
    applicants: tuple[Standing, ...]
    bodies: tuple[Place, ...]
    vice_chair: Standing | None


def network(region: Place, day: date) -> Network:
    """Members, accredited centres and bodies of `region` on `day`, in three queries whatever their number."""
    facts = in_force(day).filter(place__lineage__under=region.lineage).select_related("place__parent", "source", "other")
    held: dict[str, list[Standing]] = {kind: [] for kind in StandingKind}
    for fact in facts.order_by("place__parent__name", "place__name", "id"):
        held[fact.kind].append(fact)
    members, hosts = held[StandingKind.MEMBERSHIP], held[StandingKind.HOST]
    statuses = sorted(held[StandingKind.STATUS], key=lambda status: status.place.name)
    accredited = tuple(s for s in statuses if s.status == CentreStatus.ACCREDITED)
    host_of = {h.place_id: h.other_id for h in hosts}
    hosted: dict[int, list[Place]] = {}
    for standing in accredited:
        member = host_of.get(standing.place_id)
        if member:
            hosted.setdefault(member, []).append(standing.place)
    chair = next((term for term in held[StandingKind.VICE_CHAIR] if term.other_id == region.pk), None)
    return Network(
        region=region,
        day=day,
        tiles=tuple(Tile(m.place, tuple(hosted.get(m.place_id, ())), bool(chair and chair.place_id == m.place_id)) for m in members),
        centres=accredited,
        applicants=tuple(s for s in statuses if s.status == CentreStatus.APPLICANT),
        bodies=tuple(
            Place.objects.filter(lineage__under=region.lineage, kind__in=BODIES)
            .prefetch_related(Prefetch("standings", in_force(day, StandingKind.HOST).select_related("other"), to_attr="hosts_on_day"))
            .order_by("name")
        ),
        vice_chair=chair,
    )


def vice_chair(region: Place, day: date) -> Standing | None:
    """The term that runs on `day`."""
    return in_force(day, StandingKind.VICE_CHAIR).filter(other=region).select_related("place", "source").first()


def terms(region: Place) -> QuerySet[Standing]:
    """All terms of the Vice-Chair, latest first."""
    return Standing.objects.filter(kind=StandingKind.VICE_CHAIR, other=region).select_related("place", "source").order_by("-from_on")


def terms_begun(member_id: int, day: date) -> list[Period]:
    """The periods for which a Member has held, or holds, the Vice-Chair, of those that had begun by `day`."""
    held = Standing.objects.filter(kind=StandingKind.VICE_CHAIR, place_id=member_id, from_on__lte=day)
    return [term.period for term in held]
