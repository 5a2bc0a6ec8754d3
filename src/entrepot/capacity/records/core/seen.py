"""Statements read and checked by their parts, each part once: the same officer, verb, unit and course come thousands of times.

What the bytes of a part were found to hold is remembered; the same bytes are not decoded, checked and keyed again. The checkers and readers
are those of any statement, so that nothing is accepted here that would not be there; what is unusual, or wrong, is left to them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from . import atoms, parts
from .checking import CONTEXT_ACTIVITIES, VOIDED
from .facts import NOTHING, Facts, Named, Verb, activities_of, activity_of, gathered, joined, verb_of, who_of
from .faults import Fault
from .reading import DEEPEST, LARGEST, Unreadable, brackets, colons, read_once

MOST = 16_384
"""Parts of one kind that are remembered; when there are more, all are forgotten and what is in use comes back by itself."""
LONGEST = 1024
"""Bytes of a part that is remembered."""
MOST_NAMED = 8
"""Actors and activities that a part names and is still remembered: each takes more room than its own bytes."""
Found = TypeVar("Found")


class Seen(Generic[Found]):
    """What parts of one kind hold, by their bytes. Calling it raises `Fault` or `Unreadable` where the part is not sound."""

    def __init__(self, checker: atoms.Checker, reader: Callable[[Any], Found], size: Callable[[Found], int]) -> None:
        self._checker, self._reader, self._size = checker, reader, size
        self._kept: dict[bytes, Found] = {}

    def __call__(self, part: msgspec.Raw) -> Found:
        """What `part` holds."""
        raw = bytes(part)
        found = self._kept.get(raw)
        if found is None:
            value = read_once(raw)
            self._checker(value)
            found = self._reader(value)
            if len(raw) <= LONGEST and self._size(found) <= MOST_NAMED:
                if len(self._kept) >= MOST:
                    self._kept.clear()
                self._kept[raw] = found
        return found


def _size(named: Named) -> int:
    return len(named.agents) + len(named.things)


_who: Seen[Named] = Seen(parts.agent_or_group, who_of, _size)
_verb: Seen[Verb] = Seen(parts.verb, verb_of, lambda _: 1)
_activity: Seen[Named] = Seen(parts.activity, activity_of, _size)
_activities: Seen[Named] = Seen(CONTEXT_ACTIVITIES, activities_of, _size)


class _Score(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    scaled: int | float | msgspec.UnsetType = msgspec.UNSET
    raw: int | float | msgspec.UnsetType = msgspec.UNSET
    min: int | float | msgspec.UnsetType = msgspec.UNSET
    max: int | float | msgspec.UnsetType = msgspec.UNSET


class _Result(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    score: _Score | msgspec.UnsetType = msgspec.UNSET
    success: bool | msgspec.UnsetType = msgspec.UNSET
    completion: bool | msgspec.UnsetType = msgspec.UNSET
    response: str | msgspec.UnsetType = msgspec.UNSET
    duration: str | msgspec.UnsetType = msgspec.UNSET
    extensions: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


class _Context(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    registration: str | msgspec.UnsetType = msgspec.UNSET
    platform: str | msgspec.UnsetType = msgspec.UNSET
    language: str | msgspec.UnsetType = msgspec.UNSET
    revision: str | msgspec.UnsetType = msgspec.UNSET
    instructor: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    contextActivities: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET  # noqa: N815  (the specification's name)


class _Statement(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """What most statements have and nothing else: neither attachments nor authority, and no group in the context."""

    actor: msgspec.Raw
    verb: msgspec.Raw
    object: msgspec.Raw
    id: str | msgspec.UnsetType = msgspec.UNSET
    result: _Result | msgspec.UnsetType = msgspec.UNSET
    context: _Context | msgspec.UnsetType = msgspec.UNSET
    timestamp: str | msgspec.UnsetType = msgspec.UNSET
    version: str | msgspec.UnsetType = msgspec.UNSET


_DECODER = msgspec.json.Decoder(_Statement)
_ENCODER = msgspec.json.Encoder()
_NO_CONTEXT = _Context()


class Usual(NamedTuple):
    """A sound statement whose object is an activity: its identifier, its version (both "" where it does not say), its facts."""

    id: str
    version: str
    facts: Facts


def read_usual(raw: bytes) -> Usual | None:
    """The statement in `raw` where it is usual and sound; None says nothing: `read_json`, `check` and `facts_of` have to look."""
    if len(raw) > LARGEST or brackets(raw) > DEEPEST:
        return None
    try:
        held = _DECODER.decode(raw)
        found = _usual(held)
    except (Fault, Unreadable, ValueError, RecursionError):
        return None
    # Of two members of one name the last is held, and a part that is not held has only been skimmed. Written again, what is held has the
    # colons that were written, unless a name stood twice.
    return found if found and colons(raw) == colons(_ENCODER.encode(held)) else None


def _usual(held: _Statement) -> Usual | None:
    unset = msgspec.UNSET
    verb = _verb(held.verb)
    if verb.iri == VOIDED:
        return None
    context = _NO_CONTEXT if held.context is unset else held.context
    around = NOTHING if context.contextActivities is unset else _activities(context.contextActivities)
    if context.instructor is not unset:
        around = gathered(_who(context.instructor), around)
    if context.language is not unset:
        atoms.language(context.language)
    if held.version is not unset:
        atoms.version(held.version)
    for uuid in (held.id, context.registration):
        if uuid is not unset:
            atoms.uuid(uuid)
    if held.result is not unset:
        _check_result(held.result)
    facts = joined(
        _who(held.actor),
        verb,
        _activity(held.object),
        around,
        about="Activity",
        registration=context.registration or None,
        timestamp=None if held.timestamp is unset else held.timestamp,
    )
    return Usual(held.id or "", held.version or "", facts)


def _check_result(result: _Result) -> None:
    """What the types of a result do not say."""
    score = result.score
    unset = msgspec.UNSET
    if score is not unset:
        if score.scaled is not unset:
            parts.scaled(score.scaled)
        raw, low, high = score.raw, score.min, score.max
        parts.in_order(None if raw is unset else raw, None if low is unset else low, None if high is unset else high)
    if result.duration is not unset:
        atoms.duration(result.duration)
    if result.extensions is not unset:
        atoms.extensions(result.extensions)
