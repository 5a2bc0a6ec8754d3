"""Where someone could guess at sign-in: each place counts what is wrong, by account and by address (see `limits`).

What is said, how long it takes and what is counted is the same whether there is such an account or not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.webauthn import forms as keys
from allauth.mfa.webauthn.internal.auth import get_state
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.db import transaction
from fido2.webauthn import UserVerificationRequirement

from entrepot.ground.limits.api import SecurityEvent, counted_address, guessing, take, tell_event
from entrepot.kernel.errors import TooManyRequests

from ..core import plain_address
from ..models import Person
from .browsers import has_known, known_browser


def folded(address: str) -> str:
    """An address as sign-in compares it, so that no way of writing it has a count of its own."""
    try:
        return plain_address(address)
    except ValueError:
        return unicodedata.normalize("NFKC", address.strip()).casefold()


def _browser(request: Any, address: str) -> str:
    if not has_known(request):
        return ""
    person = Person.objects.filter(email=folded(address)).first()
    return known_browser(request, person) if person else ""


class WrongPassword(Exception):
    """Leaves the count as it is."""


@contextmanager
def _told(request: Any, wrong: SecurityEvent, **whose: str) -> Iterator[None]:
    """Inside, something is tried: what is wrong, and who is kept waiting, goes into the log of security events."""
    try:
        yield
    except (WrongPassword, ValidationError):
        tell_event(wrong, request, **whose)
        raise
    except TooManyRequests:
        tell_event(SecurityEvent.KEPT_WAITING, request, **whose)
        raise


@contextmanager
def guessing_password(request: Any, address: str) -> Iterator[None]:
    """Inside, a password is tried for this address."""
    browser, where = _browser(request, address), counted_address(request)
    with (
        _told(request, SecurityEvent.PASSWORD_WRONG, account=folded(address)),
        guessing("failures.account", folded(address), address=where, browser=browser, at=request.at),
    ):
        yield


@contextmanager
def _guessing_second_step(person: Any) -> Iterator[None]:
    request = context.request
    browser, where = known_browser(request, person), counted_address(request)
    with (
        _told(request, SecurityEvent.SECOND_STEP_WRONG, person=str(person.uuid)),
        guessing("failures.second-step", str(person.uuid), address=where, browser=browser, at=request.at),
    ):
        yield


class CountsFailures:
    """What an adapter does so that wrong passwords are counted, at sign-in and where it is asked for again."""

    def authenticate(self, request: Any, **credentials: Any) -> Any:
        """The person with these credentials, or None."""
        try:
            with guessing_password(request, str(credentials.get("email") or "")):
                person = super().authenticate(request, **credentials)  # type: ignore[misc]
                if person is None:
                    raise WrongPassword
        except WrongPassword:
            return None
        return person


class ChangePasswordForm(account.ChangePasswordForm):
    """Whoever sits down at another's session cannot try passwords without end."""

    def clean_oldpassword(self) -> str:
        """The password as it was."""
        with guessing_password(context.request, self.user.email or ""):
            return super().clean_oldpassword()


class ResetPasswordForm(account.ResetPasswordForm):
    """A forgotten password: so many mails to one account and from one address, asked for from browsers that nobody knows."""

    def save(self, request: Any, **kwargs: Any) -> str:
        """Send the mail. Raises `TooManyRequests`."""
        address = self.cleaned_data["email"]
        browser = _browser(request, address)
        limits = [("mails.account", f"{folded(address)} {browser}")]
        for limit in limits if browser else [("mails.address", counted_address(request)), *limits]:
            if wait := take(*limit, at=request.at):
                raise TooManyRequests(wait)
        with transaction.atomic():
            if self.users:
                return str(super().save(request, **kwargs))
            # For nobody the same mail is written and taken back: how long an answer takes tells nothing.
            if getattr(get_connection(), "taken_back_by_rollback", False):
                self.users = [Person(pk=0, email=address)]
                super().save(request, **kwargs)
            transaction.set_rollback(True)
        return str(address)


class _CountsCodes:
    def clean_code(self) -> str:
        """A code of the app, or a recovery code."""
        with _guessing_second_step(self.user):  # type: ignore[attr-defined]
            return super().clean_code()  # type: ignore[misc]


class CodeForm(_CountsCodes, codes.AuthenticateForm):
    """The second step at sign-in."""


class CodeAgainForm(_CountsCodes, codes.ReauthenticateForm):
    """The same, asked for again."""


@contextmanager
def _reading_key() -> Iterator[None]:
    """Inside, a passkey's answer is read. fido2 takes one without a part of it, or with another kind of part, as a fault of the program."""
    try:
        yield
    except (AttributeError, KeyError, TypeError):
        raise get_adapter().validation_error("incorrect_code") from None


class _CountsKeys:
    def clean_credential(self) -> Any:
        """A passkey's answer."""
        with _guessing_second_step(self.user), _reading_key():  # type: ignore[attr-defined]
            return super().clean_credential()  # type: ignore[misc]


class KeyForm(_CountsKeys, keys.AuthenticateWebAuthnForm):
    """A passkey as the second step."""


class KeyAgainForm(_CountsKeys, keys.ReauthenticateWebAuthnForm):
    """The same, asked for again."""


class PasskeyForm(keys.LoginWebAuthnForm):
    """A passkey alone. Whose it is stands in the answer itself, so that only the address can be counted: else anyone could name another.

    allauth keeps one question in the session, whatever it was asked for. One for a second step does not ask the key who holds it (by its
    PIN or a finger): alone, an answer to that would let in whoever found the key.
    """

    def clean_credential(self) -> Any:
        """A passkey's answer."""
        request = context.request
        with (
            _told(request, SecurityEvent.SECOND_STEP_WRONG),
            guessing("failures.second-step", "", address=counted_address(request), at=request.at),
        ):
            if (get_state() or {}).get("user_verification") != UserVerificationRequirement.REQUIRED:
                raise get_adapter().validation_error("incorrect_code")
            with _reading_key():
                return super().clean_credential()
