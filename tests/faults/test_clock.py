"""The machine's clock jumps ahead or back by an hour: work is done once, statements and journal keep the order in which they came."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from entrepot.ground.journal.api import seal, verify
from entrepot.ground.journal.models import Entry
from entrepot.ground.people.api import register
from entrepot.ground.work.api import claim, enqueue, now, reap, run, tick, work_off
from entrepot.ground.work.models import ClockShift, Job
from entrepot.kernel.offers import RecurringJob
from entrepot.kernel.principals import SYSTEM
from tests.capacity.conftest import client_at, forgetful  # noqa: F401  (fixtures)
from tests.capacity.lrs import statement

HOUR = timedelta(hours=1)
EVERY_MINUTE = [RecurringJob("seal", timedelta(minutes=1), "journal.seal")]


def _jump(by: timedelta) -> None:
    """The clock by which everything is stamped jumps."""
    ahead = ClockShift.objects.filter(pk=1).values_list("ahead", flat=True).first() or timedelta(0)
    ClockShift.objects.update_or_create(pk=1, defaults={"ahead": ahead + by})


def test_what_recurs_is_done_once_after_a_jump_ahead_and_not_again_after_one_back(db: None) -> None:
    assert tick(EVERY_MINUTE) == 1
    _jump(HOUR)
    assert tick(EVERY_MINUTE) == 1, "sixty stretches were skipped, one job is queued"
    _jump(-HOUR)
    work_off()
    assert tick(EVERY_MINUTE) <= 1, "at most the minute that has begun meanwhile"
    _jump(HOUR)
    assert Job.objects.filter(key__startswith="seal:").count() <= 3


def test_a_lease_of_the_time_before_the_clock_went_back_is_over(db: None) -> None:
    enqueue("journal.seal", key="held")
    job = claim()
    assert job is not None
    assert reap() == 0
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() + HOUR)
    assert reap() == 1
    assert not run(job), "the first worker comes too late"
    assert work_off() == 1


def test_a_lease_that_a_jump_ahead_ended_is_done_by_one_of_the_two(db: None) -> None:
    enqueue("journal.seal", key="held")
    job = claim()
    assert job is not None
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - HOUR)
    assert reap() == 1
    assert (work_off(), run(job)) == (1, False)


def test_statements_stay_in_the_order_in_which_they_came(client_at: Any) -> None:  # noqa: F811
    lrs = client_at()
    sent = [statement() for _ in range(3)]
    for one, jump in zip(sent, (HOUR, -2 * HOUR, HOUR), strict=True):
        assert lrs.post(one).status_code == 200
        _jump(jump)
    found = lrs.all(ascending=True)
    assert [one["id"] for one in found] == [one["id"] for one in sent]
    stored = [one["stored"] for one in found]
    assert stored == sorted(stored)
    assert len(set(stored)) == 3


def test_after_a_jump_back_consistent_through_reaches_what_was_stored_ahead(client_at: Any) -> None:  # noqa: F811
    lrs = client_at()
    _jump(HOUR)
    lrs.post(statement())
    _jump(-2 * HOUR)
    for _ in range(2):
        answer = lrs.get()
        assert answer["X-Experience-API-Consistent-Through"] >= answer.json()["statements"][0]["stored"]
        lrs.post(statement())


def test_the_journal_is_chained_in_the_order_in_which_it_was_written(world: Any) -> None:
    while seal():
        pass
    people = []
    for jump in (HOUR, -2 * HOUR, HOUR):
        people.append(register(by=SYSTEM, at=now(), home=world.place("ATN"), full_name=f"Clock {len(people)}"))
        _jump(jump)
        while seal():
            pass
    entries = Entry.objects.filter(verb="people.person.registered", thing_uuid__in=[one.uuid for one in people]).order_by("position")
    assert [entry.thing_uuid for entry in entries] == [one.uuid for one in people]
    assert not verify().faults
