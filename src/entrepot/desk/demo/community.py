"""Who of the practice region shows themself to whom, and what the alumni of two workshops ask each other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from entrepot.capacity.community import api as community
from entrepot.capacity.community.enums import Belonging, Sight
from entrepot.kernel.principals import SYSTEM

if TYPE_CHECKING:
    from .programme import Stagehand

DAY = timedelta(days=1)
# part, sight, topics, languages, what they do, what to ask them about, more
SHOWN: tuple[tuple[str, Sight, tuple[str, ...], tuple[str, ...], str, str, str], ...] = (
    (
        *("manager", Sight.REGION, (), ("en", "to")),
        "plans the region’s workshops and follows them up",
        "which centre teaches what, and when",
        "",
    ),
    (
        *("trainer", Sight.REGION, ("RSK", "IMG"), ("en", "id")),
        "teaches image reading and targeting at Sagara",
        "exercises that need no scanner; how to mark a desk exercise fairly",
        "Eleven years at the parcel line before I taught. I bring the exercises of my courses to whoever asks.",
    ),
    ("centre", Sight.REGION, ("IMG",), ("id", "en"), "runs the Sagara training centre", "rooms, hostel, visas for Sagara", ""),
    (
        *("coordinator", Sight.REGION, ("ORI", "VAL"), ("en", "to")),
        "coordinates training for a small administration of islands",
        "sending two officers without closing an office",
        "We are forty people. When one goes to a workshop, the others have to know how to carry on.",
    ),
    (
        *("neighbour", Sight.REGION, ("ORI",), ("en", "dz")),
        "coordinates training for the mountain posts",
        "courses over a line that fails in the afternoon",
        "",
    ),
    (
        "analyst",
        Sight.REGION,
        ("DAT", "RSK"),
        ("bn", "en"),
        "builds selection models from declarations",
        "starting with a bad data set",
        "",
    ),
    ("officer", Sight.ADMINISTRATION, ("ORI",), ("en",), "checks certificates of origin at Lagoon Wharf", "the checklist on our wall", ""),
    ("supervisor", Sight.PRIVATE, (), ("to", "en"), "supervises Lagoon Wharf", "", ""),
)
# days ago, part or place in the list of fellows, words, the post that it answers
SAID: tuple[tuple[int, str | int, str, int | None], ...] = (
    (300, "trainer", "Six months on: does the checklist still hang on your wall, and who keeps it right when the rules change?", None),
    (298, "officer", "It does. We put the date of the last change at the foot, so that everyone sees when it has grown old.", 0),
    (297, 1, "Ours had grown old by March without anyone seeing. I have taken over the date at the foot.", 0),
    (140, 2, "Has anyone met certificates with two different stamps of one office? We had three last week.", None),
    (139, "trainer", "Ask the issuing office through its liaison, and leave the shipment its way under a guarantee meanwhile.", 3),
    (31, 3, "We taught it to the night shift ourselves last month. The slides are among the papers, shortened to two hours.", None),
)


def make(hand: Stagehand, whole: Any, later: Any) -> None:
    """Profiles, then the group of the workshop whose thread is whole; of the other one a few have joined and nobody has spoken."""
    at = hand.at - 290 * DAY
    for number, (part, sight, topics, languages, headline, ask_me, about) in enumerate(SHOWN):
        when = at + number * 9 * DAY
        values = {"sight": sight, "headline": headline, "ask_me": ask_me, "about": about, "topics": topics, "languages": languages}
        community.keep_profile(by=hand.as_(hand.person(part), when), at=when, values=values)
    for code in ("LAG", "STEP", "KARS"):
        when = at + 120 * DAY
        values = {
            "sight": Sight.REGION,
            "headline": f"coordinates training for {hand.places[code].name.removesuffix(' Customs')}",
            "languages": [code for code in hand.places[code].languages if code != "fj"],
        }
        community.keep_profile(by=hand.as_(hand.speaks[code], when), at=when, values=values)
    group, fellows = _join(hand, whole, every=4)
    said: list[Any] = []
    for ago, who, words, answers in SAID:
        when = hand.at - ago * DAY
        person = hand.person(who) if isinstance(who, str) else fellows[who % len(fellows)]
        parent = said[answers].uuid if answers is not None else None
        said.append(community.say(by=hand.as_(person, when), at=when, uuid=group.uuid, text=words, parent=parent))
    _join(hand, later, every=2)


def _join(hand: Stagehand, activity: Any, *, every: int) -> tuple[Any, list[Any]]:
    """Let all but each so-manieth join, the cast of the workshop among them; return the group and who joined."""
    group = community.group_rules.visible_to(SYSTEM).get(activity=activity)
    at = group.opened_at + 2 * DAY
    joined = []
    asked = community.fellow_rules.visible_to(SYSTEM).filter(group=group, belonging=Belonging.ASKED).select_related("person__home")
    for number, fellow in enumerate(asked.order_by("pk")):
        if number % every != every - 1 or fellow.person.email in ("officer@practice.example", "trainer@practice.example"):
            community.join(by=hand.as_(fellow.person, at), at=at, uuid=group.uuid)
            joined.append(fellow.person)
    return group, joined
