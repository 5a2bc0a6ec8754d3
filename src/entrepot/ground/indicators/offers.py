"""What indicators contribute: their pages, search, the switch of a Member, the last period that is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Max, Q
from django.urls import reverse

from entrepot.kernel.offers import DemoMaker, Hit, NavOffer, Offers, Section, Switchable, WorkItem
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .core import following, span_of, span_text
from .demo import remove
from .enums import Every
from .rules import ENTER, indicator_rules, series_rules

GRACE = timedelta(days=20)
"""So many days after its end a period is asked for."""


def _sees(principal: Principal) -> bool:
    return bool(principal.person_id)


def _missing(principal: Principal, day: date) -> Iterable[WorkItem]:
    """The series of one's own whose last whole period has no value yet, in one query."""
    if not principal.reaches(*ENTER):
        return
    mine = series_rules.visible_to(principal, "enter").filter(indicator__retired_at__isnull=True).select_related("indicator", "place")
    for series in mine.annotate(last=Max("values__starts_on")).order_by("indicator__title", "place__name")[:40]:
        every = Every(series.indicator.every)
        asked = span_of(day - GRACE, every)
        wanted = following(asked, every, -1)
        if series.last is not None and series.last < wanted:
            title = Text(
                gettext_noop("Enter %(title)s for %(period)s: %(place)s"),
                {"title": series.indicator.title, "period": span_text(wanted, every), "place": series.place.name},
            )
            yield WorkItem(title, reverse("indicators:indicator", args=[series.indicator.uuid]), due=asked + GRACE, minutes=3)


def _found(principal: Principal, words: str, limit: int) -> Iterable[Hit]:
    if not principal.person_id:
        return
    found = indicator_rules.visible_to(principal).filter(Q(title__icontains=words) | Q(code__icontains=words))
    for one in found.select_related("place").order_by("title")[:limit]:
        yield Hit(
            one.title, reverse("indicators:indicator", args=[one.uuid]), Text(gettext_noop("Indicator")), one.place.name, one.place.invented
        )


OFFERS = Offers(
    nav=[NavOffer(Section.REGION, gettext_noop("Indicators"), "indicators:indicators", _sees, order=40)],
    work=[_missing],
    search=[_found],
    switches=[Switchable("indicators", gettext_noop("Indicators and their values"), frozenset({"indicators"}))],
    demo=[DemoMaker(55, remove)],
    rest=[("/indicators", "entrepot.ground.indicators.rest.router")],
)
