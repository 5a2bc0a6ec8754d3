"""Who is eligible for an activity, and why not. The criteria are data: an activity carries its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from entrepot.kernel.errors import Invalid
from entrepot.kernel.periods import months_after
from entrepot.kernel.texts import Text, gettext_noop

from ..enums import LanguageLevel, Release

REASONS: dict[str, str] = {
    "same-course": gettext_noop("Attended the same course on %(on)s"),
    "recent": gettext_noop("Attended another activity on %(on)s, less than %(months)s months before"),
    "language": gettext_noop("Language %(has)s, %(needs)s is needed"),
    "release-missing": gettext_noop("The supervisor has not released them"),
    "release-refused": gettext_noop("The supervisor refused the release"),
    "late": gettext_noop("Nominated after the deadline"),
    "over-limit": gettext_noop("More than %(limit)s nominated by the Member"),
    "no-consent": gettext_noop("Has not agreed to be nominated"),
    "rank": gettext_noop("Ranked %(rank)s by the Member"),
    "eligible": gettext_noop("Meets every criterion"),
    "member-full": gettext_noop("The Member has its %(limit)s seats"),
    "activity-full": gettext_noop("All %(seats)s seats are given"),
    "by-hand": gettext_noop("Decided by name: see the note"),
    "taken-offer": gettext_noop("Took a released seat"),
    "took-over": gettext_noop("Took over a colleague’s seat"),
    "replaced": gettext_noop("Passed the seat on to a colleague"),
    "invitation-cancelled": gettext_noop("The invitation was cancelled"),
    "withdrawn": gettext_noop("Withdrawn"),
}
"""Each reason that a decision can carry, in English with its values."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code of `REASONS` and its values."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As it is kept: dates as text."""
        return {"code": self.code, **{name: str(value) for name, value in self.values.items()}}


def said(plain: Mapping[str, Any]) -> Text:
    """The words of a kept reason.

    >>> str(said({"code": "rank", "rank": "1"}))
    'Ranked 1 by the Member'
    """
    values = {name: value for name, value in plain.items() if name != "code"}
    return Text(REASONS[plain["code"]], {name: date.fromisoformat(value) if name == "on" else value for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Criteria:
    """What an activity asks of a nominee. `max_nominees` counts one Member's nominations; 0 or False switch a criterion off."""

    max_nominees: int = 3
    not_same_course: bool = True
    months_between: int = 6
    language_level: str = ""
    release: bool = True
    on_time: bool = True

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Criteria:
        """From what is kept with an activity. Raises `Invalid` for an unknown criterion or an impossible value."""
        known = cls.__dataclass_fields__
        faults: dict[str, Text | str] = {name: gettext_noop("There is no such criterion.") for name in set(data) - set(known)}
        for name in ("max_nominees", "months_between"):
            if not isinstance(data.get(name, 0), int) or not 0 <= data.get(name, 0) <= 120:
                faults[name] = gettext_noop("A number from 0 to 120.")
        if data.get("language_level", "") not in ("", *[level.value for level in LanguageLevel]):
            faults["language_level"] = gettext_noop("Choose one of the answers offered.")
        if faults:
            raise Invalid(faults)
        return cls(**data)

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Nominee:
    """One nomination, as selection sees it. `member_seats` is how many seats its Member had in activities of the last two years."""

    key: str
    member: str
    rank: int
    submitted_at: datetime
    language_level: str = ""
    release: Release = Release.ASKED
    late: bool = False
    consent: bool = True
    same_course_on: date | None = None
    last_attended_on: date | None = None
    member_seats: int = 0


def eligibility(nominee: Nominee, criteria: Criteria, starts_on: date) -> tuple[Reason, ...]:
    """Why the nominee is not eligible; empty where they are.

    >>> from datetime import UTC
    >>> late = Nominee("a", "ATN", 1, datetime(2026, 1, 1, tzinfo=UTC), release=Release.GIVEN, late=True)
    >>> [reason.code for reason in eligibility(late, Criteria(), date(2026, 3, 1))]
    ['late']
    """
    found: list[Reason] = []
    if not nominee.consent:
        found.append(Reason("no-consent"))
    if criteria.max_nominees and nominee.rank > criteria.max_nominees:
        found.append(Reason("over-limit", {"limit": criteria.max_nominees}))
    if criteria.not_same_course and nominee.same_course_on:
        found.append(Reason("same-course", {"on": nominee.same_course_on}))
    last = nominee.last_attended_on
    if criteria.months_between and last and months_after(last, criteria.months_between) > starts_on:
        found.append(Reason("recent", {"on": last, "months": criteria.months_between}))
    if criteria.language_level and nominee.language_level < criteria.language_level:
        found.append(Reason("language", {"has": nominee.language_level or "–", "needs": criteria.language_level}))
    if criteria.release and nominee.release != Release.GIVEN:
        found.append(Reason("release-refused" if nominee.release == Release.REFUSED else "release-missing"))
    if criteria.on_time and nominee.late:
        found.append(Reason("late"))
    return tuple(found)
