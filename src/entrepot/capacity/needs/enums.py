"""How urgent a need is, and where it stands."""

from enum import StrEnum

from entrepot.kernel.texts import gettext_noop


class Urgency(StrEnum):
    """By when it would still help."""

    NOW = "now"
    YEAR = "year"
    LATER = "later"


URGENCIES = {
    Urgency.NOW: gettext_noop("within half a year"),
    Urgency.YEAR: gettext_noop("within a year"),
    Urgency.LATER: gettext_noop("later"),
}


class NeedState(StrEnum):
    """Where a need stands."""

    OPEN = "open"
    TAKEN_UP = "taken_up"
    WITHDRAWN = "withdrawn"


NEED_STATES = {
    NeedState.OPEN: gettext_noop("open"),
    NeedState.TAKEN_UP: gettext_noop("taken up"),
    NeedState.WITHDRAWN: gettext_noop("withdrawn"),
}


class Mode(StrEnum):
    """How training takes place."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


MODES = {
    Mode.IN_PERSON: gettext_noop("in person"),
    Mode.ONLINE: gettext_noop("online"),
    Mode.HYBRID: gettext_noop("hybrid"),
}

NEED_TONES = {NeedState.OPEN: "warn", NeedState.TAKEN_UP: "ok"}
"""How a need's state is drawn."""
