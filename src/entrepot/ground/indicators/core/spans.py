"""Periods of an indicator: months, quarters, years, each known by its first day."""

from __future__ import annotations

import re
from datetime import date

from entrepot.kernel.errors import Invalid
from entrepot.kernel.periods import months_after
from entrepot.kernel.texts import Text, gettext_noop

from ..enums import Every

MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}
_FORMS = {
    Every.MONTH: r"(\d{4})[-/.](\d{1,2})(?:[-/.]0?1)?",
    Every.QUARTER: r"(\d{4})[-/ ]?[Qq]([1-4])",
    Every.YEAR: r"(\d{4})()",
}
_SHOWN = {Every.MONTH: "2025-03", Every.QUARTER: "2025-Q1", Every.YEAR: "2025"}


def read_span(text: str, every: Every) -> date:
    """The first day of a period as people write it: `2025-03`, `2025-Q1` or `2025`. Raises `Invalid` with the form wanted.

    >>> read_span("2025-Q3", Every.QUARTER), read_span("2025/3", Every.MONTH)
    (datetime.date(2025, 7, 1), datetime.date(2025, 3, 1))
    """
    found = re.fullmatch(_FORMS[every], text.strip())
    try:
        if not found:
            raise ValueError(text)
        year, part = int(found.group(1)), int(found.group(2) or 1)
        if not 1900 <= year <= 2200:
            raise ValueError(text)
        return date(year, (part - 1) * MONTHS[every] + 1, 1)
    except ValueError:
        fault = Text(gettext_noop("Write the period as %(form)s, not “%(text)s”."), {"form": _SHOWN[every], "text": text.strip()[:40]})
        raise Invalid({"period": fault}) from None


def span_text(starts_on: date, every: Every) -> str:
    """The form that `read_span` reads.

    >>> span_text(date(2025, 7, 1), Every.QUARTER)
    '2025-Q3'
    """
    match every:
        case Every.MONTH:
            return f"{starts_on:%Y-%m}"
        case Every.QUARTER:
            return f"{starts_on:%Y}-Q{(starts_on.month + 2) // 3}"
        case Every.YEAR:
            return f"{starts_on:%Y}"


def span_of(day: date, every: Every) -> date:
    """The first day of the period that holds `day`."""
    return date(day.year, (day.month - 1) // MONTHS[every] * MONTHS[every] + 1, 1)


def following(starts_on: date, every: Every, steps: int = 1) -> date:
    """The first day of the period so many steps later."""
    return months_after(starts_on, steps * MONTHS[every])


def spans_between(first: date, last: date, every: Every) -> list[date]:
    """The first days of all periods from that of `first` to that of `last`, both included.

    >>> len(spans_between(date(2024, 1, 1), date(2025, 12, 1), Every.QUARTER))
    8
    """
    start, end = span_of(first, every), span_of(last, every)
    count = ((end.year - start.year) * 12 + end.month - start.month) // MONTHS[every]
    return [following(start, every, step) for step in range(count + 1)]
