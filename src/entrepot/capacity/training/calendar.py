"""The agenda for calendar programs: a feed, and an invitation by mail (iTIP, RFC 5546)."""

from __future__ import annotations

from datetime import datetime

from icalendar import Calendar, Event

from .models import Activity, Session


def _calendar(method: str) -> Calendar:
    whole = Calendar()
    whole.add("prodid", "-//Entrepot//activity//EN")
    whole.add("version", "2.0")
    whole.add("method", method)
    return whole


def _event(session: Session, at: datetime, *, link: bool) -> Event:
    event = Event()
    event.add("uid", f"{session.uuid}@entrepot")
    event.add("sequence", session.version - 1)
    event.add("dtstamp", at)
    event.add("summary", f"{session.activity.title}: {session.title}")
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.ends_at)
    if session.room:
        event.add("location", session.room)
    if link and session.join_link:
        event.add("url", session.join_link)
    return event


def feed(activity: Activity, *, at: datetime) -> bytes:
    """The agenda as it stands. It says no join links: the feed's address is not secret."""
    whole = _calendar("PUBLISH")
    for session in activity.sessions.order_by("starts_at"):
        session.activity = activity
        whole.add_component(_event(session, at, link=False))
    return bytes(whole.to_ical())


def invitation_file(activity: Activity, *, at: datetime) -> bytes:
    """The sessions for a participant, with join links. Where the agenda is not made yet, the days of the activity."""
    whole = _calendar("PUBLISH")
    sessions = list(activity.sessions.order_by("starts_at"))
    for session in sessions:
        session.activity = activity
        whole.add_component(_event(session, at, link=True))
    if not sessions and activity.starts_on and activity.ends_on:
        event = Event()
        event.add("uid", f"{activity.uuid}@entrepot")
        event.add("dtstamp", at)
        event.add("summary", activity.title)
        event.add("dtstart", activity.starts_on)
        event.add("dtend", activity.ends_on)
        whole.add_component(event)
    return bytes(whole.to_ical())
