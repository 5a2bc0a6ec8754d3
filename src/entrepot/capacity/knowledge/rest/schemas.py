"""What programs send and get."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

from ..enums import CostClass, Opinion, PracticeKind, PracticeState, RetiredBecause, Sight, Supplier, Worked

Long = Annotated[str, Field(max_length=6000)]
Words = Annotated[str, Field(max_length=4000)]


class Claim(Schema):
    """What a technology case claims. Without a source it is the Member's own statement."""

    claim: Annotated[str, Field(max_length=400)]
    source: Annotated[str, Field(max_length=400)] = ""
    dated: Annotated[str, Field(max_length=13)] = ""


class PracticeOut(Schema):
    """A practice."""

    uuid: UUID
    version: int
    number: int
    place: str
    topic: str
    kind: PracticeKind
    language: str
    languages: list[str]
    title: str
    problem: str
    context: str
    done: str
    steps: str
    resources: str
    results: str
    evidence: str
    lessons: str
    transfer: str
    contact: str
    system: str
    supplier: str
    data: str
    workflow: str
    cost_class: str
    failed: str
    risks: str
    claims: list[Claim]
    demonstration: str
    state: PracticeState
    sight: Sight
    published_at: datetime | None
    review_by: date | None
    retired_because: str
    retired_words: str
    used: int


class PracticesOut(Schema):
    """A page of practices."""

    rows: list[PracticeOut]
    following: str


class PracticeText(Schema):
    """What a practice says."""

    kind: PracticeKind = PracticeKind.PRACTICE
    language: Annotated[str, Field(max_length=12)] = "en"
    title: Annotated[str, Field(max_length=200)]
    problem: Long = ""
    context: Long = ""
    done: Long = ""
    steps: Long = ""
    resources: Long = ""
    results: Long = ""
    evidence: Long = ""
    lessons: Long = ""
    transfer: Long = ""
    contact: Annotated[str, Field(max_length=200)] = ""
    system: Long = ""
    supplier: Supplier | Literal[""] = ""
    data: Long = ""
    workflow: Long = ""
    cost_class: CostClass | Literal[""] = ""
    failed: Long = ""
    risks: Long = ""
    claims: Annotated[list[Claim], Field(max_length=20)] = []
    demonstration: Annotated[str, Field(max_length=200)] = ""


class PracticeIn(PracticeText):
    """A practice to draft: `place` a Member's uuid, `topic` a code, `item` the action item or `parent` the practice it comes from."""

    place: UUID
    topic: Annotated[str, Field(max_length=12)]
    item: UUID | None = None
    parent: UUID | None = None


class PracticeEdit(PracticeText):
    """The text anew, for the version that was read."""

    version: int


class ClearIn(Schema):
    """How far it may be seen once it is published."""

    sight: Sight = Sight.PUBLIC


class ReviewersIn(Schema):
    """Whom to ask."""

    people: Annotated[list[UUID], Field(min_length=1, max_length=6)]


class ReviewIn(Schema):
    """What a reviewer says."""

    opinion: Opinion
    words: Words


class RetireIn(Schema):
    """Why it is retired."""

    because: RetiredBecause
    words: Words


class WordsIn(Schema):
    """Why."""

    words: Words


class TranslationIn(Schema):
    """A practice in another language."""

    title: Annotated[str, Field(max_length=200)]
    problem: Long = ""
    context: Long = ""
    done: Long = ""
    steps: Long = ""
    resources: Long = ""
    results: Long = ""
    evidence: Long = ""
    lessons: Long = ""
    transfer: Long = ""
    system: Long = ""
    data: Long = ""
    workflow: Long = ""
    failed: Long = ""
    risks: Long = ""


class AdoptionIn(Schema):
    """That a Member used it, and how it went."""

    place: UUID
    worked: Worked
    result: Words


class AdoptionOut(Schema):
    """A use."""

    uuid: UUID
    place: str
    worked: Worked
    result: str


class QuestionIn(Schema):
    """A question or comment."""

    text: Annotated[str, Field(max_length=2000)]


class AnswerIn(Schema):
    """The answer."""

    answer: Annotated[str, Field(max_length=2000)]


class QuestionOut(Schema):
    """A question with its answer, if it has one. The asker is an administration or body, never a name."""

    uuid: UUID
    place: str
    at: datetime
    text: str
    answer: str
    answered_at: datetime | None


class CountOut(Schema):
    """How many of what was found."""

    code: str
    title: str = ""
    n: int


class SearchIn(Schema):
    """What to look for; empty is everything. `used` is yes or no; `skip` rows are left out."""

    q: Annotated[str, Field(max_length=100)] = ""
    topic: Annotated[str, Field(max_length=12)] = ""
    member: Annotated[str, Field(max_length=16)] = ""
    language: Annotated[str, Field(max_length=12)] = ""
    kind: Annotated[str, Field(max_length=10)] = ""
    used: Literal["", "yes", "no"] = ""
    skip: Annotated[int, Field(ge=0, le=10000)] = 0


class FoundOut(Schema):
    """What was found, best first, with counts by facet, and which other words were looked for. `near`: on the first page, what lies near in
    meaning without the words; nothing where the installation has no model of meaning."""

    rows: list[PracticeOut]
    n: int
    topics: list[CountOut]
    members: list[CountOut]
    languages: list[CountOut]
    kinds: list[CountOut]
    used: int
    meanings: dict[str, list[str]]
    near: list[PracticeOut]


class RoundOut(Schema):
    """What centres are asked before a meeting."""

    uuid: UUID
    region: str
    title: str
    meeting_on: date
    due_on: date


class RoundIn(Schema):
    """A round to open; `region` a uuid."""

    region: UUID
    title: Annotated[str, Field(max_length=200)]
    meeting_on: date
    due_on: date


class InitiativeIn(Schema):
    """What a centre tells; `place` its uuid."""

    place: UUID
    title: Annotated[str, Field(max_length=200)]
    purpose: Words
    method: Words = ""
    results: Words
    lessons: Words = ""
    materials: Words = ""


class InitiativeOut(Schema):
    """What a centre told."""

    uuid: UUID
    place: str
    title: str
    purpose: str
    method: str
    results: str
    lessons: str
    materials: str
    said_at: datetime


class PromoteIn(Schema):
    """The topic of the practice that an initiative becomes."""

    topic: Annotated[str, Field(max_length=12)]
