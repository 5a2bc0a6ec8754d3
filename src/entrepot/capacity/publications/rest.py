"""Publications for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Router, Schema, Status

from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import NotFound

from . import actions
from .enums import Reach, SeriesKind
from .models import Edition, Publication
from .queries import sound
from .rules import edition_rules, publication_rules, series_rules

router = Router(tags=["publications"])
Title = Annotated[str, Field(max_length=200)]


class PublicationSeriesOut(Schema):
    """A series of publications."""

    uuid: UUID
    code: str
    kind: SeriesKind
    title: str
    about: str
    region: str


class SeriesIn(Schema):
    """A series to begin; `region` a uuid."""

    region: UUID
    code: Annotated[str, Field(max_length=40)]
    kind: SeriesKind
    title: Annotated[str, Field(max_length=120)]
    about: Annotated[str, Field(max_length=2000)] = ""


class EditionOut(Schema):
    """An edition: `superseded` by a later one or not, `sound` where it agrees with its digest."""

    ordinal: int
    language: str
    digest: str
    published_at: datetime
    change: str
    superseded: bool
    sound: bool


class PublicationOut(Schema):
    """A publication and its editions."""

    uuid: UUID
    version: int
    series: str
    number: int
    title: str
    reach: Reach
    published_at: datetime | None
    editions: list[EditionOut]


class EditionFull(EditionOut):
    """An edition with what it says, part by part."""

    head: dict[str, Any]
    parts: list[dict[str, Any]]


class PublicationIn(Schema):
    """A publication to compose; an annual's number is its year. `forewords` by language."""

    series: UUID
    title: Title
    forewords: Annotated[dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=12000)]], Field(max_length=40)]
    number: Annotated[int, Field(ge=1, le=9999)] | None = None
    reach: Reach = Reach.PUBLIC


class ComposeIn(Schema):
    """What is compiled; for the version that was read."""

    version: int
    title: Title
    forewords: Annotated[dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=12000)]], Field(max_length=40)]
    reach: Reach = Reach.PUBLIC
    practices: Annotated[list[UUID], Field(max_length=200)] = []
    activities: Annotated[list[UUID], Field(max_length=100)] = []


class PublishIn(Schema):
    """What changed from the edition before, where there is one."""

    change: Annotated[str, Field(max_length=2000)] = ""


class CountingIn(Schema):
    """Whose answers at which activity may be counted, or no longer; both uuids."""

    place: UUID
    activity: UUID
    let: bool = True


def _edition(edition: Edition, last: int) -> dict[str, Any]:
    names = ("ordinal", "language", "digest", "published_at", "change")
    return {**{name: getattr(edition, name) for name in names}, "superseded": edition.ordinal < last, "sound": sound(edition)}


def _publication(one: Publication) -> dict[str, Any]:
    editions = list(one.editions.all())
    last = max((edition.ordinal for edition in editions), default=0)
    names = ("uuid", "version", "number", "title", "reach", "published_at")
    told = [_edition(edition, last) for edition in sorted(editions, key=lambda e: (-e.ordinal, e.language))]
    return {**{name: getattr(one, name) for name in names}, "series": one.series.code, "editions": told}


def _one(request: Any, uuid: UUID) -> Publication:
    visible = publication_rules.visible_to(request.principal).select_related("series__region").prefetch_related("editions")
    found = visible.filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


@router.get("/series", response=list[PublicationSeriesOut], operation_id="list_publication_series", auth=None)
def list_series(request: Any) -> Any:
    """Every series."""
    found = series_rules.visible_to(request.principal).select_related("region").order_by("code")[:200]
    return [{**{n: getattr(s, n) for n in PublicationSeriesOut.model_fields if n != "region"}, "region": s.region.code} for s in found]


@router.post("/series", response={201: dict[str, str]}, operation_id="begin_publication_series")
def begin_series(request: Any, body: SeriesIn) -> Any:
    """Begin one."""
    region = place_rules.visible_to(request.principal).filter(uuid=body.region, kind="region").first()
    if region is None:
        raise NotFound
    made = actions.begin_series(by=request.principal, at=request.at, region=region, **body.dict(exclude={"region"}))
    return Status(201, {"uuid": str(made.uuid), "code": made.code})


@router.get("/publications", response=list[PublicationOut], operation_id="list_publications", auth=None)
def list_publications(request: Any) -> Any:
    """The latest two hundred publications that this principal may read."""
    visible = publication_rules.visible_to(request.principal).select_related("series").prefetch_related("editions")
    return [_publication(one) for one in visible.order_by("-made_at", "-id")[:200]]


@router.get("/publications/{uuid}", response=PublicationOut, operation_id="read_publication", auth=None)
def read_publication(request: Any, uuid: UUID) -> Any:
    """One publication."""
    return _publication(_one(request, uuid))


@router.get("/publications/{uuid}/editions/{ordinal}/{language}", response=EditionFull, operation_id="read_edition", auth=None)
def read_edition(request: Any, uuid: UUID, ordinal: int, language: str) -> Any:
    """One edition with what it says, and its digests."""
    one = _one(request, uuid)
    edition = (
        edition_rules.visible_to(request.principal).filter(publication=one, ordinal=min(ordinal, 32767), language=language[:12]).first()
    )
    if edition is None:
        raise NotFound
    last = max(e.ordinal for e in one.editions.all())
    return {**_edition(edition, last), "head": edition.head, "parts": edition.parts}


@router.post("/publications", response={201: PublicationOut}, operation_id="make_publication")
def make(request: Any, body: PublicationIn) -> Any:
    """The next number of a series."""
    made = actions.make(by=request.principal, at=request.at, **body.dict())
    return Status(201, _publication(made))


@router.put("/publications/{uuid}", response=PublicationOut, operation_id="compose_publication")
def compose(request: Any, uuid: UUID, body: ComposeIn) -> Any:
    """Choose what is compiled."""
    values = body.dict(include={"title", "forewords", "reach"})
    chosen: dict[str, Any] = {"practices": body.practices, "activities": body.activities, "version": body.version}
    actions.compose(by=request.principal, at=request.at, uuid=uuid, values=values, **chosen)
    return _publication(_one(request, uuid))


@router.post("/publications/{uuid}/publish", response=PublicationOut, operation_id="publish_publication")
def publish(request: Any, uuid: UUID, body: PublishIn | None = None) -> Any:
    """Publish an edition."""
    actions.publish(by=request.principal, at=request.at, uuid=uuid, change_said=body.change if body else "")
    return _publication(_one(request, uuid))


@router.put("/counting", response=dict[str, bool], operation_id="let_count_answers")
def counting(request: Any, body: CountingIn) -> Any:
    """Let follow-up answers be counted, or no longer."""
    place = place_rules.visible_to(request.principal).filter(uuid=body.place, kind="member").first()
    if place is None:
        raise NotFound
    act = actions.let_count if body.let else actions.stop_counting
    act(by=request.principal, at=request.at, place=place, activity=body.activity)
    return {"let": body.let}
