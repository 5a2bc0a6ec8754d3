"""What is written to people about an activity. Each is sent once, in the transaction of the act that it tells of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from entrepot.ground.access.api import make_link
from entrepot.ground.notices.api import File, notify
from entrepot.ground.people.api import in_force
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Personal, Text, gettext_noop

from .calendar import Method, enclosed
from .core import moment_words, zone_named
from .enums import Outcome
from .models import Activity, Invitation, Nomination, Offer, Session
from .purposes import NOMINATE, OFFER, PASS, RELEASE


def coordinators(place: Any, at: datetime) -> list[Any]:
    """Those who speak for a Member today."""
    held = in_force(at.date()).filter(role=Role.NATIONAL_COORDINATOR, place=place)
    return [posting.person for posting in held.select_related("person__home")]


def _days_until(day: Any, at: datetime, more: int) -> int:
    return max(7, (day - at.date()).days + more) if day else 60


def invite(invitation: Invitation, *, by: Principal, at: datetime) -> None:
    """Ask a Member's coordinators for nominations, each with a link of their own."""
    activity = invitation.activity
    title = Text(gettext_noop("Please nominate: %(title)s"), {"title": activity.title})
    body = Text(
        gettext_noop(
            "%(office)s invites %(member)s to nominate officers for “%(title)s”, %(from)s to %(to)s.\n\n"
            "What it is for: %(objectives)s\n\nFor whom: %(target)s\n\nPlease answer %(until)s. The link needs no password."
        ),
        {
            "office": activity.region.name,
            "member": invitation.place.name,
            "title": activity.title,
            "from": activity.starts_on,
            "to": activity.ends_on - timedelta(days=1) if activity.ends_on else "",
            "objectives": activity.objectives,
            "target": activity.target_group or "–",
            "until": invitation.deadline.until if invitation.deadline else Text(gettext_noop("soon")),
        },
    )
    for person in coordinators(invitation.place, at):
        _with_link(invitation, person, title, body, f"invite:{invitation.uuid}", by=by, at=at)


def _with_link(invitation: Invitation, person: Any, title: Text, body: Text, key: str, *, by: Principal, at: datetime) -> None:
    days = _days_until(invitation.deadline.day if invitation.deadline else None, at, 30)
    secret = make_link(by=by, at=at, person=person, purpose=NOMINATE, thing=invitation.uuid, days=days)
    href, instead = (reverse("training:invitation", args=[key]) for key in (secret, invitation.uuid))
    kind = "training.invitation"
    notify(by=by, at=at, person=person, kind=kind, title=title, body=body, href=href, key=key, instead=instead)


def more_time(invitation: Invitation, *, by: Principal, at: datetime) -> None:
    """Tell a Member's coordinators that they have more time to nominate, with a link that is good for as long."""
    until = invitation.deadline.until if invitation.deadline else ""
    values = {"title": invitation.activity.title, "office": invitation.activity.region.name, "until": until}
    title = Text(gettext_noop("More time to nominate: %(title)s"), values)
    body = Text(gettext_noop("You may nominate officers for “%(title)s” %(until)s. %(office)s has extended your deadline."), values)
    for person in coordinators(invitation.place, at):
        _with_link(invitation, person, title, body, f"more-time:{invitation.uuid}:{invitation.version}", by=by, at=at)


def number_appointments(activity: Activity) -> None:
    """Give the next number to whatever appointments of a (locked) activity go out now: each act has one, above all earlier ones."""
    activity.appointment_number += 1
    activity.save(update_fields=["appointment_number"])


def _appointment(nomination: Nomination, at: datetime, method: Method = Method.REQUEST) -> list[File]:
    """What puts the activity into a participant's calendar, or takes it out again; nothing while the days are not known."""
    activity, person = nomination.activity, nomination.person
    if not (activity.starts_on and activity.ends_on and person.email):
        return []
    return [File("invitation.ics", f"text/calendar; method={method}", enclosed(activity, person, at=at, method=method))]


def cancelled(invitation: Invitation, *, by: Principal, at: datetime) -> None:
    """Tell a Member, and those it nominated, that an invitation is taken back."""
    activity = invitation.activity
    title = Text(gettext_noop("Cancelled: %(title)s"), {"title": activity.title})
    body = Text(gettext_noop("The invitation is cancelled. Reason: %(reason)s"), {"reason": invitation.reason or "–"})
    key = f"cancelled:{invitation.uuid}"
    for person in coordinators(invitation.place, at):
        notify(by=by, at=at, person=person, kind="training.cancelled", title=title, body=body, key=key)
    for nomination in invitation.nominations.filter(withdrawn_at__isnull=True).select_related("person__home"):
        nomination.activity = activity
        files = _appointment(nomination, at, Method.CANCEL) if nomination.outcome == Outcome.SEAT else []
        notify(by=by, at=at, person=nomination.person, kind="training.cancelled", title=title, body=body, key=key, files=files)


