"""A profile: criteria with who answers for them, on what basis, from when to when, and in which version."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from entrepot.kernel.errors import Conflict, Invalid
from entrepot.kernel.periods import Period

from .criteria import Criteria, criteria_from, plain


class Lane(StrEnum):
    """Where a declaration goes; earlier in the list takes precedence."""

    RED = "red"
    """physical examination"""
    YELLOW = "yellow"
    """documents"""
    BLUE = "blue"
    """release now, audit afterwards"""
    GREEN = "green"
    """release"""


class Status(StrEnum):
    """Where a profile stands in its life."""

    DRAFT = "draft"
    APPROVED = "approved"
    ACTIVE = "active"
    EXPIRED = "expired"


class UnableToAdvance(Conflict):
    """The profile's life does not go that way."""

    code = "unable-to-advance"


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile. `rate` is the part of its hits that is selected; after `max_unselected` hits that were not, the next one is.

    `sunset` is the day on which it ends unless it is reviewed before; it lies within the validity.
    """

    code: str
    criteria: Criteria
    title: str = ""
    owner: str = ""
    basis: str = ""
    source: str = ""
    lane: Lane = Lane.RED
    instruction: str = ""
    validity: Period = dataclasses.field(default_factory=Period)
    sunset: date | None = None
    version: int = 1
    status: Status = Status.DRAFT
    approved_by: str = ""
    rate: float = 1.0
    max_unselected: int | None = None

    def in_force(self, day: date) -> bool:
        """Whether it selects on this day."""
        return self.status is Status.ACTIVE and day in self.validity and (self.sunset is None or day < self.sunset)

    @property
    def chance(self) -> float:
        """With which chance a hit is selected, counting the limit on hits in a row that are not."""
        return self.rate if self.max_unselected is None else max(self.rate, 1.0 / (self.max_unselected + 1))


def approve(profile: Profile, *, by: str) -> Profile:
    """Approve a draft; never by its owner (four eyes)."""
    if profile.status is not Status.DRAFT:
        raise UnableToAdvance("Only a draft is approved; %(code)s is %(status)s.", code=profile.code, status=profile.status)
    if not by or by == profile.owner:
        raise UnableToAdvance("%(code)s needs the approval of someone other than its owner.", code=profile.code)
    return dataclasses.replace(profile, status=Status.APPROVED, approved_by=by)


def activate(profile: Profile) -> Profile:
    """Put an approved profile in force; it needs a basis and a sunset by then."""
    if profile.status is not Status.APPROVED:
        raise UnableToAdvance("Only an approved profile is activated; %(code)s is %(status)s.", code=profile.code, status=profile.status)
    if not profile.basis or profile.sunset is None:
        raise UnableToAdvance("%(code)s needs a legal basis and a sunset before it is activated.", code=profile.code)
    return dataclasses.replace(profile, status=Status.ACTIVE)


def expire(profile: Profile) -> Profile:
    """Take a profile out of force."""
    return dataclasses.replace(profile, status=Status.EXPIRED)


def renew(profile: Profile, *, sunset: date, by: str) -> Profile:
    """Review: the same criteria with a later sunset; again by someone other than the owner."""
    if profile.status is not Status.ACTIVE or by in ("", profile.owner) or (profile.sunset and sunset <= profile.sunset):
        raise UnableToAdvance("%(code)s is renewed while active, by another than its owner, to a later day.", code=profile.code)
    return dataclasses.replace(profile, sunset=sunset, approved_by=by)


def revise(profile: Profile, **changes: Any) -> Profile:
    """A new version, as a draft: whatever changes has to be tried and approved again."""
    return dataclasses.replace(profile, **changes, version=profile.version + 1, status=Status.DRAFT, approved_by="")


def profile_from(data: Mapping[str, Any], fields: Mapping[str, str]) -> Profile:
    """A profile from plain data. Raises `Invalid` naming the profile and what is wrong.

    >>> fields = {"hs6": "text"}
    >>> profile_from({"code": "P1", "criteria": {"field": "hs6", "in": ["640299"]}, "lane": "yellow"}, fields).lane
    <Lane.YELLOW: 'yellow'>
    """
    code = str(data.get("code", "")).strip()
    known = {entry.name for entry in dataclasses.fields(Profile)} - {"validity"} | {"valid_from", "valid_to"}
    try:
        if not code or len(code) > 64:
            raise Invalid({"code": "it needs a code"}, "it needs a code")
        unknown = set(data) - known
        if unknown:
            raise Invalid({"profile": "unknown"}, "no such entry: %(names)s", names=", ".join(sorted(map(str, unknown))))
        rate = float(data.get("rate", 1.0))
        longest = data.get("max_unselected")
        if not 0 <= rate <= 1 or not (longest is None or (isinstance(longest, int) and longest >= 0)):
            raise Invalid({"rate": "range"}, "rate lies from 0 to 1, max_unselected is a whole number")
        return Profile(
            code=code,
            criteria=criteria_from(data.get("criteria"), fields),
            lane=Lane(data.get("lane", "red")),
            status=Status(data.get("status", "draft")),
            validity=Period(_day(data.get("valid_from")), _day(data.get("valid_to"))),
            sunset=_day(data.get("sunset")),
            version=int(data.get("version", 1)),
            rate=rate,
            max_unselected=longest,
            **{name: str(data.get(name, "")) for name in ("title", "owner", "basis", "source", "instruction", "approved_by")},
        )
    except (ValueError, TypeError, Invalid) as error:
        what = str(error).rstrip(".")
        raise Invalid({"profile": what}, "Profile %(code)s: %(what)s.", code=code or "without a code", what=what) from None


def _day(value: Any) -> date | None:
    if value in (None, ""):
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def profile_plain(profile: Profile) -> dict[str, Any]:
    """Plain data that `profile_from` reads."""
    made: dict[str, Any] = {entry.name: getattr(profile, entry.name) for entry in dataclasses.fields(profile) if entry.name != "validity"}
    made |= {"criteria": plain(profile.criteria), "lane": str(profile.lane), "status": str(profile.status)}
    made |= {"valid_from": profile.validity.start, "valid_to": profile.validity.end}
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in made.items() if value not in (None, "")}
