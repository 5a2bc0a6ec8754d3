"""Which statements a query finds, told without a database: the naive scan that the store is tested against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .facts import Facts
from .ordering import Position

DEEPEST_REFERENCE = 20
"""How many statements down a chain of references is followed."""


@dataclass(frozen=True, slots=True)
class Query:
    """The filters of a GET on statements. Keys are those of `identities`; `since` is exclusive, `until` inclusive, both positions."""

    agent: int | None = None
    verb: int | None = None
    activity: int | None = None
    registration: str | None = None
    related_agents: bool = False
    related_activities: bool = False
    since: Position | None = None
    until: Position | None = None
    ascending: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement as kept: where it stands, what identifies it, its facts, and the key of its authority."""

    position: Position
    id: str
    facts: Facts
    authority: int | None = None


def select(kept: Iterable[Kept], query: Query) -> list[Kept]:
    """All statements that the query finds, in its order.

    A voided statement is left out, whichever came first, it or what voided it; a voiding statement cannot be voided. What refers to another
    statement matches also where that other one does (voided or not), except for `since` and `until`.
    """
    every = sorted(kept, key=lambda one: one.position)
    by_id = {one.id: one for one in every}
    voided = {one.facts.target for one in every if one.facts.voids}
    found = [
        one
        for one in every
        if not (one.id in voided and not one.facts.voids)
        and (query.since is None or one.position > query.since)
        and (query.until is None or one.position <= query.until)
        and all(any(_meets(each, query, name) for each in _chain(one, by_id)) for name in ("agent", "verb", "activity", "registration"))
    ]
    return found if query.ascending else found[::-1]


def _chain(one: Kept, by_id: Mapping[str, Kept]) -> list[Kept]:
    """A statement, what it refers to, what that refers to, and so on; a ring ends where it began, and so does a chain too long."""
    chain = [one]
    while (target := chain[-1].facts.target) and (following := by_id.get(target)) and following not in chain:
        chain.append(following)
        if len(chain) > DEEPEST_REFERENCE:
            break
    return chain


def _meets(one: Kept, query: Query, name: str) -> bool:
    wanted = getattr(query, name)
    if wanted is None:
        return True
    facts = one.facts
    match name:
        case "agent":
            related = query.related_agents and (wanted in facts.related_agents or wanted == one.authority)
            return wanted in facts.agents or related
        case "verb":
            return facts.verb.key == wanted
        case "activity":
            return facts.activity == wanted or (query.related_activities and wanted in facts.related_activities)
        case _:
            return facts.registration == wanted
