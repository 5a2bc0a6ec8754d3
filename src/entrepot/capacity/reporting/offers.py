"""What reporting contributes: its two pages in the navigation, and its routes for programs."""

from __future__ import annotations

from entrepot.kernel.offers import NavOffer, Offers, Section
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

from .queries import OFFICE, READERS


def _reads(principal: Principal) -> bool:
    return bool(principal.reaches(*READERS))


def _visits(principal: Principal) -> bool:
    return bool(principal.reaches(*OFFICE, Role.NATIONAL_COORDINATOR))


OFFERS = Offers(
    nav=[
        NavOffer(Section.PROGRAMME, gettext_noop("Activity report"), "reporting:activities", _reads, order=60),
        NavOffer(Section.REGION, gettext_noop("Before a visit"), "reporting:members", _visits, order=60),
    ],
    rest=[("/reports", "entrepot.capacity.reporting.rest.router")],
)
