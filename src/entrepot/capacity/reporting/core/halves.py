"""The periods of those who may not see the people: half-years, none of which overlaps another."""

from __future__ import annotations

from datetime import date

MOST = 20
"""Half-years that are offered: ten years."""


def halves_over(day: date) -> tuple[tuple[date, date], ...]:
    """(first day, first day after it) of the half-years that are over on `day`, the latest first.

    Of two periods that share days one can be subtracted from the other, and a period that still runs from itself, later. These are a
    partition, and over.

    >>> halves_over(date(2026, 3, 9))[:2]
    ((datetime.date(2025, 7, 1), datetime.date(2026, 1, 1)), (datetime.date(2025, 1, 1), datetime.date(2025, 7, 1)))
    """
    last = day.year * 2 + (day.month > 6)
    ends = [_begin(number) for number in range(last, last - MOST - 1, -1)]
    return tuple(zip(ends[1:], ends[:-1], strict=True))


def _begin(number: int) -> date:
    return date(number // 2, 7 if number % 2 else 1, 1)
