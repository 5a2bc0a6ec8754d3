"""Two years of the practice region's collection: practices that ended well, badly and silently, and what centres told before meetings.

The words stand in practices.toml; each is written, cleared, reviewed and used by whoever would have done it, at the time."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entrepot.capacity.competencies.api import topic_rules
from entrepot.capacity.evaluation import api as evaluation
from entrepot.capacity.evaluation.enums import ItemState
from entrepot.capacity.knowledge import api as knowledge
from entrepot.capacity.knowledge.enums import Opinion, RetiredBecause, Sight, Worked
from entrepot.kernel.principals import SYSTEM

from . import shelf
from .told import PRACTICE

if TYPE_CHECKING:
    from .programme import Stagehand

DAY = timedelta(days=1)
SAID = (
    "The figures are the Member's own and the source is named; another Member can judge whether it fits.",
    "I have seen it at work on a visit, and what went wrong is told as plainly as what went well.",
    "Clear enough to be tried on Monday, and the conditions are said.",
    "We would have asked the same questions; they are answered.",
)


def make(hand: Stagehand, whole: Any) -> None:
    """Make it all; `whole` is the workshop from which one practice grew."""
    _grown(hand, whole)
    told = tomllib.loads((Path(__file__).parent / "practices.toml").read_text(encoding="utf-8"))
    topics = {topic.code: topic for topic in topic_rules.visible_to(SYSTEM)}
    ends = [_practice(hand, dict(entry), topics, n) for n, entry in enumerate(sorted(told["practices"], key=lambda one: -one["ago"]))]
    _rounds(hand, told["initiatives"], topics)
    shelf.first(hand, whole, told["forewords"])
    for end in ends:
        end()
    shelf.later(hand, told["forewords"])


def _grown(hand: Stagehand, activity: Any) -> None:
    """From a finished action to a practice that two other Members have tried."""
    at = hand.at - 120 * DAY
    items = evaluation.action_item_rules.visible_to(SYSTEM).filter(nomination__activity=activity, state=ItemState.DONE)
    ordered = items.select_related("nomination__invitation__place").order_by("nomination__invitation__place__code", "id")
    item = next((i for i in ordered if i.nomination.invitation.place.code == "ATN"), None) or ordered.first()
    if item is None:
        return
    place = item.nomination.invitation.place
    topic = topic_rules.visible_to(SYSTEM).get(pk=activity.competency.topic_id)
    manager, speaker = hand.person("manager"), hand.speaks[place.code]
    practice = knowledge.draft(by=hand.as_(manager, at), at=at, place=place, topic=topic, item=item.uuid, **PRACTICE)
    knowledge.clear(by=hand.as_(speaker, at + 6 * DAY), at=at + 6 * DAY, uuid=practice.uuid)
    for part, days in (("head", 9), ("seconded", 12)):
        when = at + days * DAY
        words = "The refusal books of both half-years bear it out; the page itself is attached to the minutes."
        knowledge.review(by=hand.as_(hand.person(part), when), at=when, uuid=practice.uuid, opinion=Opinion.FIT, words=words)
    knowledge.publish(by=hand.as_(manager, at + 15 * DAY), at=at + 15 * DAY, uuid=practice.uuid)
    for code, worked, result, days in (
        ("HIGH", Worked.YES, "Printed in both languages; disputes at Upper Gate fell from nine a month to two.", 60),
        ("DELT", Worked.NO, "Our origin files come from one system that the list does not fit; we stopped after a month.", 95),
    ):
        if code != place.code:
            when = at + days * DAY
            knowledge.adopt(
                by=hand.as_(hand.speaks[code], when), at=when, uuid=practice.uuid, place=hand.places[code], worked=worked, result=result
            )
    waiting = hand.at - 3 * DAY
    text = {
        **PRACTICE,
        "title": "A shared picture book of parcel images",
        "done": "Officers file a good and a bad image of each kind of parcel, weekly.",
    }
    image = topic_rules.visible_to(SYSTEM).get(code="IMG")
    knowledge.draft(by=hand.as_(manager, waiting), at=waiting, place=hand.places["ATN"], topic=image, **text)


def _practice(hand: Stagehand, entry: dict[str, Any], topics: dict[str, Any], number: int) -> Callable[[], None]:
    """Write it and carry it on; what ends it, later, is returned."""
    place, at = hand.places[entry.pop("place")], hand.at - entry.pop("ago") * DAY
    speaker = hand.speaks[place.code]
    topic, ends, sight = topics[entry.pop("topic")], entry.pop("ends", "published"), Sight(entry.pop("sight", "public"))
    uses, translations, questions = entry.pop("uses", []), entry.pop("told", {}), entry.pop("questions", [])
    changes, because, words = entry.pop("changes", ""), entry.pop("because", ""), entry.pop("words", "")
    practice = knowledge.draft(by=hand.as_(speaker, at), at=at, place=place, topic=topic, **entry)
    if ends == "silent":
        return _nothing
    uuid = practice.uuid
    knowledge.clear(by=hand.as_(speaker, at + 5 * DAY), at=at + 5 * DAY, uuid=uuid, sight=sight)
    at += 12 * DAY
    if changes:
        at = _changed(hand, uuid, speaker, at, changes=changes, sight=sight)
    # The seconded manager is at home in Sagara and does not review what comes from there.
    for reviewer in ("head", "seconded") if number % 3 and place.code != "SAG" else ("manager", "head"):
        knowledge.review(by=hand.as_(hand.person(reviewer), at), at=at, uuid=uuid, opinion=Opinion.FIT, words=SAID[number % len(SAID)])
    at += 2 * DAY
    for language, values in translations.items():
        knowledge.translate(by=hand.as_(speaker, at), at=at, uuid=uuid, language=language, values=values)
    knowledge.publish(by=hand.as_(hand.person("manager"), at), at=at, uuid=uuid)
    _lived(hand, uuid, speaker, at, uses=uses, questions=questions)
    late = hand.at - 35 * DAY

    def end() -> None:
        if ends == "retired":
            by = hand.as_(hand.person("manager"), late)
            knowledge.retire(by=by, at=late, uuid=uuid, because=RetiredBecause(because), words=words)
        if ends == "withdrawn":
            knowledge.withdraw(by=hand.as_(speaker, late), at=late, uuid=uuid, words=words)

    return end


def _lived(hand: Stagehand, uuid: Any, speaker: Any, at: Any, *, uses: list[Any], questions: list[Any]) -> None:
    """What others did with it, and asked."""
    for use in uses:
        _used(hand, uuid, at, **use)
    for question in questions:
        when = at + 40 * DAY
        asked = knowledge.ask(by=hand.as_(hand.speaks[question["place"]], when), at=when, uuid=uuid, text=question["text"])
        knowledge.answer(by=hand.as_(speaker, when + 3 * DAY), at=when + 3 * DAY, uuid=asked.uuid, answer=question["answer"])


def _nothing() -> None:
    """A silent draft has no end."""


def _changed(hand: Stagehand, uuid: Any, speaker: Any, at: Any, *, changes: str, sight: Sight) -> Any:
    """A reviewer asks for changes; a fortnight later the Member has made them and clears it again."""
    knowledge.review(by=hand.as_(hand.person("manager"), at), at=at, uuid=uuid, opinion=Opinion.CHANGES, words=changes)
    at += 14 * DAY
    more = {"lessons": "What the reviewer asked is now said above: where we could not tell, we say that we cannot."}
    by = hand.as_(speaker, at)
    knowledge.edit(by=by, at=at, uuid=uuid, values=more, version=None)
    knowledge.clear(by=by, at=at, uuid=uuid, sight=sight)
    return at + 6 * DAY


def _used(hand: Stagehand, uuid: Any, at: Any, *, place: str, worked: str, after: int, result: str) -> None:
    when = min(at + after * DAY, hand.at - DAY)
    by = hand.as_(hand.speaks[place], when)
    knowledge.adopt(by=by, at=when, uuid=uuid, place=hand.places[place], worked=Worked(worked), result=result)


def _rounds(hand: Stagehand, told: list[dict[str, str]], topics: dict[str, Any]) -> None:
    """One meeting that is over, with everything told and one initiative on its way to a practice; one ahead, with a centre still silent."""
    for title, opened, meets, tellers in (
        ("Heads of training centres, last year", -420, -380, 2),
        ("Heads of training centres, this year", -15, 25, 1),
    ):
        at = hand.at + opened * DAY
        manager = hand.as_(hand.person("manager"), at)
        days = {"meeting_on": (hand.at + meets * DAY).date(), "due_on": (hand.at + (meets - 10) * DAY).date()}
        one = knowledge.open_round(by=manager, at=at, region=hand.places["PX"], title=title, **days)
        for initiative in told[:tellers]:
            values = dict(initiative)
            centre = hand.places[values.pop("place")]
            when = at + 9 * DAY
            by = hand.as_(hand.person("centre"), when) if centre.code == "RTC-SAG" else SYSTEM
            kept = knowledge.tell(by=by, at=when, round=one.uuid, place=centre, values=values)
            if opened < -100 and centre.code == "RTC-SAG":
                asked = knowledge.ask(
                    by=hand.as_(hand.speaks["LAG"], when + DAY), at=when + DAY, uuid=kept.uuid, text="How long to prepare 300 parcels?"
                )
                answered = when + 2 * DAY
                by = hand.as_(hand.person("centre"), answered)
                knowledge.answer(by=by, at=answered, uuid=asked.uuid, answer="Two people, two days; they last for four courses.")
                knowledge.promote(
                    by=hand.as_(hand.person("manager"), answered + 30 * DAY), at=answered + 30 * DAY, uuid=kept.uuid, topic=topics["ECO"]
                )
