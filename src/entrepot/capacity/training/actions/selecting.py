"""Deciding who gets a seat, and what happens when one comes free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Conflict, Invalid
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import gettext_noop

from .. import letters
from ..core import Reason, end_of, next_in_line, select, zone_named
from ..enums import OfferAnswer, Outcome, Override, Stage
from ..models import Activity, Nomination, Offer
from ..queries import nominees
from ..rules import activity_rules, nomination_rules, offer_rules
from .holding import hold_nomination

OFFER_DAYS = 3
"""How long a released seat is kept for the one it is offered to from the line; less where the activity begins before."""


class NotSelecting(Conflict):
    """Selection takes place between the invitations and the confirmation of seats."""

    code = "not-selecting"
    message = gettext_noop("Seats are decided while the activity is in selection. It is not.")


class OverLimit(Conflict):
    """More people are let in by name than there are seats for them."""

    code = "over-limit"
    message = gettext_noop("With this one %(n)s are let in by name for %(who)s, which has %(limit)s seats. Nothing was changed.")


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
    _leave_out_the_gone(activity, at)
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


def decide_again(activity: Activity, at: datetime) -> None:
    """Inside an action that took a nominee off in selection: where seats were decided already, decide them without that one."""
    decided = activity.stage == Stage.SELECTION and activity.nominations.filter(withdrawn_at__isnull=True, decided_at__isnull=False)
    if decided and decided.exists():
        _decide(activity, at)


@action
def override(*, by: Principal, at: datetime, uuid: UUID, way: Override, note: str, over_limit: bool = False) -> Nomination:
    """Let a nominee in, or keep them out, by name and with a note; an empty way takes it back. Seats are decided anew.

    Raises `OverLimit` where more are let in by name than the Member or the activity has seats, unless `over_limit` says that it is meant.
    """
    nomination = hold_nomination(by, uuid)
    nomination_rules.require(by, "override", nomination)
    if way is not Override.NONE and not note.strip():
        raise Invalid({"note": gettext_noop("Say why: the note stands beside the decision.")})
    if nomination.withdrawn_at:
        raise Conflict(gettext_noop("This nomination was withdrawn."))
    activity = nomination.activity
    if way is Override.IN and not over_limit:
        _require_room(activity, nomination)
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


def _require_room(activity: Activity, nomination: Nomination) -> None:
    named = activity.nominations.filter(override=Override.IN, withdrawn_at__isnull=True).exclude(pk=nomination.pk)
    theirs = named.filter(invitation=nomination.invitation_id).count() + 1
    if activity.seats_per_member and theirs > activity.seats_per_member:
        raise OverLimit(None, who=nomination.invitation.place.name, n=theirs, limit=activity.seats_per_member)
    if named.count() + 1 > activity.seats:
        raise OverLimit(None, who=activity.title, n=named.count() + 1, limit=activity.seats)


@action
def withdraw(*, by: Principal, at: datetime, uuid: UUID) -> Nomination:
    """Take a nomination back. A seat that comes free after the confirmation is offered to the next in line."""
    nomination = hold_nomination(by, uuid)
    nomination_rules.require(by, "withdraw", nomination)
    activity = nomination.activity
    if nomination.withdrawn_at:
        nothing_done()
        return nomination
    if activity.stage not in (Stage.INVITATION, Stage.SELECTION, Stage.CONFIRMED):
        raise Conflict(gettext_noop("The activity has taken place; attendance says who was there."))
    had_seat = activity.stage == Stage.CONFIRMED and nomination.outcome == Outcome.SEAT
    freed = nomination if had_seat else _freed_of(nomination)
    take_back(nomination, at)
    append(by=by, at=at, verb="training.nomination.withdrawn", thing=nomination, place=nomination.invitation.place.lineage)
    if had_seat:
        letters.number_appointments(activity)
        letters.withdrawn(nomination, by=by, at=at)
    settle(activity, by, at, freed=[freed] if freed else [])
    return nomination


def settle(activity: Activity, by: Principal, at: datetime, *, freed: Iterable[Nomination] = ()) -> None:
    """Someone is no longer nominated: decide anew, or, where seats are confirmed, offer on what came free. The activity is held."""
    decide_again(activity, at)
    if activity.stage == Stage.CONFIRMED:
        offer_free_seats(activity, by, at, freed=freed)


def take_back(nomination: Nomination, at: datetime, why: str = "withdrawn") -> None:
    """Inside an action that has decided it: the nomination, its seat, and what was offered to it are taken back."""
    values = {"withdrawn_at": at, "outcome": Outcome.NONE, "line": 0, "override": "", "note": "", "reasons": [Reason(why).plain()]}
    change(nomination, values, version=None)
    nomination.offers.filter(answer=OfferAnswer.OPEN).update(answer=OfferAnswer.DECLINED, answered_at=at)


def give_back(nomination: Nomination, at: datetime, because: str) -> Nomination | None:
    """Withdraw a nomination whose person's record is gone (`erased`, `merged`): nobody is left to be told. Return whose seat came free."""
    freed = nomination if nomination.outcome == Outcome.SEAT else _freed_of(nomination)
    take_back(nomination, at)
    place = nomination.invitation.place.lineage
    append(by=SYSTEM, at=at, verb="training.nomination.withdrawn", thing=nomination, place=place, facts={"because": because})
    return freed


