"""What publications contribute: the shelf, search, what a coordinator may let be counted, the correction when something is taken back."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from entrepot.kernel.offers import DemoMaker, Hit, NavOffer, NoticeKind, Offers, PersonData, Section
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .actions import take_out
from .demo import remove
from .forgetting import SWEPT, erase, export, merge
from .rules import COORDINATOR, publication_rules


def _found(principal: Principal, words: str, limit: int) -> Iterable[Hit]:
    found = publication_rules.visible_to(principal).filter(title__icontains=words).select_related("series__region")
    for one in found.order_by("-made_at")[:limit]:
        series = one.series
        href = reverse("publications:publication", args=[series.code, one.number])
        yield Hit(one.title, href, Text(gettext_noop("Publication")), f"{series.title} {one.number}", series.region.invented)


def _anyone(_principal: Principal) -> bool:
    return True


def _coordinates(principal: Principal) -> bool:
    return bool(principal.reaches(*COORDINATOR))


OFFERS = Offers(
    nav=[
        NavOffer(Section.KNOWLEDGE, gettext_noop("Publications"), "publications:shelf", _anyone, order=20),
        NavOffer(Section.KNOWLEDGE, gettext_noop("What is counted of ours"), "publications:counting", _coordinates, order=40),
    ],
    search=[_found],
    notices=[NoticeKind("publications.corrected", gettext_noop("Corrected editions"))],
    demo=[DemoMaker(85, remove)],
    rest=[("/publications", "entrepot.capacity.publications.rest.router")],
    person=PersonData(export, erase, merge, SWEPT),
    extra={"taken_back": take_out},
)
