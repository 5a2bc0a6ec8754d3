"""When a day is over, and by whose clock: a deadline is a day of the Member's, not of UTC.

A Member in Rarotonga (UTC−10) that is asked to answer by 9 December has all of that day; in UTC it is over at ten in the morning of the
10th. Nothing here reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from entrepot.kernel.texts import Text, gettext_noop


def zone_named(name: str) -> tzinfo:
    """The time zone with this name; UTC where none is named, or where nobody knows the name."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def end_of(day: date, zone: tzinfo) -> datetime:
    """The first moment (in UTC) that is no longer `day` by the clocks of `zone`.

    Where the clocks jump over midnight, the day ends with the jump; where they show midnight twice, with the first.

    >>> end_of(date(2026, 12, 9), ZoneInfo("Pacific/Rarotonga"))
    datetime.datetime(2026, 12, 10, 10, 0, tzinfo=datetime.timezone.utc)
    """
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def offset_of(at: datetime, zone: tzinfo) -> str:
    """How far the clocks of `zone` are from UTC at a moment.

    >>> offset_of(datetime(2026, 12, 9, tzinfo=UTC), ZoneInfo("Pacific/Rarotonga"))
    'UTC−10'
    >>> offset_of(datetime(2026, 12, 9, tzinfo=UTC), ZoneInfo("Asia/Kathmandu"))
    'UTC+5:45'
    """
    minutes = round((at.astimezone(zone).utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "") if minutes else "UTC"


def city_of(zone: tzinfo) -> str:
    """The town that a time zone is named after; empty for UTC."""
    name = getattr(zone, "key", "")
    return name.rpartition("/")[2].replace("_", " ") if "/" in name and not name.startswith("Etc/") else ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a day by the clocks of a zone."""

    day: date
    zone: tzinfo = UTC

    @property
    def ends_at(self) -> datetime:
        """The first moment that is too late."""
        return end_of(self.day, self.zone)

    def passed(self, at: datetime) -> bool:
        """Whether something sent at this moment is too late."""
        return at >= self.ends_at

    @property
    def until(self) -> Text:
        """In words, with the clock.

        >>> str(Deadline(date(2026, 12, 9), ZoneInfo("Pacific/Rarotonga")).until)
        'until the end of 2026-12-09 in Rarotonga (UTC−10)'
        """
        last = self.ends_at - timedelta(seconds=1)
        values = {"day": self.day, "city": city_of(self.zone), "offset": offset_of(last, self.zone)}
        if not values["city"]:
            return Text(gettext_noop("until the end of %(day)s (%(offset)s)"), values)
        return Text(gettext_noop("until the end of %(day)s in %(city)s (%(offset)s)"), values)


def moment_words(at: datetime, zone: tzinfo) -> Text:
    """A moment by the clocks of `zone`, saying which clock that is.

    >>> str(moment_words(datetime(2026, 12, 9, 20, 30, tzinfo=UTC), ZoneInfo("Pacific/Rarotonga")))
    '2026-12-09 10:30 in Rarotonga (UTC−10)'
    """
    there = at.astimezone(zone)
    values = {"day": there.date(), "time": f"{there:%H:%M}", "city": city_of(zone), "offset": offset_of(at, zone)}
    if not values["city"]:
        return Text(gettext_noop("%(day)s %(time)s (%(offset)s)"), values)
    return Text(gettext_noop("%(day)s %(time)s in %(city)s (%(offset)s)"), values)
