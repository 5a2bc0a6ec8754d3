"""The queue: once, whole, and found again after a worker is lost; and the clock that it goes by."""

from __future__ import annotations

import errno
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from entrepot.ground.notices.api import mail_late_by
from entrepot.ground.work.api import claim, enqueue, move_clock, now, reap, run, tick, work_off, work_state
from entrepot.ground.work.enums import JobState
from entrepot.ground.work.models import Job
from entrepot.kernel.errors import Invalid
from entrepot.kernel.offers import RecurringJob
from entrepot.kernel.periods import months_after


def test_the_same_key_is_queued_once(db: None) -> None:
    assert enqueue("journal.seal", key="once")
    assert not enqueue("journal.seal", key="once")
    assert Job.objects.filter(key="once").count() == 1


def test_work_that_is_due_is_done_once(db: None) -> None:
    enqueue("journal.seal", key="a")
    assert work_off() >= 1
    assert Job.objects.get(key="a").state == JobState.DONE
    assert claim() is None


def test_a_dated_job_waits_for_its_day_and_the_demo_clock_brings_it(db: None) -> None:
    enqueue("journal.seal", key="later", run_at=now() + timedelta(days=243))
    work_off()
    assert Job.objects.get(key="later").state == JobState.READY
    move_clock(ahead=timedelta(days=244))
    work_off()
    assert Job.objects.get(key="later").state == JobState.DONE


def test_a_lost_workers_job_is_reaped_and_its_late_result_refused(db: None) -> None:
    enqueue("journal.seal", key="lost")
    job = claim()
    assert job is not None
    assert claim() is None
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert reap() == 1
    assert not run(job), "the first worker comes back too late"
    assert work_off() == 1


def test_a_failing_job_waits_longer_each_time_and_then_is_failed(db: None) -> None:
    enqueue("journal.no_such_task", key="bad")
    for _ in range(6):
        work_off()
        move_clock(ahead=timedelta(hours=1))
    job = Job.objects.get(key="bad")
    assert (job.state, job.attempts) == (JobState.FAILED, 5)
    assert "no_such_task" in job.error


def test_a_job_whose_own_fault_looks_like_an_outage_ends_too(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrepot.ground.work.actions.OUTAGES", 12)
    monkeypatch.setattr("entrepot.ground.journal.tasks.seal", _no_room)
    enqueue("journal.seal", key="full")
    tries = 0
    while Job.objects.get(key="full").state != JobState.FAILED:
        before = now()
        work_off()
        tries += 1
        job = Job.objects.get(key="full")
        assert job.run_at - before < timedelta(minutes=6)
        move_clock(ahead=timedelta(minutes=6))
    assert (tries, job.attempts, job.outages) == (12, 0, 12)
    assert work_state().failed == 1


def _no_room() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_recurring_job_is_queued_once_for_each_stretch(db: None) -> None:
    hourly = [RecurringJob("seal", timedelta(hours=1), "journal.seal")]
    assert tick(hourly) == 1
    assert tick(hourly) == 0
    move_clock(ahead=timedelta(hours=1))
    assert tick(hourly) == 1


def test_what_a_demos_clock_went_past_is_late_from_then_on_only(db: None, settings: Any) -> None:
    enqueue("journal.seal", key="past", run_at=now() - timedelta(days=400))
    move_clock(ahead=timedelta(days=30))
    assert work_state().oldest_due < timedelta(minutes=1)
    settings.DEMO = False
    assert work_state().oldest_due > timedelta(days=399)


def test_a_fresh_demo_is_not_late_with_its_invented_past(world: Any) -> None:
    assert work_state().oldest_due < timedelta(minutes=10)
    assert mail_late_by(now()) < timedelta(minutes=10)


def test_the_clock_moves_forward_and_in_a_demo_only(db: None, settings: Any) -> None:
    with pytest.raises(Invalid):
        move_clock(ahead=timedelta(days=-1))
    settings.DEMO = False
    with pytest.raises(Invalid):
        move_clock(ahead=timedelta(days=1))


def test_eight_months_after_the_thirtieth_of_june() -> None:
    from datetime import date

    assert months_after(date(2026, 6, 30), 8) == date(2027, 2, 28)
