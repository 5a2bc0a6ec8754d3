"""Evaluation for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from ninja import Router, Status

from entrepot.capacity.training.api import activity_rules
from entrepot.kernel.errors import NotFound

from .. import actions
from ..core import CEILING, read_questions
from ..enums import FormKind
from ..queries import burdens_seen, by_topic, cleared_answers, overdue, waiting, watched_items
from ..rules import action_item_rules, ask_rules, form_rules, report_rules
from .schemas import (
    AnswersIn,
    AskOut,
    BurdenOut,
    ClearAnswersIn,
    ClearedOut,
    CompletedOut,
    ConfirmIn,
    FormIn,
    FormOut,
    FormQuestionIn,
    FrozenReportOut,
    ItemIn,
    ItemOut,
    ItemUpdateIn,
    LessonIn,
    LessonOut,
    QuestionEdit,
    SuccessorIn,
    TestIn,
)

router = Router(tags=["evaluation"])


def _ask(ask: Any) -> dict[str, Any]:
    names = ("uuid", "due_on", "answered_at", "right", "of")
    kept = {name: getattr(ask, name) for name in names}
    about = {"nomination": ask.nomination.uuid if ask.nomination else None, "member": ask.place.uuid if ask.place else None}
    return {**kept, **about, "kind": ask.form.kind, "activity": ask.form.activity.uuid}


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
    found = form_rules.visible_to(request.principal).filter(activity__uuid=uuid, current=True).order_by("id")
    return [_form(form) for form in found]


def _form(form: Any) -> dict[str, Any]:
    questions = [{**asdict(question), "options": list(question.options)} for question in read_questions(form.questions)]
    return {
        "uuid": form.uuid,
        "kind": form.kind,
        "number": form.number,
        "frozen": form.frozen_at is not None,
        "seconds": form.seconds,
        "questions": questions,
    }


@router.post("/activities/{uuid}/forms", response={201: FormOut}, operation_id="begin_form")
def begin(request: Any, uuid: UUID, body: FormIn) -> Any:
    """Begin a form."""
    return Status(201, _form(actions.begin_form(by=request.principal, at=request.at, activity=uuid, **body.dict())))


@router.post("/forms/{uuid}/questions", response=FormOut, operation_id="add_question")
def add_question(request: Any, uuid: UUID, body: FormQuestionIn) -> Any:
    """Add a question; to a form that was answered, in its next version."""
    return _form(actions.add_question(by=request.principal, at=request.at, uuid=uuid, values=_listed(body.dict())))


@router.put("/forms/{uuid}/questions/{key}", response=FormOut, operation_id="edit_question")
def edit_question(request: Any, uuid: UUID, key: str, body: QuestionEdit) -> Any:
    """Change a question; in a form that was answered, in its next version."""
    values = _listed(body.dict())
    new_meaning = values.pop("new_meaning")
    return _form(actions.edit_question(by=request.principal, at=request.at, uuid=uuid, key=key, values=values, new_meaning=new_meaning))


def _listed(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


@router.post("/nominations/{uuid}/answers/{kind}", response=AskOut, operation_id="answer_form")
def answer_form(request: Any, uuid: UUID, kind: FormKind, body: AnswersIn) -> Any:
    """A participant answers a form of the workshop."""
    return _ask(actions.answer_form(by=request.principal, at=request.at, nomination=uuid, kind=kind, **_given(body)))


def _given(body: AnswersIn) -> dict[str, Any]:
    words = {True: "yes", False: "no"}
    given = {key: words[value] if isinstance(value, bool) else value for key, value in body.answers.items()}
    return {"given": given, "seconds": body.seconds, "language": body.language}


@router.get("/asks", response=list[AskOut], operation_id="list_asks")
def asks(request: Any) -> Any:
    """What is asked of this principal and not answered."""
    mine = waiting(ask_rules.visible_to(request.principal, "answer", reads=True))
    return [_ask(ask) for ask in mine.select_related("form__activity", "nomination", "place").order_by("due_on")[:200]]


@router.get("/overdue", response=list[AskOut], operation_id="list_overdue")
def late(request: Any) -> Any:
    """Follow-up answers that are overdue, of those this principal may see."""
    found = overdue(ask_rules.visible_to(request.principal), request.at.date())
    return [_ask(ask) for ask in found.select_related("form__activity", "nomination", "place").order_by("due_on")[:500]]


@router.post("/asks/{uuid}/answer", response=AskOut, operation_id="answer_ask")
def answer(request: Any, uuid: UUID, body: AnswersIn) -> Any:
    """Answer the follow-up."""
    return _ask(actions.answer_ask(by=request.principal, at=request.at, uuid=uuid, **_given(body)))


@router.post("/asks/{uuid}/clear", response=AskOut, operation_id="clear_answers")
def clear(request: Any, uuid: UUID, body: ClearAnswersIn) -> Any:
    """The Member says which of its answers may be published."""
    return _ask(actions.clear_answers(by=request.principal, at=request.at, uuid=uuid, keys=body.keys))


@router.post("/asks/{uuid}/hand-over", response=AskOut, operation_id="hand_over_ask")
def hand_over(request: Any, uuid: UUID, body: SuccessorIn) -> Any:
    """Whoever answers has changed."""
    return _ask(actions.hand_over(by=request.principal, at=request.at, uuid=uuid, email=body.email))


@router.get("/activities/{uuid}/cleared", response=list[ClearedOut], operation_id="list_cleared", auth=None)
def cleared(request: Any, uuid: UUID) -> Any:
    """What Members cleared for publication of their answers about an activity."""
    found = activity_rules.visible_to(request.principal).filter(uuid=uuid)
    if not found.exists():
        raise NotFound
    return [{name: getattr(row, name) for name in ClearedOut.model_fields} for row in cleared_answers(found)]


@router.get("/burden", response=list[BurdenOut], operation_id="read_burden")
def burden(request: Any) -> Any:
    """What is asked of each Member in this quarter, of those whose burden this principal may see."""
    return [
        {
            "member": place.uuid,
            "name": place.name,
            "ceiling": CEILING,
            **{name: getattr(found, name) if found else 0 for name in ("minutes", "measured", "asks")},
            "parts": [{"what": what, "minutes": minutes} for what, minutes in found.parts] if found else [],
        }
        for place, found in burdens_seen(request.principal, request.at.date())
    ]


@router.get("/plans", response=list[CompletedOut], operation_id="read_plans")
def plans(request: Any) -> Any:
    """The share of action items completed by topic, of the items that this principal may see."""
    rows = by_topic(watched_items(action_item_rules.visible_to(request.principal), request.at))
    names = ("months", "share", "low", "high", "n", "people", "method")
    return [{"topic": topic, **{name: getattr(one, name) for name in names}} for topic, shares in rows for one in shares]


@router.post("/nominations/{uuid}/lessons", response={201: LessonOut}, operation_id="tell_lesson")
def lesson(request: Any, uuid: UUID, body: LessonIn) -> Any:
    """Tell that one taught colleagues."""
    made, asked = actions.tell_lesson(by=request.principal, at=request.at, nomination=uuid, **body.dict())
    return Status(201, {"uuid": made.uuid, "claimed": made.claimed, "asked": asked})


@router.post("/taught/{uuid}", response=ConfirmIn, operation_id="confirm_taught")
def confirm(request: Any, uuid: UUID, body: ConfirmIn) -> Any:
    """A colleague says whether they were taught."""
    return {"yes": bool(actions.confirm_taught(by=request.principal, at=request.at, uuid=uuid, yes=body.yes).confirmed)}


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


@router.post("/activities/{uuid}/report", response={201: FrozenReportOut}, operation_id="publish_report")
def publish(request: Any, uuid: UUID) -> Any:
    """Freeze the report."""
    made = actions.publish_report(by=request.principal, at=request.at, activity=uuid)
    return Status(201, {name: getattr(made, name) for name in FrozenReportOut.model_fields})


@router.get("/activities/{uuid}/report", response=FrozenReportOut, operation_id="read_report", auth=None)
def report(request: Any, uuid: UUID) -> Any:
    """The published report."""
    visible = activity_rules.visible_to(request.principal).filter(uuid=uuid)
    found = report_rules.visible_to(request.principal).filter(activity__in=visible).first()
    if found is None:
        raise NotFound
    return {name: getattr(found, name) for name in FrozenReportOut.model_fields}
