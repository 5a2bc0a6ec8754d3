"""Two years of figures in the practice region, and three questions of what changed: one that a comparison answers, one that it cannot
answer, and one where the answer is that nothing that matters moved.

Figures, plans and openings are made through the rooms' actions, in the order in which they have to come: the figures from before, the plan,
the figures from after, the analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from entrepot.capacity.evaluation.api import action_item_rules
from entrepot.capacity.evaluation.enums import ItemState
from entrepot.capacity.impact import api as impact
from entrepot.capacity.impact.enums import Method, Step
from entrepot.capacity.training import api as training
from entrepot.ground.indicators import api as indicators
from entrepot.ground.indicators.core import following, span_of, span_text, spans_between
from entrepot.ground.indicators.enums import Direction, Every
from entrepot.kernel.principals import SYSTEM

from .programme import DAY, Stagehand
from .told import TITLES


@dataclass(frozen=True, slots=True)
class Question:
    """An indicator and what is asked of it. `level`, `apart`, `noise` and `moved` make its figures: the usual level, how far Members
    differ, how much one varies from month to month, and by how much those that took part move."""

    code: str
    title: str
    definition: str
    unit: str
    direction: Direction
    source: str
    level: float
    apart: float
    noise: float
    moved: float
    asked: str
    question: str
    before: int
    after: int
    smallest: str
    worth: tuple[str, str] = ("", "")
    """What a difference of one is worth at one Member in one month, in USD, and how one knows; empty where nobody says."""


DAYS = Question(
    "DOUBT-DAYS",
    "Days until an origin doubt is settled",
    "Days from the first note of doubt about a certificate of origin to its settlement, median of those settled in the month.",
    "days",
    Direction.DOWN,
    "The refusal book of each office",
    *(24.0, 4.0, 1.7, -5.0),
    "Origin doubts where the list lies at the counter",
    "Are doubts settled in fewer days where the list is used than elsewhere?",
    *(12, 12, "2"),
    ("180", "Thirty doubts a month, each holding goods whose storage costs six dollars a day by the port's tariff."),
)
PAPERS = Question(
    "DOUBT-PAPERS",
    "Papers asked for in an origin doubt",
    "Documents asked of the importer after a doubt was noted, mean of the doubts settled in the month.",
    "papers",
    Direction.DOWN,
    "The refusal book of each office",
    *(3.4, 0.5, 0.16, 0.0),
    "Papers asked for where the list lies at the counter",
    "Are fewer papers asked of importers where the list is used than elsewhere?",
    *(12, 12, "0.5"),
)
IMAGES = Question(
    "IMAGE-HITS",
    "Openings after an image that found something",
    "Of the parcels opened on the strength of an image, the share in which something was found, by month.",
    "%",
    Direction.UP,
    "The register of openings",
    *(31.0, 6.0, 9.0, 3.0),
    "Findings after an image, since the workshop",
    "Do openings after an image find something more often where officers were at the workshop?",
    *(10, 6, "3"),
)
CERTIFIED: dict[str, Any] = {
    "code": "ORIGIN-CERT",
    "title": "Officers certified in origin",
    "definition": "Officers with a valid certificate in rules of origin, of those posted where origin is examined.",
    "unit": "%",
    "direction": Direction.UP,
    "every": Every.QUARTER,
    "about_people": True,
    "source": "Staff list and certificates, at the end of the quarter",
}
SAID = (
    ("The list lies at the counter and is ticked for each file.", "I have seen the ticked pages in the files of three shifts."),
    ("Doubts are named in the first hour, on the list.", "The refusal book shows the hour for every doubt of the quarter."),
    ("Each shift briefs the next with the list.", "I sat in two of these briefings."),
)


def make(*, at: datetime, seed: int) -> None:
    """Make the figures and the three stories."""
    hand = Stagehand(at, seed)
    coordinators = {member.code: _coordinator(hand, member.code) for member in hand.members}
    origin = _activity(TITLES["origin"].title)
    images = _activity(TITLES["images"].title)
    doers = _doers(origin)
    chance = np.random.default_rng(seed + 2)
    for question, activity, part, ends in (
        (DAYS, origin, doers, True),
        (PAPERS, origin, doers, False),
        (IMAGES, images, _there(images), False),
    ):
        _Story(hand, question, activity, part, coordinators=coordinators, chance=chance).make(published=ends)
    _certified(hand, coordinators)


def _coordinator(hand: Stagehand, code: str) -> Any:
    return hand.person({"ATN": "coordinator", "HIGH": "neighbour"}.get(code, f"coordinator-{code.lower()}"))


def _activity(title: str) -> Any:
    return training.activity_rules.visible_to(SYSTEM).select_related("region", "host").get(title=title, region__invented=True)


def _doers(activity: Any) -> set[str]:
    """Members in which an officer finished what was planned at the activity; six that planned, should those be too few or too many."""
    items = action_item_rules.visible_to(SYSTEM).filter(nomination__activity=activity)
    done = set(items.filter(state=ItemState.DONE).values_list("nomination__invitation__place__code", flat=True))
    planned = sorted(set(items.values_list("nomination__invitation__place__code", flat=True)))
    return done if 4 <= len(done) <= 8 else set(planned[:6])


def _there(activity: Any) -> set[str]:
    return {nomination.invitation.place.code for nomination in training.attended(activity)}


class _Story:
    """One question from its definition to what can be said."""

    def __init__(
        self,
        hand: Stagehand,
        question: Question,
        activity: Any,
        part: set[str],
        *,
        coordinators: Mapping[str, Any],
        chance: np.random.Generator,
    ) -> None:
        self.hand, self.question, self.activity, self.part = hand, question, activity, part
        self.coordinators, self.chance = coordinators, chance
        self.since = following(span_of(activity.last_on, Every.MONTH), Every.MONTH)
        self.planned = hand.at - 90 * DAY if question is IMAGES else hand.at - 150 * DAY
        self.manager = hand.person("manager")

    def make(self, *, published: bool) -> None:
        """Define, send what was before, ask and plan, send the rest, open; publish where it is ready."""
        hand, question = self.hand, self.question
        begun = self.planned - 12 * DAY
        about = {name: getattr(question, name) for name in ("title", "definition", "unit", "direction", "source")}
        boss = hand.as_(self.manager, begun)
        measured = indicators.define(by=boss, at=begun, place=hand.places["PX"], code=question.code, every=Every.MONTH, **about)
        figures = self._figures(span_of(hand.at.date(), Every.MONTH))
        self._send(measured, figures, self.planned - 6 * DAY, until=self.since)
        story = self._ask(measured)
        plan = self._plan(story)
        self._send(measured, figures, hand.at - 20 * DAY)
        self._tell(story)
        opened = hand.at - 15 * DAY
        impact.open_analysis(by=hand.as_(self.manager, opened), at=opened, plan=plan.uuid)
        if published:
            out = hand.at - 8 * DAY
            impact.publish(by=hand.as_(self.manager, out), at=out, story=story.uuid)

    def _figures(self, end: date) -> dict[str, dict[date, Decimal]]:
        """Each Member's figures by month, two years and more, up to the month before `end`.

        Noise remembers a little of the month before. Most of what sets the two sides apart by chance alone is taken out, so that each
        question comes out as it is meant to, whoever went to the workshop.
        """
        months = spans_between(following(self.since, Every.MONTH, -14), following(end, Every.MONTH, -1), Every.MONTH)
        codes = sorted(member.code for member in self.hand.members)
        q = self.question
        noise = self.chance.normal(size=(len(codes), len(months)))
        for month in range(1, len(months)):
            noise[:, month] = 0.35 * noise[:, month - 1] + np.sqrt(1 - 0.35**2) * noise[:, month]
        part = np.array([code in self.part for code in codes])
        if part.any() and not part.all():
            gap = noise[part].mean(axis=0) - noise[~part].mean(axis=0)
            noise[part] -= 0.7 * gap
        usual = q.level + q.apart * self.chance.normal(size=(len(codes), 1))
        shared = 0.4 * q.noise * self.chance.normal(size=len(months)).cumsum()
        after = np.array([month >= self.since for month in months])
        values = usual + shared + q.noise * noise + q.moved * part[:, None] * after
        places = 1 if q.noise > 0.5 else 2
        least = q.level / 10
        return {
            code: {month: Decimal(str(round(max(float(value), least), places))) for month, value in zip(months, row, strict=True)}
            for code, row in zip(codes, values, strict=True)
        }

    def _send(self, measured: Any, figures: Mapping[str, Mapping[date, Decimal]], at: datetime, until: date | None = None) -> None:
        """Each coordinator sends a file of what is there up to a month, and shares it."""
        last = min(until or span_of(at.date(), Every.MONTH), span_of(at.date(), Every.MONTH))
        for code, rows in figures.items():
            by = self.hand.as_(self.coordinators[code], at)
            sent = [[code, span_text(month, Every.MONTH), f"{value}"] for month, value in rows.items() if month < last]
            table: list[tuple[int, Sequence[Any]]] = [(1, ["place", "period", "value"])]
            table += [(number, row) for number, row in enumerate(sent, 2)]
            indicators.take_file(by=by, at=at, indicator=measured.uuid, table=table)
            series = indicators.series_rules.visible_to(by).get(indicator=measured, place__code=code)
            indicators.share(by=by, at=at, uuid=series.uuid, on=True)

    def _ask(self, measured: Any) -> Any:
        at = self.planned - 2 * DAY
        who: dict[str, Any] = {"by": self.hand.as_(self.manager, at), "at": at}
        asked: dict[str, Any] = {"title": self.question.asked, "question": self.question.question}
        return impact.tell(**who, activity=self.activity.uuid, indicator=measured.uuid, **asked)

    def _plan(self, story: Any) -> Any:
        members = [impact.Member(member, self.since if member.code in self.part else None) for member in self.hand.members]
        q = self.question
        fixed: dict[str, Any] = {"method": Method.DIFFERENCES, "before": q.before, "after": q.after, "smallest": Decimal(q.smallest)}
        if q.worth[0]:
            fixed |= {"worth": Decimal(q.worth[0]), "currency": "USD", "ground": q.worth[1]}
        by = self.hand.as_(self.manager, self.planned)
        return impact.register(by=by, at=self.planned, story=story.uuid, members=members, **fixed)

    def _tell(self, story: Any) -> None:
        """What Members say, and who backs it; of the images nobody has backed anything yet."""
        at = self.hand.at - 18 * DAY
        manager = {"by": self.hand.as_(self.manager, at), "at": at, "story": story.uuid}
        if self.question is IMAGES:
            for code in ("ATN", "HIGH"):
                said = "Officers set the image beside the picture book before they open."
                impact.add_link(**manager, step=Step.DONE, place=self.hand.places[code], said=said)
            return
        for code, (claim, backed) in zip(sorted(self.part), SAID, strict=False):
            place = self.hand.places[code]
            items = action_item_rules.visible_to(SYSTEM).filter(nomination__activity=self.activity, nomination__invitation__place=place)
            item = items.filter(state=ItemState.DONE).order_by("id").first()
            done = impact.add_link(**manager, step=Step.DONE, place=place, said=claim, item=item.uuid if item else None)
            later = at + 2 * DAY
            impact.back(by=self.hand.as_(self.coordinators[code], later), at=later, link=done.uuid, said=backed)
            moved = impact.add_link(**manager, step=Step.MOVED, place=place, said="Since then the figure has been read out each month.")
            before, after = following(self.since, Every.MONTH, -2), following(self.since, Every.MONTH, self.question.after - 1)
            days = {"before": span_text(before, Every.MONTH), "after": span_text(after, Every.MONTH)}
            impact.measure(by=manager["by"], at=at + timedelta(hours=1), link=moved.uuid, **days)
            impact.back(by=self.hand.as_(self.coordinators[code], later), at=later, link=moved.uuid, said="I read it out myself.")


def _certified(hand: Stagehand, coordinators: Mapping[str, Any]) -> None:
    """A figure about people: where they are fewer than five it is hidden from everyone else."""
    at = hand.at - 30 * DAY
    made = indicators.define(by=hand.as_(hand.person("manager"), at), at=at, place=hand.places["PX"], **CERTIFIED)
    last = following(span_of(at.date(), Every.QUARTER), Every.QUARTER, -1)
    for code, n, share in (("ATN", 4, 25), ("HIGH", 6, 50), ("SAG", 34, 41), ("DELT", 22, 18)):
        by = hand.as_(coordinators[code], at)
        for step in range(4):
            day = following(last, Every.QUARTER, step - 3)
            value = Decimal(share + 4 * step)
            indicators.enter(by=by, at=at, indicator=made.uuid, place=hand.places[code], starts_on=day, value=value, n=n + step // 2)
        if code != "DELT":
            series = indicators.series_rules.visible_to(by).get(indicator=made, place__code=code)
            indicators.share(by=by, at=at, uuid=series.uuid, on=True)
