"""Activities, invitations, nominations and sessions for programs: every step that pages have."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router, Status

from entrepot.capacity.competencies.api import competency_rules
from entrepot.capacity.needs.api import need_rules
from entrepot.ground.keeping.api import page
from entrepot.ground.people.api import person_rules
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Invalid, NotFound
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.texts import gettext_noop

from .. import actions
from ..core import blockers, following
from ..enums import Stage
from ..queries import facts_of
from ..rules import activity_rules, budget_line_rules, invitation_rules, nomination_rules, session_rules
from .schemas import (
    ActivitiesOut,
    ActivityEdit,
    ActivityIn,
    ActivityOut,
    AdvanceIn,
    BudgetIn,
    BudgetOut,
    CancelInvitationIn,
    DeadlineIn,
    InvitationOut,
    NominationIn,
    NominationOut,
    OverrideIn,
    PeopleIn,
    PlacesIn,
    PresentIn,
    ReasonIn,
    ReplacementIn,
    SessionIn,
    SessionOut,
    SpentIn,
    YesIn,
)

router = Router(tags=["training"])


def _activity(request: Any, uuid: UUID, verb: str = "view") -> Any:
    found = activity_rules.visible_to(request.principal).select_related("region", "host", "competency").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    activity_rules.require(request.principal, verb, found)
    return found


def plain(activity: Any) -> dict[str, Any]:
    """An activity as the API says it."""
    names = [name for name in ActivityOut.model_fields if name not in ("region", "host", "competency", "following", "blockers")]
    host = activity.host.code if activity.host else None
    kept = {name: getattr(activity, name) for name in names}
    return {**kept, "region": activity.region.code, "host": host, "competency": activity.competency.code}


def _whole(request: Any, activity: Any) -> dict[str, Any]:
    to = following(Stage(activity.stage)) if activity.stage != Stage.CANCELLED else None
    if to is None or not activity_rules.may(request.principal, "deliver", activity):
        return plain(activity)
    return {**plain(activity), "following": to, "blockers": [str(text) for text in blockers(to, facts_of(activity, to, request.at))]}


def _people(uuids: list[UUID]) -> list[Any]:
    # The action itself decides who may be named.
    found = list(person_rules.visible_to(SYSTEM).filter(uuid__in=uuids))
    if len(found) != len(set(uuids)):
        raise Invalid({"people": gettext_noop("Someone here is not known.")})
    return found


@router.get("/activities", response=ActivitiesOut, operation_id="list_activities", auth=None)
def activities(
    request: Any, cursor: Annotated[str, Query("", max_length=400)] = "", size: Annotated[int, Query(50, ge=1, le=200)] = 50
) -> Any:
    """The activities this principal may see."""
    found = activity_rules.visible_to(request.principal).select_related("region", "host", "competency")
    shown = page(found, by="created_at", cursor=cursor, size=size, descending=True)
    return {"rows": [plain(activity) for activity in shown.rows], "following": shown.following}


@router.get("/activities/{uuid}", response=ActivityOut, operation_id="read_activity", auth=None)
def activity(request: Any, uuid: UUID) -> Any:
    """One activity."""
    return _whole(request, _activity(request, uuid))


@router.post("/activities", response={201: ActivityOut}, operation_id="create_activity")
def create(request: Any, body: ActivityIn) -> Any:
    """Begin an activity."""
    region = place_rules.visible_to(request.principal).filter(uuid=body.region, kind="region").first()
    if region is None:
        raise NotFound
    competency = competency_rules.visible_to(request.principal).filter(code=body.competency).first()
    if competency is None:
        raise Invalid({"competency": gettext_noop("The catalogue has no competency with this code.")})
    needs = list(need_rules.visible_to(request.principal).filter(uuid__in=body.needs).select_related("place"))
    if len(needs) != len(set(body.needs)):
        raise NotFound
    values = {"title": body.title, "competency": competency, "level": body.level, "mode": body.mode}
    made = actions.create(by=request.principal, at=request.at, region=region, needs=needs, **values)
    return Status(201, _whole(request, made))


@router.patch("/activities/{uuid}", response=ActivityOut, operation_id="edit_activity")
def edit(request: Any, uuid: UUID, body: ActivityEdit) -> Any:
    """Change the design."""
    values = body.dict(exclude={"version"}, exclude_unset=True)
    if values.get("host"):
        values["host"] = place_rules.visible_to(request.principal).filter(uuid=values["host"]).first()
    if values.get("criteria") is not None:
        values["criteria"] = {**_activity(request, uuid).criteria, **values["criteria"]}
    nullable = {"host", "starts_on", "ends_on", "nominate_by"}
    values = {name: value for name, value in values.items() if value is not None or name in nullable}
    actions.edit(by=request.principal, at=request.at, uuid=uuid, values=values, version=body.version)
    return activity(request, uuid)


@router.put("/activities/{uuid}/invitations", response=list[InvitationOut], operation_id="choose_members")
def choose(request: Any, uuid: UUID, body: PlacesIn) -> Any:
    """Choose which Members are invited."""
    places = list(place_rules.visible_to(request.principal).filter(uuid__in=body.places))
    if len(places) != len(set(body.places)):
        raise NotFound
    actions.choose_members(by=request.principal, at=request.at, uuid=uuid, places=places)
    return invitations(request, uuid)


@router.get("/activities/{uuid}/invitations", response=list[InvitationOut], operation_id="list_invitations")
def invitations(request: Any, uuid: UUID) -> Any:
    """The invitations of an activity that this principal may see."""
    shown = _activity(request, uuid)
    found = invitation_rules.visible_to(request.principal).filter(activity=shown).select_related("place").order_by("place__code")
    return [_invitation(invitation, shown) for invitation in found]


def _invitation(found: Any, activity: Any) -> dict[str, Any]:
    found.activity = activity
    until = found.deadline.ends_at if found.deadline else None
    kept = {name: getattr(found, name) for name in ("uuid", "state", "sent_at", "answered_at")}
    return {**kept, "activity": activity.uuid, "place": found.place.code, "nominate_until": until}


@router.put("/activities/{uuid}/trainers", response=ActivityOut, operation_id="set_trainers")
def trainers(request: Any, uuid: UUID, body: PeopleIn) -> Any:
    """Say who teaches."""
    actions.set_trainers(by=request.principal, at=request.at, uuid=uuid, people=_people(body.people))
    return activity(request, uuid)


@router.post("/activities/{uuid}/budget", response=ActivityOut, operation_id="add_budget_line")
def budget(request: Any, uuid: UUID, body: BudgetIn) -> Any:
    """Plan money."""
    actions.add_budget_line(by=request.principal, at=request.at, uuid=uuid, **body.dict())
    return activity(request, uuid)


@router.get("/activities/{uuid}/budget", response=list[BudgetOut], operation_id="list_budget_lines")
def budget_lines(request: Any, uuid: UUID) -> Any:
    """The budget lines of an activity that this principal may see."""
    return list(budget_line_rules.visible_to(request.principal).filter(activity=_activity(request, uuid)).order_by("id"))


@router.put("/budget/{uuid}/spent", response=BudgetOut, operation_id="say_spent")
def spent(request: Any, uuid: UUID, body: SpentIn) -> Any:
    """Say what a budget line came to in the end."""
    return actions.say_spent(by=request.principal, at=request.at, uuid=uuid, spent=body.spent)


@router.post("/activities/{uuid}/advance", response=ActivityOut, operation_id="advance_activity")
def advance(request: Any, uuid: UUID, body: AdvanceIn) -> Any:
    """Move to the next stage."""
    actions.advance(by=request.principal, at=request.at, uuid=uuid, to=body.to, skip=body.skip)
    return activity(request, uuid)


@router.post("/activities/{uuid}/cancel", response=ActivityOut, operation_id="cancel_activity")
def cancel(request: Any, uuid: UUID, body: ReasonIn) -> Any:
    """Cancel it."""
    actions.cancel(by=request.principal, at=request.at, uuid=uuid, reason=body.reason)
    return activity(request, uuid)


@router.post("/activities/{uuid}/decide", response=list[NominationOut], operation_id="decide_selection")
def decide(request: Any, uuid: UUID) -> Any:
    """Decide on everyone by the criteria."""
    actions.decide(by=request.principal, at=request.at, uuid=uuid)
    return nominations(request, uuid)


def _nomination(found: Any) -> dict[str, Any]:
    names = ("uuid", "rank", "release", "late", "outcome", "line", "reasons", "override", "note")
    return {
        **{name: getattr(found, name) for name in names},
        "person": found.person.uuid,
        "place": found.invitation.place.code,
        "withdrawn": found.withdrawn_at is not None,
    }


@router.get("/activities/{uuid}/nominations", response=list[NominationOut], operation_id="list_nominations")
def nominations(request: Any, uuid: UUID) -> Any:
    """The nominations of an activity that this principal may see."""
    found = nomination_rules.visible_to(request.principal).filter(activity=_activity(request, uuid))
    return [_nomination(n) for n in found.select_related("person", "invitation__place").order_by("invitation__place__code", "rank")[:2000]]


def _one(request: Any, uuid: UUID) -> dict[str, Any]:
    found = nomination_rules.visible_to(request.principal).select_related("person", "invitation__place").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return _nomination(found)


@router.post("/invitations/{uuid}/nominations", response={201: NominationOut}, operation_id="nominate")
def nominate(request: Any, uuid: UUID, body: NominationIn) -> Any:
    """Put an officer forward, or change what was said of one."""
    made = actions.nominate(by=request.principal, at=request.at, invitation=uuid, values=_named(request, body))
    return Status(201, _one(request, made.uuid))


def _named(request: Any, body: NominationIn | ReplacementIn) -> dict[str, Any]:
    values: dict[str, Any] = body.dict(exclude_none=True)
    for name in ("person", "supervisor"):
        given = values.pop(name, None)
        if given:
            found = person_rules.visible_to(request.principal).filter(uuid=given).first()
            if found is None:
                raise Invalid({name: gettext_noop("Someone here is not known.")})
            values[name] = found
    return values


@router.post("/nominations/{uuid}/replace", response={201: NominationOut}, operation_id="replace_participant")
def replace(request: Any, uuid: UUID, body: ReplacementIn) -> Any:
    """Put another officer of the same Member into a confirmed seat."""
    made = actions.replace_participant(by=request.principal, at=request.at, uuid=uuid, values=_named(request, body))
    return Status(201, _one(request, made.uuid))


@router.post("/invitations/{uuid}/deadline", response=InvitationOut, operation_id="extend_deadline")
def extend(request: Any, uuid: UUID, body: DeadlineIn) -> Any:
    """Give one Member more time to nominate."""
    held = actions.extend_deadline(by=request.principal, at=request.at, invitation=uuid, nominate_by=body.nominate_by)
    return _invitation(held, held.activity)


@router.post("/invitations/{uuid}/cancel", response=InvitationOut, operation_id="cancel_invitation")
def cancel_invitation(request: Any, uuid: UUID, body: CancelInvitationIn) -> Any:
    """Take an invitation back, with its nominations and, where that is meant, its seats."""
    held = actions.invitation_cancelled(by=request.principal, at=request.at, invitation=uuid, **body.dict())
    return _invitation(held, held.activity)


@router.post("/invitations/{uuid}/finish", response=dict[str, str], operation_id="finish_nominations")
def finish(request: Any, uuid: UUID) -> Any:
    """Say that these are all."""
    return {"state": actions.finish(by=request.principal, at=request.at, invitation=uuid).state}


@router.post("/invitations/{uuid}/decline", response=dict[str, str], operation_id="decline_invitation")
def decline(request: Any, uuid: UUID, body: ReasonIn) -> Any:
    """Nominate nobody this time."""
    return {"state": actions.decline(by=request.principal, at=request.at, invitation=uuid, reason=body.reason).state}


@router.post("/nominations/{uuid}/release", response=NominationOut, operation_id="release_officer")
def release(request: Any, uuid: UUID, body: YesIn) -> Any:
    """The supervisor's answer."""
    actions.release(by=request.principal, at=request.at, uuid=uuid, given=body.yes)
    return _one(request, uuid)


