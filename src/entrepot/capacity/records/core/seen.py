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
from .reading import Unreadable, marks_held, marks_written, read_json, read_once

MOST = 16_384
"""Parts of one kind that are remembered; when there are more, all are forgotten and what is in use comes back by itself."""
LONGEST = 1024
"""Bytes of a part that is remembered."""
MOST_NAMED = 8
"""Actors and activities that a part names and is still remembered: each takes more room than its own bytes."""
Found = TypeVar("Found")


class Seen(Generic[Found]):
    """What parts of one kind hold, by their bytes, and how many marks are written in each. Calling it raises `Fault` or `Unreadable` where
    the part is not sound."""

    def __init__(self, checker: atoms.Checker, reader: Callable[[Any], Found], size: Callable[[Found], int]) -> None:
        self._checker, self._reader, self._size = checker, reader, size
        self._kept: dict[bytes, tuple[Found, int]] = {}

    def __call__(self, part: msgspec.Raw) -> tuple[Found, int]:
        """What `part` holds, and how many marks are written in it."""
        raw = bytes(part)
        found = self._kept.get(raw)
        if found is None:
            value = read_once(raw)
            self._checker(value)
            found = self._reader(value), marks_written(raw)
            if len(raw) <= LONGEST and self._size(found[0]) <= MOST_NAMED:
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
    scaled: int | float = 0
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
    platform: str = ""
    language: str = "en"
    revision: str = ""
    instructor: msgspec.Raw = msgspec.Raw()
    contextActivities: msgspec.Raw = msgspec.Raw()  # noqa: N815  (the specification's name)


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
_NO_CONTEXT = _Context()


class Usual(NamedTuple):
    """A sound statement whose object is an activity: its identifier, its version (both "" where it does not say), its facts."""

    id: str
    version: str
    facts: Facts


def read_usual(raw: bytes) -> Usual | None:
    """The statement in `raw` where it is usual and sound; None says nothing: `read_json`, `check` and `facts_of` have to look."""
    try:
        # The whole first: what is cut out as a part is only skimmed.
        value = read_json(raw)
        held = _DECODER.decode(raw)
        found, written = _usual(held)
        # Each part has its names once, as was seen when it was read; so has the rest, if no more is written there than is held.
        return found if found and marks_written(raw) == _marks_of_rest(value, held) + written else None
    except (Fault, Unreadable, ValueError, RecursionError):
        return None


def _marks_of_rest(value: dict[str, Any], held: _Statement) -> int:
    """The marks of what is not read as a part: names, and the colons of those texts that may have some."""
    marks = len(value)
    if held.timestamp is not msgspec.UNSET:
        marks += held.timestamp.count(":")
    if held.context is not msgspec.UNSET:
        marks += len(value["context"]) + held.context.platform.count(":") + held.context.revision.count(":")
    if held.result is not msgspec.UNSET:
        result = value["result"]
        marks += len(result) + len(result.get("score", ())) + result.get("response", "").count(":")
        if "extensions" in result:
            marks += marks_held(result["extensions"])
    return marks


def _usual(held: _Statement) -> tuple[Usual | None, int]:
    """What a statement says, and how many marks are written in its parts."""
    verb, written = _verb(held.verb)
    if verb.iri == VOIDED:
        return None, 0
    context = held.context or _NO_CONTEXT
    (who, of_who), (thing, of_thing) = _who(held.actor), _activity(held.object)
    around, of_around = _activities(context.contextActivities) if context.contextActivities else (NOTHING, 0)
    written += of_who + of_thing + of_around
    if context.instructor:
        instructor, of_instructor = _who(context.instructor)
        around = gathered(instructor, around)
        written += of_instructor
    atoms.language(context.language)
    if held.version is not msgspec.UNSET:
        atoms.version(held.version)
    for uuid in (held.id, context.registration):
        if uuid is not msgspec.UNSET:
            atoms.uuid(uuid)
    if held.result is not msgspec.UNSET:
        _check_result(held.result)
    facts = joined(
        who,
        verb,
        thing,
        around,
        about="Activity",
        registration=context.registration or None,
        timestamp=None if held.timestamp is msgspec.UNSET else held.timestamp,
    )
    return Usual(held.id or "", held.version or "", facts), written


def _check_result(result: _Result) -> None:
    """What the types of a result do not say."""
    score = result.score
    if score is not msgspec.UNSET:
        parts.scaled(score.scaled)
        raw, low, high = score.raw, score.min, score.max
        unset = msgspec.UNSET
        parts.in_order(None if raw is unset else raw, None if low is unset else low, None if high is unset else high)
    if result.duration is not msgspec.UNSET:
        atoms.duration(result.duration)
    if result.extensions is not msgspec.UNSET:
        atoms.extensions(result.extensions)
