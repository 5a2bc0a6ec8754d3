"""Whether two statements say the same: what makes a repeat harmless and a contradiction a conflict.

The specification (1.0.3, part two, 2.3.1) says what is no part of a statement and never makes a difference: what the store sets, the
display of a verb, the definition of an activity, attachments, the way an instant is written, the order of what has none, and the case of
what has none. So any form in which this store hands a statement out (exact, ids, canonical) says the same as what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from .atoms import moment
from .faults import Fault
from .identities import identity_of

_HUNDREDTHS = re.compile(r"([.,]\d\d)\d+(?=S$)")
"""Durations are compared to the hundredth of a second, as the specification says."""
GIVEN_BY_STORE = frozenset({"stored", "authority", "version", "id", "timestamp", "attachments"})
"""What a store may have set or changed itself, or leave out when it hands a statement out."""
PRECISION = timedelta(milliseconds=1)
"""A store may cut or round an instant to the millisecond."""


def same(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two sound statements with one identifier say the same, whatever their spelling.

    A time stamp counts where both have one. So does what an actor is called, and whom an identified group has as members: the form `ids`
    leaves them out.

    >>> one = {"actor": {"mbox": "mailto:a@x.example"}, "verb": {"id": "http://x.example/v"}, "object": {"id": "http://x.example/o"}}
    >>> same(one, {**one, "verb": {"id": "http://x.example/v", "display": {"en": "did"}}})
    True
    """
    return _plain(first) == _plain(second) and _said_together(first, second) and _at_once(first, second)


def _at_once(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    pairs = [(first, second)]
    if "object" in first and first["object"].get("objectType") == "SubStatement":
        pairs.append((first["object"], second["object"]))
    return all(_same_instant(one.get("timestamp"), other.get("timestamp")) for one, other in pairs)


def _same_instant(first: Any, second: Any) -> bool:
    if first is None or second is None:
        return True
    try:
        return abs(moment(first) - moment(second)) < PRECISION
    except Fault:
        return bool(first == second)


def _plain(statement: Mapping[str, Any]) -> dict[str, Any]:
    """What a statement or a sub-statement says, each thing written in one way only."""
    plain = {name: _exactly(value) for name, value in statement.items() if name not in GIVEN_BY_STORE and name not in _PARTS}
    plain |= {name: part(statement[name]) for name, part in _PARTS.items() if name in statement}
    return plain


def _actor(actor: Mapping[str, Any]) -> Any:
    identity = identity_of(actor)
    if identity:
        return actor.get("objectType", "Agent"), identity.kind, identity.text
    return "Group", _unordered(actor["member"], _actor)


def _unordered(values: Any, part: Callable[[Any], Any]) -> list[Any]:
    return sorted((part(value) for value in values), key=repr)


def _verb(verb: Mapping[str, Any]) -> Any:
    return verb["id"]


def _object(thing: Mapping[str, Any]) -> Any:
    kind = thing.get("objectType", "Activity")
    match kind:
        case "Activity":
            return kind, thing["id"]
        case "StatementRef":
            return kind, thing["id"].lower()
        case "SubStatement":
            return kind, _plain({name: value for name, value in thing.items() if name != "objectType"})
    return _actor(thing)


def _result(result: Mapping[str, Any]) -> Any:
    plain = {name: _exactly(value) for name, value in result.items()}
    if "duration" in result:
        plain["duration"] = _HUNDREDTHS.sub(r"\1", result["duration"])
    return plain


def _context(context: Mapping[str, Any]) -> Any:
    plain = {name: _exactly(value) for name, value in context.items() if name not in _IN_CONTEXT}
    return plain | {name: part(context[name]) for name, part in _IN_CONTEXT.items() if name in context}


def _activities(held: Mapping[str, Any]) -> Any:
    some = {name: [value] if isinstance(value, dict) else value for name, value in held.items()}
    return {name: _unordered(value, _object) for name, value in some.items()}


def _beside(held: Mapping[str, Any]) -> Any:
    who = [_actor(held[name]) for name in ("agent", "group") if name in held]
    return who, sorted(held.get("relevantTypes", ()))


_PARTS: dict[str, Callable[[Any], Any]] = {
    "actor": _actor,
    "verb": _verb,
    "object": _object,
    "result": _result,
    "context": _context,
}
_IN_CONTEXT: dict[str, Callable[[Any], Any]] = {
    "registration": str.lower,
    "language": str.lower,
    "instructor": _actor,
    "team": _actor,
    "statement": _object,
    "contextActivities": _activities,
    "contextAgents": lambda held: _unordered(held, _beside),
    "contextGroups": lambda held: _unordered(held, _beside),
}


def _exactly(value: Any) -> Any:
    """A value whose every character counts: in Python true is 1, in JSON it is not."""
    if isinstance(value, dict):
        return {name: _exactly(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_exactly(inner) for inner in value]
    return ("truth", value) if isinstance(value, bool) else value


def _said_together(first: Any, second: Any) -> bool:
    """Whether names of actors and members of identified groups agree wherever both statements say them."""
    told, other = _told(first), _told(second)
    return all(other[who] & said for who, said in told.items() if who in other)


def _told(value: Any) -> dict[Any, set[Any]]:
    """What is said of each actor of a statement: what it is called, and who its members are."""
    found: dict[Any, set[Any]] = {}
    for actor in _actors(value):
        identity = identity_of(actor)
        if identity and actor.get("name"):
            found.setdefault(("name", identity), set()).add(actor["name"])
        if identity and actor.get("member"):
            found.setdefault(("members", identity), set()).add(repr(_unordered(actor["member"], _actor)))
    return found


def _actors(statement: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    thing, context = statement["object"], statement.get("context", {})
    found = [statement["actor"], *(context[name] for name in ("instructor", "team") if name in context)]
    for held in (*context.get("contextAgents", ()), *context.get("contextGroups", ())):
        found += [held[name] for name in ("agent", "group") if name in held]
    if thing.get("objectType") in ("Agent", "Group"):
        found.append(thing)
    elif thing.get("objectType") == "SubStatement":
        found += _actors(thing)
    return found + [member for actor in found for member in actor.get("member", ())]