@router.post("/nominations/{uuid}/override", response=NominationOut, operation_id="override_selection")
def override(request: Any, uuid: UUID, body: OverrideIn) -> Any:
    """Decide by name."""
    actions.override(by=request.principal, at=request.at, uuid=uuid, **body.dict())
    return _one(request, uuid)


@router.post("/nominations/{uuid}/withdraw", response=NominationOut, operation_id="withdraw_nomination")
def withdraw(request: Any, uuid: UUID) -> Any:
    """Take a nomination back."""
    actions.withdraw(by=request.principal, at=request.at, uuid=uuid)
    return _one(request, uuid)


@router.post("/nominations/{uuid}/seat", response=NominationOut, operation_id="answer_offered_seat")
def seat(request: Any, uuid: UUID, body: YesIn) -> Any:
    """Take or leave the seat that came free."""
    actions.answer_offer(by=request.principal, at=request.at, uuid=uuid, take=body.yes)
    return _one(request, uuid)


@router.post("/activities/{uuid}/sessions", response={201: SessionOut}, operation_id="add_session")
def add_session(request: Any, uuid: UUID, body: SessionIn) -> Any:
    """Add a session to the agenda."""
    made = actions.keep_session(by=request.principal, at=request.at, activity=uuid, **body.dict())
    return Status(201, {name: getattr(made, name) for name in SessionOut.model_fields})


@router.put("/sessions/{uuid}", response=SessionOut, operation_id="edit_session")
def edit_session(request: Any, uuid: UUID, body: SessionIn) -> Any:
    """Change a session; where it moves, participants and trainers are told."""
    found = session_rules.visible_to(request.principal).select_related("activity").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    made = actions.keep_session(by=request.principal, at=request.at, activity=found.activity.uuid, uuid=uuid, **body.dict())
    return {name: getattr(made, name) for name in SessionOut.model_fields}


@router.get("/activities/{uuid}/sessions", response=list[SessionOut], operation_id="list_sessions", auth=None)
def sessions(request: Any, uuid: UUID) -> Any:
    """The agenda."""
    found = session_rules.visible_to(request.principal).filter(activity=_activity(request, uuid)).order_by("starts_at")
    return [{name: getattr(session, name) for name in SessionOut.model_fields} for session in found]


@router.post("/sessions/{uuid}/attendance", response=dict[str, int], operation_id="mark_attendance")
def mark(request: Any, uuid: UUID, body: PresentIn) -> Any:
    """Record who was there."""
    held = actions.mark(by=request.principal, at=request.at, session=uuid, present=dict(body.present))
    return {"present": held.attendances.count()}
