"""What the journal contributes."""

from __future__ import annotations

from datetime import timedelta

from entrepot.kernel.offers import NavOffer, Offers, RecurringJob, Section
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

_READERS = (Role.HEAD, Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR, Role.CENTRE_MANAGER, Role.VICE_CHAIR_OFFICE)


def _reads(principal: Principal) -> bool:
    return bool(principal.reaches(*_READERS, narrowed=True))


OFFERS = Offers(
    nav=[NavOffer(Section.REGION, gettext_noop("Journal"), "journal:entries", _reads, order=80)],
    jobs=[RecurringJob("journal.seal", timedelta(minutes=1), "journal.seal")],
)
