"""What each Member was asked for in a quarter."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Q

from entrepot.ground.region.api import place_rules
from entrepot.kernel.lineages import region_of
from entrepot.kernel.offers import Asked
from entrepot.kernel.principals import Principal

from .. import introductions
from ..core import Burden, quarter_of
from ..rules import COORDINATOR, OFFICE


def burdens(region: Any, day: date) -> dict[int, Burden]:
    """Minutes asked of each Member of a region in the quarter of `day`, by the Member's key: by our forms and by all other rooms.

    A form counts the time that it took where that is known and our estimate elsewhere, whether it is answered or not; the rest counts what
    people's work lists say.
    """
    quarter = quarter_of(day)
    assert quarter.start
    assert quarter.end
    begins, ends = (datetime.combine(end, time(), UTC) for end in (quarter.start, quarter.end))
    parts: dict[int, list[Asked]] = defaultdict(list)
    for ask in introductions.asked:
        for one in ask(region.lineage, begins, ends):
            parts[one.place].append(one)
    return {
        place: Burden(
            place,
            sum(one.minutes for one in found),
            sum(one.measured for one in found),
            sum(one.n for one in found),
            tuple((one.what, one.minutes) for one in sorted(found, key=lambda one: -one.minutes)),
        )
        for place, found in parts.items()
    }


def burdens_seen(who: Principal, day: date) -> list[tuple[Any, Burden | None]]:
    """(Member, what it is asked for in the quarter of `day`), the most burdened first, of those whose burden this principal may see:
    all of its region for the regional office, a coordinator's own."""
    reach = Q(pk__in=())
    for lineage in who.reaches(*OFFICE, *COORDINATOR) if who.scoped("evaluation:read") else ():
        reach |= Q(lineage__under=lineage)
    places = list(place_rules.visible_to(who).filter(reach, kind="member"))
    roots = {region_of(place.lineage) for place in places}
    asked_of: dict[int, Burden] = {}
    for region in place_rules.visible_to(who).filter(kind="region", lineage__in=roots):
        asked_of |= burdens(region, day)
    rows = [(place, asked_of.get(place.pk)) for place in places]
    return sorted(rows, key=lambda row: (-(row[1].minutes if row[1] else 0), row[0].name))
