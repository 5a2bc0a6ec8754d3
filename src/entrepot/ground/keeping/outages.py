"""Telling an outage, which ends by itself or by someone who makes room, from a fault of ours."""

from __future__ import annotations

import errno
from enum import StrEnum

from django.db import InterfaceError, OperationalError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ROOM = {"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"}
"""What SQLite says on a full disk; the second where the index of its log, made when somebody comes first, cannot grow."""
_PROGRAMMING = {"SQLITE_ERROR", "SQLITE_MISUSE", "SQLITE_RANGE"}
"""What SQLite calls an operational error too: a table or a column that there is not."""


class Outage(StrEnum):
    """What is out: the database does not answer or is locked (nothing was written); it was lost while it worked (whether something was
    written is not known); a disk is full (nothing was written)."""

    AWAY = "away"
    LOST = "lost"
    FULL = "full"


def outage(error: BaseException | None) -> Outage | None:
    """What is out, judging by an error and what it came from; None where it is a fault of ours."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        found = _judged(error)
        if found:
            return found
        error = error.__cause__ or error.__context__
    return None


def _judged(error: BaseException) -> Outage | None:
    if isinstance(error, OperationalError):
        return _of_database(error)
    if isinstance(error, InterfaceError):
        return Outage.LOST
    return Outage.FULL if isinstance(error, OSError) and error.errno in _FULL else None


def _of_database(error: OperationalError) -> Outage | None:
    cause = error.__cause__
    state, name = getattr(cause, "sqlstate", None), getattr(cause, "sqlite_errorname", "")
    if name in _NO_ROOM or state == "53100":
        return Outage.FULL
    if name:
        return None if name in _PROGRAMMING else Outage.AWAY
    words = str(error)
    # 57P01 and 57P02: told to end, and crashed; without a state the connection broke, unless it was never made.
    never_made = "connection failed" in words or "timeout expired" in words or "is locked" in words
    return Outage.LOST if state in ("57P01", "57P02") or (state is None and not never_made) else Outage.AWAY
