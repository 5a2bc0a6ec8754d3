"""The routes of /api/v1 and their schemas."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from entrepot.ground.access.api import revoke_token
from entrepot.ground.journal.api import entry_rules
from entrepot.ground.keeping.api import page
from entrepot.ground.people import api as people
from entrepot.ground.region import api as region
from entrepot.kernel.errors import NotAllowed, NotFound
from entrepot.kernel.periods import ImpreciseDate
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

from .repeats import once

router = Router()
Cursor = Annotated[str, Query("", max_length=400)]
Size = Annotated[int, Query(50, ge=1, le=200)]
Key = Annotated[str, Field(max_length=200)]


class PlaceOut(Schema):
    """A place."""

    uuid: UUID
    version: int
    code: str
    kind: str
    name: str
    city: str
    invented: bool


class PlaceEdit(Schema):
    """What may be changed of a place; `version` is the one that was read."""

    version: Annotated[int, Field(ge=0, le=2**31)]
    name: Annotated[str, Field(max_length=160)] | None = None
    city: Annotated[str, Field(max_length=120)] | None = None
    institute: Annotated[str, Field(max_length=200)] | None = None


class PlacesOut(Schema):
    """A page of places."""

    rows: list[PlaceOut]
    following: str


class CentreOut(Schema):
    """A centre in the network, since when."""

    code: str
    name: str
    since: str
    source: str | None


class NetworkOut(Schema):
    """The network on a day."""

    region: str
    on: date
    members: list[str]
    centres: list[CentreOut]
    vice_chair: str | None


class PostingOut(Schema):
    """A posting."""

    uuid: UUID
    role: str
    place: str
    from_on: date
    to_on: date | None


class PersonOut(Schema):
    """A person."""

    uuid: UUID
    version: int
    full_name: str
    family_name: str
    latin_name: str
    email: str | None
    contact_email: str
    home: str
    postings: list[PostingOut] = []


class PeopleOut(Schema):
    """A page of people."""

    rows: list[PersonOut]
    following: str


class PersonIn(Schema):
    """A person to register; `home` is the uuid of the administration or body."""

    home: UUID
    full_name: Annotated[str, Field(max_length=400)]
    family_name: Annotated[str, Field(max_length=200)] = ""
    latin_name: Annotated[str, Field(max_length=400)] = ""
    email: Annotated[str, Field(max_length=254)] = ""
    contact_email: Annotated[str, Field(max_length=254)] = ""


class PersonEdit(Schema):
    """What may be changed of a person; `version` is the one that was read."""

    version: Annotated[int, Field(ge=0, le=2**31)]
    full_name: Annotated[str, Field(max_length=400)] | None = None
    family_name: Annotated[str, Field(max_length=200)] | None = None
    latin_name: Annotated[str, Field(max_length=400)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    contact_email: Annotated[str, Field(max_length=254)] | None = None


class PostingIn(Schema):
    """A role to give; `place` is a place's uuid."""

    role: Role
    place: UUID
    from_on: date
    to_on: date | None = None


class EndIn(Schema):
    """The first day on which a posting no longer holds."""

    to_on: date


class EntryOut(Schema):
    """A journal entry."""

    uuid: UUID
    at: datetime
    by_kind: str
    by_uuid: UUID
    verb: str
    thing_kind: str
    thing_uuid: UUID
    place: str
    facts: dict[str, Any]
    position: int | None
    seal: str


class EntriesOut(Schema):
    """A page of journal entries, latest first."""

    rows: list[EntryOut]
    following: str


class MeOut(Schema):
    """Who the token or session stands for, and the roles in force."""

    uuid: UUID
    full_name: str
    roles: list[str]
    scopes: list[str] | None


def _place(place: Any) -> dict[str, Any]:
    return {name: getattr(place, name) for name in PlaceOut.model_fields}


def _posting(posting: Any) -> dict[str, Any]:
    return {
        "uuid": posting.uuid,
        "role": posting.role,
        "place": posting.place.code,
        "from_on": posting.from_on,
        "to_on": posting.to_on,
    }


def _person(person: Any) -> dict[str, Any]:
    names = ("uuid", "version", "full_name", "family_name", "latin_name", "email", "contact_email")
    return {
        **{name: getattr(person, name) for name in names},
        "home": person.home.code,
        "postings": [_posting(p) for p in getattr(person, "current", [])],
    }


@router.get("/places", response=PlacesOut, operation_id="list_places", auth=None, tags=["region"])
def places(request: Any, cursor: Cursor = "", size: Size = 50, kind: Annotated[str, Query("", max_length=20)] = "") -> Any:
    """Places, real and invented."""
    found = region.place_rules.visible_to(request.principal)
    shown = page(found.filter(kind=kind) if kind else found, cursor=cursor, size=size)
    return {"rows": [_place(place) for place in shown.rows], "following": shown.following}


@router.get("/places/{uuid}", response=PlaceOut, operation_id="read_place", auth=None, tags=["region"])
def place(request: Any, uuid: UUID) -> Any:
    """One place."""
    found = region.place_rules.visible_to(request.principal).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return _place(found)


