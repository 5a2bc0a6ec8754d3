"""What an officer takes home: a briefing of twenty minutes for colleagues, and a letter to the supervisor, in the officer's language."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from entrepot.capacity.training.api import session_rules
from entrepot.kernel.papers import Block, Details, Heading, Listing, Paper, Para, Table
from entrepot.kernel.principals import SYSTEM

from .models import ActionItem

SCRIPT = ((3, "why"), (5, "what"), (7, "case"), (3, "plan"), (2, "ask"))
"""Minutes of each part of the briefing: twenty together."""


def _speaking(nomination: Any) -> Any:
    """The officer's own language where the product has its texts."""
    code = nomination.person.language or "en"
    return translation.override(code if translation.check_for_language(code) else "en")


def briefing(nomination: Any) -> Paper:
    """Twenty minutes for colleagues: why it matters, what is new, a case, what happens now, what is asked of them."""
    with _speaking(nomination):
        activity = nomination.activity
        items = list(ActionItem.objects.filter(nomination=nomination).order_by("due_on", "pk"))
        blocks: list[Block] = [
            Details(
                (
                    (gettext("Workshop"), activity.title),
                    (gettext("When"), _when(activity)),
                    (gettext("Competency"), gettext(activity.competency.title)),
                    (gettext("Given by"), nomination.person.full_name),
                )
            ),
            Para(
                gettext(
                    "Twenty minutes, standing, with the people who do the work. No slides are needed: bring one file from your own desk."
                )
            ),
            *_part(0, gettext("Why we speak of this"), [activity.objectives or gettext("Say in your own words what goes wrong today.")]),
            *_part(1, gettext("What is new"), activity.outcomes or _sessions(activity)),
            *_part(
                2,
                gettext("One case, together"),
                [
                    gettext("Take a file of last week. Ask: what would you have done? Wait for three answers."),
                    gettext("Then show what you learned to do with it, step by step."),
                    gettext("Ask again: what would change at our counter on Monday?"),
                ],
            ),
            *_part(3, gettext("What I will do"), [_planned(item) for item in items] or [gettext("Nothing is planned yet: plan it first.")]),
            *_part(
                4,
                gettext("What I ask of you"),
                [
                    gettext("Try it once this week, and tell me what did not work."),
                    gettext("You will get a short question: were you taught? Your own yes is what counts."),
                ],
            ),
            Heading(gettext("Where it comes from")),
            Listing(tuple(_sessions(activity)) or (activity.title,)),
        ]
        return _paper(gettext("Briefing for colleagues"), blocks, nomination)


def _part(number: int, title: str, lines: Any) -> list[Block]:
    minutes = SCRIPT[number][0]
    begins = sum(part for part, _ in SCRIPT[:number])
    head = gettext("Minute %(from)s to %(to)s: %(title)s") % {"from": begins, "to": begins + minutes, "title": title}
    return [Heading(head), Listing(tuple(lines))]


def _planned(item: ActionItem) -> str:
    return gettext("%(what)s, by %(due)s") % {"what": item.what, "due": date_format(item.due_on, "j F Y")}


def _sessions(activity: Any) -> list[str]:
    return list(session_rules.visible_to(SYSTEM).filter(activity=activity).order_by("starts_at").values_list("title", flat=True))


def _when(activity: Any) -> str:
    days: tuple[date | None, date | None] = (activity.starts_on, activity.last_on)
    return " – ".join(date_format(day, "j F Y") for day in days if day) or "–"


def letter(nomination: Any) -> Paper:
    """To the supervisor: what the officer was at, what they plan, and what it needs of the supervisor."""
    with _speaking(nomination):
        activity, officer = nomination.activity, nomination.person.full_name
        items = list(ActionItem.objects.filter(nomination=nomination).order_by("due_on", "pk"))
        rows = tuple((item.what, date_format(item.due_on, "j F Y"), item.support or "–", item.indicator or "–") for item in items)
        greeting = gettext("To %(name)s") % {
            "name": nomination.supervisor.full_name if nomination.supervisor else gettext("the supervisor")
        }
        blocks: list[Block] = [
            Para(greeting),
            Para(
                gettext("%(officer)s took part in “%(title)s” (%(when)s), for which you released them. Thank you.")
                % {"officer": officer, "title": activity.title, "when": _when(activity)}
            ),
            Heading(gettext("What they can do now")),
            Listing(tuple(activity.outcomes) or (gettext(activity.competency.title),)),
            Heading(gettext("What they plan, and what it needs")),
        ]
        if rows:
            blocks.append(Table((gettext("What"), gettext("By"), gettext("Support"), gettext("How it shows")), rows))
        else:
            blocks.append(Para(gettext("Nothing is planned yet: please plan one thing together.")))
        blocks += [
            Heading(gettext("What helps most")),
            Listing(
                (
                    gettext("Twenty minutes at the next shift meeting, for the briefing of colleagues."),
                    gettext("Two hours a week for what is planned, in the first month."),
                    gettext(
                        "A word on it, when you next walk by: whether what was learned is used depends on that more than on the course."
                    ),
                )
            ),
            Para(
                gettext("In %(months)s months you will be asked, in a few minutes, what %(officer)s does differently.")
                % {"months": activity.follow_up_months, "officer": officer}
            ),
        ]
        return _paper(gettext("Letter to the supervisor"), blocks, nomination)


def _paper(title: str, blocks: list[Block], nomination: Any) -> Paper:
    activity = nomination.activity
    over = f"{activity.region.name} · {activity.code}"
    marks = {"invented": gettext("practice region, invented")}
    language = translation.get_language() or "en"
    return Paper(title, tuple(blocks), over=over, language=language, invented=activity.region.invented, marks=marks)
