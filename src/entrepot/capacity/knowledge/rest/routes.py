"""Practices for programs."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router, Status

from entrepot.capacity.competencies.api import topic_rules
from entrepot.ground.documents.api import about, serve
from entrepot.ground.keeping.api import page
from entrepot.ground.people.api import person_rules
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Invalid, NotFound
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.texts import gettext_noop

from .. import actions
from ..enums import Sight
from ..fields import VERSIONED
from ..finding import Wish, facets, find, near, ranked
from ..rules import initiative_rules, practice_rules, question_rules, round_rules
from .schemas import (
    AdoptionIn,
    AdoptionOut,
    AnswerIn,
    ClearIn,
    FoundOut,
    InitiativeIn,
    InitiativeOut,
    PracticeEdit,
    PracticeIn,
    PracticeOut,
    PracticesOut,
    PromoteIn,
    QuestionIn,
    QuestionOut,
    RetireIn,
    ReviewersIn,
    ReviewIn,
    RoundIn,
    RoundOut,
    SearchIn,
    TranslationIn,
    WordsIn,
)

router = Router(tags=["knowledge"])


def _plain(practice: Any) -> dict[str, Any]:
    kept = {name: getattr(practice, name) for name in PracticeOut.model_fields if name not in ("place", "topic", "languages")}
    told = [t.language for t in practice.translations.all() if t.cleared_at]
    return {**kept, "place": practice.place.code, "topic": practice.topic.code, "languages": [practice.language, *told]}


def _one(request: Any, uuid: UUID) -> Any:
    found = practice_rules.visible_to(request.principal).select_related("place", "topic").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def _place(request: Any, uuid: UUID, kind: str = "member") -> Any:
    found = place_rules.visible_to(request.principal).filter(uuid=uuid, kind=kind).first()
    if found is None:
        raise NotFound
    return found


def _topic(request: Any, code: str) -> Any:
    topic = topic_rules.visible_to(request.principal).filter(code=code).first()
    if topic is None:
        raise Invalid({"topic": gettext_noop("The catalogue has no topic with this code.")})
    return topic


@router.get("/practices", response=PracticesOut, operation_id="list_practices", auth=None)
def practices(
    request: Any, cursor: Annotated[str, Query("", max_length=400)] = "", size: Annotated[int, Query(50, ge=1, le=200)] = 50
) -> Any:
    """The practices this principal may read."""
    found = practice_rules.visible_to(request.principal).select_related("place", "topic").prefetch_related("translations")
    shown = page(found, cursor=cursor, size=size, descending=True)
    return {"rows": [_plain(row) for row in shown.rows], "following": shown.following}


@router.get("/search", response=FoundOut, operation_id="search_practices", auth=None)
def search(request: Any, wish: Query[SearchIn]) -> Any:
    """The published practices that hold all the words, in any language, narrowed by facet."""
    asked = Wish(wish.q.strip(), wish.topic, wish.member, wish.language, wish.kind, wish.used)
    found = find(request.principal, asked)
    counted = facets(found)
    return {
        "rows": [_plain(row) for row in ranked(found, 30, wish.skip)],
        "n": counted.n,
        "topics": [{"code": code, "title": title, "n": n} for code, title, n in counted.topics],
        "members": [{"code": code, "title": title, "n": n} for code, title, n in counted.members],
        "languages": [{"code": code, "n": n} for code, n in counted.languages],
        "kinds": [{"code": code, "n": n} for code, n in counted.kinds],
        "used": counted.used,
        "meanings": {concept.said: list(concept.others) for concept in found.meanings},
        "near": [_plain(row) for row in near(request.principal, asked, found)] if not wish.skip else [],
    }


@router.get("/practices/{uuid}", response=PracticeOut, operation_id="read_practice", auth=None)
def practice(request: Any, uuid: UUID) -> Any:
    """One practice."""
    return _plain(_one(request, uuid))


@router.post("/practices", response={201: PracticeOut}, operation_id="draft_practice")
def draft(request: Any, body: PracticeIn) -> Any:
    """Draft one."""
    values = body.dict(exclude={"place", "topic"})
    place, topic = _place(request, body.place), _topic(request, body.topic)
    made = actions.draft(by=request.principal, at=request.at, place=place, topic=topic, **values)
    return Status(201, _plain(made))


@router.put("/practices/{uuid}", response=PracticeOut, operation_id="edit_practice")
def edit(request: Any, uuid: UUID, body: PracticeEdit) -> Any:
    """Change what it says; the earlier text is kept."""
    values = body.dict(include=set(VERSIONED), exclude_unset=True)
    actions.edit(by=request.principal, at=request.at, uuid=uuid, values=values, version=body.version)
    return _plain(_one(request, uuid))


@router.post("/practices/{uuid}/clear", response=PracticeOut, operation_id="clear_practice")
def clear(request: Any, uuid: UUID, body: ClearIn | None = None) -> Any:
    """The Member agrees."""
    actions.clear(by=request.principal, at=request.at, uuid=uuid, sight=body.sight if body else Sight.PUBLIC)
    return _plain(_one(request, uuid))


@router.post("/practices/{uuid}/reviewers", response=dict[str, int], operation_id="ask_practice_reviewers")
def ask_review(request: Any, uuid: UUID, body: ReviewersIn) -> Any:
    """Ask people to review."""
    _one(request, uuid)
    people = list(person_rules.visible_to(SYSTEM).select_related("home").filter(uuid__in=body.people, is_active=True))
    if len(people) != len(set(body.people)):
        raise Invalid({"people": gettext_noop("One of these is nobody who could be asked.")})
    return {"asked": len(actions.ask_review(by=request.principal, at=request.at, uuid=uuid, people=people))}


@router.post("/practices/{uuid}/review", response=dict[str, str], operation_id="review_practice")
def review(request: Any, uuid: UUID, body: ReviewIn) -> Any:
    """Say whether it is fit."""
    said = actions.review(by=request.principal, at=request.at, uuid=uuid, opinion=body.opinion, words=body.words)
    return {"opinion": said.opinion}


@router.post("/practices/{uuid}/publish", response=PracticeOut, operation_id="publish_practice")
def publish(request: Any, uuid: UUID) -> Any:
    """The office publishes what two found fit."""
    actions.publish(by=request.principal, at=request.at, uuid=uuid)
    return _plain(_one(request, uuid))


@router.post("/practices/{uuid}/retire", response=dict[str, str], operation_id="retire_practice")
def retire(request: Any, uuid: UUID, body: RetireIn) -> Any:
    """Take it out of the collection, with the reason."""
    return {"state": actions.retire(by=request.principal, at=request.at, uuid=uuid, because=body.because, words=body.words).state}


@router.post("/practices/{uuid}/withdraw", response=dict[str, str], operation_id="withdraw_practice")
def withdraw(request: Any, uuid: UUID, body: WordsIn) -> Any:
    """The Member takes its clearance back."""
    return {"state": actions.withdraw(by=request.principal, at=request.at, uuid=uuid, words=body.words).state}


@router.put("/practices/{uuid}/translations/{language}", response=dict[str, bool], operation_id="translate_practice")
def translate(request: Any, uuid: UUID, language: str, body: TranslationIn) -> Any:
    """Tell it in another language."""
    made = actions.translate(by=request.principal, at=request.at, uuid=uuid, language=language[:12], values=body.dict())
    return {"cleared": made.cleared_at is not None}


@router.post("/practices/{uuid}/adoptions", response={201: AdoptionOut}, operation_id="adopt_practice")
def adopt(request: Any, uuid: UUID, body: AdoptionIn) -> Any:
    """Another Member used it."""
    place = _place(request, body.place)
    made = actions.adopt(by=request.principal, at=request.at, uuid=uuid, place=place, worked=body.worked, result=body.result)
    return Status(201, {"uuid": made.uuid, "place": place.code, "worked": made.worked, "result": made.result})


def _question(question: Any) -> dict[str, Any]:
    plain = {name: getattr(question, name) for name in QuestionOut.model_fields if name != "place"}
    return {**plain, "place": question.place.code}


@router.get("/practices/{uuid}/questions", response=list[QuestionOut], operation_id="list_practice_questions", auth=None)
def questions(request: Any, uuid: UUID) -> Any:
    """What was asked about it."""
    found = question_rules.visible_to(request.principal).filter(practice=_one(request, uuid)).select_related("place").order_by("-at")
    return [_question(row) for row in found[:200]]


@router.post("/practices/{uuid}/questions", response={201: QuestionOut}, operation_id="ask_about_practice")
def ask(request: Any, uuid: UUID, body: QuestionIn) -> Any:
    """Ask those behind a practice, or behind an initiative."""
    return Status(201, _question(actions.ask(by=request.principal, at=request.at, uuid=uuid, text=body.text)))


@router.post("/questions/{uuid}/answer", response=QuestionOut, operation_id="answer_question")
def answer(request: Any, uuid: UUID, body: AnswerIn) -> Any:
    """Answer."""
    made = actions.answer(by=request.principal, at=request.at, uuid=uuid, answer=body.answer)
    return _question(made)


@router.get("/practices/{uuid}/files/{document}", operation_id="read_practice_file", auth=None)
def practice_file(request: Any, uuid: UUID, document: UUID) -> Any:
    """A file of a practice, for whoever may see the practice."""
    found = about(_one(request, uuid).uuid).filter(uuid=document).first()
    if found is None:
        raise NotFound
    return serve(found)


@router.get("/rounds", response=list[RoundOut], operation_id="list_rounds")
def rounds(request: Any) -> Any:
    """The rounds of the region's centres, latest first."""
    found = round_rules.visible_to(request.principal).select_related("region").order_by("-meeting_on")[:100]
    return [{**{n: getattr(r, n) for n in ("uuid", "title", "meeting_on", "due_on")}, "region": r.region.code} for r in found]


