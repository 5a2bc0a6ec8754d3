"""Asking months later, within what a Member can bear; reminding; passing a question on to whoever answers now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from entrepot.capacity.training.api import activity_rules, attended, coordinators, name_supervisor
from entrepot.capacity.training.enums import Stage
from entrepot.ground.access.api import end_links
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.ground.people.api import count_lookup, person_rules, plain_addresses, require_lookups
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Conflict, Invalid
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import Text, gettext_noop

from .. import letters
from ..core import CEILING, next_quarter, over_with
from ..enums import LATER, OF_OTHERS, FormKind
from ..models import Ask, Form
from ..purposes import ANSWER
from ..queries import burdens
from ..rules import ask_rules, form_rules
from .holding import hold_activities, hold_ask

ANSWER_DAYS = 30
"""Days that the follow-up stays open; a reminder goes out after half of them."""


class OverBurdened(Conflict):
    """Members would be asked for more than a day's work in this quarter."""

    code = "over-burdened"
    message = gettext_noop(
        "%(members)s would be past %(ceiling)s minutes asked in this quarter. Wait for the next one, or say why it cannot wait. "
        "Nobody was asked."
    )


class Wanted:
    """One question that is to be put to someone: the form, the person, and what it is about."""

    def __init__(self, form: Form, person: Any, place: Any, nomination: Any = None) -> None:
        self.form, self.person, self.place, self.nomination = form, person, place, nomination


@action
def follow_up(*, at: datetime, activity: UUID, by: Principal = SYSTEM, reason: str = "") -> int:
    """Ask everyone who attended, their supervisors, and each Member once, what has changed. Returns how many were asked.

    A Member that would be past its ceiling is asked only with a `reason`: by hand it is refused (`OverBurdened`), by itself it waits for
    the next quarter. Whoever was asked already is not asked again.
    """
    held = hold(activity_rules.visible_to(by).select_related("region"), activity)
    if held.stage != Stage.CLOSED:
        nothing_done()
        return 0
    wanted = _wanted(held, at)
    over = _over(held, wanted, at) if not reason.strip() else []
    if over and not by.is_system:
        names = place_rules.visible_to(SYSTEM).filter(pk__in=over).order_by("name").values_list("name", flat=True)
        raise OverBurdened(None, members=", ".join(names), ceiling=CEILING)
    asked = 0
    for one in wanted:
        if one.place.pk not in over:
            _put(one, by, at, reason)
            asked += 1
    if over:
        letters.queue_follow_up_later(held, next_quarter(at.date()))
    append(
        by=by, at=at, verb="evaluation.follow_up.sent", thing=held, place=held.region.lineage, facts={"asked": asked, "waiting": len(over)}
    )
    return asked


def _wanted(activity: Any, at: datetime) -> list[Wanted]:
    forms = {form.kind: form for form in activity.forms.filter(kind__in=LATER, current=True)}
    put = set(Ask.objects.filter(form__activity=activity, form__kind__in=LATER).values_list("form__kind", "nomination_id", "place_id"))
    found: list[Wanted] = []
    places: dict[int, Any] = {}
    for nomination in attended(activity):
        place = places.setdefault(nomination.invitation.place_id, nomination.invitation.place)
        for kind, person in ((FormKind.OFFICER, nomination.person), (FormKind.SUPERVISOR, nomination.supervisor)):
            if _is_there(nomination, person) and kind in forms and (kind.value, nomination.pk, place.pk) not in put:
                found.append(Wanted(forms[kind], person, place, nomination))
    for place in places.values():
        speakers = coordinators(place, at) if FormKind.MEMBER in forms and (FormKind.MEMBER.value, None, place.pk) not in put else []
        found += [Wanted(forms[FormKind.MEMBER], person, place) for person in speakers[:1]]
    return found


def _is_there(nomination: Any, person: Any) -> bool:
    # Of an officer who was erased nobody is asked any more.
    return person is not None and person.erased_at is None and nomination.person.erased_at is None


def _over(activity: Any, wanted: Sequence[Wanted], at: datetime) -> list[int]:
    more: Counter[int] = Counter()
    for one in wanted:
        more[one.place.pk] += one.form.seconds
    minutes: Mapping[int, float] = {place: seconds / 60 for place, seconds in more.items()}
    return over_with(burdens(activity.region, at.date()), minutes)


