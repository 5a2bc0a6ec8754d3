"""What programs send and are sent."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from entrepot.capacity.competencies.enums import Level
from entrepot.capacity.needs.enums import Mode

from ..enums import Attended, LanguageLevel, Override, Stage

Line = Annotated[str, Field(max_length=300)]
Small = Annotated[int, Field(ge=0, le=5000)]


class ActivityOut(Schema):
    """An activity, and what blocks its next stage."""

    uuid: UUID
    version: int
    code: str
    title: str
    region: str
    host: str | None
    competency: str
    level: Level
    mode: Mode
    language: str
    objectives: str
    outcomes: list[str]
    target_group: str
    seats: int
    seats_per_member: int
    criteria: dict[str, Any]
    starts_on: date | None
    ends_on: date | None
    nominate_by: date | None
    first_refusal_days: int
    follow_up_months: int
    stage: Stage
    following: Stage | None = None
    blockers: list[str] = []


class ActivitiesOut(Schema):
    """A page of activities, latest first."""

    rows: list[ActivityOut]
    following: str


class ActivityIn(Schema):
    """An activity to begin: `region` is a place's uuid, `needs` those that it will answer."""

    region: UUID
    title: Annotated[str, Field(max_length=200)]
    competency: Annotated[str, Field(max_length=16)]
    level: Level
    mode: Mode
    needs: Annotated[list[UUID], Field(max_length=200)] = []


class ActivityEdit(Schema):
    """What may be changed; `version` is the one that was read; `host` a centre's uuid."""

    version: Annotated[int, Field(ge=0, le=2**31)]
    title: Annotated[str, Field(max_length=200)] | None = None
    host: UUID | None = None
    language: Annotated[str, Field(max_length=12)] | None = None
    objectives: Annotated[str, Field(max_length=8000)] | None = None
    outcomes: Annotated[list[Line], Field(max_length=40)] | None = None
    target_group: Line | None = None
    seats: Small | None = None
    seats_per_member: Small | None = None
    criteria: Annotated[dict[Annotated[str, Field(max_length=40)], Any], Field(max_length=20)] | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    nominate_by: date | None = None
    first_refusal_days: Annotated[int, Field(ge=0, le=60)] | None = None
    follow_up_months: Annotated[int, Field(ge=1, le=36)] | None = None


class PlacesIn(Schema):
    """Members to invite."""

    places: Annotated[list[UUID], Field(max_length=300)]


class PeopleIn(Schema):
    """Trainers."""

    people: Annotated[list[UUID], Field(max_length=100)]


class BudgetIn(Schema):
    """Money for a purpose."""

    title: Annotated[str, Field(max_length=120)]
    currency: Annotated[str, Field(max_length=3)]
    amount: Annotated[Decimal, Field(ge=0, le=10**9)]
    source: Annotated[str, Field(max_length=120)] = ""


class SpentIn(Schema):
    """What a budget line came to; null while it is not known."""

    spent: Annotated[Decimal, Field(ge=0, lt=10**10, max_digits=12, decimal_places=2)] | None


class BudgetOut(Schema):
    """A budget line."""

    uuid: UUID
    title: str
    source: str
    currency: str
    amount: Decimal
    spent: Decimal | None


class AdvanceIn(Schema):
    """The next stage, and the reason where something still blocks it."""

    to: Stage
    skip: Annotated[str, Field(max_length=500)] = ""


class ReasonIn(Schema):
    """Why."""

    reason: Line = ""


class CancelInvitationIn(Schema):
    """Why an invitation is taken back; `take_seats` where its officers' confirmed seats are meant too."""

    reason: Line = ""
    take_seats: bool = False


class DeadlineIn(Schema):
    """The last day to nominate, for one Member."""

    nominate_by: date


class InvitationOut(Schema):
    """An invitation."""

    uuid: UUID
    activity: UUID
    place: str
    state: str
    sent_at: datetime | None
    answered_at: datetime | None
    nominate_until: datetime | None
    """The first moment that is too late: the end of the last day by the Member's clock."""


class NominationIn(Schema):
    """An officer: `person` is a uuid of one's own people, or a name for someone new, with an address of their own where they have one,
    else a `contact_email` by which they are reached, or none; `supervisor` a uuid.

    Who has no address may be someone known: where there is a namesake it is asked, and `same_as` answers (`same`, `new`, or a uuid).
    """

    person: UUID | None = None
    full_name: Annotated[str, Field(max_length=200)] = ""
    family_name: Annotated[str, Field(max_length=120)] = ""
    email: Annotated[str, Field(max_length=254)] = ""
    contact_email: Annotated[str, Field(max_length=254)] = ""
    same_as: Annotated[str, Field(max_length=40)] = ""
    rank: Annotated[int, Field(ge=1, le=999)]
    post: Annotated[str, Field(max_length=120)]
    unit: Annotated[str, Field(max_length=120)] = ""
    duties: Annotated[str, Field(max_length=500)] = ""
    years: Annotated[int, Field(ge=0, le=70)] = 0
    language_level: LanguageLevel
    special_needs: Annotated[str, Field(max_length=500)] = ""
    consent: bool
    supervisor: UUID | None = None


class ReplacementIn(Schema):
    """Who takes over a seat: `person` alone for someone who is nominated already, else as a nomination without a rank."""

    person: UUID | None = None
    full_name: Annotated[str, Field(max_length=200)] = ""
    family_name: Annotated[str, Field(max_length=120)] = ""
    email: Annotated[str, Field(max_length=254)] = ""
    contact_email: Annotated[str, Field(max_length=254)] = ""
    same_as: Annotated[str, Field(max_length=40)] = ""
    post: Annotated[str, Field(max_length=120)] = ""
    unit: Annotated[str, Field(max_length=120)] = ""
    duties: Annotated[str, Field(max_length=500)] = ""
    years: Annotated[int, Field(ge=0, le=70)] = 0
    language_level: LanguageLevel | None = None
    special_needs: Annotated[str, Field(max_length=500)] = ""
    consent: bool = False
    supervisor: UUID | None = None


class NominationOut(Schema):
    """A nomination and what was decided."""

    uuid: UUID
    person: UUID
    place: str
    rank: int
    release: str
    late: bool
    outcome: str
    line: int
    reasons: list[dict[str, Any]]
    override: str
    note: str
    withdrawn: bool


class YesIn(Schema):
    """Yes or no."""

    yes: bool


class OverrideIn(Schema):
    """Let in, keep out, or neither; with a note."""

    way: Override
    note: Annotated[str, Field(max_length=500)] = ""
    """The officer and their coordinator read it."""
    over_limit: bool = False
    """That more are let in by name than the Member or the activity has seats is meant."""


class SessionIn(Schema):
    """A part of the agenda."""

    title: Annotated[str, Field(max_length=200)]
    starts_at: datetime
    ends_at: datetime
    room: Annotated[str, Field(max_length=120)] = ""
    join_link: Annotated[str, Field(max_length=300)] = ""


class SessionOut(Schema):
    """A session."""

    uuid: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    room: str


class PresentIn(Schema):
    """How each nomination was at a session; null takes someone off."""

    present: Annotated[dict[UUID, Attended | None], Field(max_length=2000)]