@router.get("/network", response=NetworkOut, operation_id="read_network", auth=None, tags=["region"])
def network(request: Any, on: Annotated[str, Query("", max_length=20)] = "", code: Annotated[str, Query("", max_length=16)] = "") -> Any:
    """The network of a region (the first, or the one with this code) on a day."""
    wanted = next((r for r in region.regions() if not code or r.code == code), None)
    if wanted is None:
        raise NotFound
    shown = region.network(wanted, ImpreciseDate.parse(on).on if on else request.at.date())
    return {
        "region": wanted.code,
        "on": shown.day,
        "members": [tile.place.code for tile in shown.tiles],
        "centres": [
            {"code": s.place.code, "name": s.place.name, "since": s.since.text, "source": s.source.title if s.source else None}
            for s in shown.centres
        ],
        "vice_chair": shown.vice_chair.place.code if shown.vice_chair else None,
    }


@router.patch("/places/{uuid}", response=PlaceOut, operation_id="edit_place", tags=["region"])
def edit_place(request: Any, uuid: UUID, body: PlaceEdit) -> Any:
    """Change a place's details."""
    values = body.dict(exclude_unset=True, exclude={"version"}, exclude_none=True)
    return _place(region.edit_place(by=request.principal, at=request.at, uuid=uuid, values=values, version=body.version))


@router.get("/me", response=MeOut, operation_id="read_me", tags=["access"])
def me(request: Any) -> Any:
    """Who asks."""
    who = request.principal
    person = people.person_rules.visible_to(who).filter(uuid=who.uuid).first()
    return {
        "uuid": who.uuid,
        "full_name": person.full_name if person else "",
        "roles": sorted({grant.role for grant in who.grants}),
        "scopes": sorted(who.scopes) if who.scopes is not None else None,
    }


@router.get("/people", response=PeopleOut, operation_id="list_people", tags=["people"])
def list_people(request: Any, cursor: Cursor = "", size: Size = 50, name: Annotated[str, Query("", max_length=100)] = "") -> Any:
    """The people this principal may see."""
    found = people.listed(people.person_rules.visible_to(request.principal))
    shown = page(people.with_postings(people.named(found, name), request.at.date()), cursor=cursor, size=size)
    return {"rows": [_person(person) for person in shown.rows], "following": shown.following}


@router.get("/people/{uuid}", response=PersonOut, operation_id="read_person", tags=["people"])
def read_person(request: Any, uuid: UUID) -> Any:
    """One person."""
    found = people.with_postings(people.person_rules.visible_to(request.principal), request.at.date()).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return _person(found)


@router.post("/people", response={201: PersonOut}, operation_id="register_person", tags=["people"])
def register(request: HttpRequest, body: PersonIn) -> HttpResponse:
    """Register a person."""

    def act(request: Any) -> tuple[int, dict[str, Any]]:
        home = region.place_rules.visible_to(request.principal).filter(uuid=body.home).first()
        if home is None:
            raise NotFound
        values = body.dict(exclude={"home"})
        return 201, _person(people.register(by=request.principal, at=request.at, home=home, **values))

    return once(request, act)


@router.patch("/people/{uuid}", response=PersonOut, operation_id="edit_person", tags=["people"])
def edit_person(request: Any, uuid: UUID, body: PersonEdit) -> Any:
    """Change what is recorded about a person."""
    values = body.dict(exclude_unset=True, exclude={"version"}, exclude_none=True)
    own = request.user if request.user.is_authenticated and request.user.uuid == uuid else None
    if own and any(values.get(name, getattr(own, name)) != getattr(own, name) for name in ("email", "contact_email")):
        raise NotAllowed(gettext_noop("Change your own address on the page, where you are asked first who you are."))
    return _person(people.edit(by=request.principal, at=request.at, uuid=uuid, values=values, version=body.version))


@router.post("/people/{uuid}/postings", response={201: PostingOut}, operation_id="give_posting", tags=["people"])
def give_posting(request: HttpRequest, uuid: UUID, body: PostingIn) -> HttpResponse:
    """Give a person a role at a place."""

    def act(request: Any) -> tuple[int, dict[str, Any]]:
        person = people.person_rules.visible_to(request.principal).select_related("home").filter(uuid=uuid).first()
        where = region.place_rules.visible_to(request.principal).filter(uuid=body.place).first()
        if person is None or where is None:
            raise NotFound
        made = people.post(
            by=request.principal, at=request.at, person=person, role=body.role, place=where, from_on=body.from_on, to_on=body.to_on
        )
        return 201, _posting(made)

    return once(request, act)


@router.post("/postings/{uuid}/end", response=PostingOut, operation_id="end_posting", tags=["people"])
def end_posting(request: Any, uuid: UUID, body: EndIn) -> Any:
    """Let a posting end."""
    return _posting(people.end_posting(by=request.principal, at=request.at, uuid=uuid, to_on=body.to_on))


@router.get("/journal", response=EntriesOut, operation_id="list_journal", tags=["journal"])
def journal(request: Any, cursor: Cursor = "", size: Size = 50) -> Any:
    """The journal, as far as this principal may read it."""
    shown = page(entry_rules.visible_to(request.principal), by="at", cursor=cursor, size=size, descending=True)
    return {"rows": shown.rows, "following": shown.following}


@router.delete("/tokens/{uuid}", response={204: None}, operation_id="revoke_token", tags=["access"])
def revoke(request: Any, uuid: UUID) -> Any:
    """End a token."""
    revoke_token(by=request.principal, at=request.at, uuid=uuid)
    return 204, None
