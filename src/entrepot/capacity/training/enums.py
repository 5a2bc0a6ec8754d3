"""Stages of an activity, states of invitations, nominations, offers, and levels of language."""

from enum import StrEnum

from entrepot.kernel.texts import gettext_noop


class Stage(StrEnum):
    """Where an activity stands, in order."""

    DESIGN = "design"
    INVITATION = "invitation"
    SELECTION = "selection"
    CONFIRMED = "confirmed"
    DELIVERED = "delivered"
    CLOSED = "closed"
    FOLLOWED_UP = "followed_up"
    CANCELLED = "cancelled"


STAGES = {
    Stage.DESIGN: gettext_noop("Design"),
    Stage.INVITATION: gettext_noop("Invitation"),
    Stage.SELECTION: gettext_noop("Selection"),
    Stage.CONFIRMED: gettext_noop("Seats confirmed"),
    Stage.DELIVERED: gettext_noop("Delivered"),
    Stage.CLOSED: gettext_noop("Closed"),
    Stage.FOLLOWED_UP: gettext_noop("Followed up"),
    Stage.CANCELLED: gettext_noop("Cancelled"),
}
ORDER = tuple(stage for stage in Stage if stage is not Stage.CANCELLED)


class InvitationState(StrEnum):
    """What a Member has done with an invitation."""

    SENT = "sent"
    ANSWERED = "answered"
    DECLINED = "declined"
    CANCELLED = "cancelled"


INVITATION_STATES = {
    InvitationState.SENT: gettext_noop("no answer yet"),
    InvitationState.ANSWERED: gettext_noop("nominated"),
    InvitationState.DECLINED: gettext_noop("declined"),
    InvitationState.CANCELLED: gettext_noop("Cancelled"),
}


class Release(StrEnum):
    """What the supervisor has said."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"


RELEASES = {
    Release.ASKED: gettext_noop("not released yet"),
    Release.GIVEN: gettext_noop("released"),
    Release.REFUSED: gettext_noop("release refused"),
}


class Outcome(StrEnum):
    """What selection has decided."""

    NONE = ""
    SEAT = "seat"
    WAITING = "waiting"
    OUT = "out"


OUTCOMES = {
    Outcome.NONE: gettext_noop("not decided"),
    Outcome.SEAT: gettext_noop("seat"),
    Outcome.WAITING: gettext_noop("waiting"),
    Outcome.OUT: gettext_noop("no seat"),
}


class Override(StrEnum):
    """What a selector has decided by name, against or beside the rules."""

    NONE = ""
    IN = "in"
    OUT = "out"


class OfferAnswer(StrEnum):
    """What became of a seat offered from the waiting list."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    LAPSED = "lapsed"


class LanguageLevel(StrEnum):
    """Levels of the Common European Framework of Reference, lowest first."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"


class Attended(StrEnum):
    """How someone was there."""

    IN_PERSON = "in_person"
    ONLINE = "online"


_STAGE_TONES: dict[StrEnum, str] = {**dict.fromkeys(Stage, "sea"), Stage.CLOSED: "ok", Stage.FOLLOWED_UP: "ok", Stage.CANCELLED: "stop"}
_INVITATION_TONES: dict[StrEnum, str] = {
    InvitationState.SENT: "warn",
    InvitationState.ANSWERED: "ok",
    InvitationState.DECLINED: "stop",
    InvitationState.CANCELLED: "stop",
}
_RELEASE_TONES: dict[StrEnum, str] = {Release.ASKED: "warn", Release.GIVEN: "ok", Release.REFUSED: "stop"}
_OUTCOME_TONES: dict[StrEnum, str] = {Outcome.SEAT: "ok", Outcome.WAITING: "warn", Outcome.OUT: "stop"}
TONES: dict[StrEnum, str] = {**_STAGE_TONES, **_INVITATION_TONES, **_RELEASE_TONES, **_OUTCOME_TONES}
"""How the states of an activity, an invitation and a nomination are drawn."""
