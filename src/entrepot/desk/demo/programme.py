"""The practice region in mid-life: an activity at every stage, one thread whole, work waiting for everyone.

Made through the rooms' actions, each by whoever would do it, at the time when they would have."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from entrepot.capacity.competencies.api import competency_rules
from entrepot.capacity.competencies.enums import Level
from entrepot.capacity.evaluation import api as evaluation
from entrepot.capacity.evaluation.enums import FormKind
from entrepot.capacity.needs import api as needs
from entrepot.capacity.needs.enums import Urgency
from entrepot.capacity.training import api as training
from entrepot.capacity.training.enums import Attended, LanguageLevel, Outcome, Override, Stage
from entrepot.ground.access.api import principal_for
from entrepot.ground.notices.api import mark_read, notice_rules
from entrepot.ground.people.api import person_rules, post, register
from entrepot.ground.region.api import place_rules
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.roles import Role

from . import collection, community, evaluated
from .told import AFTER, COORDINATORS, EVIDENCE, REACTIONS, TEST, TITLES, Workshop

DAY = timedelta(days=1)


class Stagehand:
    """Whoever makes the practice region: knows its places and people, and acts as any of them at any time."""

    def __init__(self, at: datetime, seed: int) -> None:
        self.at = at
        self.chance = random.Random(seed + 1)  # noqa: S311  (invented answers, not secrets)
        places = place_rules.visible_to(SYSTEM).filter(invented=True).order_by("lineage")
        self.places = {place.code: place for place in places}
        self.members = [place for place in self.places.values() if place.kind == "member"]
        self.competencies = {c.code: c for c in competency_rules.visible_to(SYSTEM).select_related("topic")}
        self.speaks: dict[str, Any] = {"ATN": self.person("coordinator"), "HIGH": self.person("neighbour")}
        self.releases: dict[str, Any] = {"ATN": self.person("supervisor")}

    def person(self, address: str) -> Any:
        """Someone of the cast."""
        return person_rules.visible_to(SYSTEM).select_related("home").get(email=f"{address}@practice.example")

    def as_(self, person: Any, at: datetime) -> Principal:
        """The principal that a person was, or is, at a time."""
        return principal_for(person, at)

    def staff(self) -> None:
        """A coordinator and a supervisor for every Member that has none in the cast."""
        start = (self.at - 700 * DAY).date()
        for code, name in COORDINATORS:
            home = self.places[code]
            address = f"coordinator-{code.lower()}@practice.example"
            person = register(by=SYSTEM, at=self.at, home=home, full_name=name, email=address)
            post(by=SYSTEM, at=self.at, person=person, role=Role.NATIONAL_COORDINATOR, place=home, from_on=start)
            self.speaks[code] = person
        for member in self.members:
            if member.code not in self.releases:
                address = f"supervisor-{member.code.lower()}@practice.example"
                name = f"{self.chance.choice(('Ama', 'Bao', 'Ilse', 'Ravi', 'Mere', 'Sokha'))} of {member.name.removesuffix(' Customs')}"
                person = register(by=SYSTEM, at=self.at, home=member, full_name=name, email=address)
                post(by=SYSTEM, at=self.at, person=person, role=Role.SUPERVISOR, place=member, from_on=start)
                self.releases[member.code] = person

    def officers(self, member: Any) -> list[Any]:
        """A Member's officers, the cast's first."""
        held = person_rules.visible_to(SYSTEM).filter(home=member, postings__role=Role.OFFICER, is_active=True)
        return sorted(held.distinct(), key=lambda officer: (officer.email is None, officer.pk))


def make(*, at: datetime, seed: int) -> None:
    """Make it all, oldest first."""
    hand = Stagehand(at, seed)
    hand.staff()
    _needs(hand)
    whole = _workshop(hand, TITLES["origin"], begins=-560, stage=Stage.CLOSED, answer=0.85)
    collection.make(hand, whole)
    _end(hand, whole, at - 40 * DAY)
    images = _workshop(hand, TITLES["images"], begins=-300, stage=Stage.CLOSED, answer=0.55)
    _workshop(hand, TITLES["audit"], begins=-11, stage=Stage.DELIVERED)
    _withdrawn(hand, _workshop(hand, TITLES["parcels"], begins=2, stage=Stage.CONFIRMED))
    _overridden(hand, _workshop(hand, TITLES["risk"], begins=33, stage=Stage.SELECTION))
    _workshop(hand, TITLES["value"], begins=58, stage=Stage.INVITATION, silent=("ATN", "KARS", "LAG"))
    _workshop(hand, TITLES["data"], begins=120, stage=Stage.DESIGN)
    _cancelled(hand)
    evaluated.built(hand)
    evaluated.compiled(hand)
    community.make(hand, whole, images)
    _read(hand)


def _read(hand: Stagehand) -> None:
    """What people were told more than three weeks ago they have read."""
    old = notice_rules.visible_to(SYSTEM).filter(at__lt=hand.at - 21 * DAY, read_at__isnull=True).select_related("person__home")
    for notice in old:
        mark_read(by=hand.as_(notice.person, hand.at), at=hand.at, uuid=notice.uuid)


def _needs(hand: Stagehand) -> None:
    """What Members have said they need and nobody has taken up yet."""
    asked = (
        ("ATN", "IMG-1", 3),
        ("ATS", "VAL-2", 4),
        ("KARS", "ORI-1", 6),
        ("DELT", "DAT-1", 12),
        ("STEP", "RSK-1", 5),
        ("LAG", "ECO-1", 4),
        ("HIGH", "ORI-1", 2),
    )
    for number, (code, competency, officers) in enumerate(asked):
        at = hand.at - (40 - 5 * number) * DAY
        urgency = Urgency.NOW if number % 3 == 0 else Urgency.YEAR
        _need(hand, code, competency, at, officers=officers, urgency=urgency)


def _need(hand: Stagehand, code: str, competency: str, at: datetime, *, officers: int = 3, urgency: Urgency = Urgency.NOW) -> Any:
    place = hand.places[code]
    values: dict[str, Any] = {"competency": hand.competencies[competency], "level": Level.TRAINED, "officers": officers, "urgency": urgency}
    return needs.record(
        by=hand.as_(hand.speaks[code], at), at=at, place=place, evidence=EVIDENCE[competency.split("-", maxsplit=1)[0]], mode="", **values
    )


def _workshop(hand: Stagehand, told: Workshop, *, begins: int, stage: Stage, answer: float = 0.0, silent: Sequence[str] = ()) -> Any:
    """An activity that begins so many days from now, carried to `stage`. `answer` is the share that answers months later."""
    first = hand.at + begins * DAY
    manager = hand.person("manager")
    begun = first - 110 * DAY if stage is not Stage.DESIGN else hand.at - 6 * DAY
    who: dict[str, Any] = {"by": hand.as_(manager, begun), "at": begun}
    answered = [_need(hand, code, told.competency, begun - 9 * DAY) for code in told.needed_by]
    region = hand.places["PX"]
    competency = hand.competencies[told.competency]
    activity = training.create(
        **who, region=region, needs=answered, title=told.title, competency=competency, level=Level.TRAINED, mode=told.mode
    )
    day = first.date()
    design = {
        "host": hand.places[told.host],
        "objectives": told.objectives,
        "outcomes": list(told.outcomes),
        "target_group": told.target,
        "seats": told.seats,
        "seats_per_member": 2,
        "starts_on": day,
        "ends_on": day + timedelta(days=2),
        "nominate_by": day - timedelta(days=45) if begins < 0 or stage is not Stage.INVITATION else (hand.at + 9 * DAY).date(),
    }
    training.edit(**who, uuid=activity.uuid, values=design, version=None)
    training.set_trainers(**who, uuid=activity.uuid, people=[hand.person("trainer")])
    training.add_budget_line(
        **who,
        uuid=activity.uuid,
        title="Travel of participants",
        currency="USD",
        amount=Decimal(1400 * told.seats),
        source="Practice partner fund",
    )
    training.choose_members(**who, uuid=activity.uuid, places=hand.members)
    steps = (Stage.INVITATION, Stage.SELECTION, Stage.CONFIRMED, Stage.DELIVERED, Stage.CLOSED)
    for step in steps[: steps.index(stage) + 1] if stage in steps else ():
        _step(hand, activity, step, first, answer=answer, silent=silent)
    activity.refresh_from_db()
    return activity


def _step(hand: Stagehand, activity: Any, to: Stage, first: datetime, *, answer: float, silent: Sequence[str]) -> None:
    """What people did before a stage, the step itself, and what they did after it."""
    activity.refresh_from_db()
    when = {
        Stage.INVITATION: first - 90 * DAY,
        Stage.SELECTION: first - 44 * DAY,
        Stage.CONFIRMED: first - 38 * DAY,
        Stage.DELIVERED: first + 3 * DAY,
        Stage.CLOSED: first + 12 * DAY,
    }[to]
    when = min(when, hand.at - timedelta(hours=2))
    manager = hand.person("manager")
    who: dict[str, Any] = {"by": hand.as_(manager, when), "at": when}
    if to is Stage.CONFIRMED:
        training.decide(**who, uuid=activity.uuid)
    if to is Stage.DELIVERED:
        _deliver(hand, activity, when)
    training.advance(**who, uuid=activity.uuid, to=to, skip="Those who did not answer were asked twice" if to is Stage.SELECTION else "")
    if to is Stage.INVITATION:
        _nominate(hand, activity, when + 20 * DAY, silent)
    if to is Stage.CONFIRMED:
        evaluation.keep_test(by=_host(hand, activity, "trainer", when), at=when, activity=activity.uuid, text=TEST)
        _agenda(hand, activity, first.date(), when)
    if to is Stage.CLOSED:
        evaluated.afterwards(hand, activity, when, answer)


def _nominate(hand: Stagehand, activity: Any, at: datetime, silent: Sequence[str]) -> None:
    latest = min(at, hand.at - timedelta(hours=1))
    invitations = {i.place.code: i for i in training.invitation_rules.visible_to(SYSTEM).filter(activity=activity).select_related("place")}
    for number, (code, invitation) in enumerate(sorted(invitations.items())):
        at = latest - timedelta(minutes=7 * (len(invitations) - number))  # no two at once: equals in a selection are told apart by time
        by = hand.as_(hand.speaks[code], at)
        if code in silent:
            continue
        if number % 6 == 5:
            training.decline(by=by, at=at, invitation=invitation.uuid, reason="No officer can be spared in the season")
            continue
        officers = hand.officers(hand.places[code])
        # The first officer of each Member goes where the tour leads; the others take turns elsewhere.
        toured = activity.title in (TITLES["origin"].title, TITLES["parcels"].title)
        officers = officers if toured else officers[1:]
        start = 0 if toured else hand.chance.randrange(len(officers))
        for rank in range(1, 1 + hand.chance.choice((1, 2, 2, 3))):
            values: dict[str, Any] = {
                "person": officers[(start + rank - 1) % len(officers)],
                "rank": rank,
                "post": hand.chance.choice(("Examination officer", "Senior officer", "Team lead", "Valuation officer")),
                "duties": "Clears consignments and parcels",
                "years": hand.chance.randrange(2, 21),
                "language_level": hand.chance.choice((LanguageLevel.B1, LanguageLevel.B2, LanguageLevel.B2, LanguageLevel.C1)),
                "consent": True,
                "supervisor": hand.releases[code],
            }
            nomination = training.nominate(by=by, at=at, invitation=invitation.uuid, values=values)
            if hand.chance.random() < 0.88 or (toured and rank == 1):
                later = min(at + 4 * DAY, hand.at)
                training.release(by=hand.as_(hand.releases[code], later), at=later, uuid=nomination.uuid, given=True)
        training.finish(by=by, at=at, invitation=invitation.uuid)


def _host(hand: Stagehand, activity: Any, part: str, at: datetime) -> Principal:
    """Whoever runs it: the host's own people where the cast has them, else the regional office."""
    return hand.as_(hand.person(part if activity.host and activity.host.code == "RTC-SAG" else "manager"), at)


