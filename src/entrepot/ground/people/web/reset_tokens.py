"""The secret in a link to a new password. Apart from the forms: allauth asks for it while it makes its own."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetTokens(PasswordResetTokenGenerator):
    """What the link in a mail proves: that it was asked for by this address, of this person, under this password."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}:{user.credentials_version}"
