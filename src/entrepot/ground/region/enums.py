"""Kinds of place, and the states of a centre."""

from enum import StrEnum


class PlaceKind(StrEnum):
    """What sort of place it is."""

    REGION = "region"
    SUB_REGION = "sub_region"
    MEMBER = "member"
    OFFICE = "office"
    REGIONAL_OFFICE = "regional_office"
    CENTRE = "centre"
    LABORATORY = "laboratory"
    DOG_CENTRE = "dog_centre"
    LIAISON_OFFICE = "liaison_office"
    PARTNER = "partner"


class StandingKind(StrEnum):
    """What a dated fact about a place says."""

    MEMBERSHIP = "membership"
    STATUS = "status"
    HOST = "host"
    VICE_CHAIR = "vice_chair"


class CentreStatus(StrEnum):
    """Where a centre stands on its way into the network."""

    APPLICANT = "applicant"
    ACCREDITED = "accredited"
    SUSPENDED = "suspended"


class Connectivity(StrEnum):
    """What sort of line people there usually have."""

    FAST = "fast"
    SLOW = "slow"
    PATCHY = "patchy"


class EventKind(StrEnum):
    """What sort of past event it is."""

    WORKSHOP = "workshop"
    MEETING = "meeting"
    CONFERENCE = "conference"
