"""What each Member was asked for in a quarter."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from entrepot.capacity.training.api import invitation_rules
from entrepot.ground.region.api import place_rules
from entrepot.kernel.lineages import region_of
from entrepot.kernel.principals import SYSTEM, Principal

from ..core import INVITATION, Burden, quarter_of
from ..models import Ask
from ..rules import COORDINATOR, OFFICE


def burdens(region: Any, day: date) -> dict[int, Burden]:
    """Minutes asked of each Member of a region in the quarter of `day`, by the Member's key: forms and invitations.

    A form counts the time that it took where that is known and our estimate elsewhere, whether it is answered or not; an invitation counts
    `INVITATION` minutes.
    """
    quarter = quarter_of(day)
    assert quarter.start
    assert quarter.end
    begins, ends = (datetime.combine(end, time(), UTC) for end in (quarter.start, quarter.end))
    asked = Ask.objects.filter(asked_at__gte=begins, asked_at__lt=ends, place__lineage__under=region.lineage).values("place")
    rows = asked.annotate(
        n=Count("id"), whole=Sum(Coalesce("seconds", F("form__seconds"))), known=Sum("seconds", filter=Q(seconds__isnull=False))
    )
    found = {row["place"]: Burden(row["place"], row["whole"] / 60, (row["known"] or 0) / 60, row["n"]) for row in rows}
    invited = invitation_rules.visible_to(SYSTEM).filter(sent_at__gte=begins, sent_at__lt=ends, place__lineage__under=region.lineage)
    for row in invited.values("place").annotate(n=Count("id")):
        now = found.get(row["place"], Burden(row["place"], 0.0, 0.0, 0))
        found[row["place"]] = Burden(now.place, now.minutes + row["n"] * INVITATION, now.measured, now.asks + row["n"])
    return found


def burdens_seen(who: Principal, day: date) -> list[tuple[Any, Burden | None]]:
    """(Member, what it is asked for in the quarter of `day`), the most burdened first, of those whose burden this principal may see:
    all of its region for the regional office, a coordinator's own."""
    reach = Q(pk__in=())
    for lineage in who.reaches(*OFFICE, *COORDINATOR):
        reach |= Q(lineage__under=lineage)
    places = list(place_rules.visible_to(who).filter(reach, kind="member"))
    roots = {region_of(place.lineage) for place in places}
    asked: dict[int, Burden] = {}
    for region in place_rules.visible_to(who).filter(kind="region", lineage__in=roots):
        asked |= burdens(region, day)
    rows = [(place, asked.get(place.pk)) for place in places]
    return sorted(rows, key=lambda row: (-(row[1].minutes if row[1] else 0), row[0].name))
