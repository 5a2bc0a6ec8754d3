"""Evaluation for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Router, Schema, Status

from entrepot.capacity.training.api import activity_rules
from entrepot.kernel.errors import NotFound

from . import actions
from .enums import FormKind, ItemState
from .queries import overdue
from .rules import action_item_rules, ask_rules, form_rules, report_rules

router = Router(tags=["evaluation"])
Answer = Annotated[str, Field(max_length=2000)] | int | bool


class TestIn(Schema):
    """A test: questions with their answers, as text."""

    text: Annotated[str, Field(max_length=20_000)]


class QuestionOut(Schema):
    """A question; which answer is right is not said."""

    key: str
    text: str
    kind: str
    options: list[str]


class FormOut(Schema):
    """A form."""

    uuid: UUID
    kind: FormKind
    questions: list[QuestionOut]


class AnswersIn(Schema):
    """Answers by question."""

    answers: Annotated[dict[Annotated[str, Field(max_length=40)], Answer], Field(max_length=200)]


class AskOut(Schema):
    """What was asked of someone, and whether it is answered."""

    uuid: UUID
    kind: FormKind
    activity: UUID
    nomination: UUID
    due_on: date | None
    answered_at: datetime | None
    right: int | None
    of: int | None


class ItemIn(Schema):
    """What a participant will do."""

    what: Annotated[str, Field(max_length=300)]
    due_on: date
    why: Annotated[str, Field(max_length=300)] = ""
    support: Annotated[str, Field(max_length=300)] = ""
    indicator: Annotated[str, Field(max_length=200)] = ""


class ItemOut(Schema):
    """An action item."""

    uuid: UUID
    nomination: UUID
    what: str
    due_on: date
    state: ItemState
    endorsed_at: datetime | None


class ItemUpdateIn(Schema):
    """How it stands."""

    state: ItemState
    note: Annotated[str, Field(max_length=500)] = ""
    dropped_because: Annotated[str, Field(max_length=12)] = ""


class ReportOut(Schema):
    """A published report."""

    uuid: UUID
    published_at: datetime
    digest: str
    body: dict[str, Any]


def _ask(ask: Any) -> dict[str, Any]:
    names = ("uuid", "due_on", "answered_at", "right", "of")
    kept = {name: getattr(ask, name) for name in names}
    return {**kept, "kind": ask.form.kind, "activity": ask.form.activity.uuid, "nomination": ask.nomination.uuid}


def _item(item: Any) -> dict[str, Any]:
    names = ("uuid", "what", "due_on", "state", "endorsed_at")
    return {**{name: getattr(item, name) for name in names}, "nomination": item.nomination.uuid}


@router.put("/activities/{uuid}/test", response=list[FormOut], operation_id="write_test")
def write_test(request: Any, uuid: UUID, body: TestIn) -> Any:
    """Write the test that is taken before and after."""
    actions.keep_test(by=request.principal, at=request.at, activity=uuid, text=body.text)
    return forms(request, uuid)


@router.get("/activities/{uuid}/forms", response=list[FormOut], operation_id="list_forms")
def forms(request: Any, uuid: UUID) -> Any:
    """The forms of an activity."""
    found = form_rules.visible_to(request.principal).filter(activity__uuid=uuid).order_by("id")
    return [
        {"uuid": form.uuid, "kind": form.kind, "questions": [{**q, "options": q.get("options", [])} for q in form.questions]}
        for form in found
    ]


@router.post("/nominations/{uuid}/answers/{kind}", response=AskOut, operation_id="answer_form")
def answer_form(request: Any, uuid: UUID, kind: FormKind, body: AnswersIn) -> Any:
    """A participant answers a form of the workshop."""
    return _ask(actions.answer_form(by=request.principal, at=request.at, nomination=uuid, kind=kind, given=_given(body)))


def _given(body: AnswersIn) -> dict[str, Any]:
    words = {True: "yes", False: "no"}
    return {key: words[value] if isinstance(value, bool) else value for key, value in body.answers.items()}


@router.get("/asks", response=list[AskOut], operation_id="list_asks")
def asks(request: Any) -> Any:
    """What is asked of this principal and not answered."""
    mine = ask_rules.visible_to(request.principal, "answer").filter(answered_at__isnull=True)
    return [_ask(ask) for ask in mine.select_related("form__activity", "nomination").order_by("due_on")[:200]]


@router.get("/overdue", response=list[AskOut], operation_id="list_overdue")
def late(request: Any) -> Any:
    """Follow-up answers that are overdue, of those this principal may see."""
    found = overdue(ask_rules.visible_to(request.principal), request.at.date())
    return [_ask(ask) for ask in found.select_related("form__activity", "nomination").order_by("due_on")[:500]]


@router.post("/asks/{uuid}/answer", response=AskOut, operation_id="answer_ask")
def answer(request: Any, uuid: UUID, body: AnswersIn) -> Any:
    """Answer the follow-up."""
    return _ask(actions.answer_ask(by=request.principal, at=request.at, uuid=uuid, given=_given(body)))


@router.post("/nominations/{uuid}/items", response={201: ItemOut}, operation_id="plan_item")
def plan(request: Any, uuid: UUID, body: ItemIn) -> Any:
    """Plan an action."""
    return Status(201, _item(actions.plan_item(by=request.principal, at=request.at, nomination=uuid, **body.dict())))


@router.get("/nominations/{uuid}/items", response=list[ItemOut], operation_id="list_items")
def items(request: Any, uuid: UUID) -> Any:
    """The action plan of a participant."""
    found = action_item_rules.visible_to(request.principal).filter(nomination__uuid=uuid)
    return [_item(item) for item in found.select_related("nomination").order_by("due_on")]


@router.post("/nominations/{uuid}/endorse", response=dict[str, int], operation_id="endorse_plan")
def endorse(request: Any, uuid: UUID) -> Any:
    """The supervisor endorses the plan."""
    return {"endorsed": actions.endorse(by=request.principal, at=request.at, nomination=uuid)}


@router.post("/items/{uuid}", response=ItemOut, operation_id="update_item")
def update(request: Any, uuid: UUID, body: ItemUpdateIn) -> Any:
    """Say how an item stands."""
    return _item(actions.update_item(by=request.principal, at=request.at, uuid=uuid, **body.dict()))


@router.post("/activities/{uuid}/report", response={201: ReportOut}, operation_id="publish_report")
def publish(request: Any, uuid: UUID) -> Any:
    """Freeze the report."""
    made = actions.publish_report(by=request.principal, at=request.at, activity=uuid)
    return Status(201, {name: getattr(made, name) for name in ReportOut.model_fields})


@router.get("/activities/{uuid}/report", response=ReportOut, operation_id="read_report", auth=None)
def report(request: Any, uuid: UUID) -> Any:
    """The published report."""
    visible = activity_rules.visible_to(request.principal).filter(uuid=uuid)
    found = report_rules.visible_to(request.principal).filter(activity__in=visible).first()
    if found is None:
        raise NotFound
    return {name: getattr(found, name) for name in ReportOut.model_fields}
