"""Who may see a document, where nothing else decides."""

from enum import StrEnum


class Visibility(StrEnum):
    """How far a document may be seen."""

    PRIVATE = "private"
    """By whoever kept it and by those who answer for the place."""
    KNOWN = "known"
    """By everyone who is signed in."""
    PUBLIC = "public"
    """By everyone."""
