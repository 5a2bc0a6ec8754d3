"""What evaluation writes to people, and when it will."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from entrepot.ground.access.api import make_link
from entrepot.ground.notices.api import notify
from entrepot.ground.work.api import enqueue
from entrepot.kernel.periods import months_after
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .enums import FormKind
from .models import Ask
from .rules import ANSWER, ENDORSE


def queue_follow_up(activity: Any, at: datetime) -> None:
    """Months after the close the follow-up goes out by itself, at eight in the morning of the host's day."""
    day = months_after(at.date(), activity.follow_up_months)
    zone = ZoneInfo((activity.host.time_zone if activity.host else "") or "UTC")
    run_at = datetime.combine(day, time(8), zone)
    enqueue("evaluation.follow_up", run_at=run_at, key=f"follow_up:{activity.uuid}", activity=str(activity.uuid))


def ask_endorsement(nomination: Any, *, by: Principal, at: datetime) -> None:
    """Ask the supervisor to endorse an action plan."""
    values = {"person": nomination.person.full_name, "title": nomination.activity.title}
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


_ASKED = {
    FormKind.OFFICER: gettext_noop(
        "It is some months since “%(title)s”. What do you do differently? Your action plan is there too. "
        "It takes five minutes and no password."
    ),
    FormKind.SUPERVISOR: gettext_noop(
        "It is some months since “%(title)s”. What does %(person)s do differently? It takes three minutes and no password."
    ),
}


def ask_follow_up(ask: Ask, *, by: Principal, at: datetime, again: bool = False) -> None:
    """Ask, or remind."""
    values = {"person": ask.nomination.person.full_name, "title": ask.form.activity.title}
    title = Text(
        gettext_noop("Still open: what has changed since “%(title)s”?") if again else gettext_noop("What has changed since “%(title)s”?"),
        values,
    )
    body = Text(_ASKED[FormKind(ask.form.kind)], values)
    secret = make_link(by=by, at=at, person=ask.person, purpose=ANSWER, thing=ask.uuid, days=120)
    href = reverse("evaluation:answer", args=[secret])
    instead = reverse("evaluation:answer", args=[ask.uuid])
    key = f"follow_up:{ask.uuid}:{'again' if again else 'first'}"
    notify(by=by, at=at, person=ask.person, kind="evaluation.follow_up", title=title, body=body, href=href, key=key, instead=instead)
