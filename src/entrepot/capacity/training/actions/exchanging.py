"""What changes for one Member after it was asked: more time, an invitation taken back, another officer in a seat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from entrepot.ground.access.api import end_links
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change
from entrepot.kernel.errors import Conflict, Invalid
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .. import introductions, letters
from ..core import Reason, eligibility, said
from ..enums import InvitationState, Outcome, Stage
from ..models import Activity, Invitation, Nomination, Offer
from ..purposes import OFFER, PASS, RELEASE
from ..queries import nominees
from ..rules import invitation_rules, nomination_rules
from .answering import Closed, WasCancelled, put_nominee, require_own_rank
from .holding import hold_invitation, hold_nomination
from .selecting import decide_again, offer_free_seats, take_back

NOT_ASKED = frozenset({"late", "over-limit", "release-missing"})
"""What does not keep someone from taking over a seat: they come late by nature, they add nobody, and their supervisor is asked now."""


class SeatsGiven(Conflict):
    """Officers of the Member have seats, which an act would take from them."""

    code = "seats-given"
    message = gettext_noop(
        "%(n)s officers of %(member)s have a seat. Cancelling the invitation takes their seats back and tells them. Nothing was changed."
    )


class CannotReplace(Conflict):
    """This nomination's seat cannot be passed on now."""

    code = "cannot-replace"
    message = gettext_noop("A seat is passed on while it is confirmed and before its holder has attended a session.")


@action
def extend_deadline(*, by: Principal, at: datetime, invitation: UUID, nominate_by: date) -> Invitation:
    """Give one Member more time to nominate, and tell its coordinators. What it sent within the new time is late no more."""
    held = hold_invitation(by, invitation)
    invitation_rules.require(by, "extend", held)
    if held.state == InvitationState.CANCELLED:
        raise WasCancelled
    activity = held.activity
    if activity.stage not in (Stage.INVITATION, Stage.SELECTION) or held.sent_at is None or held.deadline is None:
        raise Closed
    if nominate_by <= held.deadline.day:
        raise Invalid({"nominate_by": Text(gettext_noop("Choose a day after %(day)s."), {"day": held.deadline.day})})
    if activity.starts_on and nominate_by > activity.starts_on:
        raise Invalid({"nominate_by": gettext_noop("The deadline comes after the activity begins.")})
    change(held, {"nominate_by": nominate_by}, version=None)
    append(by=by, at=at, verb="training.deadline.extended", thing=held, place=held.place.lineage, facts={"nominate_by": nominate_by})
    for nomination in held.nominations.filter(late=True):
        if not held.deadline.passed(nomination.submitted_at):
            change(nomination, {"late": False}, version=None)
    decide_again(activity, at)
    letters.more_time(held, by=by, at=at)
    return held


@action
def invitation_cancelled(*, by: Principal, at: datetime, invitation: UUID, reason: str, take_seats: bool = False) -> Invitation:
    """Take an invitation to one Member back, with its nominations; its seats go to those who wait.

    Raises `SeatsGiven` where its officers have confirmed seats, unless `take_seats`; `Closed` once the activity has been delivered.
    """
    held = hold_invitation(by, invitation)
    invitation_rules.require(by, "cancel", held)
    activity = held.activity
    if held.state == InvitationState.CANCELLED:
        nothing_done()
        return held
    if activity.stage in (Stage.DELIVERED, Stage.CLOSED, Stage.FOLLOWED_UP, Stage.CANCELLED):
        raise Closed
    theirs = list(held.nominations.filter(withdrawn_at__isnull=True).select_related("person__home"))
    seated = sum(n.outcome == Outcome.SEAT for n in theirs) if activity.stage == Stage.CONFIRMED else 0
    if seated and not take_seats:
        raise SeatsGiven(None, n=seated, member=held.place.name)
    change(held, {"state": InvitationState.CANCELLED, "reason": reason.strip()[:300]}, version=None)
    append(by=by, at=at, verb="training.invitation.cancelled", thing=held, place=held.place.lineage, facts={"seats": seated})
    letters.number_appointments(activity)
    letters.cancelled(held, by=by, at=at)
    for nomination in theirs:
        take_back(nomination, at, "invitation-cancelled")
    decide_again(activity, at)
    if activity.stage == Stage.CONFIRMED:
        offer_free_seats(activity, by, at)
    return held


@action
def replace_participant(*, by: Principal, at: datetime, uuid: UUID, values: Mapping[str, Any]) -> Nomination:
    """Put another officer of the same Member into a confirmed seat, in one act: the seat, its letters, and what rooms above keep of it.

    `values` are those of a nomination; someone who waits already takes the seat with what was said of them. The one who gives it up is
    told, and their calendar is cleared; the new one gets pass and dates, and the supervisor is asked to release them. Raises
    `CannotReplace`, and `Invalid` where the new one does not meet the criteria (being late does not count).
    """
    given_up = hold_nomination(by, uuid)
    nomination_rules.require(by, "replace", given_up)
    activity = given_up.activity
    if activity.stage != Stage.CONFIRMED or given_up.outcome != Outcome.SEAT or given_up.attendances.exists():
        raise CannotReplace
    rank = given_up.rank
    invitation = Invitation.objects.select_related("place").get(pk=given_up.invitation_id)
    invitation.activity = activity
    take_back(given_up, at, "replaced")
    put = _waiting(invitation, values) or put_nominee(invitation, by, at, {**values, "rank": rank}, keep_rank=True)[0]
    taken_over = Nomination.objects.select_related("person__home", "supervisor", "invitation__place").get(pk=put.pk)
    taken_over.activity = activity
    if taken_over.pk == given_up.pk or taken_over.outcome == Outcome.SEAT:
        raise Invalid({"person": gettext_noop("This officer has a seat already.")})
    _require_eligible(activity, taken_over)
    _pass_on(given_up, taken_over, by, at)
    require_own_rank(taken_over)
    facts = {"from": given_up.person.uuid, "to": taken_over.person.uuid}
    append(by=by, at=at, verb="training.participant.replaced", thing=taken_over, place=invitation.place.lineage, facts=facts)
    return taken_over


def _waiting(invitation: Invitation, values: Mapping[str, Any]) -> Nomination | None:
    """Someone who is nominated already, where nothing new is said of them."""
    person = values.get("person") if not values.get("post") else None
    return invitation.nominations.filter(withdrawn_at__isnull=True, person=person).first() if person else None


def _require_eligible(activity: Activity, nomination: Nomination) -> None:
    if activity.starts_on is None:
        return
    [nominee] = nominees(activity, [nomination])
    faults = [r for r in eligibility(nominee, activity.asks, activity.starts_on) if r.code not in NOT_ASKED]
    if faults:
        raise Invalid({"person": said(faults[0].plain())})


def _pass_on(given_up: Nomination, taken_over: Nomination, by: Principal, at: datetime) -> None:
    values = {"outcome": Outcome.SEAT, "line": 0, "confirmed_at": at, "decided_at": at, "override": "", "note": ""}
    change(taken_over, {**values, "reasons": [Reason("took-over").plain()], "replaces": given_up}, version=None)
    Offer.objects.filter(nomination=taken_over, answer="open").update(answer="taken", answered_at=at)
    for purpose in (PASS, RELEASE, OFFER):
        end_links(by=by, at=at, purpose=purpose, thing=given_up.uuid)
    for room in introductions.passed_on:
        room(given_up, taken_over, by, at)
    letters.number_appointments(taken_over.activity)
    letters.replaced(given_up, by=by, at=at)
    letters.tell_outcome(taken_over, by=by, at=at)
