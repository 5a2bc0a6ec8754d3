"""Choices that people have."""

from __future__ import annotations

from enum import StrEnum


class MailVia(StrEnum):
    """By what way mail reaches a person."""

    SIGN_IN = "sign_in"
    """The person's own address, with which they sign in."""
    CONTACT = "contact"
    """A contact address, which others may read."""
    COORDINATOR = "coordinator"
    """The coordinators of the person's administration, who hand it on."""
    NONE = "none"
    """There is no way."""
