"""Finding a name or an address in what others wrote, and taking it out. No database.

A name of several words is found wherever these stand one after another, in any case and however they are parted. A name of one word may be
a word like any other ("Rose", "Mark"): it is taken out only where it stands by itself. In scripts that put no blanks between words three
signs are enough.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

GONE = "—"
"""What stands in the place of a name that was taken out."""
_BETWEEN = r"[\s._\-’']+"
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def _forms(text: str) -> set[str]:
    return {unicodedata.normalize(form, text) for form in ("NFC", "NFD")}


def _edged(text: str, pattern: str) -> str:
    """The pattern, with nothing of a word before or after it where the script parts words by blanks."""
    before = "" if _UNSPACED.match(text[0]) else r"(?<!\w)"
    after = "" if _UNSPACED.match(text[-1]) else r"(?!\w)"
    return before + pattern + after


def _is_long(name: str) -> bool:
    return len(name.split()) > 1 or (len(name) > 2 and bool(_UNSPACED.match(name)))


def _pattern_of(name: str) -> str:
    return _edged(name, _BETWEEN.join(re.escape(part) for part in name.split()))


@dataclass(frozen=True)
class Traces:
    """The names and addresses by which one person stands in what others wrote.

    >>> ana = Traces(("Ana Tavita", "Losa"), ("ana@atn.example",))
    >>> ana.out_of({"a": "Ask ANA  TAVITA (Ana@atn.example).", "b": "Losa", "c": "Losa bay"})
    {'a': 'Ask — (—).', 'b': '—', 'c': 'Losa bay'}
    """

    names: tuple[str, ...]
    addresses: tuple[str, ...] = ()

    @cached_property
    def _inside(self) -> re.Pattern[str] | None:
        found = [_pattern_of(form) for name in self.names if _is_long(name) for form in _forms(name)]
        found += [rf"(?<![\w.+-]){re.escape(address)}(?![\w-])" for address in self.addresses]
        # The longest first, so that of a name within a name nothing is left over.
        return re.compile("|".join(sorted(set(found), key=lambda one: (-len(one), one))), re.IGNORECASE) if found else None

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset(form.casefold() for name in self.names for form in _forms(name))

    def out_of(self, value: Any) -> Any:
        """The value, a text or data made of texts, without them."""
        if isinstance(value, str):
            if value.strip().casefold() in self._whole:
                return GONE
            return self._inside.sub(GONE, value) if self._inside else value
        if isinstance(value, list):
            return [self.out_of(one) for one in value]
        if isinstance(value, dict):
            return {name: self.out_of(one) for name, one in value.items()}
        return value

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands anywhere in a text, a name of one word too: for copies that may go on a suspicion."""
        short = [_pattern_of(form) for name in self.names if not _is_long(name) for form in _forms(name)]
        return self.out_of(text) != text or bool(short and re.search("|".join(short), text, re.IGNORECASE))

    @cached_property
    def clues(self) -> tuple[str, ...]:
        """Pieces of which one at least stands in whatever holds a name or address, as text and as escaped JSON: to look for first."""
        pieces = [max(name.split(), key=len) for name in self.names if name.split()] + list(self.addresses)
        cased = {form for piece in pieces for one in (piece, piece.lower(), piece.upper(), piece.title()) for form in _forms(one)}
        return tuple(sorted(cased | {json.dumps(one)[1:-1] for one in cased}))


def traces(names: Iterable[str], addresses: Iterable[str] = ()) -> Traces:
    """What to look for, without what is empty and without doubles."""
    kept = [dict.fromkeys(" ".join(one.split()) for one in many if one and one.strip()) for many in (names, addresses)]
    return Traces(tuple(one for one in kept[0] if one != GONE), tuple(kept[1]))
