"""Background work that goes on through locked, lost and full databases, and says that it is alive."""

from __future__ import annotations

import logging
import signal
import threading
from uuid import UUID, uuid4

from django.db import close_old_connections, connections

from entrepot.desk.gathered import jobs
from entrepot.ground.keeping.api import outage
from entrepot.ground.work.api import pulse, tick, work_off

logger = logging.getLogger(__name__)
PULSE = 10.0
"""Seconds between signs of life."""
LONGEST_WAIT = 30.0
"""Seconds between looks while nothing works."""


def work_on(*, every: float) -> None:
    """Do what is due, look again after `every` seconds, and go on until told to end.

    Whatever fails is said and tried again, ever more slowly.
    """
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    me, wait = uuid4(), 0.0
    threading.Thread(target=_live, args=(me, over), name="pulse", daemon=True).start()
    while not over.is_set():
        try:
            close_old_connections()
            tick(jobs())
            done = work_off(limit=100)
            if done:
                pulse(me, done=True)
            wait = 0.0 if done else every
        except Exception as error:  # noqa: BLE001  (nothing may end it unsaid)
            _say(error)
            connections.close_all()
            wait = min(max(wait * 2, 1.0), LONGEST_WAIT)
        over.wait(wait)


def _live(me: UUID, over: threading.Event) -> None:
    while True:
        try:
            close_old_connections()
            pulse(me)
        except Exception as error:  # noqa: BLE001  (nothing may end it unsaid)
            _say(error)
            connections.close_all()
        if over.wait(PULSE):
            return


def _say(error: Exception) -> None:
    out = outage(error)
    if out:
        logger.warning("background work waits: %s (%s)", out, str(error).strip())
    else:
        logger.error("background work failed", exc_info=error)
