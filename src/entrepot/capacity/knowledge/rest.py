"""Practices for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status

from entrepot.capacity.competencies.api import topic_rules
from entrepot.ground.keeping.api import page
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Invalid, NotFound
from entrepot.kernel.texts import gettext_noop

from . import actions
from .enums import PracticeState, Worked
from .rules import practice_rules

router = Router(tags=["knowledge"])
Long = Annotated[str, Field(max_length=6000)]


class PracticeOut(Schema):
    """A practice."""

    uuid: UUID
    version: int
    place: str
    topic: str
    title: str
    problem: str
    context: str
    done: str
    resources: str
    results: str
    evidence: str
    lessons: str
    transfer: str
    contact: str
    state: PracticeState
    published_at: datetime | None


class PracticesOut(Schema):
    """A page of practices."""

    rows: list[PracticeOut]
    following: str


class PracticeIn(Schema):
    """A practice to draft: `place` a Member's uuid, `topic` a code, `item` the action item it comes from."""

    place: UUID
    topic: Annotated[str, Field(max_length=12)]
    item: UUID | None = None
    title: Annotated[str, Field(max_length=200)]
    problem: Long = ""
    context: Long = ""
    done: Long = ""
    resources: Long = ""
    results: Long = ""
    evidence: Long = ""
    lessons: Long = ""
    transfer: Long = ""
    contact: Annotated[str, Field(max_length=200)] = ""


class AdoptionIn(Schema):
    """That a Member used it, and how it went."""

    place: UUID
    worked: Worked
    result: Annotated[str, Field(max_length=4000)]


class AdoptionOut(Schema):
    """A use."""

    uuid: UUID
    place: str
    worked: Worked
    result: str


def _plain(practice: Any) -> dict[str, Any]:
    kept = {name: getattr(practice, name) for name in PracticeOut.model_fields if name not in ("place", "topic")}
    return {**kept, "place": practice.place.code, "topic": practice.topic.code}


def _one(request: Any, uuid: UUID) -> Any:
    found = practice_rules.visible_to(request.principal).select_related("place", "topic").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def _place(request: Any, uuid: UUID) -> Any:
    found = place_rules.visible_to(request.principal).filter(uuid=uuid, kind="member").first()
    if found is None:
        raise NotFound
    return found


@router.get("/practices", response=PracticesOut, operation_id="list_practices", auth=None)
def practices(
    request: Any, cursor: Annotated[str, Query("", max_length=400)] = "", size: Annotated[int, Query(50, ge=1, le=200)] = 50
) -> Any:
    """The practices this principal may read."""
    found = practice_rules.visible_to(request.principal).select_related("place", "topic")
    shown = page(found, cursor=cursor, size=size, descending=True)
    return {"rows": [_plain(row) for row in shown.rows], "following": shown.following}


@router.get("/practices/{uuid}", response=PracticeOut, operation_id="read_practice", auth=None)
def practice(request: Any, uuid: UUID) -> Any:
    """One practice."""
    return _plain(_one(request, uuid))


@router.post("/practices", response={201: PracticeOut}, operation_id="draft_practice")
def draft(request: Any, body: PracticeIn) -> Any:
    """Draft one."""
    topic = topic_rules.visible_to(request.principal).filter(code=body.topic).first()
    if topic is None:
        raise Invalid({"topic": gettext_noop("The catalogue has no topic with this code.")})
    values = body.dict(exclude={"place", "topic"})
    made = actions.draft(by=request.principal, at=request.at, place=_place(request, body.place), topic=topic, **values)
    return Status(201, _plain(made))


@router.post("/practices/{uuid}/clear", response=PracticeOut, operation_id="clear_practice")
def clear(request: Any, uuid: UUID) -> Any:
    """The Member agrees."""
    actions.clear(by=request.principal, at=request.at, uuid=uuid)
    return _plain(_one(request, uuid))


@router.post("/practices/{uuid}/publish", response=PracticeOut, operation_id="publish_practice")
def publish(request: Any, uuid: UUID) -> Any:
    """The office publishes."""
    actions.publish(by=request.principal, at=request.at, uuid=uuid)
    return _plain(_one(request, uuid))


@router.post("/practices/{uuid}/retire", response=dict[str, str], operation_id="retire_practice")
def retire(request: Any, uuid: UUID) -> Any:
    """Take it out of the collection."""
    return {"state": actions.retire(by=request.principal, at=request.at, uuid=uuid).state}


@router.post("/practices/{uuid}/adoptions", response={201: AdoptionOut}, operation_id="adopt_practice")
def adopt(request: Any, uuid: UUID, body: AdoptionIn) -> Any:
    """Another Member used it."""
    place = _place(request, body.place)
    made = actions.adopt(by=request.principal, at=request.at, uuid=uuid, place=place, worked=body.worked, result=body.result)
    return Status(201, {"uuid": made.uuid, "place": place.code, "worked": made.worked, "result": made.result})
