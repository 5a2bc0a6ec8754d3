"""How the installation is: for a monitor (`/healthz`), for whoever runs it (`entrepot check`)."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, InterfaceError

from entrepot.desk.serving.line import Turn
from entrepot.ground.notices.api import mail_late_by
from entrepot.ground.work.api import now, work_state

LONGEST_LOOK = 30.0
"""Seconds after which the answer of a look is no longer waited for."""


@dataclass
class Health:
    """What was found: figures for programs, and what is wrong in words."""

    figures: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def examine() -> Health:
    """Ask the database, the queue, the outbox and the disks. No secret and no name is in it."""
    health = Health()
    try:
        _examine_work(health)
        health.figures["database"] = True
    except (DatabaseError, InterfaceError):
        health.figures["database"] = False
        health.faults.append("the database does not answer")
    _examine_disks(health)
    return health


def _examine_work(health: Health) -> None:
    work, late = work_state(), mail_late_by(now())
    seen, done = _seconds(work.seen_ago), _seconds(work.done_ago)
    health.figures |= {"worker_seen_seconds": seen, "work_done_seconds": done, "oldest_job_seconds": _seconds(work.oldest_due)}
    health.figures |= {"jobs_failed": work.failed, "mail_late_seconds": _seconds(late)}
    if seen is not None and seen > settings.WORKER_SECONDS:
        health.faults.append(f"no worker was seen for {seen} s")
    if work.oldest_due > timedelta(seconds=settings.JOB_SECONDS):
        health.faults.append(f"the oldest job is due since {_seconds(work.oldest_due)} s")
    if late > timedelta(seconds=settings.MAIL_SECONDS):
        health.faults.append(f"a mail waits since {_seconds(late)} s")


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds())


def _examine_disks(health: Health) -> None:
    """The folders that are written to; two on one disk are one."""
    storage = Path(getattr(storages["documents"], "location", settings.HOME))  # none where it is no folder
    room = {}
    for folder in (settings.HOME, storage, Path(tempfile.gettempdir())):
        if folder.exists():
            room[folder.stat().st_dev] = shutil.disk_usage(folder).free // 1_000_000
    free = min(room.values())
    health.figures["free_megabytes"] = free
    if free < settings.ROOM_MEGABYTES:
        health.faults.append(f"a disk has {free} MB left")


class Monitor:
    """Answers monitors: with connections of its own, one look at a time, each good for a second."""

    def __init__(self) -> None:
        self._turn, self._lock = Turn(), threading.Lock()
        self._last: Health | None = None
        self._begun = self._looked_at = time.monotonic()

    def answer(self, line: dict[str, int]) -> tuple[int, bytes]:
        """(status, JSON): 200 where all is well, 503 where something is not."""
        if self._lock.acquire(blocking=False):
            try:
                if self._last is None or time.monotonic() - self._looked_at > 1:
                    self._look()
            finally:
                self._lock.release()
        health = self._last or Health(faults=["the first look is not over"])
        faults = [*health.faults, *self._missed(health)]
        body = {"status": "sick" if faults else "well", "faults": faults, **health.figures, **line}
        return 503 if faults else 200, json.dumps(body).encode()

    def _missed(self, health: Health) -> list[str]:
        at = time.monotonic()
        if self._last and at - self._looked_at > LONGEST_LOOK:
            return ["the last look is not over: the database or a disk hangs"]
        never = "worker_seen_seconds" in health.figures and health.figures["worker_seen_seconds"] is None
        return ["no worker was ever seen: run `entrepot work`"] if never and at - self._begun > settings.WORKER_SECONDS else []

    def _look(self) -> None:
        with self._turn:
            self._last = examine()
        self._looked_at = time.monotonic()
