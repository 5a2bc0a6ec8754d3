"""Issuing and revoking certificates."""

from __future__ import annotations

import random
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from entrepot.capacity.training.api import attended, hold_activity, hours_of
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Conflict, Invalid
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import gettext_noop

from .core import earns, new_code
from .models import Certificate
from .rules import certificate_rules


class AlreadyReplaced(Conflict):
    """Another certificate was issued in its place."""

    message = gettext_noop("Another certificate was issued in place of this one already.")


class AlreadyRevoked(Conflict):
    """It was revoked before; what was said then stands."""

    message = gettext_noop("This certificate was revoked already. The day and the reason that were given then stand.")


class NotEarned(Conflict):
    """What is recorded now does not earn a certificate."""

    message = gettext_noop("The attendance recorded now does not earn a certificate. Correct the attendance first.")


@action
def issue(*, by: Principal, at: datetime, activity: Any) -> list[Certificate]:
    """Issue a certificate to each participant who attended enough of the agenda; again changes nothing.

    The caller has decided that it is time.
    """
    hours = earned_hours(activity)
    made = [
        _issue(by=by, at=at, nomination=nomination, hours=hours[nomination.pk])
        for nomination in attended(activity).filter(certificate__isnull=True, person__erased_at__isnull=True)
        if nomination.pk in hours
    ]
    nothing_done()
    return made


@action
def revoke(*, by: Principal, at: datetime, uuid: UUID, reason: str) -> Certificate:
    """Say that a certificate does not hold any more; its page goes on saying so. Raises `Invalid`, `AlreadyRevoked`."""
    certificate = hold(certificate_rules.visible_to(by).select_related("nomination__invitation__place"), uuid)
    certificate_rules.require(by, "revoke", certificate)
    if certificate.revoked_at:
        raise AlreadyRevoked
    if not reason.strip():
        raise Invalid({"reason": gettext_noop("Say why: the page of the certificate shows it.")})
    change(certificate, {"revoked_at": at, "reason": reason.strip()[:300]}, version=None)
    append(by=by, at=at, verb="credentials.certificate.revoked", thing=certificate, place=certificate.nomination.invitation.place.lineage)
    return certificate


@action
def replace(*, by: Principal, at: datetime, uuid: UUID, reason: str = "") -> Certificate:
    """Issue another certificate in place of one that said something wrong: with the name and the attendance as they are recorded now.

    One that still holds is revoked with it, for this `reason`. Raises `Invalid`, `AlreadyReplaced`, `NotEarned`.
    """
    visible = certificate_rules.visible_to(by)
    # Before anything is read: who is erased meanwhile, or taken off a session, is read as they are then.
    activity = hold_activity(visible.filter(uuid=uuid).values_list("nomination__activity_id", flat=True).first())
    old = hold(visible.select_related("nomination__invitation__place", "nomination__activity", "nomination__person"), uuid)
    certificate_rules.require(by, "replace", old)
    others = Certificate.objects.filter(nomination=old.nomination).exclude(pk=old.pk)
    if old.replaced_by_id or others.filter(revoked_at__isnull=True).exists():
        raise AlreadyReplaced
    hours = earned_hours(activity).get(old.nomination_id)
    if hours is None or old.nomination.person.erased_at:
        raise NotEarned
    if old.revoked_at is None:
        revoke(by=by, at=at, uuid=uuid, reason=reason)
        old.refresh_from_db(fields=["version"])
    made = _issue(by=by, at=at, nomination=old.nomination, hours=hours)
    change(old, {"replaced_by": made}, version=None)
    return made


def earned_hours(activity: Any) -> dict[int, float]:
    """The hours attended by each nomination (by its id) that attended enough of the agenda for a certificate."""
    offered = sum((s.ends_at - s.starts_at).total_seconds() / 3600 for s in activity.sessions.all())
    return {nomination: hours for nomination, hours in hours_of(activity).items() if earns(hours, offered)}


def _issue(*, by: Principal, at: datetime, nomination: Any, hours: float) -> Certificate:
    activity, person = nomination.activity, nomination.person
    certificate = Certificate.objects.create(
        nomination=nomination,
        code=new_code(random.SystemRandom()),
        issued_at=at,
        holder=person.latin_name or person.full_name,
        title=activity.title,
        version_label=activity.version_label,
        hours=Decimal(str(round(hours, 2))),
        outcomes=activity.outcomes,
        starts_on=activity.starts_on,
        last_on=activity.last_on,
    )
    append(by=by, at=at, verb="credentials.certificate.issued", thing=certificate, place=nomination.invitation.place.lineage)
    return certificate


def join(better: Any, other: Any, at: datetime) -> None:
    """Two nominations are of one person: the certificates of the other go to the better one. Where each has one that holds, that of the
    better one holds on, and the other's code leads to it."""
    holding = Certificate.objects.filter(nomination=better, revoked_at__isnull=True).first()
    for certificate in Certificate.objects.filter(nomination=other):
        values: dict[str, Any] = {"nomination": better}
        if holding and certificate.revoked_at is None:
            values |= {
                "revoked_at": at,
                "reason": "issued twice to one person",
                "replaced_by": None if hasattr(holding, "replaces") else holding,
            }
        change(certificate, values, version=None)
        place = other.invitation.place.lineage
        append(by=SYSTEM, at=at, verb="credentials.certificate.moved", thing=certificate, place=place, facts={"to": better.uuid})


def erase(person_id: int, at: datetime) -> None:
    """Inside the erasure of a person: a certificate without its holder proves nothing, so that its code says that it no longer holds."""
    gone = {"holder": "—", "revoked_at": at, "reason": "erased at the holder’s request"}
    for certificate in Certificate.objects.filter(nomination__person_id=person_id).select_related("nomination__invitation__place"):
        change(certificate, gone, version=None)
        place = certificate.nomination.invitation.place.lineage
        append(by=SYSTEM, at=at, verb="credentials.certificate.erased", thing=certificate, place=place)
