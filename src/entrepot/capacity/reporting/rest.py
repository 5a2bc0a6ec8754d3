"""Reports for programs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from ninja import Field, Query, Router, Schema

from entrepot.kernel.errors import Invalid, NotFound
from entrepot.kernel.periods import require_near
from entrepot.kernel.texts import gettext_noop

from .queries import READERS, Wanted, before, report, usual

router = Router(tags=["reports"])


class PeriodIn(Schema):
    """From which day to which, both included; the last twelve full months unless said.

    Who may not see the people asks for one half-year that is over, the last one unless said, and for no mode. `passed_on` leaves small
    numbers out, as for those who may not see the people.
    """

    start: date | None = None
    end: date | None = None
    mode: Annotated[str, Field(max_length=20)] = ""
    passed_on: bool = False


class GroupOut(Schema):
    """A line of a table of people; null where a number is not said."""

    name: str
    n: int | None
    women: int | None
    men: int | None
    other: int | None
    not_said: int | None


class LineOut(Schema):
    """An activity of the report."""

    code: str
    title: str
    starts_on: date
    host: str
    mode: str
    members: int
    seats: int
    attended: int | None
    hours: float | None


class ReportOut(Schema):
    """The activity report."""

    participations: int | None
    persons: int | None
    hours: float | None
    cancelled: int
    members: list[GroupOut]
    sub_regions: list[GroupOut]
    activities: list[LineOut]
    digest: str


def _group(group: Any) -> dict[str, Any]:
    women, men, other, not_said = group.genders
    return {"name": group.name, "n": group.n, "women": women, "men": men, "other": other, "not_said": not_said}


@router.get("/activities", response=ReportOut)
def activity_report(request: Any, asked: Query[PeriodIn]) -> Any:
    """The activity report over a period."""
    if not request.principal.reaches(*READERS):
        raise NotFound
    begins, ends = usual(request.principal, request.at.date())
    start, end = asked.start or begins, asked.end or before(ends)
    require_near(start, field="start")
    require_near(end, field="end")
    if end < start or (end - start).days > 3660:
        raise Invalid({"end": gettext_noop("A report spans ten years at most, and ends after it begins.")})
    made = report(request.principal, Wanted(start, end + timedelta(days=1), mode=asked.mode, guarded=asked.passed_on))
    return {
        "participations": made.totals.n,
        "persons": made.persons,
        "hours": made.hours,
        "cancelled": made.cancelled,
        "members": [_group(group) for group in made.totals.groups["member"]],
        "sub_regions": [_group(group) for group in made.totals.groups["sub_region"]],
        "activities": [
            {
                "code": line.activity.code,
                "title": line.activity.title,
                "starts_on": line.activity.starts_on,
                "host": line.activity.host.name if line.activity.host else "",
                "mode": line.activity.mode,
                "members": line.members,
                "seats": line.seats,
                "attended": line.attended,
                "hours": line.hours,
            }
            for line in made.lines
        ],
        "digest": made.digest,
    }
