"""Designing an activity and moving it from stage to stage."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from entrepot.capacity.competencies.enums import Level
from entrepot.capacity.needs.api import take_up
from entrepot.capacity.needs.enums import Mode
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.ground.people.api import in_force
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Text, gettext_noop

from .. import introductions, letters
from ..core import Criteria, blockers, following
from ..enums import InvitationState, Outcome, Stage
from ..models import Activity, BudgetLine, Invitation, Nomination, StageChange
from ..queries import facts_of
from ..rules import OFFICE, activity_rules, budget_line_rules

EDITABLE = frozenset(
    {
        *(
            "title",
            "host",
            "competency",
            "level",
            "mode",
            "language",
            "objectives",
            "outcomes",
            "target_group",
            "seats",
            "seats_per_member",
            "first_refusal_days",
        ),
        *("criteria", "starts_on", "ends_on", "nominate_by", "follow_up_months", "version_label"),
    }
)
_TEXTS = {"title": 200, "target_group": 300, "objectives": 8000, "version_label": 20, "language": 12}


class StillBlocked(Conflict):
    """Something keeps the activity from its next stage; it may be skipped with a reason."""

    code = "still-blocked"
    message = gettext_noop("Something still keeps this activity from the next stage: %(why)s")


class TooLate(Conflict):
    """The activity has moved on."""

    code = "too-late"
    message = gettext_noop("The activity is past that stage.")


def require_not_over(activity: Activity) -> None:
    """Raise `TooLate` for an activity that is closed or cancelled: what it was stays as it was."""
    if activity.stage in (Stage.CLOSED, Stage.FOLLOWED_UP, Stage.CANCELLED):
        raise TooLate(gettext_noop("The activity is closed: what it was stays as it was."))


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:  # noqa: C901  (one line for each field that can be wrong)
    clean: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    faults: dict[str, Text | str] = {name: gettext_noop("This cannot be changed here.") for name in set(clean) - EDITABLE}
    for name, limit in _TEXTS.items():
        if len(clean.get(name) or "") > limit:
            faults[name] = Text(gettext_noop("At most %(limit)s characters."), {"limit": limit})
    if "title" in clean and not clean["title"]:
        faults["title"] = gettext_noop("Give the activity a title.")
    for name, known in (("level", Level), ("mode", Mode)):
        if name in clean and clean[name] not in list(known):
            faults[name] = gettext_noop("Choose one of the answers offered.")
    for name, most in (("seats", 5000), ("seats_per_member", 5000), ("follow_up_months", 5000), ("first_refusal_days", 60)):
        if name in clean and not 0 <= (clean[name] or 0) <= most:
            faults[name] = Text(gettext_noop("A number from 0 to %(most)s."), {"most": f"{most:,}"})
    if "criteria" in clean:
        try:
            Criteria.read(clean["criteria"])
        except Invalid as error:
            faults |= error.faults
    if any(not isinstance(outcome, str) or len(outcome) > 300 for outcome in clean.get("outcomes", [])):
        faults["outcomes"] = gettext_noop("An outcome is one line of at most 300 characters.")
    if clean.get("host") and clean["host"].kind != "centre":
        faults["host"] = gettext_noop("A training centre is the host.")
    if faults:
        raise Invalid(faults)
    return clean


def _check_dates(activity: Activity, values: Mapping[str, Any]) -> None:
    starts, ends, by = (values.get(name, getattr(activity, name)) for name in ("starts_on", "ends_on", "nominate_by"))
    faults: dict[str, Text | str] = {}
    if starts and ends and ends <= starts:
        faults["ends_on"] = gettext_noop("The end has to come after the start.")
    if starts and by and by > starts:
        faults["nominate_by"] = gettext_noop("The deadline comes after the activity begins.")
    if faults:
        raise Invalid(faults)


def _require_office(by: Principal, region: Any) -> None:
    if not by.is_system and not (by.holds(*OFFICE, over=region.lineage) and by.scoped("training:write")):
        raise NotAllowed(gettext_noop("The regional office designs activities."))


@action
def create(*, by: Principal, at: datetime, region: Any, needs: Collection[Any] = (), **values: Any) -> Activity:
    """Begin an activity of `region` that will answer `needs`, each of which is then taken up. Raises `NotAllowed`, `Invalid`."""
    _require_office(by, region)
    return begin(by=by, at=at, region=region, needs=needs, values=values)


def begin(*, by: Principal, at: datetime, region: Any, needs: Collection[Any], values: Mapping[str, Any], rerun: bool = False) -> Activity:
    """Write a new activity inside an action that has decided it. Raises `Invalid`."""
    clean = _checked({"title": "", "level": Level.TRAINED, "mode": Mode.IN_PERSON, "criteria": Criteria().plain(), **values})
    if clean.get("competency") is None:
        raise Invalid({"competency": gettext_noop("Say which competency it is for.")})
    place_rules.visible_to(SYSTEM).select_for_update().get(pk=region.pk)  # one at a time, for the number in the code
    number = Activity.objects.filter(region=region, created_at__year=at.year).count() + 1
    activity = Activity(region=region, created_at=at, code=f"{region.code}-{at.year}-{number:03d}", rerun=rerun, **clean)
    _check_dates(activity, clean)
    activity.save()
    activity.needs.set(needs)
    take_up(by=by, at=at, needs=needs, activity=activity.uuid)
    StageChange.objects.create(activity=activity, stage=Stage.DESIGN, at=at, by_uuid=by.uuid)
    facts = {"code": activity.code, "needs": [str(need.uuid) for need in needs]}
    append(by=by, at=at, verb="training.activity.created", thing=activity, place=region.lineage, facts=facts)
    return activity


@action
def edit(*, by: Principal, at: datetime, uuid: UUID, values: Mapping[str, Any], version: int | None) -> Activity:
    """Change an activity. Criteria and seats stay as they are once selection is confirmed. Raises `StaleEdit`, `Invalid`, `TooLate`."""
    activity = hold(activity_rules.visible_to(by).select_related("region"), uuid)
    activity_rules.require(by, "design", activity)
    require_not_over(activity)
    clean = _checked(values)
    _check_dates(activity, clean)
    settled = activity.stage not in (Stage.DESIGN, Stage.INVITATION, Stage.SELECTION)
    if settled and any(clean.get(name, getattr(activity, name)) != getattr(activity, name) for name in ("criteria", "seats_per_member")):
        raise TooLate(gettext_noop("Seats are confirmed: the rules by which they were given stay as they were."))
    changed = change(activity, clean, version=version)
    if changed:
        append(
            by=by,
            at=at,
            verb="training.activity.edited",
            thing=activity,
            place=activity.region.lineage,
            facts={"fields": sorted(changed)},
        )
        if activity.stage == Stage.CONFIRMED and {"starts_on", "ends_on", "host", "title"} & set(changed):
            letters.number_appointments(activity)
            letters.moved(activity, by=by, at=at)
    else:
        nothing_done()
    return activity


@action
def set_trainers(*, by: Principal, at: datetime, uuid: UUID, people: Collection[Any]) -> Activity:
    """Say who teaches: people who hold the role of trainer in the region."""
    activity = hold(activity_rules.visible_to(by).select_related("region"), uuid)
    activity_rules.require(by, "deliver", activity)
    trainers = in_force(at.date()).filter(role=Role.TRAINER, place__lineage__under=activity.region.lineage)
    if {person.pk for person in people} - set(trainers.values_list("person_id", flat=True)):
        raise Invalid({"trainers": gettext_noop("Someone here does not hold the role of trainer in this region.")})
    if {person.pk for person in people} == set(activity.trainers.values_list("pk", flat=True)):
        nothing_done()
        return activity
    activity.trainers.set(people)
    facts = {"trainers": [str(person.uuid) for person in people]}
    append(by=by, at=at, verb="training.trainers.set", thing=activity, place=activity.region.lineage, facts=facts)
    return activity


@action
def add_budget_line(*, by: Principal, at: datetime, uuid: UUID, title: str, currency: str, amount: Decimal, source: str = "") -> BudgetLine:
    """Plan money for a purpose."""
    activity = hold(activity_rules.visible_to(by).select_related("region"), uuid)
    activity_rules.require(by, "design", activity)
    faults: dict[str, Text | str] = {}
    if not title.strip():
        faults["title"] = gettext_noop("Say what the money is for.")
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        faults["currency"] = gettext_noop("A currency is three letters, as USD.")
    if not 0 <= amount < 10**10:
        faults["amount"] = gettext_noop("An amount is not negative.")
    if faults:
        raise Invalid(faults)
    made = BudgetLine.objects.create(
        activity=activity, title=title.strip()[:120], currency=currency.upper(), amount=amount, source=source.strip()[:120]
    )
    facts = {"currency": made.currency, "amount": str(amount)}
    append(by=by, at=at, verb="training.budget.added", thing=made, place=activity.region.lineage, facts=facts)
    return made


@action
def say_spent(*, by: Principal, at: datetime, uuid: UUID, spent: Decimal | None) -> BudgetLine:
    """Say what a budget line came to in the end, in its currency; None takes it back. Raises `NotFound`, `NotAllowed`, `Invalid`."""
    found = hold(budget_line_rules.visible_to(by).select_related("activity__region"), uuid)
    budget_line_rules.require(by, "keep", found)
    if spent is not None and not 0 <= spent < 10**10:
        raise Invalid({"spent": gettext_noop("An amount is not negative.")})
    if spent == found.spent:
        nothing_done()
        return found
    change(found, {"spent": spent}, version=None)
    facts = {"currency": found.currency, "spent": None if spent is None else str(spent)}
    append(by=by, at=at, verb="training.budget.spent", thing=found, place=found.activity.region.lineage, facts=facts)
    return found


@action
def remove_budget_line(*, by: Principal, at: datetime, uuid: UUID) -> None:
    """Take a budget line out."""
    found = hold(budget_line_rules.visible_to(by).select_related("activity__region"), uuid)
    budget_line_rules.require(by, "keep", found)
    append(by=by, at=at, verb="training.budget.removed", thing=found, place=found.activity.region.lineage)
    found.delete()


@action
def choose_members(*, by: Principal, at: datetime, uuid: UUID, places: Collection[Any]) -> list[Invitation]:
    """Choose which Members are invited. In design nothing is sent; later each newly chosen Member is asked at once."""
    activity = hold(activity_rules.visible_to(by).select_related("region"), uuid)
    activity_rules.require(by, "design", activity)
    if activity.stage not in (Stage.DESIGN, Stage.INVITATION):
        raise TooLate
    if any(place.kind != "member" or not place.lineage.startswith(activity.region.lineage) for place in places):
        raise Invalid({"places": gettext_noop("Members of this region are invited.")})
    kept = {invitation.place_id: invitation for invitation in activity.invitations.select_related("place")}
    made = [Invitation.objects.create(activity=activity, place=place) for place in places if place.pk not in kept]
    wanted = {place.pk for place in places}
    left_out = [invitation for place_id, invitation in kept.items() if place_id not in wanted and invitation.sent_at is None]
    for invitation in left_out:
        invitation.delete()
    if not made and not left_out:
        nothing_done()
        return []
    append(
        by=by,
        at=at,
        verb="training.members.chosen",
        thing=activity,
        place=activity.region.lineage,
        facts={"members": sorted(place.code for place in places)},
    )
    if activity.stage == Stage.INVITATION:
        _send(activity, by, at)
    return made


def _send(activity: Activity, by: Principal, at: datetime) -> None:
    for invitation in activity.invitations.filter(sent_at__isnull=True).select_related("place"):
        change(invitation, {"sent_at": at}, version=None)
        append(by=by, at=at, verb="training.invitation.sent", thing=invitation, place=invitation.place.lineage)
        letters.invite(invitation, by=by, at=at)


@action
def advance(*, by: Principal, at: datetime, uuid: UUID, to: Stage, skip: str = "") -> Activity:
    """Move an activity to its next stage, with what follows from it: letters, seats, offers, what rooms above do.

    Raises `StillBlocked` with what is missing, unless `skip` gives a reason, which is recorded; `Conflict` where `to` is not the next one.
    """
    activity = hold(activity_rules.visible_to(by).select_related("region", "host"), uuid)
    activity_rules.require(by, "select" if to in (Stage.SELECTION, Stage.CONFIRMED) else "deliver", activity)
    if following(Stage(activity.stage)) is not to:
        raise Conflict(gettext_noop("That is not the next stage of this activity."))
    if to is Stage.INVITATION:
        activity_rules.require(by, "design", activity)
    blocked = blockers(to, facts_of(activity, to, at))
    if blocked and not skip.strip():
        raise StillBlocked(why=" ".join(str(text) for text in blocked))
    enter(activity, to, by, at, skipped=skip.strip()[:500] if blocked else "")
    return activity


def enter(activity: Activity, to: Stage, by: Principal, at: datetime, *, skipped: str = "") -> None:
    """Enter a stage inside an action that has decided it."""
    values: dict[str, Any] = {"stage": to}
    if to is Stage.CLOSED:
        values["closed_at"] = at
    change(activity, values, version=None)
    StageChange.objects.create(activity=activity, stage=to, at=at, by_uuid=by.uuid, skipped=skipped)
    append(
        by=by,
        at=at,
        verb="training.stage.entered",
        thing=activity,
        place=activity.region.lineage,
        facts={"stage": to, "skipped": bool(skipped)},
    )
    if to is Stage.INVITATION:
        _send(activity, by, at)
    if to is Stage.CONFIRMED:
        _confirm(activity, by, at)
    for follow in introductions.entered:
        follow(activity, to, by, at)


def _confirm(activity: Activity, by: Principal, at: datetime) -> None:
    decided = activity.nominations.filter(withdrawn_at__isnull=True).select_related("person__home", "invitation__place")
    letters.number_appointments(activity)
    for nomination in decided:
        nomination.activity = activity
        if nomination.outcome == Outcome.SEAT:
            change(nomination, {"confirmed_at": at}, version=None)
        letters.tell_outcome(nomination, by=by, at=at)
    append(by=by, at=at, verb="training.seats.confirmed", thing=activity, place=activity.region.lineage, facts=_counts(decided))


def _counts(nominations: Iterable[Nomination]) -> dict[str, int]:
    found: dict[str, int] = {}
    for nomination in nominations:
        found[nomination.outcome or "undecided"] = found.get(nomination.outcome or "undecided", 0) + 1
    return found


@action
def cancel(*, by: Principal, at: datetime, uuid: UUID, reason: str) -> Activity:
    """Cancel an activity; Members and nominees are told, and no answer is expected any more."""
    activity = hold(activity_rules.visible_to(by).select_related("region", "host"), uuid)
    activity_rules.require(by, "design", activity)
    if not reason.strip():
        raise Invalid({"reason": gettext_noop("Say why, for those who were invited.")})
    if activity.stage in (Stage.CLOSED, Stage.FOLLOWED_UP, Stage.CANCELLED):
        raise TooLate
    letters.number_appointments(activity)
    told = activity.invitations.filter(sent_at__isnull=False).exclude(state=InvitationState.CANCELLED)  # those were told already
    for invitation in told.select_related("place"):
        invitation.activity = activity
        change(invitation, {"state": InvitationState.CANCELLED, "reason": reason.strip()[:300]}, version=None)
        letters.cancelled(invitation, by=by, at=at)
    enter(activity, Stage.CANCELLED, by, at, skipped=reason.strip()[:500])
    return activity
