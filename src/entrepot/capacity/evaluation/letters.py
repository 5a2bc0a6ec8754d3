"""What evaluation writes to people, and when it will."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from entrepot.capacity.training.api import ENDORSE, coordinators
from entrepot.ground.access.api import make_link
from entrepot.ground.notices.api import notify
from entrepot.ground.work.api import enqueue
from entrepot.kernel.periods import months_after
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Personal, Text, gettext_noop

from .enums import FormKind
from .models import ActionItem, Ask, Taught
from .purposes import ANSWER, CONFIRM


def queue_follow_up(activity: Any, at: datetime) -> None:
    """Months after the close the follow-up goes out by itself, at eight in the morning of the host's day."""
    day = months_after(at.date(), activity.follow_up_months)
    zone = ZoneInfo((activity.host.time_zone if activity.host else "") or "UTC")
    run_at = datetime.combine(day, time(8), zone)
    enqueue("evaluation.follow_up", run_at=run_at, key=f"follow_up:{activity.uuid}", activity=str(activity.uuid))


def queue_follow_up_later(activity: Any, day: date) -> None:
    """What a Member could not bear in this quarter is asked on the first day of the next."""
    run_at = datetime.combine(day, time(8), UTC)
    enqueue("evaluation.follow_up", run_at=run_at, key=f"follow_up:{activity.uuid}:{day}", activity=str(activity.uuid))


def ask_endorsement(nomination: Any, *, by: Principal, at: datetime) -> None:
    """Ask the supervisor to endorse an action plan."""
    values = {"person": Personal(nomination.person.full_name, nomination.person.uuid), "title": nomination.activity.title}
    title = Text(gettext_noop("%(person)s asks you to endorse an action plan"), values)
    body = Text(
        gettext_noop("After “%(title)s” %(person)s has planned what to do. Please read it and endorse it. The link needs no password."),
        values,
    )
    secret = make_link(by=by, at=at, person=nomination.supervisor, purpose=ENDORSE, thing=nomination.uuid, days=60)
    href = reverse("evaluation:plan", args=[secret])
    instead = reverse("evaluation:plan", args=[nomination.uuid])
    key = f"endorse:{nomination.uuid}:{at:%Y%m%d}"
    notify(
        by=by, at=at, person=nomination.supervisor, kind="evaluation.endorse", title=title, body=body, href=href, key=key, instead=instead
    )


_ABOUT = gettext_noop("“%(title)s” is over. We ask you for a few answers about it. It takes %(minutes)s minutes and no password.")
_ASKED = {
    FormKind.OFFICER: gettext_noop(
        "It is some months since “%(title)s”. What do you do differently? Your action plan is there too. "
        "It takes %(minutes)s minutes and no password."
    ),
    FormKind.SUPERVISOR: gettext_noop(
        "It is some months since “%(title)s”. What does %(person)s do differently? It takes %(minutes)s minutes and no password."
    ),
    FormKind.MEMBER: gettext_noop(
        "It is some months since “%(title)s”. We ask %(member)s for one answer: what was done, what changed, which project began. "
        "It takes %(minutes)s minutes and no password, and can be answered from a workbook."
    ),
}


def ask_follow_up(ask: Ask, *, by: Principal, at: datetime, again: bool = False) -> None:
    """Ask, or remind, with the honest estimate of the minutes it takes."""
    values = {
        "title": ask.form.activity.title,
        "person": Personal(ask.nomination.person.full_name, ask.nomination.person.uuid) if ask.nomination else "",
        "member": ask.place.name if ask.place else "",
        "minutes": minutes(ask.form.seconds),
    }
    title = Text(
        gettext_noop("Still open: what has changed since “%(title)s”?") if again else gettext_noop("What has changed since “%(title)s”?"),
        values,
    )
    body = Text(_ASKED.get(FormKind(ask.form.kind), _ABOUT), values)
    secret = make_link(by=by, at=at, person=ask.person, purpose=ANSWER, thing=ask.uuid, days=120)
    href = reverse("evaluation:answer", args=[secret])
    instead = reverse("evaluation:answer", args=[ask.uuid])
    key = f"follow_up:{ask.uuid}:{'again' if again else 'first'}"
    notify(by=by, at=at, person=ask.person, kind="evaluation.follow_up", title=title, body=body, href=href, key=key, instead=instead)


def minutes(seconds: int) -> int:
    """Minutes as they are said to people: whole ones, one at least."""
    return max(1, round(seconds / 60))


def overdue(item: ActionItem, *, by: Principal, at: datetime) -> None:
    """Tell owner and coordinators that an item's day has passed."""
    nomination = item.nomination
    what, person = (Personal(words, nomination.person.uuid) for words in (item.what, nomination.person.full_name))
    values = {"what": what, "person": person, "title": nomination.activity.title, "due": item.due_on}
    title = Text(gettext_noop("Overdue: %(what)s"), values)
    body = Text(
        gettext_noop("“%(what)s” (%(person)s, after “%(title)s”) was to be done by %(due)s. Say how it stands, or drop it with a reason."),
        values,
    )
    href = reverse("evaluation:plan", args=[nomination.uuid])
    for person in {p.pk: p for p in [nomination.person, *coordinators(nomination.invitation.place, at)]}.values():
        notify(by=by, at=at, person=person, kind="evaluation.overdue", title=title, body=body, href=href, key=f"overdue:{item.uuid}")


def ask_taught(taught: Taught, *, by: Principal, at: datetime) -> None:
    """Ask a colleague whether they were taught."""
    lesson = taught.lesson
    values = {"what": Personal(lesson.what, lesson.nomination.person.uuid), "on": lesson.on}
    title = Text(gettext_noop("Did a colleague teach you “%(what)s”?"), values)
    body = Text(gettext_noop("Someone of your administration says so, on %(on)s. Say yes or no: one touch, no password."), values)
    secret = make_link(by=by, at=at, person=taught.person, purpose=CONFIRM, thing=taught.uuid, days=60)
    href = reverse("evaluation:taught", args=[secret])
    instead = reverse("evaluation:taught", args=[taught.uuid])
    key = f"taught:{taught.uuid}"
    notify(by=by, at=at, person=taught.person, kind="evaluation.taught", title=title, body=body, href=href, key=key, instead=instead)
