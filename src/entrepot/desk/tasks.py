"""The desk's background work: what browsers and programs left behind ends."""

from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from entrepot.desk.models import Repeat
from entrepot.ground.work.api import now

REPEATS_KEPT = timedelta(days=30)
"""How long a repeated request is known as one: nobody sends again what was not answered a month ago."""


def clear() -> None:
    """Remove sessions that are over, which nobody's signing out has removed, and answers that no repeat will ask for."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()  # by the machine's clock, as they were made
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    Repeat.objects.filter(made_at__lt=now() - REPEATS_KEPT).delete()
