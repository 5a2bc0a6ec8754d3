"""allauth's forms about passwords, ending in our actions: allauth itself would save a person outside any action.

allauth also keeps a table of addresses beside ours, and signs in by it. Nothing here writes it, so that it stays empty and a person's
`email` is the one address that counts.
"""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from allauth.core import context
from django.core.exceptions import ObjectDoesNotExist

from entrepot.kernel.principals import Principal, PrincipalKind

from ..core import plain_address
from ..password_actions import change_password, reset_password, set_password
from ..queries import person_by_address
from ..rules import RESET
from .guessing import ChangePasswordForm, ResetPasswordForm


class SignInForm(forms.LoginForm):  # type: ignore[misc]
    """Signing in, by an address in any spelling."""

    def clean_login(self) -> str:
        """The address as it is kept."""
        login = str(self.cleaned_data["login"])
        try:
            return plain_address(login)
        except ValueError:
            return login


class ForgottenForm(ResetPasswordForm):  # type: ignore[misc]
    """Asking for a new password. The link goes to the address that is kept, however it was typed, and never to a contact address."""

    def clean_email(self) -> str:
        """The address; nothing is said about whether anybody has it."""
        try:
            self.users = [person_by_address(self.cleaned_data["email"])]
        except ObjectDoesNotExist:
            self.users = []
        if not self.users or (self.users[0].joins_by_invitation and not self.users[0].has_usable_password()):
            self.users = []
            return str(self.cleaned_data["email"])
        return str(self.users[0].email)


class ChangeForm(ChangePasswordForm):  # type: ignore[misc]
    """Changing one's own."""

    def save(self) -> None:
        """Change it; this session goes on, every other ends."""
        _renew(self.user, change_password, context.request.principal, self.cleaned_data["password1"])


class FirstForm(forms.SetPasswordForm):  # type: ignore[misc]
    """Choosing one, signed in by other means."""

    def save(self) -> None:
        """Set it."""
        _renew(self.user, set_password, context.request.principal, self.cleaned_data["password1"])


class NewForm(forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """Choosing a new one, by the link in the mail."""

    def save(self) -> None:
        """Set it; the second step stays, and is asked for at the next sign-in."""
        by = Principal(PrincipalKind.LINK, self.user.uuid, scopes=frozenset({RESET}), thing=self.user.uuid)
        _renew(self.user, reset_password, by, self.cleaned_data["password1"])


def _renew(person: Any, act: Any, by: Principal, password: str) -> None:
    kept = act(by=by, at=context.request.at, person=person, password=password)
    # The instance that allauth goes on with: the session in hand is renewed from it.
    person.password, person.credentials_version = kept.password, kept.credentials_version
