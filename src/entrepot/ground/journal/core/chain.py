"""Sealing entries into a hash chain and checking it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

FIRST = "0" * 64
"""The seal before the first entry."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry as the chain sees it: its position from 1 without gaps, its content, and the seal that it carries."""

    position: int
    content: Mapping[str, object]
    seal: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain breaks and how."""

    position: int
    what: str


def seal_of(previous: str, position: int, content: Mapping[str, object]) -> str:
    """SHA-256, in hexadecimal, of the previous seal, the position and the content as canonical JSON.

    >>> seal_of(FIRST, 1, {"verb": "a"}) == seal_of(FIRST, 1, {"verb": "a"}) != seal_of(FIRST, 2, {"verb": "a"})
    True
    """
    text = json.dumps([previous, position, content], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def check_chain(entries: Iterable[Sealed]) -> Iterator[Fault]:
    """Each break in the chain: a missing position, or content that its seal does not cover. `entries` come in order of position."""
    previous, expected = FIRST, 1
    for entry in entries:
        if entry.position != expected:
            yield Fault(entry.position, "a position is missing before this one")
        elif seal_of(previous, entry.position, entry.content) != entry.seal:
            yield Fault(entry.position, "the content is not what was sealed")
        previous, expected = entry.seal, entry.position + 1
