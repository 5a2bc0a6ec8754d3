"""Which characters the fonts of our own can draw, and what stands in place of the others."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

BOX = "\u25af"
"""Stands where a character cannot be drawn."""
_ALTERS = re.compile("[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]")
"""Characters that only alter how the one before them looks: a shade of skin, a frame, a variant. Left out of a paper in which something
cannot be drawn."""
_UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Zs"}
SHOWN = 12
"""So many letters of the words around a missing character are shown."""


class Missing(NamedTuple):
    """A character that cannot be drawn, and where it stood (with the box in its place)."""

    char: str
    where: str

    @property
    def name(self) -> str:
        """What Unicode calls it."""
        return unicodedata.name(self.char, "unnamed")


def without_missing(value: Any, also: str = "") -> tuple[Any, tuple[Missing, ...]]:
    """`value` (texts in dicts and lists) with a box for each character that no font has, or that stands in `also`; and these, each once."""
    found: dict[str, Missing] = {}

    def drawn(text: str) -> str:
        plain = _ALTERS.sub("", text)
        lost = [char for char in dict.fromkeys(plain) if char in also or not _has(char)]
        clear = "".join(BOX if char in lost else char for char in plain)
        for char in lost:
            at = plain.index(char)
            found.setdefault(char, Missing(char, clear[max(0, at - SHOWN) : at + SHOWN].strip(' “”"')))
        return clear

    return _each(value, drawn), tuple(found.values())


def _each(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: one if name in ("kind", "language", "qr", "code") else _each(one, change) for name, one in value.items()}
    return [_each(one, change) for one in value] if isinstance(value, list | tuple) else value


def _has(char: str) -> bool:
    return ord(char) in drawable() or unicodedata.category(char) in _UNSEEN


@lru_cache(maxsize=1)
def drawable() -> frozenset[int]:
    """The code points that some font in `fonts/` has a sign for."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 a second of work that most processes never need

    found: set[int] = set()
    for path in sorted((Path(__file__).parent / "fonts").glob("*.?tf")):
        with TTFont(path, lazy=True) as font:
            found |= font.getBestCmap().keys()
    return frozenset(found)
