"""The secrets of a second step (an app's seed, that of recovery codes) as they are kept: encrypted, with a key of this installation."""

from __future__ import annotations

import base64
import hashlib
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

_BEGINNING = "gAAAA"
"""Of everything that Fernet made, and of no seed: those of apps are in capitals, those of codes in small letters and digits."""


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"people.second_step " + settings.SECRET_KEY.encode()).digest()))


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth leaves them as they are."""

    def encrypt(self, text: str) -> str:
        """As it is kept."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it was. Kept before there was this, it stands as it is; under another key nothing fits it any more, so no code is right."""
        if not encrypted_text.startswith(_BEGINNING):
            return encrypted_text
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()
