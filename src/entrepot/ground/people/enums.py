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


class Backing(StrEnum):
    """Who stands for it that a person's address is theirs. What is told of an address alone is told by this."""

    SAID = ""
    """Nobody but who said it: the person themself, a link or a token."""
    HOME = "home"
    """Someone who keeps their home, signed in: good for what their own administration holds."""
    PROVED = "proved"
    """A mail to it was answered (a new password), or the installation's operator: good everywhere."""
