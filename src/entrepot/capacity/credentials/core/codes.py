"""Codes that people type from paper: no letter that is mistaken for another, and a check letter at the end."""

from __future__ import annotations

import random

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 11


def _check(body: str) -> str:
    # Weights that are prime to the alphabet's size (30) catch every single wrong letter; different neighbours catch most swaps.
    weights = (1, 7, 11, 13, 17, 19, 23, 29, 1, 7, 11)
    return ALPHABET[sum(ALPHABET.index(char) * weight for char, weight in zip(body, weights, strict=True)) % len(ALPHABET)]


def new_code(chance: random.Random) -> str:
    """A code as `ABCD-EFGH-JKM7`: eleven letters drawn from `chance` (53 bits) and the check letter.

    >>> is_code(new_code(random.Random(1)))
    True
    """
    body = "".join(chance.choice(ALPHABET) for _ in range(LENGTH))
    whole = body + _check(body)
    return "-".join(whole[start : start + 4] for start in (0, 4, 8))


def is_code(text: str) -> bool:
    """Whether a text is a well-formed code, before anyone asks the database.

    >>> is_code("2222-2222-2222"), is_code("2222-2222-2223")
    (True, False)
    """
    plain = text.replace("-", "").upper()
    return len(plain) == LENGTH + 1 and set(plain) <= set(ALPHABET) and _check(plain[:-1]) == plain[-1]
