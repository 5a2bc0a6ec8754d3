"""What a store notes of a statement beside its bytes, so that it can be found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .atoms import moment
from .checking import VOIDED
from .identities import Identity, identity_of, iri_key


@dataclass(slots=True)
class Facts:
    """Keys and values of one sound statement.

    `agents` are those that the agent filter finds (actor, object, members of such groups), `related_agents` those that it finds beyond with
    `related_agents`; `related_activities` likewise beyond the object. `actors` and `activities` say what the keys stand for.
    """

    verb: int
    verb_id: str
    actor: int | None
    activity: int | None
    agents: set[int] = field(default_factory=set)
    related_agents: set[int] = field(default_factory=set)
    related_activities: set[int] = field(default_factory=set)
    registration: str | None = None
    target: str | None = None
    voids: bool = False
    happened_at: datetime | None = None
    display: str = ""
    actors: dict[int, tuple[Identity, str]] = field(default_factory=dict)
    activities: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    attachments: set[str] = field(default_factory=set)


def facts_of(statement: Mapping[str, Any]) -> Facts:
    """Read the facts of a sound statement."""
    verb = statement["verb"]
    thing = statement["object"]
    context = statement.get("context")
    facts = Facts(verb=iri_key(verb["id"]), verb_id=verb["id"], actor=None, activity=None)
    display = verb.get("display")
    if display:
        facts.display = display.get("en") or display.get("en-US") or next(iter(display.values()))
    if "timestamp" in statement:
        facts.happened_at = moment(statement["timestamp"])
    if "attachments" in statement:
        facts.attachments.update(held["sha2"].lower() for held in statement["attachments"])
    keys = _actor(facts, statement["actor"])
    facts.actor = keys[0] if keys else None
    facts.agents.update(keys)
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        facts.activity = _activity(facts, thing)
    elif kind in ("Agent", "Group"):
        facts.agents.update(_actor(facts, thing))
    elif kind == "StatementRef":
        facts.target = thing["id"].lower()
        facts.voids = verb["id"] == VOIDED
    else:
        _inside(facts, thing)
    if context:
        if "registration" in context:
            facts.registration = context["registration"].lower()
        _context(facts, context)
    facts.related_agents -= facts.agents
    facts.related_activities.discard(facts.activity or 0)
    return facts


def _inside(facts: Facts, inner: Mapping[str, Any]) -> None:
    """A sub-statement: all that stands in it is related."""
    facts.related_agents.update(_actor(facts, inner["actor"]))
    facts.attachments.update(held["sha2"].lower() for held in inner.get("attachments", ()))
    thing = inner["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        facts.related_activities.add(_activity(facts, thing))
    elif kind in ("Agent", "Group"):
        facts.related_agents.update(_actor(facts, thing))
    if "context" in inner:
        _context(facts, inner["context"])


def _context(facts: Facts, context: Mapping[str, Any]) -> None:
    for name in ("instructor", "team"):
        if name in context:
            facts.related_agents.update(_actor(facts, context[name]))
    for held in context.get("contextAgents", ()):
        facts.related_agents.update(_actor(facts, held["agent"]))
    for held in context.get("contextGroups", ()):
        facts.related_agents.update(_actor(facts, held["group"]))
    for activities in context.get("contextActivities", {}).values():
        for activity in (activities,) if type(activities) is dict else activities:
            facts.related_activities.add(_activity(facts, activity))


def _actor(facts: Facts, actor: Mapping[str, Any]) -> list[int]:
    """The keys by which an actor is found: its own first, then its members'."""
    return [_noted(facts, who) for who in _who(actor)]


def _who(actor: Mapping[str, Any]) -> Iterator[tuple[Identity, str]]:
    identity = identity_of(actor)
    if identity:
        yield identity, actor.get("name", "")
    for member in actor.get("member", ()):
        inner = identity_of(member)
        if inner:
            yield inner, member.get("name", "")


def _noted(facts: Facts, who: tuple[Identity, str]) -> int:
    key = who[0].key
    if who[1] or key not in facts.actors:
        facts.actors[key] = who
    return key


def _activity(facts: Facts, activity: Mapping[str, Any]) -> int:
    key = iri_key(activity["id"])
    if "definition" in activity or key not in facts.activities:
        facts.activities[key] = activity
    return key
