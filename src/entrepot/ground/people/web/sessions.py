"""How long a sign-in lasts: so long at the most, and so long without being used; and what is told of both ends.

Django's own bound moves with each change of the session, and no other is kept. By the machine's clock, not by a demo's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.signals import user_logged_in as signed_in
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError
from django.dispatch import receiver
from django.http import HttpResponse

from entrepot.ground.limits.api import SecurityEvent, tell_event

BEGAN, USED = "began", "used"
NOTED_EVERY = 300
"""Seconds. That a session is used is written down no more often: it would be a write for every page that is read."""


@receiver(user_logged_in)
def begin(request: Any, **_: Any) -> None:
    """A sign-in begins."""
    request.session[BEGAN] = request.session[USED] = int(time.time())


@receiver(signed_in)
def tell_sign_in(request: Any, user: Any, **_: Any) -> None:
    """After a sign-in with all its steps."""
    methods = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    means = " ".join(filter(None, (f"{one.get('method', '')} {one.get('type', '')}".strip() for one in methods)))
    tell_event(SecurityEvent.SIGNED_IN, request, person=str(user.uuid), means=means)


@receiver(user_logged_out)
def tell_sign_out(request: Any, user: Any, **_: Any) -> None:
    """Whoever signs out, and whoever is signed out."""
    if user is not None:
        tell_event(SecurityEvent.SIGNED_OUT, request, person=str(user.uuid))


def end_sessions(get_response: Callable[[Any], HttpResponse]) -> Callable[[Any], HttpResponse]:
    """End a session whose time is over; note that the others are used."""

    def answer(request: Any) -> HttpResponse:
        session = request.session
        if SESSION_KEY in session:
            now = int(time.time())
            if _is_over(session, now):
                tell_event(SecurityEvent.SESSION_ENDED, request)
                logout(request)
            elif now - session.get(USED, 0) >= NOTED_EVERY:
                _note(session, now)
        return get_response(request)

    return answer


def _is_over(session: Any, now: int) -> bool:
    return now - session.get(BEGAN, 0) > settings.SESSION_COOKIE_AGE or now - session.get(USED, 0) > settings.SESSION_IDLE_SECONDS


def _note(session: Any, now: int) -> None:
    changed = session.modified
    session[USED] = now
    try:
        session.save()
    except (DatabaseError, UpdateError):
        pass  # reading goes on while nothing can be written; a session that was ended meanwhile is found so by whoever asks for it
    finally:
        session.modified = changed
