"""The clock, and the state of the queue."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from .models import ClockShift, Job


def now() -> datetime:
    """The product's time: the real one, or the demo's. Read once at the edge (a request, a command, a job) and passed on."""
    real = timezone.now()
    if not settings.DEMO:
        return real
    shift = ClockShift.objects.filter(pk=1).values_list("ahead", flat=True).first()
    return real + shift if shift else real


def counts() -> dict[str, int]:
    """How many jobs stand in each state."""
    return dict(Job.objects.values_list("state").annotate(n=Count("id")).order_by("state"))
