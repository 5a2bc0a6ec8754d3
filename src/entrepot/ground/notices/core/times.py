"""Quiet hours in a person's own time zone, and the waits between attempts."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""The waits after the first, second, … failed attempt; after the last a mail is given up, some forty hours after it was due."""


def after_quiet(at: datetime, zone: ZoneInfo, starts: time, ends: time) -> datetime:
    """`at`, or the end of the quiet hours that it falls into, in UTC. `starts` equal to `ends` means no quiet hours.

    Both are wall-clock times in `zone`; the hours may run over midnight. On the night when clocks change they stay wall-clock times.

    >>> after_quiet(datetime(2026, 5, 1, 16, tzinfo=UTC), ZoneInfo("Asia/Tokyo"), time(20), time(7))
    datetime.datetime(2026, 5, 1, 22, 0, tzinfo=datetime.timezone.utc)
    """
    local = at.astimezone(zone)
    clock = local.time()
    over_midnight = starts > ends
    quiet = (clock >= starts or clock < ends) if over_midnight else starts <= clock < ends
    if not quiet:
        return at.astimezone(UTC)
    day = local.date() + timedelta(days=1) if over_midnight and clock >= starts else local.date()
    return max(at.astimezone(UTC), datetime.combine(day, ends, zone).astimezone(UTC))


def after_failure(at: datetime, attempts: int) -> datetime | None:
    """When to try again after the `attempts`-th attempt (from 1) failed at `at`, or None to give up."""
    return at + DELAYS[attempts - 1] if attempts <= len(DELAYS) else None
