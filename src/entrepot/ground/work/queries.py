"""The clock, and the state of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Min
from django.utils import timezone

from .enums import JobState
from .models import ClockShift, Job, Worker


def now() -> datetime:
    """The product's time: the real one, or the demo's. Read once at the edge (a request, a command, a job) and passed on."""
    real = timezone.now()
    if not settings.DEMO:
        return real
    shift = ClockShift.objects.filter(pk=1).values_list("ahead", flat=True).first()
    return real + shift if shift else real


def late_by(due: datetime | None, at: datetime) -> timedelta:
    """For how long what was due at `due` is late at `at`: in a demo, since its clock was last moved at most."""
    begun = ClockShift.objects.filter(pk=1).values_list("from_at", flat=True).first() if settings.DEMO else None
    return max(at - max(due, begun or due), timedelta(0)) if due else timedelta(0)


def counts() -> dict[str, int]:
    """How many jobs stand in each state."""
    return dict(Job.objects.values_list("state").annotate(n=Count("id")).order_by("state"))


@dataclass(frozen=True)
class WorkState:
    """How background work goes. Ages by the machine's clock, but of the oldest job, which is due by the product's."""

    seen_ago: timedelta | None
    done_ago: timedelta | None
    oldest_due: timedelta
    failed: int


def work_state() -> WorkState:
    """When a worker was last alive, when work was last done (None: never), since when the oldest job is due, how many were given up."""
    real = timezone.now()
    last = Worker.objects.aggregate(seen=Max("seen_at"), done=Max("done_at"))
    oldest = Job.objects.filter(state=JobState.READY).aggregate(first=Min("run_at"))["first"]
    return WorkState(
        seen_ago=real - last["seen"] if last["seen"] else None,
        done_ago=real - last["done"] if last["done"] else None,
        oldest_due=late_by(oldest, now()),
        failed=Job.objects.filter(state=JobState.FAILED).count(),
    )
