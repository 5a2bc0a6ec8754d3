"""What the queue still owes after it was worked off: mail that waits for the morning is not owed yet."""

from __future__ import annotations

from entrepot.ground.work.api import now
from entrepot.ground.work.models import Job


def undone() -> list[str]:
    """Each job that is neither done nor waiting for its time, with the end of its error."""
    left = Job.objects.exclude(state="done").exclude(state="ready", run_at__gt=now())
    return [f"{job.task} {job.state} {job.error[-200:]}" for job in left]
