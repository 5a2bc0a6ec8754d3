"""Needs for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status

from entrepot.capacity.competencies.api import competency_rules
from entrepot.capacity.competencies.enums import Level
from entrepot.ground.keeping.api import page
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Invalid, NotFound
from entrepot.kernel.texts import gettext_noop

from . import actions
from .enums import Mode, NeedState, Urgency
from .rules import need_rules

router = Router(tags=["needs"])


class NeedOut(Schema):
    """A need."""

    uuid: UUID
    version: int
    place: str
    competency: str
    level: Level
    officers: int
    urgency: Urgency
    mode: str
    language: str
    evidence: str
    state: NeedState
    recorded_at: datetime


class NeedsOut(Schema):
    """A page of needs, latest first."""

    rows: list[NeedOut]
    following: str


class NeedIn(Schema):
    """A need to record; `place` is the Member's uuid, `competency` a code of the catalogue."""

    place: UUID
    competency: Annotated[str, Field(max_length=16)]
    level: Level
    officers: Annotated[int, Field(ge=1, le=100_000)]
    urgency: Urgency
    mode: Mode | None = None
    language: Annotated[str, Field(max_length=12)] = ""
    evidence: Annotated[str, Field(max_length=4000)] = ""


class NeedEdit(Schema):
    """What may be changed of an open need; `version` is the one that was read."""

    version: Annotated[int, Field(ge=0, le=2**31)]
    level: Level | None = None
    officers: Annotated[int, Field(ge=1, le=100_000)] | None = None
    urgency: Urgency | None = None
    evidence: Annotated[str, Field(max_length=4000)] | None = None


def plain(need: Any) -> dict[str, Any]:
    """A need as the API says it."""
    names = ("uuid", "version", "level", "officers", "urgency", "mode", "language", "evidence", "state", "recorded_at")
    return {**{name: getattr(need, name) for name in names}, "place": need.place.code, "competency": need.competency.code}


def competency(code: str) -> Any:
    """The competency with this code. Raises `Invalid`."""
    found = competency_rules.model._default_manager.filter(code=code).first()
    if found is None:
        raise Invalid({"competency": gettext_noop("The catalogue has no competency with this code.")})
    return found


@router.get("", response=NeedsOut, operation_id="list_needs")
def needs(request: Any, cursor: Annotated[str, Query("", max_length=400)] = "", size: Annotated[int, Query(50, ge=1, le=200)] = 50) -> Any:
    """The needs this principal may see."""
    found = need_rules.visible_to(request.principal).select_related("place", "competency")
    shown = page(found, by="recorded_at", cursor=cursor, size=size, descending=True)
    return {"rows": [plain(need) for need in shown.rows], "following": shown.following}


@router.get("/{uuid}", response=NeedOut, operation_id="read_need")
def need(request: Any, uuid: UUID) -> Any:
    """One need."""
    found = need_rules.visible_to(request.principal).select_related("place", "competency").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return plain(found)


@router.post("", response={201: NeedOut}, operation_id="record_need")
def record(request: Any, body: NeedIn) -> Any:
    """Record a need."""
    place = place_rules.visible_to(request.principal).filter(uuid=body.place).first()
    if place is None:
        raise NotFound
    values = body.dict(exclude={"place"}) | {"competency": competency(body.competency), "mode": body.mode or ""}
    return Status(201, plain(actions.record(by=request.principal, at=request.at, place=place, **values)))


@router.patch("/{uuid}", response=NeedOut, operation_id="edit_need")
def edit(request: Any, uuid: UUID, body: NeedEdit) -> Any:
    """Change an open need."""
    values = body.dict(exclude={"version"}, exclude_none=True)
    actions.edit(by=request.principal, at=request.at, uuid=uuid, values=values, version=body.version)
    return need(request, uuid)


@router.post("/{uuid}/withdraw", response=NeedOut, operation_id="withdraw_need")
def withdraw(request: Any, uuid: UUID) -> Any:
    """Say that it is no longer one."""
    actions.withdraw(by=request.principal, at=request.at, uuid=uuid)
    return need(request, uuid)
