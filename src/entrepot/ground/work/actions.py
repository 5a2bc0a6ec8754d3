"""Putting work into the queue, taking it out, and moving the demo's clock."""

from __future__ import annotations

import importlib
import logging
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from entrepot.ground.keeping.api import outage
from entrepot.kernel.errors import Invalid
from entrepot.kernel.offers import RecurringJob
from entrepot.kernel.periods import require_near
from entrepot.kernel.texts import gettext_noop

from .enums import JobState
from .models import ClockShift, Job, Worker
from .queries import now

T = TypeVar("T", bound=Callable[..., None])
logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
"""For what works in no transaction the worker's pulse prolongs it; what works in one holds its row, which nobody can take meanwhile."""
ATTEMPTS = 5
OUTAGES = 500
"""After so many outages met by one job, some two days, it is not the database or the disk that is out."""
LONGEST_WAIT = timedelta(minutes=5)


class _Held:
    """The lease of the job that this process does in no transaction, for its pulse to prolong."""

    def __init__(self) -> None:
        self.lease: UUID | None = None

    @contextmanager
    def during(self, job: Job) -> Iterator[None]:
        """While the job is done."""
        self.lease = job.lease
        try:
            yield
        finally:
            self.lease = None


_held = _Held()


class LeaseLost(RuntimeError):
    """The job was taken away meanwhile, as the lease had run out; its work is rolled back."""


def enqueue(task: str, *, run_at: datetime | None = None, key: str | None = None, **arguments: Any) -> bool:
    """Queue `task` (an app and a name, as `journal.seal`), in the caller's transaction; return whether it was new.

    With `key`, the same work is queued once however often it is asked for. `run_at` may lie months ahead, by the product's clock.
    """
    values = {"task": task, "arguments": arguments, "run_at": run_at or now()}
    if key is None:
        Job.objects.create(**values)
        return True
    job = Job(key=key, **values)
    Job.objects.bulk_create([job], ignore_conflicts=True)
    return Job.objects.filter(uuid=job.uuid).exists()


def claim() -> Job | None:
    """Lease the next job that is due, or return None. Two workers never get the same one."""
    with transaction.atomic():
        due = Job.objects.filter(state=JobState.READY, run_at__lte=now()).order_by("run_at", "id")
        if connection.vendor == "postgresql":
            due = due.select_for_update(skip_locked=True)
        job = due.first()
        if job is None:
            return None
        job.state, job.lease, job.lease_until = JobState.RUNNING, uuid4(), timezone.now() + LEASE
        job.attempts += 1
        job.save(update_fields=["state", "lease", "lease_until", "attempts"])
    return job


def outside(task: T) -> T:
    """Say of a task that it reaches outside the database (a mail server): it runs in no transaction, so that nothing is locked meanwhile.

    It may be done twice if its worker is killed, and has to be safe to repeat.
    """
    task.outside = True  # type: ignore[attr-defined]
    return task


def run(job: Job) -> bool:
    """Do a claimed job and note that it is done, in one transaction. Return whether it succeeded; on failure it waits and tries again."""
    assert job.lease is not None
    try:
        task = _task(job.task)
        beyond = getattr(task, "outside", False)
        if beyond:
            with _held.during(job):
                task(**job.arguments)
        with transaction.atomic():
            held = Job.objects.select_for_update().filter(pk=job.pk, lease=job.lease, state=JobState.RUNNING)
            if not held.exists():
                raise LeaseLost
            if not beyond:
                task(**job.arguments)
            held.update(state=JobState.DONE, done_at=now(), lease=None, lease_until=None, error="")
    except LeaseLost:
        return False
    except Exception as error:
        logger.exception("job %s (%s) failed", job.uuid, job.task)
        _put_back(job.pk, job.lease, traceback.format_exc(limit=-3), counted=outage(error) is None)
        return False
    return True


def _task(name: str) -> Any:
    app, _, task = name.rpartition(".")
    return getattr(importlib.import_module(f"{apps.get_app_config(app).name}.tasks"), task)


