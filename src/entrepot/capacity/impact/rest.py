"""What changed, for programs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status

from entrepot.ground.indicators.core import read_span
from entrepot.ground.indicators.enums import Every
from entrepot.ground.keeping.api import page
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Invalid, NotFound
from entrepot.kernel.texts import Text, gettext_noop

from . import actions
from .enums import Grade, Method, Step, Verdict
from .models import Story
from .papers import Said
from .queries import Member, verdicts_of
from .rules import link_rules, story_rules
from .telling import body_of

router = Router(tags=["impact"])
Said400 = Annotated[str, Field(max_length=400)]
Periods = Annotated[int, Field(ge=1, le=60)]
Difference = Annotated[Decimal, Field(ge=0, lt=Decimal(10**12), max_digits=18, decimal_places=6)]


class StoryOut(Schema):
    """A story and its verdict; `opened` says whether the analysis of its plan has been."""

    uuid: UUID
    activity: UUID
    indicator: UUID
    title: str
    question: str
    verdict: Verdict
    opened: bool
    told_at: datetime
    published_at: datetime | None
    digest: str


class StoriesOut(Schema):
    """A page of stories, latest first."""

    rows: list[StoryOut]
    following: str


class StoryIn(Schema):
    """A story to begin."""

    activity: UUID
    indicator: UUID
    title: Annotated[str, Field(max_length=160)]
    question: Annotated[str, Field(max_length=300)]


class WholeOut(StoryOut):
    """A story with all that is said of it: sentences, what would allow an answer, what it comes to in money, plan, promise, estimate,
    checks, means, links."""

    sentences: list[str]
    wanted: list[str]
    money: list[str]
    promise: list[str]
    body: dict[str, Any]


class MemberIn(Schema):
    """A Member of a comparison: `place` a code, `since` the period since which it counts as after, empty for those compared with."""

    place: Annotated[str, Field(max_length=16)]
    since: Annotated[str, Field(max_length=12)] = ""


class PlanIn(Schema):
    """A plan. `worth`, `currency` and `ground`: what a difference of one is worth at one Member in one period, and how one knows."""

    method: Method
    before: Periods
    after: Periods
    smallest: Difference
    drift: Difference = Decimal(0)
    not_yet: bool = False
    worth: Annotated[Decimal, Field(gt=0, lt=Decimal(10**10), max_digits=14, decimal_places=4)] | None = None
    currency: Annotated[str, Field(max_length=3)] = ""
    ground: Annotated[str, Field(max_length=300)] = ""
    members: Annotated[list[MemberIn], Field(max_length=400)]


class PlanOut(Schema):
    """A plan that is written down."""

    uuid: UUID
    number: int
    digest: str
    registered_at: datetime
    known_after: int
    looked_first: bool
    promise: dict[str, Any]


class FindingOut(Schema):
    """What a plan found."""

    verdict: Verdict
    reckoned_at: datetime
    figures_digest: str
    body: dict[str, Any]


class LinkIn(Schema):
    """What someone says ties two things at one Member (a code)."""

    step: Step
    place: Annotated[str, Field(max_length=16)]
    said: Said400
    item: UUID | None = None


class LinkOut(Schema):
    """A link and its grade."""

    uuid: UUID
    step: Step
    place: str
    said: str
    said_at: datetime
    grade: Grade
    measured: dict[str, Any]


class BackIn(Schema):
    """What a second person knows of it."""

    said: Said400


class MeasureIn(Schema):
    """Two periods."""

    before: Annotated[str, Field(max_length=12)]
    after: Annotated[str, Field(max_length=12)]


def _plain(story: Any, verdict: Verdict, *, opened: bool) -> dict[str, Any]:
    names = ("uuid", "title", "question", "told_at", "published_at", "digest")
    kept = {name: getattr(story, name) for name in names}
    return {**kept, "activity": story.activity.uuid, "indicator": story.indicator.uuid, "verdict": verdict, "opened": opened}


def _story(request: Any, uuid: UUID, verb: str = "view") -> Story:
    found = story_rules.visible_to(request.principal).select_related("activity__region", "indicator").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    story_rules.require(request.principal, verb, found)
    return found


def _link(link: Any) -> dict[str, Any]:
    names = ("uuid", "step", "said", "said_at", "grade", "measured")
    return {**{name: getattr(link, name) for name in names}, "place": link.place.code}


def _places(story: Story, codes: set[str]) -> dict[str, Any]:
    """The Members of the story's region with these codes. Raises `Invalid` naming one that is none."""
    members = place_rules.model._default_manager.filter(kind="member", lineage__under=story.activity.region.lineage, code__in=codes)
    found = {place.code: place for place in members}
    for code in sorted(codes - set(found)):
        raise Invalid({"place": Text(gettext_noop("There is no Member %(code)s in this region."), {"code": code})})
    return found