def _leave_out_the_gone(activity: Activity, at: datetime) -> list[Nomination]:
    """Whoever was erased or merged away has no seat and no place in line, whatever their row still says. Return whose seats came free."""
    still = activity.nominations.filter(withdrawn_at__isnull=True).select_related("invitation__place", "person")
    gone = still.filter(Q(person__erased_at__isnull=False) | Q(person__merged_into__isnull=False))
    freed = [give_back(nomination, at, "erased" if nomination.person.erased_at else "merged") for nomination in gone]
    return [nomination for nomination in freed if nomination is not None]


def _freed_of(nomination: Nomination) -> Nomination | None:
    """Whose seat stands open for this one, where one does."""
    offer = nomination.offers.filter(answer=OfferAnswer.OPEN).select_related("freed_by").first()
    return offer.freed_by if offer else None


def offer_free_seats(activity: Activity, by: Principal, at: datetime, *, freed: Iterable[Nomination] = ()) -> None:
    """Offer each free seat, counting those already offered as taken.

    `freed` are the nominations that gave a seat up: each one's seat goes to the next of the same Member for the activity's days of first
    refusal. After that, and where nobody else of that Member waits, it goes to the first in line whose Member has room.
    """
    freed = [*freed, *_leave_out_the_gone(activity, at)]
    everyone = list(activity.nominations.filter(withdrawn_at__isnull=True).select_related("invitation__place", "person__home"))
    asked = {offer.nomination_id: offer.answer for offer in Offer.objects.filter(nomination__activity=activity)}
    held = [n for n in everyone if n.outcome == Outcome.SEAT or asked.get(n.pk) == OfferAnswer.OPEN]
    inside = Counter(n.invitation.place.code for n in held)
    waiting = sorted((n for n in everyone if n.outcome == Outcome.WAITING and n.pk not in asked), key=lambda n: n.line)
    givers: list[Nomination | None] = [*freed]
    for number in range(activity.seats - len(held)):
        giver = givers[number] if number < len(givers) else None
        own_until = _own_until(activity, giver) if giver else at
        own = [n for n in waiting if giver and own_until > at and n.invitation_id == giver.invitation_id]
        key = next_in_line(_in_line(own), inside=inside, per_member=activity.seats_per_member)
        ends_at = own_until if key else _offer_ends(activity, at, OFFER_DAYS)
        key = key or next_in_line(_in_line(waiting), inside=inside, per_member=activity.seats_per_member)
        if key is None or ends_at <= at:
            return
        chosen = next(n for n in waiting if str(n.uuid) == key)
        waiting.remove(chosen)
        inside[chosen.invitation.place.code] += 1
        _offer(chosen, giver, ends_at, by, at)


def _in_line(waiting: Iterable[Nomination]) -> list[tuple[str, str]]:
    return [(str(n.uuid), n.invitation.place.code) for n in waiting]


