"""Indicators for programs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status

from entrepot.ground.keeping.api import page
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import NotFound

from . import actions
from .core import COLUMNS, span_text
from .enums import Direction, Every
from .queries import told
from .rules import former_rules, indicator_rules, series_rules, value_rules

router = Router(tags=["indicators"])
Figure = Annotated[Decimal, Field(gt=Decimal(-(10**12)), lt=Decimal(10**12), max_digits=19, decimal_places=6)]
Count = Annotated[int, Field(ge=0, le=2_000_000_000)]
Note = Annotated[str, Field(max_length=200)]


class IndicatorOut(Schema):
    """An indicator. `place` keeps the definition."""

    uuid: UUID
    version: int
    place: str
    code: str
    title: str
    definition: str
    unit: str
    direction: Direction
    every: Every
    about_people: bool
    baseline: float | None
    baseline_note: str
    source: str
    retired_at: datetime | None


class IndicatorIn(Schema):
    """An indicator to define; `place` is a region's or a Member's uuid."""

    place: UUID
    code: Annotated[str, Field(max_length=24)]
    title: Annotated[str, Field(max_length=160)]
    definition: Annotated[str, Field(max_length=4000)]
    unit: Annotated[str, Field(max_length=40)]
    direction: Direction
    every: Every
    source: Annotated[str, Field(max_length=300)]
    about_people: bool = False
    baseline: Figure | None = None
    baseline_note: Annotated[str, Field(max_length=160)] = ""


class ValueOut(Schema):
    """A value; `value` and `n` are null where it is hidden (about fewer than five people, or it would tell of such)."""

    uuid: UUID
    version: int
    place: str
    period: str
    value: float | None
    n: int | None
    hidden: bool
    note: str
    entered_at: datetime


class ValuesOut(Schema):
    """A page of values, in the order of entry."""

    rows: list[ValueOut]
    following: str


class ValueIn(Schema):
    """A value to enter: `place` a code, `period` as 2025-03, 2025-Q1 or 2025."""

    place: Annotated[str, Field(max_length=16)]
    period: Annotated[str, Field(max_length=12)]
    value: Figure
    n: Count | None = None
    note: Note = ""


class RowsIn(Schema):
    """Many values, taken all or none."""

    rows: Annotated[list[ValueIn], Field(max_length=5000)]
    correcting: bool = False
    reason: Note = ""


class TakenOut(Schema):
    """How many were new, corrected, and there already."""

    new: int
    corrected: int
    same: int


class CorrectionIn(Schema):
    """What a value should have been, and why; `version` is the one that was read."""

    version: Annotated[int, Field(ge=0, le=2**31)]
    value: Figure
    n: Count | None = None
    reason: Note


class FormerOut(Schema):
    """What a value was."""

    value: float
    n: int | None
    entered_at: datetime
    replaced_at: datetime
    reason: str


class SeriesOut(Schema):
    """A place's series."""

    uuid: UUID
    place: str
    shared_at: datetime | None


class ShareIn(Schema):
    """Whether the regional office reads it."""

    on: bool


def _plain(one: Any) -> dict[str, Any]:
    return {**{name: getattr(one, name) for name in IndicatorOut.model_fields if name != "place"}, "place": one.place.code}


def _indicator(request: Any, uuid: UUID) -> Any:
    found = indicator_rules.visible_to(request.principal).select_related("place").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


@router.get("", response=list[IndicatorOut], operation_id="list_indicators")
def indicators(request: Any) -> Any:
    """The indicators this principal may see."""
    return [_plain(one) for one in indicator_rules.visible_to(request.principal).select_related("place").order_by("title", "id")[:1000]]


@router.post("", response={201: IndicatorOut}, operation_id="define_indicator")
def define(request: Any, body: IndicatorIn) -> Any:
    """Define an indicator."""
    place = place_rules.visible_to(request.principal).filter(uuid=body.place).first()
    if place is None:
        raise NotFound
    made = actions.define(by=request.principal, at=request.at, place=place, **body.dict(exclude={"place"}))
    return Status(201, _plain(made))


@router.get("/{uuid}", response=IndicatorOut, operation_id="read_indicator")
def indicator(request: Any, uuid: UUID) -> Any:
    """One indicator."""
    return _plain(_indicator(request, uuid))


@router.get("/{uuid}/series", response=list[SeriesOut], operation_id="list_indicator_series")
def series(request: Any, uuid: UUID) -> Any:
    """The places whose values this principal may see."""
    found = series_rules.visible_to(request.principal).filter(indicator=_indicator(request, uuid)).select_related("place")
    return [{"uuid": one.uuid, "place": one.place.code, "shared_at": one.shared_at} for one in found.order_by("place__code")]


@router.get("/{uuid}/values", response=ValuesOut, operation_id="list_values")
def values(
    request: Any, uuid: UUID, cursor: Annotated[str, Query("", max_length=400)] = "", size: Annotated[int, Query(200, ge=1, le=1000)] = 200
) -> Any:
    """The values this principal may see."""
    one = _indicator(request, uuid)
    visible = value_rules.visible_to(request.principal).filter(series__indicator=one).select_related("series__place")
    shown = page(visible, cursor=cursor, size=size)
    cells = told(request.principal, one, shown.rows)
    return {"rows": [_cell(one, cells[value.pk]) for value in shown.rows], "following": shown.following}


def _cell(one: Any, cell: Any) -> dict[str, Any]:
    value = cell.value
    said = {"uuid": value.uuid, "version": value.version, "place": value.series.place.code, "period": span_text(value.starts_on, one.every)}
    note = "" if cell.hidden else value.note
    return {**said, "value": cell.shown, "n": cell.n, "hidden": cell.hidden, "note": note, "entered_at": value.entered_at}


@router.post("/{uuid}/values", response=TakenOut, operation_id="enter_values")
def enter(request: Any, uuid: UUID, body: RowsIn) -> Any:
    """Enter or correct many values, all or none; the same again changes nothing."""
    head: tuple[int, list[Any]] = (0, list(COLUMNS))
    table = [head, *((number, [getattr(row, name) for name in COLUMNS]) for number, row in enumerate(body.rows, 1))]
    who = {"by": request.principal, "at": request.at}
    return actions.take_file(**who, indicator=uuid, table=table, correcting=body.correcting, reason=body.reason)


@router.post("/values/{uuid}/correct", response=ValueOut, operation_id="correct_value")
def correct(request: Any, uuid: UUID, body: CorrectionIn) -> Any:
    """Correct a value; the former one is kept."""
    actions.correct(by=request.principal, at=request.at, uuid=uuid, **body.dict())
    found = value_rules.visible_to(request.principal).select_related("series__place", "series__indicator").get(uuid=uuid)
    return _cell(found.series.indicator, told(request.principal, found.series.indicator, [found])[found.pk])


@router.get("/values/{uuid}/formers", response=list[FormerOut], operation_id="list_formers")
def formers(request: Any, uuid: UUID) -> Any:
    """What a value was before, latest first."""
    found = former_rules.visible_to(request.principal).filter(of__uuid=uuid).order_by("-id")
    return [{name: getattr(one, name) for name in FormerOut.model_fields} for one in found]


@router.post("/series/{uuid}/share", response=SeriesOut, operation_id="share_indicator_series")
def share(request: Any, uuid: UUID, body: ShareIn) -> Any:
    """Share a series with the regional office, or no longer."""
    one = actions.share(by=request.principal, at=request.at, uuid=uuid, on=body.on)
    return {"uuid": one.uuid, "place": one.place.code, "shared_at": one.shared_at}
