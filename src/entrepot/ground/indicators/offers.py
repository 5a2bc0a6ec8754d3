"""What indicators contribute: their pages, search, the switch of a Member, the last period that is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q
from django.urls import reverse

from entrepot.kernel.offers import Asked, DemoMaker, Hit, NavOffer, Offers, Section, Switchable, WorkItem
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .core import following, span_of, span_text, spans_between
from .demo import remove
from .enums import Every
from .models import Series
from .rules import ENTER, indicator_rules, series_rules

GRACE = timedelta(days=20)
"""So many days after its end a period is asked for."""


_ENTERING = 3
"""Minutes that a figure asks of whoever enters it."""


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
            yield WorkItem(title, reverse("indicators:indicator", args=[series.indicator.uuid]), due=asked + GRACE, minutes=_ENTERING)


def _asked(lineage: str, begins: datetime, ends: datetime) -> Iterable[Asked]:
    """The figures of a region's indicators that come to be asked for from `begins` to `ends`, those still to come among them."""
    first, last = begins.date() - GRACE, ends.date() - GRACE - timedelta(days=1)
    periods = {every: sum(first <= start <= last for start in spans_between(first, last, every)) for every in Every}
    asked = Series.objects.filter(place__lineage__under=lineage, indicator__place__kind="region", indicator__retired_at__isnull=True)
    counts: Counter[int] = Counter()
    for place, every, n in asked.order_by().values_list("place", "indicator__every").annotate(n=Count("id")):
        counts[place] += n * periods[Every(every)]
    for place, n in counts.items():
        if n:
            yield Asked(place, gettext_noop("figures to enter"), n, n * _ENTERING)


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
    asked=[_asked],
    search=[_found],
    switches=[Switchable("indicators", gettext_noop("Indicators and their values"), frozenset({"indicators"}))],
    demo=[DemoMaker(55, remove)],
    rest=[("/indicators", "entrepot.ground.indicators.rest.router")],
)
