"""The roles that people hold. Which role may do what is said in each app's `rules.py`; the page of roles is made from those."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .texts import gettext_noop


class Role(StrEnum):
    """A function that a person carries out somewhere, for a time."""

    HEAD = "head"
    PROGRAMME_MANAGER = "programme_manager"
    REGIONAL_ADMIN = "regional_admin"
    VICE_CHAIR_OFFICE = "vice_chair_office"
    CENTRE_MANAGER = "centre_manager"
    TRAINER = "trainer"
    NATIONAL_COORDINATOR = "national_coordinator"
    SUPERVISOR = "supervisor"
    OFFICER = "officer"
    ANALYST = "analyst"
    PARTNER = "partner"
    OBSERVER = "observer"


class Reach(StrEnum):
    """How far a role carries from the place where it is held."""

    PLACE = "place"
    """That place and everything under it."""
    REGION = "region"
    """The whole region of that place."""
    TERM = "term"
    """The whole region, but only while that Member holds the Vice-Chair; afterwards only what was dated within the term."""


@dataclass(frozen=True, slots=True)
class RoleNote:
    """What a role is called, what it is for, where it is held (place kinds) and how far it reaches."""

    title: str
    purpose: str
    held_at: frozenset[str]
    reach: Reach = Reach.PLACE


_MEMBER = frozenset({"member"})
_MEMBER_OR_OFFICE = frozenset({"member", "office"})
_OFFICE = frozenset({"regional_office"})

ROLES: dict[Role, RoleNote] = {
    Role.HEAD: RoleNote(
        gettext_noop("Head of the regional office"), gettext_noop("Answers for the region's programme."), _OFFICE, Reach.REGION
    ),
    Role.PROGRAMME_MANAGER: RoleNote(
        gettext_noop("Programme manager"), gettext_noop("Plans activities and follows them up."), _OFFICE, Reach.REGION
    ),
    Role.REGIONAL_ADMIN: RoleNote(
        gettext_noop("Regional administrator"),
        gettext_noop("Keeps places, people and permissions in order for the region."),
        _OFFICE,
        Reach.REGION,
    ),
    Role.VICE_CHAIR_OFFICE: RoleNote(
        gettext_noop("Vice-Chair’s office"),
        gettext_noop("Oversees the region while its Member holds the Vice-Chair."),
        _MEMBER,
        Reach.TERM,
    ),
    Role.CENTRE_MANAGER: RoleNote(
        gettext_noop("Centre manager"),
        gettext_noop("Runs a regional training centre: rooms, staff, calendar."),
        frozenset({"centre", "laboratory", "dog_centre"}),
    ),
    Role.TRAINER: RoleNote(
        gettext_noop("Trainer"), gettext_noop("Prepares and gives sessions."), frozenset({"centre", "laboratory", "dog_centre", "member"})
    ),
    Role.NATIONAL_COORDINATOR: RoleNote(
        gettext_noop("National coordinator"), gettext_noop("Speaks for one Member: nominations, needs, surveys, accounts."), _MEMBER
    ),
    Role.SUPERVISOR: RoleNote(
        gettext_noop("Supervisor"), gettext_noop("Releases officers for training and confirms what they do with it."), _MEMBER_OR_OFFICE
    ),
    Role.OFFICER: RoleNote(gettext_noop("Officer"), gettext_noop("Learns, and uses it at the border."), _MEMBER_OR_OFFICE),
    Role.ANALYST: RoleNote(
        gettext_noop("Analyst"), gettext_noop("Works with data and models."), frozenset({"member", "office", "liaison_office"})
    ),
    Role.PARTNER: RoleNote(
        gettext_noop("Partner"), gettext_noop("Funds or co-runs some activities and sees those."), frozenset({"partner"})
    ),
    Role.OBSERVER: RoleNote(
        gettext_noop("Observer"),
        gettext_noop("Attends meetings without a vote."),
        frozenset({"member", "partner", "liaison_office", "centre"}),
    ),
}
