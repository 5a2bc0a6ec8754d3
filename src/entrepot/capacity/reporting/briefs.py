"""Two pages about one Member, for whoever is about to visit it: each line with the record that it comes from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from entrepot.capacity.evaluation.api import action_item_rules, ask_rules
from entrepot.capacity.evaluation.enums import ITEM_STATES, ItemState
from entrepot.capacity.knowledge.api import adoption_rules, practice_rules
from entrepot.capacity.knowledge.enums import WORKED, PracticeState, Worked
from entrepot.capacity.needs.api import need_rules
from entrepot.capacity.needs.enums import URGENCIES, NeedState, Urgency
from entrepot.capacity.training.api import activity_rules, invitation_rules, nomination_rules
from entrepot.capacity.training.enums import InvitationState, Outcome, Stage
from entrepot.ground.people.api import in_force
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import NotFound
from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.lineages import region_of
from entrepot.kernel.papers import Block, Details, Heading, Listing, Paper, Para, Table
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.roles import Role

from .queries import OFFICE, TAUGHT

BACK = timedelta(days=730)
"""How far back a brief looks."""
MOST = 12
"""Lines of each part at most, so that it stays two pages; how many there are in all is said."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a brief: what, a second thing about it, when, and the page of its record."""

    what: str
    more: str
    on: date | None
    href: str
    source: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a brief: its title, how many there are in all, and its first lines."""

    title: str
    n: int
    lines: tuple[Told, ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class Brief:
    """The whole."""

    member: Any
    at: datetime
    facts: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]


def member_for(principal: Principal, uuid: Any) -> Any:
    """The Member, for the regional office and for those who speak for it. Raises `NotFound`."""
    found = place_rules.visible_to(principal).filter(uuid=uuid, kind="member").select_related("parent").first()
    if found is None or not principal.holds(*OFFICE, Role.NATIONAL_COORDINATOR, over=found.lineage):
        raise NotFound
    return found


def brief(principal: Principal, member: Any, at: datetime) -> Brief:
    """What there is to know before a visit: needs, seats, open actions, practices and adoptions, what did not work, what it offers."""
    since = at - BACK
    parts = (
        _needs(principal, member),
        _coming(principal, member, at),
        _taught(principal, member, since),
        _actions(principal, member, at),
        _practices(principal, member),
        _adopted(principal, member, tried=False),
        _adopted(principal, member, tried=True),
        _offers(principal, member, at),
    )
    return Brief(member, at, _facts(member, at), _figures(principal, member, since, at), parts)


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _part(title: str, rows: list[Told], nothing: str, n: int | None = None) -> Part:
    return Part(title, len(rows) if n is None else n, tuple(rows[:MOST]), nothing)


def _facts(member: Any, at: datetime) -> tuple[tuple[str, str], ...]:
    held = in_force(at.date()).filter(role=Role.NATIONAL_COORDINATOR, place=member).select_related("person")
    names = ", ".join(posting.person.full_name for posting in held)
    return (
        (gettext("Sub-region"), member.parent.name if member.parent else "–"),
        (gettext("Languages"), ", ".join(LANGUAGES.get(code, code) for code in member.languages) or "–"),
        (gettext("Usual line"), gettext(member.connectivity) if member.connectivity else "–"),
        (gettext("Coordinator"), names or gettext("nobody holds the role today")),
    )


def _figures(principal: Principal, member: Any, since: datetime, at: datetime) -> tuple[tuple[str, str], ...]:
    own = nomination_rules.visible_to(principal).filter(invitation__place=member, activity__starts_on__gte=since.date())
    named = own.filter(withdrawn_at__isnull=True).count()
    seats = own.filter(outcome=Outcome.SEAT, withdrawn_at__isnull=True).count()
    there = own.filter(outcome=Outcome.SEAT, attendances__isnull=False).values("pk").distinct().count()
    items = Counter(_items(principal, member).values_list("state", flat=True))
    asks = ask_rules.visible_to(principal).filter(nomination__invitation__place=member, asked_at__gte=since, due_on__lt=at.date())
    answered = asks.filter(answered_at__isnull=False).count()
    of = gettext("%(n)s of %(of)s")
    return (
        (gettext("Nominated in two years"), str(named)),
        (gettext("Seats"), of % {"n": seats, "of": named}),
        (gettext("Took part"), of % {"n": there, "of": seats}),
        (gettext("Actions done"), of % {"n": items[ItemState.DONE], "of": items.total()}),
        (gettext("Follow-ups answered"), of % {"n": answered, "of": asks.count()}),
    )


def _items(principal: Principal, member: Any) -> Any:
    return action_item_rules.visible_to(principal).filter(nomination__invitation__place=member)


def _needs(principal: Principal, member: Any) -> Part:
    said = gettext("%(n)s officers · %(when)s")
    own = need_rules.visible_to(principal).filter(place=member, state=NeedState.OPEN)
    rows = [
        Told(
            gettext(need.competency.title),
            said % {"n": need.officers, "when": gettext(URGENCIES[Urgency(need.urgency)])},
            need.recorded_at.date(),
            reverse("needs:need", args=[need.uuid]),
            gettext("need"),
        )
        for need in own.select_related("competency").order_by("-recorded_at")
    ]
    return _part(gettext("What it needs"), rows, gettext("No need is open."))


def _coming(principal: Principal, member: Any, at: datetime) -> Part:
    asked = invitation_rules.visible_to(principal).filter(
        place=member, sent_at__isnull=False, activity__stage__in=(Stage.INVITATION, Stage.SELECTION, Stage.CONFIRMED)
    )
    rows = []
    for one in asked.exclude(state=InvitationState.CANCELLED).select_related("activity", "place").order_by("activity__starts_on"):
        open_ = one.state == InvitationState.SENT
        late = open_ and one.deadline and one.deadline.passed(at)
        said = gettext("answer overdue") if late else gettext("not answered yet") if open_ else gettext("answered")
        rows.append(
            Told(
                one.activity.title,
                said,
                one.activity.starts_on,
                reverse("training:invitation", args=[one.uuid]),
                one.activity.code,
            )
        )
    return _part(gettext("What it is invited to"), rows, gettext("No invitation is open."))


def _taught(principal: Principal, member: Any, since: datetime) -> Part:
    there = nomination_rules.visible_to(principal).filter(
        invitation__place=member, outcome=Outcome.SEAT, attendances__isnull=False, activity__stage__in=TAUGHT
    )
    pairs = there.filter(activity__starts_on__gte=since.date()).order_by().values_list("activity", "pk").distinct()
    counted = Counter(activity for activity, _ in pairs)
    activities = activity_rules.visible_to(principal).filter(pk__in=list(counted)).order_by("-starts_on")
    rows = [
        Told(a.title, gettext("%(n)s took part") % {"n": counted[a.pk]}, a.starts_on, reverse("training:activity", args=[a.uuid]), a.code)
        for a in activities
    ]
    return _part(gettext("Where its officers were, in two years"), rows, gettext("Nobody took part in anything."))


def _actions(principal: Principal, member: Any, at: datetime) -> Part:
    open_ = _items(principal, member).filter(state__in=(ItemState.PLANNED, ItemState.STARTED)).select_related("nomination__activity")
    rows = []
    for item in open_.order_by("due_on"):
        late = item.due_on < at.date()
        said = gettext("%(state)s · overdue") % {"state": gettext(ITEM_STATES[item.state])} if late else gettext(ITEM_STATES[item.state])
        href = reverse("evaluation:plan", args=[item.nomination.uuid])
        rows.append(Told(item.what, said, item.due_on, href, item.nomination.activity.code))
    return _part(gettext("Actions that are open"), rows, gettext("No action is open."))


def _practices(principal: Principal, member: Any) -> Part:
    own = practice_rules.visible_to(principal).filter(place=member, state=PracticeState.PUBLISHED).order_by("-published_at")
    kind = gettext("good practice")
    rows = [Told(one.title, "", _day(one.published_at), reverse("knowledge:practice", args=[one.uuid]), kind) for one in own]
    return _part(gettext("What others can learn from it"), rows, gettext("It has published no good practice."))


def _adopted(principal: Principal, member: Any, *, tried: bool) -> Part:
    """What it took over from others; `tried` are those that did not work."""
    every = adoption_rules.visible_to(principal).filter(place=member).select_related("practice__place").order_by("-at")
    rows = [
        Told(
            f"{one.practice.title} ({one.practice.place.name})",
            f"{gettext(WORKED[Worked(one.worked)])}: {one.result}" if one.result else gettext(WORKED[Worked(one.worked)]),
            one.at.date(),
            reverse("knowledge:practice", args=[one.practice.uuid]),
            gettext("adoption"),
        )
        for one in every
        if (one.worked == Worked.NO) == tried
    ]
    if tried:
        return _part(gettext("Tried, and did not work"), rows, gettext("Nothing is recorded as tried without result."))
    return _part(gettext("What it took over from others"), rows, gettext("It has recorded no use of another’s practice."))


def _offers(principal: Principal, member: Any, at: datetime) -> Part:
    """Its centres, and what they hold next."""
    centres = list(place_rules.visible_to(SYSTEM).filter(kind="centre", lineage__under=member.lineage).order_by("name"))
    kind = gettext("training centre")
    rows = [Told(one.name, ", ".join(one.specialities) or "–", None, reverse("region:place", args=[one.uuid]), kind) for one in centres]
    held = activity_rules.visible_to(principal).filter(host__in=centres, starts_on__gte=at.date()).select_related("host")
    page = "training:activity"
    rows += [
        Told(a.title, a.host.name if a.host else "–", a.starts_on, reverse(page, args=[a.uuid]), a.code) for a in held.order_by("starts_on")
    ]
    return _part(gettext("What it offers"), rows, gettext("It has no training centre of the network."))


def brief_paper(told: Brief) -> Paper:
    """The brief as a paper of two pages."""
    blocks: list[Block] = [Details((*told.facts, *told.figures))]
    for part in told.parts:
        blocks.append(Heading(f"{part.title} ({part.n})" if part.n else part.title))
        if not part.lines:
            blocks.append(Para(part.nothing))
            continue
        rows = tuple((line.what, line.more, date_format(line.on, "j M Y") if line.on else "", line.source) for line in part.lines)
        blocks.append(Table((gettext("What"), gettext("More"), gettext("When"), gettext("Source")), rows))
        if part.n > len(part.lines):
            blocks.append(Para(gettext("… and %(n)s more.") % {"n": part.n - len(part.lines)}))
    blocks.append(Heading(gettext("What this rests on")))
    blocks.append(
        Listing(
            (
                gettext("Records of this site as they stood on %(on)s.") % {"on": date_format(told.at, "j F Y, H:i")},
                gettext("Actions and follow-ups are what officers and supervisors said; nobody has checked them on the spot."),
                gettext("For whoever visits: it is not to be passed on."),
            )
        )
    )
    return Paper(
        title=told.member.name,
        over=gettext("Before a visit"),
        blocks=tuple(blocks),
        language=get_language() or "en",
        invented=told.member.invented,
        marks={"invented": gettext("practice region, invented")},
    )


def members_for(principal: Principal) -> Any:
    """The Members that one can be briefed on."""
    found = place_rules.visible_to(principal).filter(kind="member").order_by("name")
    reach = [region_of(grant.reach) for grant in principal.grants if grant.role in OFFICE]
    own = [grant.reach for grant in principal.grants if grant.role is Role.NATIONAL_COORDINATOR]
    return [place for place in found if any(place.lineage.startswith(one) for one in (*reach, *own))]
