"""What the region contributes: its pages, search, and dated facts in the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse

from entrepot.kernel.offers import CalendarEntry, DemoMaker, Hit, NavOffer, Offers, Section
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .demo import make, remove
from .enums import PlaceKind, StandingKind
from .facts import load_facts, load_past
from .models import Standing
from .rules import event_rules, place_rules

KINDS = {
    PlaceKind.REGION: gettext_noop("Region"),
    PlaceKind.SUB_REGION: gettext_noop("Sub-region"),
    PlaceKind.MEMBER: gettext_noop("Member"),
    PlaceKind.OFFICE: gettext_noop("Office"),
    PlaceKind.REGIONAL_OFFICE: gettext_noop("Regional office"),
    PlaceKind.CENTRE: gettext_noop("Training centre"),
    PlaceKind.LABORATORY: gettext_noop("Laboratory"),
    PlaceKind.DOG_CENTRE: gettext_noop("Dog training centre"),
    PlaceKind.LIAISON_OFFICE: gettext_noop("Liaison office"),
    PlaceKind.PARTNER: gettext_noop("Partner"),
}
_BEGINS = {
    StandingKind.MEMBERSHIP: gettext_noop("%(place)s joins"),
    StandingKind.STATUS: gettext_noop("%(place)s: %(status)s"),
    StandingKind.HOST: gettext_noop("%(place)s has a new host"),
    StandingKind.VICE_CHAIR: gettext_noop("%(place)s takes the Vice-Chair"),
}


def _found(principal: Principal, words: str, limit: int) -> Iterable[Hit]:
    places = place_rules.visible_to(principal).filter(name__icontains=words).order_by("kind", "name")[:limit]
    for place in places:
        href = reverse("region:place", args=[place.uuid])
        yield Hit(place.name, href, Text(KINDS[PlaceKind(place.kind)]), place.city, place.invented)


def _dated(principal: Principal, start: date, end: date) -> Iterable[CalendarEntry]:
    facts = Standing.objects.filter(from_on__gte=start, from_on__lt=end, from_precision="day").select_related("place")
    for fact in facts.exclude(place__invented=True, kind=StandingKind.MEMBERSHIP).order_by("from_on")[:500]:
        title = Text(_BEGINS[StandingKind(fact.kind)], {"place": fact.place.name, "status": fact.status})
        href = reverse("region:place", args=[fact.place.uuid])
        yield CalendarEntry(
            str(fact.uuid), title, fact.from_on, fact.from_on + timedelta(days=1), href, fact.place.city, fact.place.invented
        )


def _anyone(_principal: Principal) -> bool:
    return True


def _past(principal: Principal, start: date, end: date) -> Iterable[CalendarEntry]:
    shown = event_rules.visible_to(principal).filter(from_on__gte=start, from_on__lt=end, from_precision="day").select_related("region")
    for event in shown.order_by("from_on")[:500]:
        href = reverse("region:network") + f"?region={event.region.code}#past"
        until = event.to_on or event.from_on + timedelta(days=1)
        title = Text("%(title)s", {"title": event.title})
        yield CalendarEntry(str(event.uuid), title, event.from_on, until, href, event.city, event.region.invented)


OFFERS = Offers(
    nav=[
        NavOffer(Section.REGION, gettext_noop("Network"), "region:network", _anyone, order=10),
        NavOffer(Section.REGION, gettext_noop("Calendar"), "desk:calendar", _anyone, order=20),
    ],
    packs=[load_facts, load_past],
    search=[_found],
    calendar=[_dated, _past],
    demo=[DemoMaker(10, remove, make)],
)
