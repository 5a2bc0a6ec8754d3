"""The papers of an activity, built from its records in the language that is active."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from entrepot.capacity.competencies.enums import LEVELS
from entrepot.capacity.needs.enums import MODES
from entrepot.kernel.papers import Block, Details, Heading, Listing, Paper, Para, Table
from entrepot.kernel.texts import gettext_noop
from entrepot.shell.words import say

from .core import said
from .enums import OUTCOMES, RELEASES, Outcome, Release
from .models import Activity, Nomination

Row = tuple[str, str]


def days(activity: Activity) -> str:
    """From which day to which."""
    if not activity.starts_on or not activity.ends_on:
        return gettext("not set yet")
    last = activity.ends_on - timedelta(days=1)
    return f"{date_format(activity.starts_on, 'j F Y')} – {date_format(last, 'j F Y')}"


def marks() -> dict[str, str]:
    """Words of the form itself."""
    return {"invented": gettext("practice region, invented")}


def frame(activity: Activity, title: str, blocks: list[Block], over: str) -> Paper:
    """A paper about an activity."""
    return Paper(
        title=title,
        blocks=tuple(blocks),
        over=over,
        language=get_language() or "en",
        invented=activity.region.invented,
        marks=marks(),
    )


def facts(activity: Activity) -> tuple[Row, ...]:
    """What, for whom, when, where."""
    host: Any = activity.host
    return (
        (gettext("Competency"), f"{gettext(activity.competency.title)} ({gettext(LEVELS[activity.level])})"),  # type: ignore[index]
        (gettext("Dates"), days(activity)),
        (gettext("Mode"), gettext(MODES[activity.mode])),  # type: ignore[index]
        (gettext("Place"), f"{host.name}, {host.city}" if host else "–"),
        (gettext("Language"), activity.language),
        (gettext("For whom"), activity.target_group or "–"),
        (gettext("Seats"), str(activity.seats)),
        (gettext("Seats for one Member"), str(activity.seats_per_member or "–")),
        (
            gettext("Nominations by"),
            gettext("%(day)s, until the end of that day by each Member’s own clock") % {"day": date_format(activity.nominate_by, "j F Y")}
            if activity.nominate_by
            else "–",
        ),
    )


def criteria(activity: Activity) -> tuple[str, ...]:
    """What is asked of a nominee, in words."""
    asks = activity.asks
    rows = (
        (asks.max_nominees, gettext("At most %(n)s nominees of one Member, ranked.") % {"n": asks.max_nominees}),
        (asks.not_same_course, gettext("Has not attended the same course before.")),
        (asks.months_between, gettext("Has attended no activity in the %(n)s months before.") % {"n": asks.months_between}),
        (asks.language_level, gettext("Working language at %(level)s or better.") % {"level": asks.language_level}),
        (asks.release, gettext("Is released by the supervisor.")),
        (asks.on_time, gettext("Is nominated by the deadline.")),
    )
    return tuple(text for asked, text in rows if asked)


def concept_note(activity: Activity, *, money: bool) -> Paper:
    """Why, what for, for whom, how: what a partner or a host decides on. `money` adds the budget."""
    blocks: list[Block] = [Details(facts(activity))]
    needs = list(activity.needs.select_related("place", "competency").order_by("place__name"))
    if needs:
        # Which Member needs what is the Member's own; outside it and the office only the sum is said.
        officers = sum(need.officers for need in needs)
        members = len({need.place_id for need in needs})
        said = gettext("It answers needs of %(members)s Members for %(officers)s officers.") % {"members": members, "officers": officers}
        blocks += [Heading(gettext("Background")), Para(said)]
    if activity.objectives:
        blocks += [Heading(gettext("Objectives")), *[Para(text) for text in activity.objectives.splitlines() if text.strip()]]
    if activity.outcomes:
        blocks += [Heading(gettext("Afterwards participants can")), Listing(tuple(activity.outcomes))]
    blocks += [Heading(gettext("Who can be nominated")), Listing(criteria(activity))]
    sessions = list(activity.sessions.select_related("trainer").order_by("starts_at"))
    if sessions:
        rows = tuple((date_format(s.starts_at, "j M H:i"), s.title, s.trainer.full_name if s.trainer else "–") for s in sessions)
        blocks += [Heading(gettext("Agenda")), Table((gettext("When"), gettext("What"), gettext("Trainer")), rows)]
    lines = list(activity.budget.order_by("id")) if money else []
    if lines:
        rows = tuple((line.title, line.source or "–", f"{line.amount:,.2f} {line.currency}") for line in lines)
        head = (gettext("For"), gettext("From whom"), gettext("Planned"))
        blocks += [Heading(gettext("Budget")), Table(head, rows, numbers=frozenset({2}))]
    after = gettext("%(n)s months after the close, officers and supervisors are asked what has changed.") % {"n": activity.follow_up_months}
    blocks += [Heading(gettext("Follow-up")), Para(after)]
    return frame(activity, activity.title, blocks, f"{activity.region.name} · {activity.code} · {gettext('Concept note')}")


def nominee_table(nominations: Iterable[Nomination]) -> tuple[list[str], Iterator[list[Any]]]:
    """The titles and rows of a list of nominees, to be worked on elsewhere."""
    titles = [
        gettext(title)
        for title in (
            *(gettext_noop("Member"), gettext_noop("Rank"), gettext_noop("Name"), gettext_noop("Name in Latin letters")),
            *(gettext_noop("E-mail"), gettext_noop("Gender"), gettext_noop("Post"), gettext_noop("Unit"), gettext_noop("Years")),
            *(gettext_noop("Language level"), gettext_noop("Release"), gettext_noop("Outcome"), gettext_noop("Place in line")),
            *(gettext_noop("Why"), gettext_noop("Note"), gettext_noop("Withdrawn")),
        )
    ]
    return titles, (_nominee(one) for one in nominations)


def _nominee(one: Nomination) -> list[Any]:
    person = one.person
    why = "; ".join(say(said(reason)) for reason in one.reasons)
    who = [one.invitation.place.name, one.rank, person.full_name, person.latin_name, person.email or "", person.gender]
    codes = [gettext(RELEASES[Release(one.release)]), gettext(OUTCOMES[Outcome(one.outcome)])]
    return [*who, one.post, one.unit, one.years, one.language_level, *codes, one.line or None, why, one.note, one.withdrawn_at]
