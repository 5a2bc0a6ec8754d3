"""The queue, those who work it off, and the demo's clock."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from .enums import JobState


class Job(models.Model):
    """One piece of background work. The queue keeps its own trail: it is a machine store, outside the journal."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=160, null=True, unique=True)
    state = models.CharField(max_length=8, default=JobState.READY)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    outages = models.PositiveSmallIntegerField(default=0)
    """How often it met a database or a disk that was out, or what looked like it; that is no attempt."""
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in JobState]), name="work_job_state_known"),
            models.CheckConstraint(
                condition=~Q(state=JobState.RUNNING) | Q(lease__isnull=False, lease_until__isnull=False), name="work_job_running_leased"
            ),
        ]
        indexes = [models.Index(fields=["state", "run_at"], name="work_job_next")]

    def __str__(self) -> str:
        return f"{self.task} ({self.state})"


class Worker(models.Model):
    """A process that does background work: when it was last alive and when it last did something, by the machine's clock."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.uuid)


class ClockShift(models.Model):
    """By how much the demo's clock runs ahead of the real one. At most one row, and none outside a demo.

    `from_at` is the demo's time when it was last moved or the demo made. Nobody could do what was due earlier before then: it counts as
    due since then.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ahead = models.DurationField()
    from_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="work_clockshift_single")]

    def __str__(self) -> str:
        return str(self.ahead)
