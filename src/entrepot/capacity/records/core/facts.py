"""What a store notes of a statement beside its bytes, so that it can be found.

A statement is made of parts (actor, verb, object, context), and each part says something of its own: `who_of`, `verb_of`, `activity_of`,
`around_of`. That is so that what a part says can be remembered by its bytes (see `seen`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from .atoms import moment
from .checking import VOIDED
from .identities import Identity, identity_of, iri_key


class Activity(NamedTuple):
    """An activity as a statement names it: its definition as JSON, empty where the statement gives none."""

    iri: str
    definition: bytes


class Verb(NamedTuple):
    """A verb: its key, its IRI, and what it is called (in English where that is said)."""

    key: int
    iri: str
    display: str


class Named(NamedTuple):
    """Whom and what a part of a statement names: the first actor, the keys of actors and of activities, and what those stand for."""

    first: int | None
    agents: frozenset[int]
    things: frozenset[int]
    actors: Mapping[int, tuple[Identity, str]]
    activities: Mapping[int, Activity]


NONE: frozenset[int] = frozenset()
NOTHING = Named(None, NONE, NONE, {}, {})


@dataclass(slots=True)
class Facts:
    """Keys and values of one sound statement.

    `agents` are those that the agent filter finds (actor, object, members of such groups), `related_agents` those that it finds beyond with
    `related_agents`; `related_activities` likewise beyond the object. `named` says what the keys stand for, part by part.
    """

    verb: Verb
    actor: int | None
    activity: int | None
    agents: frozenset[int]
    related_agents: frozenset[int]
    related_activities: frozenset[int]
    named: tuple[Named, ...]
    registration: str | None = None
    happened_at: datetime | None = None
    target: str | None = None
    attachments: frozenset[str] = frozenset()

    @property
    def voids(self) -> bool:
        """Whether it voids the statement that it refers to."""
        return self.target is not None and self.verb.iri == VOIDED


def facts_of(statement: Mapping[str, Any]) -> Facts:
    """Read the facts of a sound statement."""
    thing, context = statement["object"], statement.get("context", {})
    kind = thing.get("objectType", "Activity")
    facts = joined(
        who_of(statement["actor"]),
        verb_of(statement["verb"]),
        _thing_of(thing, kind),
        around_of(context),
        about=kind,
        registration=context.get("registration"),
        timestamp=statement.get("timestamp"),
    )
    if kind == "StatementRef":
        facts.target = thing["id"].lower()
    inner = thing.get("attachments", ()) if kind == "SubStatement" else ()
    facts.attachments = frozenset(held["sha2"].lower() for held in (*statement.get("attachments", ()), *inner))
    return facts


def joined(who: Named, verb: Verb, thing: Named, around: Named, *, about: str, registration: str | None, timestamp: str | None) -> Facts:
    """The facts of a statement from what its parts say; `about` is the kind of its object."""
    agents, related_agents, related = who.agents, around.agents, around.things
    activity = next(iter(thing.activities)) if about == "Activity" else None
    if about == "SubStatement":
        related_agents, related = related_agents | thing.agents, related | thing.things
    elif thing.agents:
        agents |= thing.agents
    return Facts(
        verb,
        who.first,
        activity,
        agents,
        related_agents - agents if related_agents else related_agents,
        related - {activity} if activity in related else related,
        (who, thing, around),
        registration.lower() if registration else None,
        moment(timestamp) if timestamp is not None else None,
    )


def _thing_of(thing: Mapping[str, Any], kind: str) -> Named:
    if kind == "Activity":
        return activity_of(thing)
    if kind == "StatementRef":
        return NOTHING
    if kind != "SubStatement":
        return who_of(thing)
    # A sub-statement: all that stands in it is related.
    inner = thing["object"]
    return gathered(who_of(thing["actor"]), _thing_of(inner, inner.get("objectType", "Activity")), around_of(thing.get("context", {})))


def who_of(actor: Mapping[str, Any]) -> Named:
    """The keys by which an actor is found: its own first, then its members'."""
    actors: dict[int, tuple[Identity, str]] = {}
    for identity, name in _who(actor):
        key = identity.key
        if name or key not in actors:
            actors[key] = identity, name
    return Named(next(iter(actors), None), frozenset(actors), NONE, actors, {})


def _who(actor: Mapping[str, Any]) -> Iterator[tuple[Identity, str]]:
    identity = identity_of(actor)
    if identity:
        yield identity, actor.get("name", "")
    for member in actor.get("member", ()):
        inner = identity_of(member)
        if inner:
            yield inner, member.get("name", "")


def verb_of(verb: Mapping[str, Any]) -> Verb:
    """A verb, and what to call it."""
    display = verb.get("display")
    called = (display.get("en") or display.get("en-US") or next(iter(display.values()))) if display else ""
    return Verb(iri_key(verb["id"]), verb["id"], called)


def activity_of(activity: Mapping[str, Any]) -> Named:
    """An activity that is the object of a statement, or in its context."""
    key, definition = iri_key(activity["id"]), activity.get("definition")
    known = {key: Activity(activity["id"], msgspec.json.encode(definition) if definition else b"")}
    return Named(None, NONE, frozenset(known), {}, known)


def activities_of(context_activities: Mapping[str, Any]) -> Named:
    """The activities round a statement."""
    held = [one for some in context_activities.values() for one in ((some,) if type(some) is dict else some)]
    return gathered(*map(activity_of, held))


def around_of(context: Mapping[str, Any]) -> Named:
    """Whom and what the context of a statement names."""
    if not context:
        return NOTHING
    who = [who_of(context[name]) for name in ("instructor", "team") if name in context]
    who += [who_of(held["agent"]) for held in context.get("contextAgents", ())]
    who += [who_of(held["group"]) for held in context.get("contextGroups", ())]
    return gathered(*who, activities_of(context.get("contextActivities", {})))


def gathered(*parts: Named) -> Named:
    """Several parts as one: of two that name the same, the one with a name or a definition counts, and of two such the later."""
    some = [part for part in parts if part is not NOTHING]
    if len(some) < 2:
        return some[0] if some else NOTHING
    actors: dict[int, tuple[Identity, str]] = {}
    activities: dict[int, Activity] = {}
    for part in some:
        actors.update((key, who) for key, who in part.actors.items() if who[1] or key not in actors)
        activities.update((key, one) for key, one in part.activities.items() if one.definition or key not in activities)
    return Named(next(iter(actors), None), frozenset(actors), frozenset(activities), actors, activities)