@router.get("/stories", response=StoriesOut, operation_id="list_stories")
def stories(
    request: Any, cursor: Annotated[str, Query("", max_length=400)] = "", size: Annotated[int, Query(50, ge=1, le=200)] = 50
) -> Any:
    """The stories this principal may read."""
    found = story_rules.visible_to(request.principal).select_related("activity", "indicator")
    shown = page(found, by="told_at", cursor=cursor, size=size, descending=True)
    verdicts = verdicts_of(shown.rows)
    rows = [_plain(one, verdicts[one.pk][0], opened=verdicts[one.pk][1]) for one in shown.rows]
    return {"rows": rows, "following": shown.following}


@router.post("/stories", response={201: StoryOut}, operation_id="tell_story")
def tell(request: Any, body: StoryIn) -> Any:
    """Begin a story."""
    made = actions.tell(by=request.principal, at=request.at, **body.dict())
    return Status(201, _plain(made, Verdict.CANNOT_TELL, opened=False))


@router.get("/stories/{uuid}", response=WholeOut, operation_id="read_story")
def story(request: Any, uuid: UUID) -> Any:
    """One story whole."""
    found = _story(request, uuid)
    body = found.body if found.published_at else body_of(found)
    said = Said(body)
    words = {"sentences": said.sentences, "wanted": said.wanted, "money": said.money, "promise": said.promise}
    return {**_plain(found, Verdict(body["verdict"]), opened=said.opened), **words, "body": body}


@router.post("/stories/{uuid}/plan", response={201: PlanOut}, operation_id="register_plan")
def register(request: Any, uuid: UUID, body: PlanIn) -> Any:
    """Write a plan down, before the analysis opens."""
    held = _story(request, uuid, "tell")
    every = Every(held.indicator.every)
    places = _places(held, {row.place for row in body.members})
    members = [Member(places[row.place], read_span(row.since, every) if row.since else None) for row in body.members]
    made = actions.register(by=request.principal, at=request.at, story=uuid, members=members, **body.dict(exclude={"members"}))
    return Status(201, {name: getattr(made, name) for name in PlanOut.model_fields})


@router.post("/plans/{uuid}/open", response=FindingOut, operation_id="open_analysis")
def open_analysis(request: Any, uuid: UUID) -> Any:
    """Reckon a plan."""
    found = actions.open_analysis(by=request.principal, at=request.at, plan=uuid)
    return {name: getattr(found, name) for name in FindingOut.model_fields}


@router.post("/stories/{uuid}/look", response=dict[str, datetime], operation_id="look_without_plan")
def look(request: Any, uuid: UUID) -> Any:
    """Look without a plan; every later plan says so."""
    return {"at": actions.look(by=request.principal, at=request.at, story=uuid).at}


@router.post("/stories/{uuid}/publish", response=StoryOut, operation_id="publish_story")
def publish(request: Any, uuid: UUID) -> Any:
    """Freeze a story."""
    made = actions.publish(by=request.principal, at=request.at, story=uuid)
    return _plain(made, Verdict(made.body["verdict"]), opened=bool(made.body["plan"] and made.body["plan"]["opened_on"]))


@router.get("/stories/{uuid}/links", response=list[LinkOut], operation_id="list_links")
def links(request: Any, uuid: UUID) -> Any:
    """The links of a story that this principal may see."""
    found = link_rules.visible_to(request.principal).filter(story__uuid=uuid).select_related("place")
    return [_link(link) for link in found.order_by("id")]


@router.post("/stories/{uuid}/links", response={201: LinkOut}, operation_id="add_link")
def add_link(request: Any, uuid: UUID, body: LinkIn) -> Any:
    """Say what ties two things."""
    place = _places(_story(request, uuid, "tell"), {body.place})[body.place]
    values = body.dict(exclude={"place"})
    return Status(201, _link(actions.add_link(by=request.principal, at=request.at, story=uuid, place=place, **values)))


@router.post("/links/{uuid}/back", response=LinkOut, operation_id="back_link")
def back(request: Any, uuid: UUID, body: BackIn) -> Any:
    """Say so too."""
    actions.back(by=request.principal, at=request.at, link=uuid, said=body.said)
    return _link(link_rules.visible_to(request.principal).select_related("place").get(uuid=uuid))


@router.post("/links/{uuid}/measure", response=LinkOut, operation_id="measure_link")
def measure(request: Any, uuid: UUID, body: MeasureIn) -> Any:
    """Set the figure of one period beside that of a later one."""
    return _link(actions.measure(by=request.principal, at=request.at, link=uuid, before=body.before, after=body.after))