def _put_back(pk: int, lease: UUID, error: str, *, counted: bool) -> None:
    """Let it wait and be tried again. What failed as the database or a disk was out is not the job's fault, and is no attempt."""
    job = Job.objects.get(pk=pk)
    if not counted:
        job.attempts -= 1
        job.outages = min(job.outages + 1, OUTAGES)
    Job.objects.filter(pk=pk, lease=lease).update(
        attempts=job.attempts,
        outages=job.outages,
        state=JobState.FAILED if job.attempts >= ATTEMPTS or job.outages >= OUTAGES else JobState.READY,
        run_at=now() + min(timedelta(seconds=2 ** min(job.attempts + (0 if counted else job.outages), 10)), LONGEST_WAIT),
        lease=None,
        lease_until=None,
        error=error[-2000:],
    )


def reap() -> int:
    """Make jobs ready again whose worker is gone (its lease ran out), and return how many. A job tried too often is failed.

    A lease that ends later than any could was given before the machine's clock went back: it is over too.
    """
    at = timezone.now()
    over = Q(lease_until__lt=at) | Q(lease_until__gt=at + LEASE + timedelta(minutes=1))
    gone = Job.objects.filter(over, state=JobState.RUNNING)
    failed = gone.filter(attempts__gte=ATTEMPTS).update(state=JobState.FAILED, lease=None, lease_until=None, error="the worker was lost")
    return failed + gone.update(state=JobState.READY, lease=None, lease_until=None)


def tick(jobs: Iterable[RecurringJob]) -> int:
    """Queue each recurring job once for the stretch of time that it is now, reap what was lost, and return how many were queued."""
    reap()
    at = now()
    queued = 0
    for job in jobs:
        slot = int(at.timestamp() // job.every.total_seconds())
        queued += enqueue(job.task, key=f"{job.name}:{slot}")
    Job.objects.filter(state=JobState.DONE, done_at__lt=at - timedelta(days=30)).delete()
    return queued


def work_off(*, limit: int = 1000) -> int:
    """Do what is due now, up to `limit` jobs, and return how many were done."""
    done = 0
    for _ in range(limit):
        job = claim()
        if job is None:
            break
        done += run(job)
    return done


def pulse(worker: UUID, *, done: bool = False) -> None:
    """Say that a worker is alive (and that it has done something), and prolong the lease of what it does in no transaction."""
    at = timezone.now()
    values = {"seen_at": at} | ({"done_at": at} if done else {})
    if not Worker.objects.filter(uuid=worker).update(**values):
        Worker.objects.create(uuid=worker, begun_at=at, **values)
        Worker.objects.filter(seen_at__lt=at - timedelta(days=1)).delete()
    lease = _held.lease
    if lease:
        Job.objects.filter(lease=lease, state=JobState.RUNNING).update(lease_until=at + LEASE)


def move_clock(*, ahead: timedelta) -> datetime:
    """Move the demo's clock forward by `ahead` and return the new time. It never goes back. Raises `Invalid` outside a demo."""
    if not settings.DEMO:
        raise Invalid({"ahead": gettext_noop("The clock can be moved in a demo only.")})
    if not timedelta(0) < ahead <= timedelta(days=3660):
        raise Invalid({"ahead": gettext_noop("The clock moves forward, by at most ten years at a time.")})
    require_near(now() + ahead, field="ahead")
    with transaction.atomic():
        shift, _ = ClockShift.objects.get_or_create(id=1, defaults={"ahead": timedelta(0)})
        ClockShift.objects.filter(pk=shift.pk).update(ahead=F("ahead") + ahead)
        at = now()
        begin_clock(at=at)
    return at


def begin_clock(*, at: datetime) -> None:
    """A demo's time begins, after its invented past or a move: what was due earlier is late from now on only."""
    ClockShift.objects.update_or_create(id=1, defaults={"from_at": at}, create_defaults={"ahead": timedelta(0), "from_at": at})
