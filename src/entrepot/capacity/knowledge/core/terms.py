"""Words of customs work that mean the same in several languages: how a search in one finds what is written in another.

A list that people can read and correct (terms.toml) in the place of a model: whoever searches is told what else was looked for.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from entrepot.ground.people.core import fold

_FILE = Path(__file__).parent / "terms.toml"


@cache
def concepts() -> tuple[tuple[str, ...], ...]:
    """Each concept as the words for it; the first is English."""
    return tuple(tuple(words) for words in tomllib.loads(_FILE.read_text(encoding="utf-8"))["concepts"])


@cache
def _by_phrase() -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = {fold(phrase): words for words in concepts() for phrase in words}
    # The longest first, so that "risk management" is not taken for "risk".
    return tuple(sorted(pairs.items(), key=lambda pair: -len(pair[0])))


def said_elsewhere(query: str) -> tuple[list[tuple[str, tuple[str, ...]]], str]:
    """The concepts that `query` names, each as (phrase, other words for it), and what is left of the query.

    >>> found, rest = said_elsewhere("rules of origin wharf")
    >>> found[0][0], "原产地规则" in found[0][1], rest
    ('rules of origin', True, 'wharf')
    """
    rest, found = f" {fold(query)} ", []
    for phrase, words in _by_phrase():
        # Words between spaces stand alone; scripts without spaces have the phrase anywhere.
        here = phrase if _runs_on(phrase) else f" {phrase} "
        if here in rest:
            rest = rest.replace(here, " ")
            found.append((phrase, tuple(word for word in words if fold(word) != phrase)))
    return found, " ".join(rest.split())


def _runs_on(phrase: str) -> bool:
    return any("\u0e00" <= char <= "\u0eff" or "\u1780" <= char <= "\u17ff" or "\u3040" <= char <= "\u9fff" for char in phrase)
