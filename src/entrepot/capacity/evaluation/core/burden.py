"""How many minutes of people's time a form asks, and how much one Member has been asked in a quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from entrepot.kernel.periods import Period, months_after

from .questions import Question

OPENING = 30
SECONDS = {"scale": 10, "choice": 15, "several": 20, "yes": 8, "number": 25, "date": 15, "text": 75, "expectation": 75, "matrix": 8}
"""What a question takes, in seconds, a row of a matrix each; our estimate, replaced by what was measured as soon as five have answered."""
CEILING = 480
"""Minutes in a quarter, a working day, beyond which a Member is asked again only with a reason."""
LONGEST_SITTING = 7200
"""Seconds after which someone has left the form open and gone away: their time is not counted."""


@dataclass(frozen=True, slots=True)
class Burden:
    """What one Member was asked for in a quarter, in minutes: measured where the time is known, estimated elsewhere."""

    place: int
    minutes: float
    measured: float
    asks: int
    parts: tuple[tuple[str, float], ...] = ()
    """(what was asked, minutes of it), the most first."""

    @property
    def over(self) -> bool:
        """Whether it is past the ceiling."""
        return self.minutes > CEILING


def seconds_for(questions: Sequence[Question]) -> int:
    """The estimate for a form. A question that is asked of some counts half.

    >>> seconds_for([Question("a", "?", "scale"), Question("b", "?", "text", needed=False)])
    78
    """
    total = float(OPENING)
    for question in questions:
        part = SECONDS[question.kind] * max(1, len(question.rows))
        total += part / 2 if question.shown_if or not question.needed else part
    return int(total + 0.5)


def quarter_of(day: date) -> Period:
    """The calendar quarter of a day.

    >>> quarter_of(date(2026, 11, 25)).start
    datetime.date(2026, 10, 1)
    """
    start = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return Period(start, months_after(start, 3))


def next_quarter(day: date) -> date:
    """The first day of the following quarter."""
    end = quarter_of(day).end
    assert end
    return end


def over_with(now: Mapping[int, Burden], more: Mapping[int, float]) -> list[int]:
    """The places that would be past the ceiling if `more` minutes were asked of them, of those that are asked at all."""
    return sorted(place for place, minutes in more.items() if minutes and (now[place].minutes if place in now else 0.0) + minutes > CEILING)


def sitting(seconds: float | None) -> int | None:
    """The seconds that someone sat over a form, where that can be believed."""
    return int(seconds) if seconds is not None and 3 <= seconds <= LONGEST_SITTING else None
