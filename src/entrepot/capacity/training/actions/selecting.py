"""Deciding who gets a seat, and what happens when one comes free."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Conflict, Invalid
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import gettext_noop

from .. import letters
from ..core import Reason, next_in_line, select
from ..enums import OfferAnswer, Outcome, Override, Stage
from ..models import Activity, Nomination, Offer
from ..queries import nominees
from ..rules import activity_rules, nomination_rules, offer_rules

OFFER_DAYS = 3
"""How long a released seat is kept for the one it is offered to; less where the activity begins before."""


class NotSelecting(Conflict):
    """Selection takes place between the invitations and the confirmation of seats."""

    code = "not-selecting"
    message = gettext_noop("Seats are decided while the activity is in selection. It is not.")


class OfferGone(Conflict):
    """The seat was taken, declined, or the time for it ran out."""

    code = "offer-gone"
    message = gettext_noop("This offer is no longer open. Nothing was changed.")


@action
def decide(*, by: Principal, at: datetime, uuid: UUID) -> Activity:
    """Decide on every nomination by the activity's criteria and the overrides made by name. The same records give the same result."""
    activity = hold(activity_rules.visible_to(by).select_related("region"), uuid)
    activity_rules.require(by, "select", activity)
    _decide(activity, at)
    counts = Counter(activity.nominations.filter(withdrawn_at__isnull=True).values_list("outcome", flat=True))
    append(by=by, at=at, verb="training.selection.decided", thing=activity, place=activity.region.lineage, facts=dict(counts))
    return activity


def _decide(activity: Activity, at: datetime) -> None:
    if activity.stage != Stage.SELECTION:
        raise NotSelecting
    if activity.starts_on is None:
        raise Invalid({"starts_on": gettext_noop("Without a first day nobody’s eligibility can be reckoned.")})
    found = list(activity.nominations.filter(withdrawn_at__isnull=True).select_related("invitation__place", "person"))
    by_key = {str(nomination.uuid): nomination for nomination in found}
    decisions = select(
        nominees(activity, found),
        seats=activity.seats,
        per_member=activity.seats_per_member,
        criteria=activity.asks,
        starts_on=activity.starts_on,
        overrides={key: Override(nomination.override) for key, nomination in by_key.items() if nomination.override},
    )
    for decision in decisions:
        nomination = by_key[decision.key]
        nomination.outcome, nomination.line, nomination.decided_at = decision.outcome, decision.line, at
        nomination.reasons = [reason.plain() for reason in decision.reasons]
        nomination.version += 1
    Nomination.objects.bulk_update(found, ["outcome", "line", "reasons", "decided_at", "version"], batch_size=200)


@action
def override(*, by: Principal, at: datetime, uuid: UUID, way: Override, note: str) -> Nomination:
    """Let a nominee in, or keep them out, by name and with a note; an empty way takes it back. Seats are decided anew."""
    nomination = hold(nomination_rules.visible_to(by).select_related("activity__region", "invitation__place"), uuid)
    nomination_rules.require(by, "override", nomination)
    if way is not Override.NONE and not note.strip():
        raise Invalid({"note": gettext_noop("Say why: the note stands beside the decision.")})
    if nomination.withdrawn_at:
        raise Conflict(gettext_noop("This nomination was withdrawn."))
    activity = Activity.objects.select_for_update().get(pk=nomination.activity_id)
    change(nomination, {"override": way, "note": note.strip()[:500] if way is not Override.NONE else ""}, version=None)
    append(
        by=by,
        at=at,
        verb="training.selection.overridden",
        thing=nomination,
        place=nomination.invitation.place.lineage,
        facts={"way": way},
    )
    _decide(activity, at)
    nomination.refresh_from_db()
    return nomination


@action
def withdraw(*, by: Principal, at: datetime, uuid: UUID) -> Nomination:
    """Take a nomination back. A seat that comes free after the confirmation is offered to the next in line."""
    nomination = hold(nomination_rules.visible_to(by).select_related("activity__region", "activity__host", "invitation__place"), uuid)
    nomination_rules.require(by, "withdraw", nomination)
    activity = Activity.objects.select_for_update().get(pk=nomination.activity_id)
    if nomination.withdrawn_at:
        nothing_done()
        return nomination
    if activity.stage not in (Stage.INVITATION, Stage.SELECTION, Stage.CONFIRMED):
        raise Conflict(gettext_noop("The activity has taken place; attendance says who was there."))
    had_seat = activity.stage == Stage.CONFIRMED and nomination.outcome == Outcome.SEAT
    reasons = [Reason("withdrawn").plain()]
    change(
        nomination,
        {"withdrawn_at": at, "outcome": Outcome.NONE, "line": 0, "override": "", "note": "", "reasons": reasons},
        version=None,
    )
    nomination.offers.filter(answer=OfferAnswer.OPEN).update(answer=OfferAnswer.DECLINED, answered_at=at)
    append(by=by, at=at, verb="training.nomination.withdrawn", thing=nomination, place=nomination.invitation.place.lineage)
    if had_seat:
        letters.withdrawn(nomination, by=by, at=at)
    if activity.stage == Stage.SELECTION:
        _decide(activity, at)
    if activity.stage == Stage.CONFIRMED:
        _offer_free_seats(activity, by, at)
    return nomination


