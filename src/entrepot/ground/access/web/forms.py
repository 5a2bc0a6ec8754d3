"""The forms of access."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from entrepot.shell.fields import WholeField


class PasswordForm(forms.Form):
    """A first password."""

    password = forms.CharField(
        label=_("Choose a password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,  # as it is typed: sign-in compares it so
        help_text=_("At least twelve characters; three or four words are good."),
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """The password, if it is good enough."""
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)
        return password


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.SelectMultiple)
    days = WholeField(label=_("Days that it lasts"), initial=90)

    def __init__(self, *args: Any, scopes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope, scope) for scope in scopes]  # type: ignore[attr-defined]
