"""Passwords that whoever knows this product would try first."""

from __future__ import annotations

import re

_WORDS = """
entrepot customs custom training trainer academy workshop network region regional office officer centre center member wco admin
administrator coordinator supervisor manager analyst observer partner national programme program certificate seminar course learn
learning risk password passwort welcome login secret letmein changeme qwerty january february march april may june july august
september october november december monday friday summer winter spring autumn
"""
EXPECTED = frozenset(_WORDS.split())
"""Words of the trade, of the roles and of what people add to them."""
_SPELT = str.maketrans("04135$@7!", "oaiessati")
_PARTS = re.compile(r"[a-z]+")
LEAST = 6
"""Letters that have to be left once the expected words are taken out."""


def is_expected(password: str) -> bool:
    """Whether a password is made of expected words and of digits and signs alone, in small or large letters, or with digits for letters.

    >>> is_expected("Customs-Training2026"), is_expected("Entrep0t!Entrep0t"), is_expected("a lagoon with three herons")
    (True, True, False)
    """
    if not password.isascii():
        return False
    plain = password.lower()
    return any(_left(text) < LEAST for text in (plain, plain.translate(_SPELT)) if _holds(text))


def _holds(text: str) -> bool:
    return any(word in text for word in EXPECTED)


def _left(text: str) -> int:
    for word in sorted(EXPECTED, key=len, reverse=True):
        text = text.replace(word, " ")
    return sum(map(len, _PARTS.findall(text)))