def _put(one: Wanted, by: Principal, at: datetime, reason: str = "", days: int = ANSWER_DAYS) -> Ask:
    values = {"person": one.person, "asked_at": at, "due_on": at.date() + timedelta(days=days), "despite": reason.strip()[:300]}
    ask = Ask.objects.create(form=one.form, nomination=one.nomination, place=one.place, **values)
    letters.ask_follow_up(ask, by=by, at=at)
    return ask


@action
def ask_others(*, by: Principal, at: datetime, form: UUID, emails: Iterable[str]) -> int:
    """Put a form about the activity to trainers, managers or a sponsor, by their addresses. Raises `Invalid` unless all are known."""
    held = hold(form_rules.visible_to(by).select_related("activity__region"), form)
    form_rules.require(by, "keep", held)
    if held.kind not in OF_OTHERS or not held.current or not held.questions:
        raise Invalid({"emails": gettext_noop("This form is not put to people by their addresses.")})
    wanted = set(plain_addresses(emails))
    region = held.activity.region.lineage
    # Who is told that an address is unknown learns that another is known: as few as where people are registered.
    require_lookups(by, at)
    there = person_rules.visible_to(SYSTEM).filter(email__in=wanted, is_active=True, home__lineage__under=region)
    people = {person.email: person for person in there.select_related("home")}
    lost = sorted(wanted - people.keys())
    if lost or not wanted:
        for _ in lost:
            count_lookup(by, at)
        raise Invalid({"emails": Text(gettext_noop("Nobody here has this address: %(email)s."), {"email": lost[0] if lost else "–"})})
    asked = 0
    for person in people.values():
        if not Ask.objects.filter(form__activity=held.activity, form__kind=held.kind, person=person).exists():
            _put(Wanted(held, person, None), by, at)
            asked += 1
    append(by=by, at=at, verb="evaluation.others.asked", thing=held, place=region, facts={"asked": asked})
    return asked


@action
def hand_over(*, by: Principal, at: datetime, uuid: UUID, email: str) -> Ask:
    """Whoever answers has changed: the question moves to the new one with a link of their own, and every older link to it is dead.

    For a supervisor the nomination's supervisor changes too, so that later questions find the right one. Raises `Invalid`, `Conflict`.
    """
    ask = hold_ask(by, uuid)
    ask_rules.require(by, "hand_over", ask)
    if ask.answered_at:
        raise Conflict(gettext_noop("This has been answered; an answer is amended, not handed over."))
    person = _successor(ask, by, at, email)
    if person == ask.person:
        nothing_done()
        return ask
    end_links(by=by, at=at, purpose=ANSWER, thing=ask.uuid)
    change(ask, {"person": person, "due_on": at.date() + timedelta(days=ANSWER_DAYS), "reminded_at": None}, version=None)
    letters.ask_follow_up(ask, by=by, at=at)
    place = ask.place.lineage if ask.place else ""
    append(by=by, at=at, verb="evaluation.ask.handed_over", thing=ask, place=place, facts={"person": person.uuid})
    return ask


def _successor(ask: Ask, by: Principal, at: datetime, email: str) -> Any:
    if ask.form.kind == FormKind.SUPERVISOR and ask.nomination:
        return name_supervisor(by=by, at=at, uuid=ask.nomination.uuid, supervisor_email=email).supervisor
    found = next((person for person in coordinators(ask.place, at) if person.email in plain_addresses([email])), None)
    if found is None:
        raise Invalid({"email": gettext_noop("Nobody with this address speaks for the administration today.")})
    return found


@action
def remind(*, at: datetime) -> int:
    """Remind once those who have not answered when half the time is over. Returns how many letters went."""
    half = at.date() + timedelta(days=ANSWER_DAYS // 2)
    open_asks = Ask.objects.filter(
        answered_at__isnull=True, reminded_at__isnull=True, due_on__lte=half, form__kind__in=[*LATER, *OF_OTHERS]
    )
    first = dict(open_asks.order_by("pk").values_list("pk", "form__activity_id")[:500])
    hold_activities(first.values())
    held = open_asks.filter(pk__in=first).select_for_update(of=("self",)).order_by("pk")
    sent = 0
    for ask in held.select_related("form__activity", "nomination__person", "person", "place"):
        change(ask, {"reminded_at": at}, version=None)
        letters.ask_follow_up(ask, by=SYSTEM, at=at, again=True)
        sent += 1
    if sent:
        append(by=SYSTEM, at=at, verb="evaluation.follow_up.reminded", thing=ask.form, facts={"sent": sent})
    nothing_done()
    return sent
