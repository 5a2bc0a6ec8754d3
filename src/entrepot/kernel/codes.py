"""Codes that people type from paper, a screen or a telephone call."""

from __future__ import annotations

import unicodedata


def typed_code(text: str) -> str:
    """The letters and digits of a code as someone typed it: whatever stands between them, in whatever case and width.

    >>> typed_code(" abcd\u2013ＥＦＧＨ jkm7. ")
    'ABCDEFGHJKM7'
    """
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum())
