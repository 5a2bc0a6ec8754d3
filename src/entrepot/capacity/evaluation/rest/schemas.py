"""What programs send and get."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from ..enums import FormKind, ItemState

Short = Annotated[str, Field(max_length=2000)]
Answer = Short | int | bool | float | Annotated[list[int], Field(max_length=100)] | Annotated[dict[str, int], Field(max_length=100)]


class TestIn(Schema):
    """A test: questions with their answers, as text."""

    text: Annotated[str, Field(max_length=20_000)]


class FormQuestionOut(Schema):
    """A question; which answer is right is not said. `texts` holds other languages."""

    key: str
    text: str
    kind: str
    options: list[str]
    needed: bool
    rows: list[str]
    section: str
    shown_if: str
    shown_for: list[int]
    unit: str
    texts: dict[str, dict[str, Any]]


class FormOut(Schema):
    """A form."""

    uuid: UUID
    kind: FormKind
    number: int
    frozen: bool
    seconds: int
    questions: list[FormQuestionOut]


class FormIn(Schema):
    """A form to begin: with one of our library (`code`), as a copy, or empty."""

    kind: FormKind
    code: Annotated[str, Field(max_length=40)] = ""
    copy_of: UUID | None = None


class FormQuestionIn(Schema):
    """A question to add."""

    text: Annotated[str, Field(max_length=500)]
    kind: Annotated[str, Field(max_length=12)]
    needed: bool = True
    options: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=60)] = []
    rows: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=60)] = []
    section: Annotated[str, Field(max_length=20)] = ""
    shown_if: Annotated[str, Field(max_length=40)] = ""
    shown_for: Annotated[list[int], Field(max_length=60)] = []
    least: float | None = None
    most: float | None = None
    unit: Annotated[str, Field(max_length=12)] = ""


class QuestionEdit(FormQuestionIn):
    """A question as it shall be; `new_meaning` where answers to it cannot be put together with earlier ones."""

    new_meaning: bool = False


class ClearAnswersIn(Schema):
    """The questions whose answers may be published; none takes it back."""

    keys: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=100)]


class SuccessorIn(Schema):
    """Who answers now."""

    email: Annotated[str, Field(max_length=254)]


class ClearedOut(Schema):
    """An answer that a Member cleared for publication."""

    member: UUID
    member_name: str
    section: str
    question: str
    text: str
    words: str
    cleared_at: datetime


class BurdenPart(Schema):
    """Of one kind of thing that is asked, the minutes."""

    what: str
    minutes: float


class BurdenOut(Schema):
    """What one Member is asked for in this quarter, in minutes, by all rooms."""

    member: UUID
    name: str
    minutes: float
    measured: float
    asks: int
    ceiling: int
    parts: list[BurdenPart]


class CompletedOut(Schema):
    """The share of action items of a topic (empty: all) that was done within so many months."""

    topic: str
    months: int
    share: float | None
    low: float | None
    high: float | None
    n: int
    people: int
    method: str


class LessonIn(Schema):
    """That one taught colleagues."""

    what: Annotated[str, Field(max_length=200)]
    on: date
    claimed: int
    emails: Annotated[list[Annotated[str, Field(max_length=254)]], Field(max_length=500)] = []


class LessonOut(Schema):
    """What was told, and how many colleagues are asked whether it is so."""

    uuid: UUID
    claimed: int
    asked: int


class ConfirmIn(Schema):
    """Whether one was taught."""

    yes: bool


class AnswersIn(Schema):
    """Answers by question."""

    answers: Annotated[dict[Annotated[str, Field(max_length=40)], Answer], Field(max_length=200)]
    seconds: float | None = None
    language: Annotated[str, Field(max_length=12)] = ""


class AskOut(Schema):
    """What was asked of someone, and whether it is answered."""

    uuid: UUID
    kind: FormKind
    activity: UUID
    nomination: UUID | None
    member: UUID | None
    due_on: date | None
    answered_at: datetime | None
    right: int | None
    of: int | None


class ItemIn(Schema):
    """What a participant will do."""

    what: Annotated[str, Field(max_length=300)]
    due_on: date
    why: Annotated[str, Field(max_length=300)] = ""
    owner: Annotated[str, Field(max_length=120)] = ""
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


class FrozenReportOut(Schema):
    """A published report."""

    uuid: UUID
    published_at: datetime
    digest: str
    body: dict[str, Any]
