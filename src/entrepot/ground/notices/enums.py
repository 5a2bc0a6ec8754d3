"""The states of a mail."""

from enum import StrEnum


class MailState(StrEnum):
    """Where a mail stands."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    """Not sent, because it no longer should be: the person left, switched the kind off, or has no address that works."""
    GIVEN_UP = "given_up"
    """Tried for two days and not taken by the mail server."""
