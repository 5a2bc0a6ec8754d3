"""What browsers and programs leave behind ends, so that nobody fills the disk by asking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.utils import timezone

from entrepot.desk.gathered import jobs
from entrepot.desk.models import Repeat
from entrepot.ground.work.api import tick, work_off


def test_sessions_that_are_over_and_old_answers_are_removed(world: Any) -> None:
    for name, age in (("old", 40), ("new", -1)):
        when = timezone.now() - timedelta(days=age)
        Session.objects.create(session_key=name, session_data="", expire_date=when)
        Repeat.objects.create(digest=name, body="", status=200, answer="", made_at=world.at - timedelta(days=max(age, 1)))
    tick([job for job in jobs() if job.name == "desk.clear"])
    work_off()
    assert set(Session.objects.filter(session_key__in=("old", "new")).values_list("session_key", flat=True)) == {"new"}
    assert list(Repeat.objects.values_list("digest", flat=True)) == ["new"]
