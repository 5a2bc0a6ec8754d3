"""Days, stretches of days, and dates that are known only roughly.

A period is half-open: its first day belongs to it, its end does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .errors import Invalid
from .texts import Text, gettext_noop

FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2199, 12, 31)
"""Between them lies all that is told or planned here. Near the ends of the calendar a sum of days, or another zone's clock, leaves it."""


def require_near(day: date, *, field: str = "date") -> None:
    """Refuse a day (or a moment) that nobody means. Raises `Invalid` under `field`."""
    if not FIRST_DAY.year <= day.year <= LAST_DAY.year:
        said = gettext_noop("Write a year from %(first)s to %(last)s, not %(year)s.")
        raise Invalid({field: Text(said, {"first": FIRST_DAY.year, "last": LAST_DAY.year, "year": day.year})})


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    BY = "by"
    """Not later than: a source shows it in place on that day, and does not say since when."""


@dataclass(frozen=True, slots=True)
class ImpreciseDate:
    """A date and how exactly it is known. `on` is the first day it can mean (for `BY`, the day by which it was so)."""

    on: date
    precision: Precision = Precision.DAY

    @classmethod
    def parse(cls, text: str) -> ImpreciseDate:
        """Read `2022`, `2022-11`, `2022-11-05` or `by 2022-11-05`.

        >>> ImpreciseDate.parse("2022-11")
        ImpreciseDate(on=datetime.date(2022, 11, 1), precision=<Precision.MONTH: 'month'>)
        >>> ImpreciseDate.parse("by 2022").text
        'by 2022-01-01'

        Raises `Invalid` for anything else.
        """
        found = re.fullmatch(r"(by )?(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text.strip())
        try:
            if not found:
                raise ValueError(text)
            by, year, month, day = found.groups()
            on = date(int(year), int(month or 1), int(day or 1))
        except ValueError:
            fault = Text(gettext_noop("Write a date as 2022, 2022-11 or 2022-11-05, not “%(text)s”."), {"text": text[:40]})
            raise Invalid({"date": fault}) from None
        require_near(on)
        if by:
            return cls(on, Precision.BY)
        return cls(on, Precision.DAY if day else Precision.MONTH if month else Precision.YEAR)

    @property
    def text(self) -> str:
        """The form that `parse` reads."""
        match self.precision:
            case Precision.YEAR:
                return f"{self.on:%Y}"
            case Precision.MONTH:
                return f"{self.on:%Y-%m}"
            case Precision.BY:
                return f"by {self.on}"
            case Precision.DAY:
                return f"{self.on}"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to, not including, `end`. None means open on that side."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.end <= self.start:
            raise Invalid({"to_on": gettext_noop("The end has to come after the start.")})

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        """Whether some day belongs to both.

        >>> Period(date(2026, 1, 1), date(2026, 2, 1)).overlaps(Period(date(2026, 2, 1)))
        False
        """
        return (self.end is None or other.start is None or other.start < self.end) and (
            other.end is None or self.start is None or self.start < other.end
        )

    @property
    def last(self) -> date | None:
        """The last day that belongs to it, as people write it; None where it is open."""
        return self.end - timedelta(days=1) if self.end else None


def months_after(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day where it is shorter.

    >>> months_after(date(2026, 6, 30), 8)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
