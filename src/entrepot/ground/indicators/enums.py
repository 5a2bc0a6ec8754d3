"""How often an indicator is taken, and which way is better."""

from enum import StrEnum

from entrepot.kernel.texts import gettext_noop


class Every(StrEnum):
    """The length of a period."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


EVERY = {
    Every.MONTH: gettext_noop("every month"),
    Every.QUARTER: gettext_noop("every quarter"),
    Every.YEAR: gettext_noop("every year"),
}


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


DIRECTIONS = {
    Direction.UP: gettext_noop("more is better"),
    Direction.DOWN: gettext_noop("less is better"),
    Direction.NEITHER: gettext_noop("neither way is better"),
}