@router.post("/rounds", response={201: RoundOut}, operation_id="open_round")
def open_round(request: Any, body: RoundIn) -> Any:
    """Ask every centre for its initiatives."""
    region = _place(request, body.region, "region")
    values = body.dict(exclude={"region"})
    made = actions.open_round(by=request.principal, at=request.at, region=region, **values)
    return Status(201, {**values, "uuid": made.uuid, "region": region.code})


@router.get("/rounds/{uuid}/initiatives", response=list[InitiativeOut], operation_id="list_initiatives")
def initiatives(request: Any, uuid: UUID) -> Any:
    """What centres told."""
    found = initiative_rules.visible_to(request.principal).filter(round__uuid=uuid).select_related("place").order_by("place__name")
    if not round_rules.visible_to(request.principal).filter(uuid=uuid).exists():
        raise NotFound
    return [_initiative(row) for row in found]


def _initiative(row: Any) -> dict[str, Any]:
    return {**{n: getattr(row, n) for n in InitiativeOut.model_fields if n != "place"}, "place": row.place.code}


@router.put("/rounds/{uuid}/initiatives", response=InitiativeOut, operation_id="tell_initiative")
def tell(request: Any, uuid: UUID, body: InitiativeIn) -> Any:
    """A centre tells."""
    place = _place(request, body.place, "centre")
    values = body.dict(exclude={"place"})
    return _initiative(actions.tell(by=request.principal, at=request.at, round=uuid, place=place, values=values))


@router.post("/initiatives/{uuid}/promote", response={201: PracticeOut}, operation_id="promote_initiative")
def promote(request: Any, uuid: UUID, body: PromoteIn) -> Any:
    """Draft a practice of it."""
    if not initiative_rules.visible_to(request.principal).filter(uuid=uuid).exists():
        raise NotFound
    topic = _topic(request, body.topic)
    return Status(201, _plain(actions.promote(by=request.principal, at=request.at, uuid=uuid, topic=topic)))
