"""The agenda for calendar programs: a feed, and what is enclosed in letters (iTIP, RFC 5546; by mail, RFC 6047)."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from .enums import Stage
from .models import Activity, Session


class Method(StrEnum):
    """What a calendar program is to do with what it gets."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def _calendar(method: Method) -> Calendar:
    whole = Calendar()
    whole.add("prodid", "-//Entrepot//activity//EN")
    whole.add("version", "2.0")
    whole.add("method", method)
    return whole


def feed(activity: Activity, *, at: datetime) -> bytes:
    """The agenda as it stands. It says no join links: the feed's address is not secret."""
    whole = _calendar(Method.PUBLISH)
    for session in activity.sessions.order_by("starts_at"):
        event = Event()
        event.add("uid", f"{session.uuid}@entrepot")
        cancelled = activity.stage == Stage.CANCELLED
        event.add("sequence", session.version - 1 + cancelled)
        event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        event.add("dtstamp", at)
        event.add("summary", f"{activity.title}: {session.title}")
        event.add("dtstart", session.starts_at)
        event.add("dtend", session.ends_at)
        if session.room:
            event.add("location", session.room)
        whole.add_component(event)
    return bytes(whole.to_ical())


def enclosed(activity: Activity, person: Any, *, at: datetime, method: Method = Method.REQUEST) -> bytes:
    """The days of an activity as one appointment of a participant's, with the agenda and its join links in the description.

    One identifier for the whole activity, as RFC 5546 asks of a request; whatever changes dates, sessions or status goes out under a
    higher number (2.1.4), so that the calendar moves or removes what it has. No reply is asked for: the seat is given here, not there.
    """
    event = Event()
    event.add("uid", f"{activity.uuid}@entrepot")
    event.add("sequence", activity.appointment_number)
    event.add("dtstamp", at)
    event.add("summary", activity.title)
    event.add("dtstart", activity.starts_on)
    event.add("dtend", activity.ends_on)
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    organiser = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organiser.params["cn"] = vText(activity.region.name)
    event.add("organizer", organiser)
    attendee = vCalAddress(f"mailto:{person.email}")
    attendee.params.update({"cn": vText(person.full_name), "rsvp": vText("FALSE"), "partstat": vText("ACCEPTED")})
    event.add("attendee", attendee, encode=False)
    if activity.host:
        event.add("location", activity.host.name)
    zone = ZoneInfo((activity.host.time_zone if activity.host else "") or "UTC")
    agenda = [_line(session, zone) for session in activity.sessions.order_by("starts_at")]
    if agenda and method is Method.REQUEST:
        event.add("description", "\n".join([*agenda, f"({zone.key})"]))
    whole = _calendar(method)
    whole.add_component(event)
    return bytes(whole.to_ical())


def _line(session: Session, zone: ZoneInfo) -> str:
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    where = " · ".join(text for text in (session.room, session.join_link) if text)
    return f"{starts:%Y-%m-%d %H:%M}–{ends:%H:%M} {session.title}" + (f" · {where}" if where else "")
