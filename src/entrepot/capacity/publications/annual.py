"""The year of the network, for whoever heads an administration: what was done, what changed, what did not work. Every figure says what it
rests on and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext, pgettext

from entrepot.capacity.credentials.api import certificate_rules
from entrepot.capacity.knowledge.api import adoption_rules, practice_rules
from entrepot.capacity.knowledge.enums import RETIRED_BECAUSE, PracticeState, RetiredBecause, Sight, Worked
from entrepot.capacity.training.api import activity_rules, attended
from entrepot.kernel.disclosure import FEWEST, Cell, Guard
from entrepot.kernel.papers import Block, Figures, Heading, Para, Remark, Table
from entrepot.kernel.principals import SYSTEM

from .compiling import Part, follow_up, part

DONE = ("delivered", "closed", "followed_up")


def activities_of(region: Any, year: int) -> list[Any]:
    """The activities of the region that began in the year and were held."""
    visible = activity_rules.visible_to(SYSTEM).filter(region=region, stage__in=DONE)
    begun = visible.filter(starts_on__gte=date(year, 1, 1), starts_on__lt=date(year + 1, 1, 1))
    return list(begun.select_related("host", "competency__topic").order_by("starts_on"))


def year_parts(region: Any, year: int, guard: Guard) -> tuple[list[Part], list[Cell]]:
    """The parts of the annual page, and the cells about persons that they say."""
    held = activities_of(region, year)
    done, cells = _done(region, year, held, guard)
    parts = [done]
    changed, more = follow_up(held, guard)
    if changed:
        parts.append(changed)
    return [*parts, _did_not_work(region, year)], [*cells, *more]


def _done(region: Any, year: int, held: Sequence[Any], guard: Guard) -> tuple[Part, list[Cell]]:
    there = {activity: list(attended(activity)) for activity in held}
    papers = set(
        certificate_rules.visible_to(SYSTEM)
        .filter(nomination__activity__in=held, revoked_at__isnull=True)
        .values_list("nomination_id", flat=True)
    )
    withheld, cells, said = pgettext("a figure", "withheld"), [], []
    for name in (("certificate", "none"), ("certificate",)):
        atoms = frozenset(f"{activity.uuid}|{one}" for activity in held for one in name)
        n = sum((n.pk in papers) == (one == "certificate") for rows in there.values() for n in rows for one in name)
        cell = Cell(atoms, n)
        admitted = guard.admits(cell)
        cells += [cell] if admitted else []
        said.append(str(n) if admitted else withheld)
    members = {n.invitation.place_id for rows in there.values() for n in rows}
    practices, uses = _practices(region, year), _uses(region, year)
    resting = gettext("%(n)s activities held in %(year)s; records of activities") % {"n": len(held), "year": year}
    people = gettext("over %(n)s activities; records of attendance") % {"n": len(held)}
    figures = [
        (str(len(held)), gettext("workshops and courses held"), resting),
        (said[0], gettext("officers took part"), people),
        (said[1], gettext("certificates of attendance"), gettext("of those who took part; register of certificates")),
        (str(len(members)), gettext("Members with an officer there"), gettext("of those invited; records of attendance")),
        (str(len(practices)), gettext("good practices published"), gettext("cleared by their Members; the public collection")),
        (
            str(len(uses)),
            gettext("uses by another Member"),
            gettext("%(no)s of them did not work; the Members’ own word") % {"no": sum(use.worked == Worked.NO for use in uses)},
        ),
    ]
    rows = tuple((activity.title, activity.competency.topic.title, activity.host.name if activity.host else "–") for activity in held)
    blocks: list[Block] = [Heading(gettext("What the network did"), 1), Figures(tuple(figures))]
    if rows:
        head = (gettext("Workshop"), gettext("Topic"), gettext("Where"))
        blocks.append(Table(head, tuple((title, gettext(topic), where) for title, topic, where in rows)))
    blocks.append(
        Remark(
            gettext("Counted when it was published. A figure about fewer than %(fewest)s people, or that gives them away, is withheld.")
            % {"fewest": FEWEST}
        )
    )
    return part("done", gettext("What the network did"), blocks, practices=[str(p.uuid) for p in practices]), cells


def _practices(region: Any, year: int) -> list[Any]:
    visible = practice_rules.visible_to(SYSTEM).filter(
        place__lineage__under=region.lineage, state__in=(PracticeState.PUBLISHED, PracticeState.RETIRED), sight=Sight.PUBLIC
    )
    return list(visible.filter(published_at__year=year))


def _uses(region: Any, year: int) -> list[Any]:
    visible = adoption_rules.visible_to(SYSTEM).filter(
        place__lineage__under=region.lineage,
        practice__state__in=(PracticeState.PUBLISHED, PracticeState.RETIRED),
        practice__sight=Sight.PUBLIC,
    )
    return list(visible.filter(at__year=year).select_related("place", "practice__place").order_by("at"))


def _did_not_work(region: Any, year: int) -> Part:
    """What was tried and given up, in the words of those who tried: as useful as the rest."""
    failed = [use for use in _uses(region, year) if use.worked == Worked.NO]
    visible = practice_rules.visible_to(SYSTEM).filter(state=PracticeState.RETIRED, sight=Sight.PUBLIC, retired_at__year=year)
    retired = list(visible.filter(place__lineage__under=region.lineage).select_related("place").order_by("retired_at"))
    blocks: list[Block] = [Heading(gettext("What did not work"), 1)]
    if failed:
        rows = tuple((use.practice.title, use.place.name, use.result) for use in failed)
        blocks.append(Table((gettext("Practice"), gettext("Tried by"), gettext("What came of it")), rows))
    if retired:
        rows = tuple(
            (practice.title, practice.place.name, gettext(RETIRED_BECAUSE[RetiredBecause(practice.retired_because)]))
            for practice in retired
        )
        blocks.append(Table((gettext("Retired"), gettext("Member"), gettext("Why")), rows))
    if len(blocks) == 1:
        blocks.append(Para(gettext("Nobody has said so of anything this year, which does not mean that everything worked.")))
    names = [str(use.practice.uuid) for use in failed] + [str(practice.uuid) for practice in retired]
    return part("failed", gettext("What did not work"), blocks, practices=names)
