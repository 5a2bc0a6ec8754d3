"""The eleven steps, each killed at its commits: `python -m tests.faults.killed_walk [kill]` prints what the database holds at the end.

Every request of the walk is first made by a process that kills itself (-9) just before its first commit, then by one that does so just
after it, and so on for each commit that it comes to; then it is made again with the same idempotency key, as a program would that never
heard the answer. Work that the clock brings is done by processes that die likewise.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from entrepot.desk.gathered import jobs  # noqa: E402
from entrepot.ground.journal.api import seal, verify  # noqa: E402
from entrepot.ground.work.api import move_clock, reap, tick, work_off  # noqa: E402
from entrepot.ground.work.models import Job  # noqa: E402
from tests.capacity.walking import Walk, from_need_to_report  # noqa: E402
from tests.conftest import World  # noqa: E402
from tests.faults.undone import undone  # noqa: E402

MOST = 60
"""Commits at which one step is killed at most."""
kills: Counter[str] = Counter()


def counted() -> dict[str, int]:
    """How many rows each table holds."""
    return {model._meta.db_table: model._default_manager.count() for model in apps.get_models()}


def _dying(act: Any, number: int, when: str) -> bool:
    """Whether a process that does `act` was killed at its commit of this number, before or after it; else it came to its end."""
    connections.close_all()
    child = os.fork()
    if not child:
        seen, real = 0, BaseDatabaseWrapper.commit

        def commit(self: Any) -> None:
            nonlocal seen
            seen += 1
            if seen == number and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            real(self)
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

        BaseDatabaseWrapper.commit = commit  # type: ignore[method-assign]
        try:
            act()
        finally:
            os._exit(0)  # whatever it came to: the parent makes the request again and looks
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    kills[when] += killed
    return killed


def _lapse() -> None:
    """What a killed worker had taken is given back, as when its lease is over. (A real job killed five times would be given up.)"""
    Job.objects.filter(state="running").update(lease_until=timezone.now() - timedelta(seconds=1), attempts=0)
    reap()


class KilledWalk(Walk):
    """A walk whose every step dies first."""

    def send(self, part: str, method: str, path: str, body: Any = None, *, wanted: int = 200) -> Any:
        """As `Walk.send`, after the step has been killed at each of its commits."""
        if method == "get" or wanted >= 400:
            return super().send(part, method, path, body, wanted=wanted)
        if part not in self.browsers:
            self.browsers[part] = self.world.browser(part)
        browser = self.browsers[part]
        browser.defaults["HTTP_IDEMPOTENCY_KEY"] = str(uuid4())
        try:
            return self._killed_first(part, method, path, body, wanted)
        finally:
            del browser.defaults["HTTP_IDEMPOTENCY_KEY"]

    def _killed_first(self, part: str, method: str, path: str, body: Any, wanted: int) -> Any:
        before = counted()
        for number in range(1, MOST):
            if not _dying(lambda: Walk.send(self, part, method, path, body, wanted=wanted), number, "before"):
                break
            if number == 1:
                assert counted() == before, (path, "killed before its first commit a step has changed something")
            if not _dying(lambda: Walk.send(self, part, method, path, body, wanted=wanted), number, "after"):
                break
        if method == "patch":  # done, but the program never heard: its version is stale now, and it looks
            super().send(part, method, path, body, wanted=409)
            return super().send(part, "get", path)
        return super().send(part, method, path, body, wanted=wanted)

    def move(self, **ahead: int) -> None:
        """Move the clock; the work that is due dies at each commit in turn."""
        move_clock(ahead=timedelta(**ahead))
        for number in range(1, MOST):
            for when in ("before", "after"):
                alive = not _dying(_work, number, when)
                _lapse()
            if alive:
                break
        _work()


def _work() -> None:
    tick(jobs())
    work_off(limit=100_000)


def main() -> None:
    """Walk, killed or not, and print what there is."""
    setup_test_environment()
    world = World(datetime.now(UTC))
    work_off(limit=100_000)
    killing = sys.argv[1:] == ["kill"]
    walk = KilledWalk(world) if killing else Walk(world)
    from_need_to_report(walk, world)
    _lapse()
    _work()
    while seal():
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT verb, count(*) FROM journal_entry GROUP BY verb")
        verbs = dict(cursor.fetchall())
    found = {"kills": kills, "tables": counted(), "verbs": verbs, "undone": undone(), "faults": len(verify().faults)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
