"""Tokens of a text, the same on every database, so that words are found in any script, with or without spaces between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from entrepot.ground.people.core import fold

LONGEST = 40
MOST_TERMS = 12
# Thai, Lao, Myanmar, Khmer: letters and vowel signs run on without spaces: cut into every three characters that follow each other.
_RUNNING = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3"
# Han and kana: a word is often two characters, sometimes one.
_IDEOGRAPHS = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_RUNS = re.compile(f"([{_RUNNING}]+)|([{_IDEOGRAPHS}]+)|([^{_RUNNING}{_IDEOGRAPHS}]+)")
_BREAKS = re.compile(
    r"[\s\x00-/:-@\[-`{-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf\u02bb\u02bc\u0589\u060c\u061b\u061f\u06d4\u0964\u0965"
    r"\u0f0b-\u0f14\u104a-\u104f\u17d4-\u17da\u2000-\u206f\u3000-\u3004\u3008-\u3020\u30fb\ufd3e\ufd3f]+"
)
_JOINED = re.compile(r"(?<=\w)['’ʻʼ\-‐](?=\w)")
# Zero-width characters, Arabic vowel marks and the stretching stroke say nothing about which word it is.
_SILENT = re.compile("[\u200b-\u200f\u2060\ufeff\u0640\u064b-\u0652\u0670]")
_SAME = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك"})
_ARTICLE = re.compile(r"^(?:وال|بال|لل|ال)(?=\w{3})")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that has to be found: a token, or the beginning of one."""

    text: str
    beginning: bool = False


def _plain(text: str) -> str:
    return _SILENT.sub("", fold(text)).translate(_SAME)


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """(length of a gram, run): 3 for running scripts, 2 for ideographs, 0 for a word between breaks."""
    for piece in _BREAKS.split(text):
        for running, ideographs, word in _RUNS.findall(piece):
            yield (3, running) if running else (2, ideographs) if ideographs else (0, word)


def _grams(run: str, size: int) -> set[str]:
    # The last ones are shorter, so that whatever is asked for begins some gram.
    return {run[at : at + size] for at in range(len(run))}


def tokens(text: str) -> set[str]:
    """Everything under which `text` is found: folded words, or grams where a script has no spaces.

    >>> sorted(tokens("Café-style l’origine"))
    ['cafe', 'cafestyle', 'l', 'lorigine', 'origine', 'style']
    >>> sorted(tokens("原产地"))
    ['产地', '原产', '地']
    """
    plain = _plain(text)
    found: set[str] = set()
    for size, run in _runs(plain):
        if size:
            found |= _grams(run, size)
        else:
            found.add(run[:LONGEST])
            if bare := _ARTICLE.sub("", run):
                found.add(bare[:LONGEST])
    joined = _JOINED.sub("", plain)
    if joined != plain:
        found |= {run[:LONGEST] for size, run in _runs(joined) if not size}
    return found


def wanted(query: str) -> list[Term]:
    """What has to be found, all of it, for `query`: words by their beginning, grams as they are.

    >>> wanted("Certificates 原产地")
    [Term(text='certificate', beginning=True), Term(text='原产', beginning=False), Term(text='产地', beginning=False)]
    """
    found: list[Term] = []
    for size, run in _runs(_plain(query)):
        if size:
            whole = [run[at : at + size] for at in range(len(run) - size + 1)]
            found += [Term(gram) for gram in whole] if whole else [Term(run, beginning=True)]
        else:
            word = _ARTICLE.sub("", run)[:LONGEST]
            # A plural finds its singular, as the beginning of it.
            word = word[:-1] if len(word) > 4 and word.isascii() and word.endswith("s") and not word.endswith("ss") else word
            # "of" is a word; as a beginning it would be hundreds.
            found.append(Term(word, beginning=len(word) > 2 or (len(word) > 1 and not word.isascii())))
    return list(dict.fromkeys(found))[:MOST_TERMS]
