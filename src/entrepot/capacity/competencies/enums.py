"""Levels of proficiency, and groups of competencies."""

from enum import StrEnum

from entrepot.kernel.texts import gettext_noop


class Level(StrEnum):
    """How far someone has come, lowest first."""

    AWARE = "aware"
    TRAINED = "trained"
    ADVANCED = "advanced"
    EXPERT = "expert"


LEVELS = {
    Level.AWARE: gettext_noop("aware"),
    Level.TRAINED: gettext_noop("trained"),
    Level.ADVANCED: gettext_noop("advanced"),
    Level.EXPERT: gettext_noop("expert"),
}


class Group(StrEnum):
    """What sort of competency it is."""

    CORE = "core"
    OPERATIONAL = "operational"
    PROFESSIONAL = "professional"
    MANAGEMENT = "management"