def _offer(chosen: Nomination, giver: Nomination | None, ends_at: datetime, by: Principal, at: datetime) -> None:
    offer = Offer.objects.create(nomination=chosen, freed_by=giver, made_at=at, ends_at=ends_at)
    append(by=by, at=at, verb="training.seat.offered", thing=chosen, place=chosen.invitation.place.lineage, facts={"until": ends_at})
    letters.offer_seat(offer, by=by, at=at)


def _own_until(activity: Activity, giver: Nomination) -> datetime:
    """Until when a seat is offered to nobody but the Member that gave it up."""
    return (
        _offer_ends(activity, giver.withdrawn_at, activity.first_refusal_days) if giver.withdrawn_at else datetime.min.replace(tzinfo=UTC)
    )


def _offer_ends(activity: Activity, at: datetime, days: int) -> datetime:
    zone = zone_named(activity.host.time_zone if activity.host else "")
    latest = end_of(activity.starts_on - timedelta(days=1), zone) if activity.starts_on else at + timedelta(days=days)
    return min(at + timedelta(days=days), latest)


@action
def answer_offer(*, by: Principal, at: datetime, uuid: UUID, take: bool) -> Nomination:
    """Take or decline the seat that is offered for this nomination; taken twice is taken once. Raises `OfferGone`."""
    nomination = hold_nomination(by, uuid)
    activity = nomination.activity
    mine = offer_rules.visible_to(by, "answer").filter(nomination=nomination)
    if take and nomination.outcome == Outcome.SEAT and mine.filter(answer=OfferAnswer.TAKEN).exists():
        nothing_done()  # tapped twice: the seat is theirs, and stays so
        return nomination
    offer = mine.filter(answer=OfferAnswer.OPEN, ends_at__gt=at).first()
    if offer is None or activity.stage != Stage.CONFIRMED:
        raise OfferGone
    change(offer, {"answer": OfferAnswer.TAKEN if take else OfferAnswer.DECLINED, "answered_at": at}, version=None)
    facts = {"taken": take}
    append(by=by, at=at, verb="training.offer.answered", thing=nomination, place=nomination.invitation.place.lineage, facts=facts)
    if take:
        values = {"outcome": Outcome.SEAT, "line": 0, "confirmed_at": at, "reasons": [Reason("taken-offer").plain()]}
        change(nomination, values, version=None)
        letters.number_appointments(activity)
        letters.tell_outcome(nomination, by=by, at=at)
    else:
        offer_free_seats(activity, by, at, freed=[offer.freed_by] if offer.freed_by else [])
    return nomination


@action
def lapse_offers(*, at: datetime) -> int:
    """Let offers lapse whose time ran out, offer those seats to the next in line, and return how many lapsed."""
    # Activities are held always in one order, as an erasure holds them: neither waits for the other.
    over = (
        Offer.objects.filter(answer=OfferAnswer.OPEN, ends_at__lte=at)
        .select_related("nomination__activity", "nomination__invitation__place", "freed_by")
        .order_by("nomination__activity_id", "pk")
    )
    lapsed = 0
    touched: dict[int, tuple[Activity, list[Nomination]]] = {}
    for offer in over:
        activity = Activity.objects.select_for_update(of=("self",)).select_related("host").get(pk=offer.nomination.activity_id)
        held = Offer.objects.select_for_update().filter(pk=offer.pk, answer=OfferAnswer.OPEN).first()
        if held is None:
            continue
        change(held, {"answer": OfferAnswer.LAPSED, "answered_at": at}, version=None)
        append(by=SYSTEM, at=at, verb="training.offer.lapsed", thing=offer.nomination, place=offer.nomination.invitation.place.lineage)
        freed = touched.setdefault(activity.pk, (activity, []))[1]
        freed += [offer.freed_by] if offer.freed_by else []
        lapsed += 1
    for activity, freed in touched.values():
        if activity.stage == Stage.CONFIRMED:
            offer_free_seats(activity, SYSTEM, at, freed=freed)
    nothing_done()
    return lapsed
