"""What changed between two versions of a text, word by word, within a bound of work that no text can exceed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_WORDS = re.compile(r"\s+|[^\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+|.", re.DOTALL)
MOST_CHANGES = 1000
"""Words taken and added; texts that differ by more are shown one after the other, as nobody reads such a difference word by word."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both versions have ("same"), only the later ("added") or only the earlier ("taken")."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """The pieces from which both versions can be read. Scripts without spaces are compared character by character.

    The least number of words taken and added, by the greedy algorithm of E. W. Myers, "An O(ND) difference algorithm and its variations",
    Algorithmica 1 (1986): the work grows with the length of the texts times the number of changes, which is bounded.

    >>> [(p.kind, p.text) for p in difference("one old page", "one new page")]
    [('same', 'one '), ('taken', 'old'), ('added', 'new'), ('same', ' page')]
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    return list(_pieces(old, new, _kept(old, new)))


def _pieces(old: Sequence[str], new: Sequence[str], kept: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    at, to = 0, 0
    same: list[str] = []
    for one, other in (*kept, (len(old), len(new))):
        if (one, other) != (at, to):
            if same:
                yield Piece("same", "".join(same))
                same = []
            if at < one:
                yield Piece("taken", "".join(old[at:one]))
            if to < other:
                yield Piece("added", "".join(new[to:other]))
        same += old[one : one + 1]
        at, to = one + 1, other + 1
    if same:
        yield Piece("same", "".join(same))


def _kept(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The words that both have, in order, as (where in the old, where in the new)."""
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    middle = _shortest(old[first : len(old) - last], new[first : len(new) - last])
    head = [(one, one) for one in range(first)]
    tail = [(len(old) - last + one, len(new) - last + one) for one in range(last)]
    return [*head, *((one + first, other + first) for one, other in middle), *tail]


def _shortest(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """What is kept on the shortest way from `old` to `new`; nothing where that way is longer than `MOST_CHANGES`."""
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for changes in range(min(MOST_CHANGES, len(old) + len(new)) + 1):
        trace.append(dict(furthest))
        for line in range(-changes, changes + 1, 2):
            before = _before(furthest, line, changes)
            at = furthest[before] + (before < line)
            while at < len(old) and at - line < len(new) and old[at] == new[at - line]:
                at += 1
            furthest[line] = at
            if at >= len(old) and at - line >= len(new):
                return _walked_back(trace, len(old), len(new))
    return []


def _before(furthest: dict[int, int], line: int, changes: int) -> int:
    """The line from which this one is reached: the one above (a word added) or the one below (a word taken), whichever got further."""
    added = line == -changes or (line != changes and furthest[line - 1] < furthest[line + 1])
    return line + 1 if added else line - 1


def _walked_back(trace: Sequence[dict[int, int]], at: int, to: int) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for changes in range(len(trace) - 1, -1, -1):
        before = _before(trace[changes], at - to, changes)
        start = trace[changes][before]
        while at > start and to > start - before:
            at, to = at - 1, to - 1
            kept.append((at, to))
        at, to = start, start - before
    return kept[::-1]
