"""Reading notices and wishes, and the state of the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Count, Min, Q

from entrepot.ground.people.api import MailRoute, mail_route
from entrepot.ground.people.enums import MailVia
from entrepot.ground.work.api import late_by
from entrepot.kernel.principals import Principal

from .enums import MailState
from .models import Mail, Notice, Wishes


def unread(principal: Principal) -> int:
    """How many notices of this person are unread: one query, answered from an index."""
    return Notice.objects.filter(person_id=principal.person_id, read_at__isnull=True).count() if principal.person_id else 0


def wishes_of(person: Any) -> Wishes:
    """The person's wishes, or the ones that everybody has at first (not saved)."""
    return Wishes.objects.filter(person=person).first() or Wishes(person=person)


def route_of(person: Any, at: datetime, *, essential: bool = True) -> MailRoute:
    """Where mail to this person goes; nowhere, where the mail server refused it. What was made for an address of one's own never goes to
    a mailbox that others read: the links in it open without a code. Coordinators are written to for others only in what is
    `essential`."""
    bounced = wishes_of(person).bounced
    route = mail_route(person, at.date(), but=bounced)
    lost = (person.email and route.via is not MailVia.SIGN_IN) or (route.via is MailVia.COORDINATOR and not essential)
    return MailRoute(MailVia.NONE) if lost else route


def zone_of(person: Any) -> ZoneInfo:
    """The person's time zone, or that of their administration, or UTC."""
    try:
        return ZoneInfo(person.time_zone or person.home.time_zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def outbox() -> dict[str, int]:
    """How many mails stand in each state."""
    return dict(Mail.objects.values_list("state").annotate(n=Count("id")).order_by("state"))


def mail_late_by(at: datetime) -> timedelta:
    """For how long the mail waits that waits longest: past the time when it should have gone, or since it was first refused."""
    waiting = Mail.objects.filter(state=MailState.WAITING)
    found = waiting.aggregate(due=Min("due_at", filter=Q(due_at__lte=at)), made=Min("made_at", filter=Q(attempts__gt=0)))
    return late_by(min((moment for moment in found.values() if moment), default=None), at)
