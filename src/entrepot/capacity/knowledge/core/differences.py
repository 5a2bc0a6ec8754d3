"""What changed between two versions of a text, word by word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

_WORDS = re.compile(r"\s+|[^\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both versions have ("same"), only the later ("added") or only the earlier ("taken")."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """The pieces from which both versions can be read. Scripts without spaces are compared character by character.

    >>> [(p.kind, p.text) for p in difference("one old page", "one new page")]
    [('same', 'one '), ('taken', 'old'), ('added', 'new'), ('same', ' page')]
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Piece] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(old[a:b])))
            continue
        if a < b:
            found.append(Piece("taken", "".join(old[a:b])))
        if c < d:
            found.append(Piece("added", "".join(new[c:d])))
    return found