def withdrawn(nomination: Nomination, *, by: Principal, at: datetime) -> None:
    """Tell someone who had a seat that their nomination was taken back, and take the days out of their calendar."""
    values = {"title": nomination.activity.title, "member": nomination.invitation.place.name}
    title = Text(gettext_noop("Your seat was given back: %(title)s"), values)
    body = Text(gettext_noop("%(member)s took back your nomination for “%(title)s”. Your coordinator can say why."), values)
    files = _appointment(nomination, at, Method.CANCEL)
    key = f"withdrawn:{nomination.uuid}:{nomination.activity.appointment_number}"
    notify(by=by, at=at, person=nomination.person, kind="training.cancelled", title=title, body=body, key=key, files=files)


def replaced(nomination: Nomination, *, by: Principal, at: datetime) -> None:
    """Tell someone who had a seat that a colleague has it now, and take the days out of their calendar."""
    values = {"title": nomination.activity.title, "member": nomination.invitation.place.name}
    title = Text(gettext_noop("Your seat passed to a colleague: %(title)s"), values)
    body = Text(gettext_noop("%(member)s sends someone else to “%(title)s” in your place. Your coordinator can say why."), values)
    files = _appointment(nomination, at, Method.CANCEL)
    key = f"replaced:{nomination.uuid}:{nomination.activity.appointment_number}"
    notify(by=by, at=at, person=nomination.person, kind="training.cancelled", title=title, body=body, key=key, files=files)


def moved(activity: Activity, *, by: Principal, at: datetime) -> None:
    """Tell those who have a seat that the days or the place are others now; their calendars follow."""
    values = {
        "title": activity.title,
        "from": activity.starts_on,
        "to": activity.ends_on - timedelta(days=1) if activity.ends_on else "",
        "host": activity.host.name if activity.host else "–",
    }
    title = Text(gettext_noop("Changed: %(title)s"), values)
    body = Text(gettext_noop("“%(title)s” is now from %(from)s to %(to)s, host: %(host)s. Your seat stays yours."), values)
    for nomination in activity.nominations.filter(outcome=Outcome.SEAT, withdrawn_at__isnull=True).select_related("person__home"):
        nomination.activity = activity
        key = f"moved:{nomination.uuid}:{activity.version}"
        notify(
            by=by,
            at=at,
            person=nomination.person,
            kind="training.outcome",
            title=title,
            body=body,
            key=key,
            files=_appointment(nomination, at),
            instead=_page(nomination),
        )


def session_moved(session: Session, *, by: Principal, at: datetime, gone: bool = False) -> None:
    """Tell those who have a seat, and those who teach, that a session is at another time or place now, or is `gone`."""
    activity = session.activity
    zone = zone_named(activity.host.time_zone if activity.host else "")
    values = {
        "title": activity.title,
        "session": session.title,
        "from": moment_words(session.starts_at, zone),
        "to": moment_words(session.ends_at, zone),
        "room": session.room or "–",
    }
    title = Text(gettext_noop("Session changed: %(session)s"), values)
    body = gettext_noop(
        "The session “%(session)s” of “%(title)s” is now from %(from)s to %(to)s, room: %(room)s. If it is online, the link to join is "
        "in your calendar and on your page."
    )
    if gone:
        title, body = (
            Text(gettext_noop("Session removed: %(session)s"), values),
            gettext_noop("The session “%(session)s” of “%(title)s” does not take place. The rest of the agenda stays as it was."),
        )
    key = f"session:{session.uuid}:{session.version}:{int(gone)}"
    who: dict[str, Any] = {"by": by, "at": at, "kind": "training.outcome", "title": title, "body": Text(body, values), "key": key}
    for nomination in activity.nominations.filter(outcome=Outcome.SEAT, withdrawn_at__isnull=True).select_related("person__home"):
        nomination.activity = activity
        notify(**who, person=nomination.person, files=_appointment(nomination, at), instead=_page(nomination))
    for person in teachers(activity):
        files = [File("invitation.ics", "text/calendar; method=REQUEST", enclosed(activity, person, at=at))] if person.email else []
        notify(**who, person=person, files=files, href=reverse("training:activity", args=[activity.uuid]))


def teachers(activity: Activity) -> list[Any]:
    """Whoever teaches at an activity, or in one of its sessions."""
    people = [
        *activity.trainers.select_related("home"),
        *(s.trainer for s in activity.sessions.select_related("trainer__home") if s.trainer),
    ]
    return list({person.pk: person for person in people}.values())


