"""Words of customs work that mean the same in several languages: how a search in one finds what is written in another.

A list that people can read and correct (terms.toml) in the place of a model: whoever searches is told what else was looked for. Which
concepts a text names is found when it is indexed, so that a search asks for one token where there are ten words and their grams.
"""

from __future__ import annotations

import hashlib
import tomllib
from bisect import bisect_left
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import NamedTuple

from entrepot.ground.people.core import fold

from .tokens import LONGEST, Term, wanted

_FILE = Path(__file__).parent / "terms.toml"
_MARK = "="
"""Before what stands for no word of a text: every text breaks at it."""
_EDITION = 1
"""Raised where the same texts are to be indexed anew for another reason than a change of terms.toml."""


class Concept(NamedTuple):
    """A concept that a query names: by which phrase, the other words for it, and the token under which it is found."""

    said: str
    others: tuple[str, ...]
    token: str


@cache
def concepts() -> tuple[tuple[str, ...], ...]:
    """Each concept as the words for it; the first is English."""
    return tuple(tuple(words) for words in tomllib.loads(_FILE.read_text(encoding="utf-8"))["concepts"])


@cache
def _by_phrase() -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = {fold(phrase): words for words in concepts() for phrase in words}
    # The longest first, so that "risk management" is not taken for "risk".
    return tuple(sorted(pairs.items(), key=lambda pair: -len(pair[0])))


def said_elsewhere(query: str) -> tuple[list[Concept], str]:
    """The concepts that `query` names, and what is left of the query.

    >>> found, rest = said_elsewhere("rules of origin wharf")
    >>> found[0].said, "原产地规则" in found[0].others, rest
    ('rules of origin', True, 'wharf')
    """
    rest, found = f" {fold(query)} ", []
    for phrase, words in _by_phrase():
        # Words between spaces stand alone; scripts without spaces have the phrase anywhere.
        here = phrase if _runs_on(phrase) else f" {phrase} "
        if here in rest:
            rest = rest.replace(here, " ")
            found.append(Concept(phrase, tuple(word for word in words if fold(word) != phrase), _token(words)))
    return found, " ".join(rest.split())


def _runs_on(phrase: str) -> bool:
    return any("\u0e00" <= char <= "\u0eff" or "\u1780" <= char <= "\u17ff" or "\u3040" <= char <= "\u9fff" for char in phrase)


def _token(words: tuple[str, ...]) -> str:
    return f"{_MARK}{fold(words[0])}"[:LONGEST]


@cache
def _asked() -> tuple[tuple[str, tuple[tuple[Term, ...], ...]], ...]:
    """(token of a concept, the terms of each phrase for it)."""
    return tuple((_token(words), tuple(tuple(wanted(phrase)) for phrase in words)) for words in concepts())


def concepts_in(told: Collection[str]) -> set[str]:
    """The tokens of the concepts of which one phrase, in any language, has all its terms among the tokens `told`.

    >>> concepts_in({"rules", "of", "origin"}) == {"=rules of origin", "=origin"}
    True
    """
    order = sorted(told)

    def held(term: Term) -> bool:
        if not term.beginning:
            return term.text in told
        at = bisect_left(order, term.text)
        return at < len(order) and order[at].startswith(term.text)

    return {token for token, phrases in _asked() if any(phrase and all(map(held, phrase)) for phrase in phrases)}


@cache
def edition() -> str:
    """The token that every practice has that is indexed by the concepts as they stand."""
    return f"{_MARK * 2}{_EDITION}-{hashlib.sha256(_FILE.read_bytes()).hexdigest()[:16]}"