def _offer_free_seats(activity: Activity, by: Principal, at: datetime) -> None:
    """Offer each free seat to the first in line whose Member has room, counting seats already offered as taken."""
    everyone = list(activity.nominations.filter(withdrawn_at__isnull=True).select_related("invitation__place", "person", "activity"))
    asked = {offer.nomination_id: offer.answer for offer in Offer.objects.filter(nomination__activity=activity)}
    held = [n for n in everyone if n.outcome == Outcome.SEAT or asked.get(n.pk) == OfferAnswer.OPEN]
    inside = Counter(n.invitation.place.code for n in held)
    waiting = sorted((n for n in everyone if n.outcome == Outcome.WAITING and n.pk not in asked), key=lambda n: n.line)
    ends_at = _offer_ends(activity, at)
    for _ in range(activity.seats - len(held)):
        key = next_in_line([(str(n.uuid), n.invitation.place.code) for n in waiting], inside=inside, per_member=activity.seats_per_member)
        if key is None or ends_at <= at:
            return
        chosen = next(n for n in waiting if str(n.uuid) == key)
        waiting.remove(chosen)
        inside[chosen.invitation.place.code] += 1
        offer = Offer.objects.create(nomination=chosen, made_at=at, ends_at=ends_at)
        append(by=by, at=at, verb="training.seat.offered", thing=chosen, place=chosen.invitation.place.lineage, facts={"until": ends_at})
        letters.offer_seat(offer, by=by, at=at)


def _offer_ends(activity: Activity, at: datetime) -> datetime:
    zone = ZoneInfo((activity.host.time_zone if activity.host else "") or "UTC")
    latest = datetime.combine(activity.starts_on, time(), zone) if activity.starts_on else at + timedelta(days=OFFER_DAYS)
    return min(at + timedelta(days=OFFER_DAYS), latest)


@action
def answer_offer(*, by: Principal, at: datetime, uuid: UUID, take: bool) -> Nomination:
    """Take or decline the seat that is offered for this nomination. Raises `OfferGone`."""
    nomination = hold(
        nomination_rules.visible_to(by).select_related("activity__region", "activity__host", "invitation__place", "person__home"), uuid
    )
    activity = Activity.objects.select_for_update().get(pk=nomination.activity_id)
    offer = offer_rules.visible_to(by, "answer").filter(nomination=nomination, answer=OfferAnswer.OPEN, ends_at__gt=at).first()
    if offer is None or activity.stage != Stage.CONFIRMED:
        raise OfferGone
    change(offer, {"answer": OfferAnswer.TAKEN if take else OfferAnswer.DECLINED, "answered_at": at}, version=None)
    facts = {"taken": take}
    append(by=by, at=at, verb="training.offer.answered", thing=nomination, place=nomination.invitation.place.lineage, facts=facts)
    if take:
        values = {"outcome": Outcome.SEAT, "line": 0, "confirmed_at": at, "reasons": [Reason("taken-offer").plain()]}
        change(nomination, values, version=None)
        letters.tell_outcome(nomination, by=by, at=at)
    else:
        _offer_free_seats(activity, by, at)
    return nomination


@action
def lapse_offers(*, at: datetime) -> int:
    """Let offers lapse whose time ran out, offer those seats to the next in line, and return how many lapsed."""
    over = Offer.objects.filter(answer=OfferAnswer.OPEN, ends_at__lte=at).select_related(
        "nomination__activity", "nomination__invitation__place"
    )
    lapsed = 0
    touched: dict[int, Activity] = {}
    for offer in over:
        activity = Activity.objects.select_for_update().get(pk=offer.nomination.activity_id)
        held = Offer.objects.select_for_update().filter(pk=offer.pk, answer=OfferAnswer.OPEN).first()
        if held is None:
            continue
        change(held, {"answer": OfferAnswer.LAPSED, "answered_at": at}, version=None)
        append(by=SYSTEM, at=at, verb="training.offer.lapsed", thing=offer.nomination, place=offer.nomination.invitation.place.lineage)
        touched[activity.pk] = activity
        lapsed += 1
    for activity in touched.values():
        if activity.stage == Stage.CONFIRMED:
            _offer_free_seats(activity, SYSTEM, at)
    nothing_done()
    return lapsed
