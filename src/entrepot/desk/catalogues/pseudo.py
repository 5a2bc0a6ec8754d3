"""Pseudo-languages: English made to look like what translation brings. Whatever still reads as plain English was forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable

_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = str.maketrans(_PLAIN, "åƀçđéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ")
_WIDE = str.maketrans({letter: chr(ord(letter) + 0xFEE0) for letter in _PLAIN} | {" ": ""})
# What stays as it is: places for values, markup, entities.
_FIXED = re.compile(r"(%\(\w+\)[a-zA-Z]|%[sdi%]|\{\w*\}|</?\w[^>]*>|&\w+;)")


def _around(text: str, change: Callable[[str], str]) -> str:
    parts = _FIXED.split(text)
    return "".join(part if _FIXED.fullmatch(part) else change(part) for part in parts)


def expanded(text: str) -> str:
    """Accented, and a third longer: every vowel twice, as German or Tamil would be.

    >>> expanded("Welcome, %(name)s")
    'Ŵééļçööɱéé, %(name)s'
    """
    return _around(text, lambda part: re.sub(r"([aeiouAEIOU])", r"\1\1", part).translate(_ACCENTED))


def right_to_left(text: str) -> str:
    """Each stretch of words turned round by direction marks, as Arabic or Urdu runs.

    >>> right_to_left("Save %(n)s").replace("\u202e", "<").replace("\u202c", ">")
    '<Save> %(n)s'
    """
    return _around(text, lambda part: re.sub(r"[^\W\d_](?:[^\n]*[^\W_])?", "\u202e\\g<0>\u202c", part))


def unspaced(text: str) -> str:
    """No spaces between words, letters as wide as ideographs, breaking anywhere, as Chinese, Japanese or Thai do.

    >>> unspaced("Two words")
    'Ｔｗｏｗｏｒｄｓ'
    """
    return _around(text, lambda part: part.translate(_WIDE))
