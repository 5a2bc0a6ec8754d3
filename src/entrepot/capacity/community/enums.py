"""How far a profile is seen, and where a fellow of a group stands."""

from enum import StrEnum

from entrepot.kernel.texts import gettext_noop


class Sight(StrEnum):
    """Who sees what a person says of themself."""

    PRIVATE = "private"
    ADMINISTRATION = "administration"
    REGION = "region"


SIGHTS = {
    Sight.PRIVATE: gettext_noop("nobody but me"),
    Sight.ADMINISTRATION: gettext_noop("people of my own administration"),
    Sight.REGION: gettext_noop("people of the region, signed in"),
}


class Belonging(StrEnum):
    """Where someone stands with a group: asked to join, in it, or gone."""

    ASKED = "asked"
    JOINED = "joined"
    LEFT = "left"
