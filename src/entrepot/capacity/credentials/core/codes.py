"""Codes that people type from paper: no letter that is mistaken for another, and a check letter at the end."""

from __future__ import annotations

import random

from entrepot.kernel.codes import typed_code

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 11


def _check(body: str) -> str:
    # Weights that are prime to the alphabet's size (30) catch every single wrong letter; different neighbours catch most swaps.
    weights = (1, 7, 11, 13, 17, 19, 23, 29, 1, 7, 11)
    return ALPHABET[sum(ALPHABET.index(char) * weight for char, weight in zip(body, weights, strict=True)) % len(ALPHABET)]


def new_code(chance: random.Random) -> str:
    """A code as `ABCD-EFGH-JKM7`: eleven letters drawn from `chance` (53 bits) and the check letter.

    >>> code = new_code(random.Random(1))
    >>> read_code(code) == code
    True
    """
    body = "".join(chance.choice(ALPHABET) for _ in range(LENGTH))
    return _grouped(body + _check(body))


def read_code(text: str) -> str:
    """The code that someone typed, as it is kept; empty where no certificate can have it, before anyone asks the database.

    >>> read_code("2222 2222\u20132222"), read_code("2222-2222-2223")
    ('2222-2222-2222', '')
    """
    plain = typed_code(text)
    if len(plain) != LENGTH + 1 or not set(plain) <= set(ALPHABET) or _check(plain[:-1]) != plain[-1]:
        return ""
    return _grouped(plain)


def _grouped(plain: str) -> str:
    return "-".join(plain[start : start + 4] for start in (0, 4, 8))