def ask_release(nomination: Nomination, *, by: Principal, at: datetime) -> None:
    """Ask the supervisor to release an officer."""
    if nomination.supervisor is None:
        return
    activity = nomination.activity
    values = {
        "person": Personal(nomination.person.full_name, nomination.person.uuid),
        "title": activity.title,
        "from": activity.starts_on,
        "to": activity.ends_on - timedelta(days=1) if activity.ends_on else "",
    }
    title = Text(gettext_noop("Please release %(person)s for “%(title)s”"), values)
    body = Text(
        gettext_noop(
            "%(person)s is nominated for “%(title)s”, %(from)s to %(to)s. Will you release them for all of it? The link needs no password."
        ),
        values,
    )
    days = _days_until(activity.starts_on, at, 0)
    secret = make_link(by=by, at=at, person=nomination.supervisor, purpose=RELEASE, thing=nomination.uuid, days=days)
    href = reverse("training:release", args=[secret])
    key = f"release:{nomination.uuid}"
    instead = reverse("training:release", args=[nomination.uuid])
    notify(by=by, at=at, person=nomination.supervisor, kind="training.release", title=title, body=body, href=href, key=key, instead=instead)


def _page(nomination: Nomination) -> str:
    return reverse("training:participant", args=[nomination.uuid])


_OUTCOME = {
    Outcome.SEAT: (
        gettext_noop("You have a seat: %(title)s"),
        gettext_noop(
            "You have a seat in “%(title)s”, %(from)s to %(to)s. Your page has the agenda, the check-in at the door, and later your "
            "certificate and action plan. It needs no password: keep this message."
        ),
    ),
    Outcome.WAITING: (
        gettext_noop("You are on the waiting list: %(title)s"),
        gettext_noop("All seats of “%(title)s” are given for now. You are number %(line)s in line; if a seat comes free, we write to you."),
    ),
    Outcome.OUT: (
        gettext_noop("No seat this time: %(title)s"),
        gettext_noop("You have no seat in “%(title)s”. Your coordinator sees the reasons."),
    ),
}


def tell_outcome(nomination: Nomination, *, by: Principal, at: datetime) -> None:
    """Tell a nominee what was decided; those with a seat get their pass and the dates for their calendar."""
    outcome = Outcome(nomination.outcome)
    if outcome is Outcome.NONE:
        return
    activity = nomination.activity
    values = {
        "title": activity.title,
        "line": nomination.line,
        "from": activity.starts_on,
        "to": activity.ends_on - timedelta(days=1) if activity.ends_on else "",
    }
    title, body = (Text(message, values) for message in _OUTCOME[outcome])
    href, files = "", []
    if outcome is Outcome.SEAT:
        secret = make_link(
            by=by, at=at, person=nomination.person, purpose=PASS, thing=nomination.uuid, days=_days_until(activity.ends_on, at, 60)
        )
        href = reverse("training:participant", args=[secret])
        files = _appointment(nomination, at)
    key = f"outcome:{nomination.uuid}:{outcome}:{activity.appointment_number}"
    notify(
        by=by,
        at=at,
        person=nomination.person,
        kind="training.outcome",
        title=title,
        body=body,
        href=href,
        key=key,
        files=files,
        instead=_page(nomination),
    )


def offer_seat(offer: Offer, *, by: Principal, at: datetime) -> None:
    """Offer a released seat to someone who waits."""
    nomination = offer.nomination
    zone = zone_named(nomination.person.time_zone or nomination.invitation.place.time_zone)
    values = {"title": nomination.activity.title, "until": moment_words(offer.ends_at, zone)}
    title = Text(gettext_noop("A seat came free: %(title)s"), values)
    body = Text(
        gettext_noop("A seat in “%(title)s” came free and is yours if you take it by %(until)s. Then it goes to the next in line."), values
    )
    days = max(1, (offer.ends_at - at).days + 1)
    secret = make_link(by=by, at=at, person=nomination.person, purpose=OFFER, thing=nomination.uuid, days=days)
    href = reverse("training:seat", args=[secret])
    notify(
        by=by,
        at=at,
        person=nomination.person,
        kind="training.offer",
        title=title,
        body=body,
        href=href,
        key=f"offer:{offer.uuid}",
        instead=reverse("training:seat", args=[nomination.uuid]),
    )


def passes(nominations: Iterable[Nomination], *, by: Principal, at: datetime, kind: str, title: Text, body: Text) -> None:
    """Write to participants with a fresh pass; rooms above use it for what they ask."""
    for nomination in nominations:
        secret = make_link(by=by, at=at, person=nomination.person, purpose=PASS, thing=nomination.uuid, days=60)
        href = reverse("training:participant", args=[secret])
        key = f"{kind}:{nomination.uuid}:{at:%Y%m%d}"
        notify(by=by, at=at, person=nomination.person, kind=kind, title=title, body=body, href=href, key=key, instead=_page(nomination))
