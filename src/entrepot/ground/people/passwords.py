"""What a new password may not be, beside what Django refuses."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from .core import is_expected


class ExpectedWordsValidator:
    """Refuse what is made of this product's own words: it is what strangers try first."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002  (Django's signature)
        """Raise `ValidationError` where it is."""
        if is_expected(password):
            raise ValidationError(self.get_help_text(), code="password_expected")

    def get_help_text(self) -> str:
        """In words."""
        return gettext(
            "This password is made of words that others would try first here. Add two or three words that have nothing to do with it."
        )