def _agenda(hand: Stagehand, activity: Any, day: date, at: datetime) -> None:
    zone = ZoneInfo(activity.host.time_zone or "UTC")
    by = _host(hand, activity, "centre", at)
    titles = (
        "Where we stand: cases from each Member",
        "Method, with worked files",
        "Exercise in pairs",
        "What we do on Monday: action plans",
    )
    for number, title in enumerate(titles):
        starts = datetime.combine(day + timedelta(days=number // 2), time(9 if number % 2 == 0 else 13, 30), zone)
        values: dict[str, Any] = {
            "title": title,
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=3),
            "room": "Auditorium",
            "trainer": hand.person("trainer"),
        }
        training.keep_session(by=by, at=at, activity=activity.uuid, join_link="https://meet.example/practice", **values)


def _deliver(hand: Stagehand, activity: Any, at: datetime) -> None:
    """Both tests, attendance, reactions and action plans, as on the days themselves."""
    there = list(training.participants(activity))
    sessions = list(training.session_rules.visible_to(SYSTEM).filter(activity=activity).order_by("starts_at"))
    absent = {n.pk for n in there if hand.chance.random() < 0.07 and n.rank > 1}
    manager = hand.as_(hand.person("manager"), at)
    for session in sessions:
        present = {
            n.uuid: Attended.ONLINE if n.invitation.place.connectivity == "patchy" and n.rank > 1 else Attended.IN_PERSON
            for n in there
            if n.pk not in absent
        }
        training.mark(by=manager, at=session.ends_at, session=session.uuid, present=present)
    last = datetime.combine(activity.last_on, time(9), ZoneInfo("UTC"))
    for nomination in there:
        if nomination.pk in absent:
            continue
        by = hand.as_(nomination.person, last)
        who: dict[str, Any] = {"by": by, "at": last, "nomination": nomination.uuid}
        before = {"q1": hand.chance.choice((0, 1)), "q2": hand.chance.choice((0, 1, 2)), "q3": hand.chance.choice((0, 1))}
        evaluation.answer_form(**who, kind=FormKind.PRE, given=before)
        if hand.chance.random() < 0.9:
            after = {"q1": 0, "q2": hand.chance.choice((1, 1, 2)), "q3": hand.chance.choice((1, 1, 1, 0))}
            evaluation.answer_form(**who, kind=FormKind.POST, given=after)
        if hand.chance.random() < 0.8:
            given: dict[str, Any] = {
                key: hand.chance.choice((3, 4, 4, 5)) for key in ("useful", "clear", "practice", "pace", "arrangements")
            }
            evaluation.answer_form(**who, kind=FormKind.REACTION, given=given | {"best": hand.chance.choice(REACTIONS)})
        what, why, indicator = hand.chance.choice(AFTER)
        due = activity.last_on + timedelta(days=hand.chance.choice((60, 120, 180)))
        evaluation.plan_item(**who, what=what, why=why, indicator=indicator, support="Two hours a week", due_on=due)


def _end(hand: Stagehand, activity: Any, at: datetime) -> None:
    """The report is published and the follow-up ended."""
    who: dict[str, Any] = {"by": hand.as_(hand.person("manager"), at), "at": at}
    evaluation.publish_report(**who, activity=activity.uuid)
    training.advance(
        **who, uuid=activity.uuid, to=Stage.FOLLOWED_UP, skip="The answers still missing will not come: their officers have moved"
    )


def _withdrawn(hand: Stagehand, activity: Any) -> None:
    """Someone with a seat cannot come; the next in line has been offered it."""
    at = hand.at - timedelta(hours=20)
    seated = [n for n in training.participants(activity) if n.invitation.place.code not in ("ATN",)]
    waits = training.nomination_rules.visible_to(SYSTEM).filter(activity=activity, outcome=Outcome.WAITING).exists()
    if seated and waits and activity.starts_on > at.date():
        nomination = seated[0]
        training.withdraw(by=hand.as_(hand.speaks[nomination.invitation.place.code], at), at=at, uuid=nomination.uuid)


def _overridden(hand: Stagehand, activity: Any) -> None:
    """Selection is decided, with one let in by name; nothing is confirmed yet."""
    at = hand.at - timedelta(hours=5)
    who: dict[str, Any] = {"by": hand.as_(hand.person("manager"), at), "at": at}
    training.decide(**who, uuid=activity.uuid)
    out = training.nomination_rules.visible_to(SYSTEM).filter(activity=activity, outcome=Outcome.OUT).order_by("id").first()
    if out:
        note = "The release came by telephone: the ferry with the mail did not sail"
        training.override(**who, uuid=out.uuid, way=Override.IN, note=note)


def _cancelled(hand: Stagehand) -> None:
    """One that had to be given up."""
    at = hand.at - 200 * DAY
    activity = _workshop(hand, TITLES["counterfeit"], begins=-150, stage=Stage.INVITATION, silent=[m.code for m in hand.members])
    training.cancel(
        by=hand.as_(hand.person("manager"), at), at=at, uuid=activity.uuid, reason="The host’s building was closed after the storm"
    )
