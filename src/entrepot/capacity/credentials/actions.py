"""Issuing and revoking certificates."""

from __future__ import annotations

import random
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from entrepot.capacity.training.api import attended, hours_of
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Invalid
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import gettext_noop

from .core import earns, new_code
from .models import Certificate
from .rules import certificate_rules


@action
def issue(*, by: Principal, at: datetime, activity: Any) -> list[Certificate]:
    """Issue a certificate to each participant who attended enough of the agenda; again changes nothing.

    The caller has decided that it is time.
    """
    offered = sum((s.ends_at - s.starts_at).total_seconds() / 3600 for s in activity.sessions.all())
    hours = hours_of(activity)
    chance = random.SystemRandom()
    made = []
    for nomination in attended(activity).filter(certificate__isnull=True):
        if not earns(hours.get(nomination.pk, 0.0), offered):
            continue
        person = nomination.person
        certificate = Certificate.objects.create(
            nomination=nomination,
            code=new_code(chance),
            issued_at=at,
            holder=person.latin_name or person.full_name,
            title=activity.title,
            version_label=activity.version_label,
            hours=Decimal(str(round(hours[nomination.pk], 2))),
            outcomes=activity.outcomes,
            starts_on=activity.starts_on,
            last_on=activity.last_on,
        )
        append(by=by, at=at, verb="credentials.certificate.issued", thing=certificate, place=nomination.invitation.place.lineage)
        made.append(certificate)
    nothing_done()
    return made


@action
def revoke(*, by: Principal, at: datetime, uuid: UUID, reason: str) -> Certificate:
    """Say that a certificate does not hold any more; its page goes on saying so."""
    certificate = hold(certificate_rules.visible_to(by).select_related("nomination__invitation__place"), uuid)
    certificate_rules.require(by, "revoke", certificate)
    if not reason.strip():
        raise Invalid({"reason": gettext_noop("Say why: the page of the certificate shows it.")})
    change(certificate, {"revoked_at": at, "reason": reason.strip()[:300]}, version=None)
    append(by=by, at=at, verb="credentials.certificate.revoked", thing=certificate, place=certificate.nomination.invitation.place.lineage)
    return certificate
