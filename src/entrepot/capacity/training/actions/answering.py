"""What a Member does with an invitation: nominate, release, submit, decline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.ground.people.api import in_force, person_rules, register
from entrepot.kernel.errors import Conflict, Invalid
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Text, gettext_noop

from .. import letters
from ..enums import InvitationState, LanguageLevel, Outcome, Release, Stage
from ..models import Invitation, Nomination
from ..rules import invitation_rules, nomination_rules
from .holding import hold_invitation, hold_nomination
from .selecting import decide_again

DETAILS = ("rank", "post", "unit", "duties", "years", "language_level", "special_needs", "consent")


class Closed(Conflict):
    """Nominations for this activity are no longer taken."""

    code = "nominations-closed"
    message = gettext_noop(
        "Nominations for this activity are closed. Nothing was changed; write to the regional office if it still matters."
    )


class WasCancelled(Conflict):
    """The invitation was cancelled."""

    code = "invitation-cancelled"
    message = gettext_noop("This invitation was cancelled. Nothing was changed.")


def _hold_open(by: Principal, uuid: UUID) -> Invitation:
    invitation = hold_invitation(by, uuid)
    invitation_rules.require(by, "answer", invitation)
    if invitation.state == InvitationState.CANCELLED:
        raise WasCancelled
    if invitation.activity.stage not in (Stage.INVITATION, Stage.SELECTION):
        raise Closed
    return invitation


@action
def nominate(*, by: Principal, at: datetime, invitation: UUID, values: Mapping[str, Any]) -> Nomination:
    """Put an officer forward, or change what was said of one (found by e-mail). Raises `Invalid`, `Closed`, `WasCancelled`."""
    held = _hold_open(by, invitation)
    nomination, _ = put_nominee(held, by, at, dict(values))
    require_ranks(held)
    return nomination


@action
def nominate_rows(*, by: Principal, at: datetime, invitation: UUID, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> dict[str, int]:
    """All rows of a workbook or none; the same rows again change nothing. Returns how many were added, changed, unchanged.

    Raises `Invalid` with a fault for each row, named `row N`.
    """
    held = _hold_open(by, invitation)
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    faults: dict[str, Text | str] = {}
    for number, values in rows:
        try:
            _, what = put_nominee(held, by, at, dict(values))
            counts[what] += 1
        except Invalid as error:
            faults[f"row {number}"] = next(iter(error.faults.values()))
    if not faults:
        require_ranks(held)
    if faults:
        raise Invalid(faults)
    nothing_done()
    return counts


def put_nominee(
    invitation: Invitation, by: Principal, at: datetime, values: Mapping[str, Any], *, keep_rank: bool = False
) -> tuple[Nomination, str]:
    """Inside an action that has decided it: keep what is said of a nominee; with `keep_rank`, one who is ranked already stays so."""
    details = _details(values)
    details["supervisor"] = _supervisor(invitation, values, at)
    person = _nominee(invitation, by, at, values)
    found = Nomination.objects.select_for_update().filter(activity=invitation.activity, person=person).first()
    late = bool(invitation.deadline and invitation.deadline.passed(at))
    if found is None:
        nomination = Nomination.objects.create(
            activity=invitation.activity, invitation=invitation, person=person, submitted_at=at, late=late, **details
        )
        facts = {"person": person.uuid, "rank": nomination.rank, "late": late}
        append(by=by, at=at, verb="training.nomination.made", thing=nomination, place=invitation.place.lineage, facts=facts)
        letters.ask_release(nomination, by=by, at=at)
        return nomination, "added"
    if keep_rank and not found.withdrawn_at:
        del details["rank"]
    if found.withdrawn_at:
        # Taken off and nominated again: what counts is when that was, not when they were nominated first.
        first = found.first_submitted_at or found.submitted_at
        details |= {"withdrawn_at": None, "submitted_at": at, "first_submitted_at": first, "late": late, "reasons": []}
    if details["supervisor"] != found.supervisor:
        details |= {"release": Release.ASKED, "released_at": None}
    changed = change(found, details, version=None)
    if not changed:
        nothing_done()
        return found, "unchanged"
    append(by=by, at=at, verb="training.nomination.changed", thing=found, place=invitation.place.lineage, facts={"fields": sorted(changed)})
    if "supervisor" in changed:
        letters.ask_release(found, by=by, at=at)
    return found, "changed"


def _details(values: Mapping[str, Any]) -> dict[str, Any]:
    faults: dict[str, Text | str] = {}
    details = {name: values.get(name, getattr(Nomination(), name)) for name in DETAILS}
    if not isinstance(details["rank"], int) or not 1 <= details["rank"] <= 999:
        faults["rank"] = gettext_noop("Rank your nominees from 1.")
    if not isinstance(details["years"], int) or not 0 <= details["years"] <= 70:
        faults["years"] = gettext_noop("Years from 0 to 70.")
    if details["language_level"] not in list(LanguageLevel):
        faults["language_level"] = gettext_noop("Choose one of the answers offered.")
    for name, limit in (("post", 120), ("unit", 120), ("duties", 500), ("special_needs", 500)):
        if len(details[name]) > limit:
            faults[name] = Text(gettext_noop("At most %(limit)s characters."), {"limit": limit})
    if not str(details["post"]).strip():
        faults["post"] = gettext_noop("Which post do they hold?")
    if details["consent"] is not True:
        faults["consent"] = gettext_noop("Ask the officer first: only those who agree to be nominated can be.")
    if faults:
        raise Invalid(faults)
    return details


def _supervisor(invitation: Invitation, values: Mapping[str, Any], at: datetime) -> Any:
    given = values.get("supervisor")
    if given is None and not values.get("supervisor_email"):
        return None
    supervisors = in_force(at.date()).filter(role=Role.SUPERVISOR, place__lineage__under=invitation.place.lineage).select_related("person")
    match = supervisors.filter(person=given) if given else supervisors.filter(person__email=str(values["supervisor_email"]).lower())
    found = match.first()
    if found is None:
        raise Invalid({"supervisor_email": gettext_noop("Nobody with this address is a supervisor of your administration.")})
    return found.person


def _nominee(invitation: Invitation, by: Principal, at: datetime, values: Mapping[str, Any]) -> Any:
    own = person_rules.visible_to(SYSTEM).filter(home=invitation.place, is_active=True)
    given = values.get("person")
    if given is not None:
        found = own.filter(pk=given.pk).first()
        if found is None:
            raise Invalid({"person": gettext_noop("Nominate people of your own administration.")})
        return found
    email = str(values.get("email") or "").strip().lower()
    if not email:
        raise Invalid({"email": gettext_noop("An address is needed: the participant is told there.")})
    found = own.filter(email=email).first()
    names = {name: values.get(name) or "" for name in ("full_name", "family_name", "latin_name", "gender")}
    # Whoever has the address elsewhere, the answer is the same: it says nothing about another Member's people.
    return found or register(by=by, at=at, home=invitation.place, email=email, vouched=True, **names)


def require_ranks(invitation: Invitation) -> None:
    """Raise `Invalid` where two nominees of an invitation have the same rank."""
    ranks = list(invitation.nominations.filter(withdrawn_at__isnull=True).values_list("rank", flat=True))
    twice = sorted({rank for rank in ranks if ranks.count(rank) > 1})
    if twice:
        raise Invalid({"rank": Text(gettext_noop("Rank %(rank)s is given to two nominees."), {"rank": twice[0]})})


@action
def finish(*, by: Principal, at: datetime, invitation: UUID) -> Invitation:
    """Say that these are all: the office need not wait."""
    held = _hold_open(by, invitation)
    if not held.nominations.filter(withdrawn_at__isnull=True).exists():
        raise Invalid({"nominations": gettext_noop("Nominate at least one officer, or decline.")})
    change(held, {"state": InvitationState.ANSWERED, "answered_at": at}, version=None)
    append(by=by, at=at, verb="training.invitation.answered", thing=held, place=held.place.lineage)
    return held


@action
def decline(*, by: Principal, at: datetime, invitation: UUID, reason: str = "") -> Invitation:
    """Say that the Member nominates nobody this time."""
    held = _hold_open(by, invitation)
    for nomination in held.nominations.filter(withdrawn_at__isnull=True):
        change(nomination, {"withdrawn_at": at, "outcome": Outcome.NONE, "line": 0}, version=None)
    change(held, {"state": InvitationState.DECLINED, "answered_at": at, "reason": reason.strip()[:300]}, version=None)
    append(by=by, at=at, verb="training.invitation.declined", thing=held, place=held.place.lineage)
    decide_again(held.activity, at)
    return held


@action
def release(*, by: Principal, at: datetime, uuid: UUID, given: bool) -> Nomination:
    """The supervisor lets an officer go, or does not. The answer may change until seats are confirmed."""
    nomination = hold(nomination_rules.visible_to(by).select_related("activity", "invitation__place"), uuid)
    nomination_rules.require(by, "release", nomination)
    if nomination.activity.stage not in (Stage.INVITATION, Stage.SELECTION, Stage.CONFIRMED):
        raise Closed
    answer = Release.GIVEN if given else Release.REFUSED
    if not change(nomination, {"release": answer, "released_at": at}, version=None):
        nothing_done()
        return nomination
    append(
        by=by,
        at=at,
        verb="training.release.answered",
        thing=nomination,
        place=nomination.invitation.place.lineage,
        facts={"answer": answer},
    )
    return nomination


@action
def remove_nominee(*, by: Principal, at: datetime, uuid: UUID) -> Nomination:
    """Take an officer off the Member's list before seats are confirmed."""
    nomination = hold_nomination(by, uuid)
    nomination_rules.require(by, "change", nomination)
    if nomination.activity.stage not in (Stage.INVITATION, Stage.SELECTION):
        raise Closed
    change(nomination, {"withdrawn_at": at, "outcome": Outcome.NONE, "line": 0, "override": "", "note": ""}, version=None)
    append(by=by, at=at, verb="training.nomination.withdrawn", thing=nomination, place=nomination.invitation.place.lineage)
    decide_again(nomination.activity, at)
    return nomination


@action
def name_supervisor(*, by: Principal, at: datetime, uuid: UUID, supervisor_email: str) -> Nomination:
    """Another supervisor answers for an officer from now on, at any stage. Nobody is asked to release anew. Raises `Invalid`."""
    nomination = hold(nomination_rules.visible_to(by).select_related("invitation__place", "supervisor"), uuid)
    nomination_rules.require(by, "change", nomination)
    found = _supervisor(nomination.invitation, {"supervisor_email": supervisor_email.strip()}, at)
    if found is None:
        raise Invalid({"supervisor_email": gettext_noop("Who is the supervisor now?")})
    if not change(nomination, {"supervisor": found}, version=None):
        nothing_done()
        return nomination
    place = nomination.invitation.place.lineage
    append(by=by, at=at, verb="training.supervisor.named", thing=nomination, place=place, facts={"person": found.uuid})
    return nomination
