"""What came of the practice region's workshops: endorsements, lessons, answers months later, a form built, a year compiled."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from entrepot.capacity.evaluation import api as evaluation
from entrepot.capacity.evaluation.enums import DropReason, FormKind, ItemState
from entrepot.capacity.training import api as training
from entrepot.kernel.principals import SYSTEM

from .told import BASES, HOPES, HOPES_IN_FRENCH, LESSONS, MEMBER_SAID, PROJECTS

DAY = timedelta(days=1)


def afterwards(hand: Any, activity: Any, closed: datetime, answer: float) -> None:
    """Endorsements, updates and, where its time has come, the follow-up."""
    later = closed + 30 * DAY
    for nomination in training.attended(activity):
        if hand.chance.random() < 0.8 and nomination.supervisor:
            evaluation.endorse(by=hand.as_(nomination.supervisor, later), at=later, nomination=nomination.uuid)
    _spent(hand, activity, later)
    _early(hand, activity, closed)
    _taught(hand, activity, closed + 20 * DAY)
    asked = min(closed + 243 * DAY, hand.at)
    if asked >= hand.at:
        return
    evaluation.follow_up(at=asked, activity=activity.uuid)
    then = min(asked + 9 * DAY, hand.at)
    items = evaluation.action_item_rules.visible_to(SYSTEM).filter(nomination__activity=activity).exclude(state=ItemState.DONE)
    for item in items.select_related("nomination__person").order_by("pk"):
        if hand.chance.random() < answer:
            state = ItemState.DONE if hand.chance.random() < 0.6 else ItemState.STARTED
            if hand.chance.random() < 0.1:
                dropped: dict[str, Any] = {"state": ItemState.DROPPED, "dropped_because": hand.chance.choice(list(DropReason))}
                evaluation.update_item(by=hand.as_(item.nomination.person, then), at=then, uuid=item.uuid, **dropped)
                continue
            note = "In use at every shift since the spring" if state is ItemState.DONE else "Draft with the head of office"
            evaluation.update_item(by=hand.as_(item.nomination.person, then), at=then, uuid=item.uuid, state=state, note=note)
    asks = evaluation.ask_rules.visible_to(SYSTEM).filter(
        form__activity=activity, answered_at__isnull=True, form__kind__in=("officer", "supervisor")
    )
    for ask in asks.select_related("person", "form").order_by("pk"):
        if hand.chance.random() < answer:
            less = 1 if ask.form.kind == FormKind.SUPERVISOR and hand.chance.random() < 0.4 else 0
            given: dict[str, Any] = {
                "applied": hand.chance.choice((3, 4, 5)) - less,
                "alone": hand.chance.choice((3, 4, 4)),
                "office": "yes",
                "taught": hand.chance.choice(("yes", "no")),
            }
            effect = {"effect": "Files are checked against the list before they are argued"}
            evaluation.answer_ask(by=hand.as_(ask.person, then), at=then, uuid=ask.uuid, given=given | effect)
    _members(hand, activity, then, answer)


def _spent(hand: Any, activity: Any, at: datetime) -> None:
    """What each line of the budget came to: a little less than planned."""
    if at >= hand.at:
        return
    for line in training.budget_line_rules.visible_to(SYSTEM).filter(activity=activity).order_by("pk"):
        training.say_spent(by=hand.as_(hand.person("manager"), at), at=at, uuid=line.uuid, spent=line.amount * Decimal("0.94"))


def _early(hand: Any, activity: Any, closed: datetime) -> None:
    """Some say at once that something is done; others never do."""
    items = evaluation.action_item_rules.visible_to(SYSTEM).filter(nomination__activity=activity).select_related("nomination__person")
    for item in items.order_by("pk"):
        at = closed + hand.chance.choice((40, 90, 150, 220)) * DAY
        if hand.chance.random() < 0.45 and at < hand.at:
            by = hand.as_(item.nomination.person, at)
            evaluation.update_item(by=by, at=at, uuid=item.uuid, state=ItemState.DONE, note="In use since this week")


def _taught(hand: Any, activity: Any, at: datetime) -> None:
    """Some who came home taught colleagues; some of those say so themselves, and one taught on."""
    if at >= hand.at:
        return
    for number, nomination in enumerate(training.attended(activity)):
        if number % 3 == 1:
            continue
        home = nomination.invitation.place
        colleagues = [one for one in (hand.speaks[home.code], hand.releases[home.code], *hand.officers(home)) if one.email][
            : 1 + number % 3
        ]
        colleagues = [one for one in colleagues if one.pk != nomination.person_id]
        _lesson(hand, nomination, at, 3 + number % 5, colleagues)


def _lesson(hand: Any, nomination: Any, at: datetime, claimed: int, colleagues: list[Any]) -> None:
    who: dict[str, Any] = {"at": at, "on": at.date(), "what": LESSONS[claimed % len(LESSONS)], "emails": [one.email for one in colleagues]}
    evaluation.tell_lesson(by=hand.as_(nomination.person, at), claimed=claimed, nomination=nomination.uuid, **who)
    later = at + 3 * DAY
    for colleague in colleagues:
        by = hand.as_(colleague, later)
        for asked in evaluation.taught_rules.visible_to(by, "confirm").filter(lesson__nomination=nomination, confirmed__isnull=True):
            evaluation.confirm_taught(by=by, at=later, uuid=asked.uuid, yes=True)
            if claimed == 5:
                evaluation.tell_lesson(by=by, at=later, on=later.date(), what=LESSONS[0], claimed=4, after=asked.uuid)


def _members(hand: Any, activity: Any, at: datetime, answer: float) -> None:
    """One answer for each Member, by its coordinator; some let the region publish it, one amends what was said."""
    asks: Any = evaluation.ask_rules.visible_to(SYSTEM).filter(form__activity=activity, form__kind=FormKind.MEMBER)
    for number, ask in enumerate(asks.select_related("place").order_by("pk")):
        if hand.chance.random() >= answer:
            continue
        by = hand.as_(hand.speaks[ask.place.code], at)
        begun = number % 4 == 0
        given: dict[str, Any] = {
            "answered_by": [0, 1] if number % 2 else [2],
            "taken": [0, 1] if number % 3 else [4],
            "taken_what": MEMBER_SAID[number % len(MEMBER_SAID)],
            "applied": 2 + number % 4,
            "hindered": [number % 4],
            "effect": "yes" if number % 2 else "no",
            "faster": 3 + number % 3,
            "project": "yes" if begun else "no",
        }
        given |= {"effect_what": MEMBER_SAID[(number + 1) % len(MEMBER_SAID)], "hours": 10 + number} if number % 2 else {}
        given |= {"worth": 2_500 * (1 + number % 5), "basis": BASES[number % len(BASES)]} if number % 4 != 3 else {}
        given |= {"project_what": PROJECTS[number % len(PROJECTS)], "project_begun": (at - 60 * DAY).date().isoformat()} if begun else {}
        who: dict[str, Any] = {"by": by, "uuid": ask.uuid}
        evaluation.answer_ask(**who, at=at, given=given, seconds=240 + 11 * number)
        if number == 2:
            evaluation.answer_ask(**who, at=at + 2 * DAY, given=given | {"applied": 5})
        if number % 3 != 1:
            evaluation.clear_answers(
                **who, at=at + 3 * DAY, keys=[key for key in ("taken_what", "effect_what", "project_what") if key in given]
            )


def built(hand: Any) -> None:
    """Before the workshop that is about to begin: what people hope for is asked, in two languages, and answered by some."""
    activity = training.activity_rules.visible_to(SYSTEM).get(stage="confirmed", region__invented=True)
    manager = hand.person("manager")
    at = hand.at - 6 * DAY
    who: dict[str, Any] = {"by": hand.as_(manager, at), "at": at}
    form = evaluation.begin_form(**who, activity=activity.uuid, kind=FormKind.EXPECT, code="expect")
    evaluation.translate_form(**who, uuid=form.uuid, language="fr", texts=HOPES_IN_FRENCH)
    evaluation.begin_form(**who, activity=activity.uuid, kind=FormKind.TRAINER, code="trainer")
    for number, nomination in enumerate(training.participants(activity)):
        if number % 3:
            by, then = hand.as_(nomination.person, at + DAY), at + DAY
            given = {"hope": HOPES[number % len(HOPES)], "sure": 1 + number % 4, "support": "yes" if number % 2 else "no"}
            evaluation.answer_form(by=by, at=then, nomination=nomination.uuid, kind=FormKind.EXPECT, given=given, seconds=95)


def compiled(hand: Any) -> None:
    """The follow-up of the region's last two full years, July to June."""
    today: date = hand.at.date()
    end = date(today.year if today.month >= 7 else today.year - 1, 7, 1)
    at = hand.at - DAY
    who: dict[str, Any] = {"by": hand.as_(hand.person("manager"), at), "at": at, "region": hand.places["PX"]}
    for back in (1, 0):
        period: dict[str, Any] = {"from_on": end.replace(year=end.year - back - 1), "to_on": end.replace(year=end.year - back)}
        made = evaluation.request_compilation(**who, **period)
        evaluation.compile_follow_up(at=at, uuid=made.uuid)
