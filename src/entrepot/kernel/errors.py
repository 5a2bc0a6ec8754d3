"""What can be wrong with a request, in words a person can act on.

An app names its own errors where it raises them and derives them from these. Pages show them, the API turns them into problem+json.
Anything that is not a `DomainError` is a defect and propagates.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import ClassVar

from .texts import Text, gettext_noop


class DomainError(Exception):
    """A request that cannot be met, with a message in English and the values for it."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422
    message: ClassVar[str] = gettext_noop("This cannot be done.")

    def __init__(self, message: str | None = None, /, *, field: str | None = None, **values: object) -> None:
        self.text = Text(message or self.message, values)
        self.field = field
        super().__init__(str(self.text))


class Invalid(DomainError):
    """Something that was sent is wrong; `faults` maps a field's name to what is wrong with it."""

    code = "invalid"
    message = gettext_noop("Some of what was sent needs correcting.")

    def __init__(self, faults: Mapping[str, Text | str] | None = None, message: str | None = None, /, **values: object) -> None:
        super().__init__(message, field=None, **values)
        self.faults = {name: fault if isinstance(fault, Text) else Text(fault) for name, fault in (faults or {}).items()}


class NotAllowed(DomainError):
    """The principal may see the thing but not do this with it."""

    code = "not-allowed"
    status = 403
    message = gettext_noop("You do not have the role for this.")


class NotFound(DomainError):
    """There is no such thing, or none that the principal may know of: both answer alike, so that nothing leaks."""

    code = "not-found"
    status = 404
    message = gettext_noop("There is nothing here under that address.")


class StaleEdit(DomainError):
    """The record changed since it was opened; `theirs` and `yours` hold both sides, field by field."""

    code = "stale-edit"
    status = 409
    message = gettext_noop("Someone changed this while you had it open. Nothing of yours is lost: compare both sides and save again.")

    def __init__(self, *, current_version: int, theirs: Mapping[str, object], yours: Mapping[str, object]) -> None:
        super().__init__()
        self.current_version = current_version
        self.theirs = dict(theirs)
        self.yours = dict(yours)


class Conflict(DomainError):
    """The request contradicts what is already recorded."""

    code = "conflict"
    status = 409
    message = gettext_noop("This contradicts what is already recorded.")


class TooManyRequests(DomainError):
    """Something was tried or asked too often; `seconds` says for how long to wait."""

    code = "too-many-requests"
    status = 429
    message = gettext_noop("There were too many attempts. Wait %(seconds)s seconds, then try again.")
    minutes = gettext_noop("There were too many attempts. Wait %(minutes)s minutes, then try again.")

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, ceil(seconds))
        super().__init__(self.minutes if self.seconds > 90 else None, seconds=self.seconds, minutes=ceil(self.seconds / 60))
