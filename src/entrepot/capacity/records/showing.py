"""What pages show: statements in words, a store's stream and its search, a transcript."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import BinaryField, F, Func, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Length

from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .core import Query, read_json
from .core.identities import label
from .core.saying import clock, outcome_of, percent, points, told
from .finding import Span, find, fitting_in
from .models import Activity, Agent, Key, Statement, Store, Verb
from .queries import transcript
from .rules import agent_rules, statement_rules, store_rules
from .tables import is_postgresql, positions_of

SIZE = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went, as a chip: its words and whether that was well (None: it does not say)."""

    words: Text | str
    well: bool | None


@dataclass(frozen=True, slots=True)
class Line:
    """A statement in words."""

    uuid: UUID
    position: int
    words: Text
    outcome: Outcome | None
    stored_at: datetime
    happened_at: datetime
    client: str
    place: str
    voided: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """Some statements and the position after which the next follow, None on the last page."""

    rows: list[Line]
    following: int | None


@dataclass(frozen=True, slots=True)
class FoundActivity:
    """An activity that was looked for."""

    key: int
    store_id: int
    title: str
    place: str
    invented: bool


def stores(principal: Principal) -> list[Store]:
    """The stores whose statements the principal reads."""
    readable = store_rules.visible_to(principal, "relay").select_related("place").order_by("place__lineage")
    return list(readable)


def lines(statements: Iterable[Statement], languages: Sequence[str]) -> list[Line]:
    """Statements in words, with the client that brought each."""
    found = list(statements)
    names = dict(Key.objects.filter(pk__in={one.key_id for one in found}).values_list("pk", "name"))
    return [_line(one, read_json(bytes(one.raw)), names.get(one.key_id, ""), languages) for one in found]


def _line(one: Statement, value: dict[str, Any], client: str, languages: Sequence[str]) -> Line:
    words, outcome = told(value, languages), outcome_of_page(value)
    return Line(one.uuid, one.position, words, outcome, one.stored_at, one.happened_at, client, one.place.name, one.voided)


def stream(
    principal: Principal, store: Store, *, languages: Sequence[str], words: str = "", activity: int | None = None, after: int | None = None
) -> Lines:
    """The latest statements of a store that the principal may read: all, those of an activity, or those that `words` finds."""
    queries = [Query(activity=activity)] if activity is not None or not words else _looked_for(store, words)
    positions: set[int] = set()
    more = False
    for query in queries:
        found, follows = find(Span(store.pk), query, size=SIZE, after=after)
        positions |= {one.position for one in found}
        more = more or follows
    chosen = sorted(positions, reverse=True)
    more = more or len(chosen) > SIZE
    readable = statement_rules.visible_to(principal).filter(position__in=chosen[:SIZE]).select_related("place").order_by("-position")
    return Lines(lines(readable, languages), chosen[:SIZE][-1] if more and chosen else None)


def _looked_for(store: Store, words: str) -> list[Query]:
    """The queries that some words stand for: actors, verbs and activities whose name or address holds them."""
    actors = Agent.objects.filter(store=store, name__icontains=words) | Agent.objects.filter(store=store, text__icontains=words)
    activities = activities_named([store.pk], words, 10)
    verbs = Verb.objects.filter(store=store, iri__icontains=words)
    return [
        *(Query(agent=key) for key in actors.order_by("pk").values_list("key", flat=True)[:10]),
        *(Query(activity=one.key) for one in activities),
        *(Query(verb=key) for key in verbs.order_by("pk").values_list("key", flat=True)[:5]),
    ]


def activities_named(store_ids: Sequence[int] | QuerySet[Store, int], words: str, limit: int) -> list[Activity]:
    """Activities whose address or definition holds some words."""
    if len(words) < 2:
        return []
    # The definition is JSON as bytes, so its characters are looked for as they are: upper and lower case count.
    text = Value(words.encode(), output_field=BinaryField())
    if is_postgresql():
        place = Func(text, F("definition"), function="position", arg_joiner=" IN ", output_field=IntegerField())
    else:
        place = Func(F("definition"), text, function="instr", output_field=IntegerField())
    named = Activity.objects.filter(store_id__in=store_ids).annotate(place=place)
    found = named.filter(Q(iri__icontains=words) | Q(place__gt=0)).select_related("store__place").order_by("pk")
    return list(found[:limit])


def found_activities(principal: Principal, words: str, limit: int) -> list[FoundActivity]:
    """Activities in the stores that the principal reads."""
    readable = store_rules.visible_to(principal, "relay").values_list("pk", flat=True)
    return [
        FoundActivity(one.key, one.store_id, title_of(one), one.store.place.name, one.store.place.invented)
        for one in activities_named(readable, words, limit)
    ]


def title_of(activity: Activity) -> str:
    """What an activity is called."""
    definition = msgspec.json.decode(bytes(activity.definition)) if bytes(activity.definition) else {}
    names = definition.get("name") or {}
    return label(names.get("en") or next(iter(names.values()), "") or activity.iri, 120)


def transcript_page(principal: Principal, person_id: int, *, languages: Sequence[str], start: int = 0) -> tuple[list[Line], bool]:
    """Up to fifty lines of a person's transcript from `start` on, fewer where statements are large, and whether more follow."""
    found = transcript(principal, person_id)
    lengths = list(found.values_list("position", Length("raw"))[start : start + SIZE + 1])
    some = fitting_in([length for _, length in lengths[:SIZE]])
    shown = found.filter(pk__in=[position for position, _ in lengths[:some]])
    return lines(shown, languages), len(lengths) > some


def statement(principal: Principal, uuid: UUID) -> Statement | None:
    """The statement with this identifier that the principal may read, as collector or as the person it is about."""
    mine = agent_rules.visible_to(principal).filter(person_id__isnull=False)
    candidates: QuerySet[Statement] = Statement.objects.select_related("place", "store__place", "key")
    for store_id in Store.objects.order_by("pk").values_list("pk", flat=True):
        position = positions_of(store_id, [uuid.hex]).get(uuid.hex)
        found = candidates.filter(position=position).first() if position else None
        if found and (
            statement_rules.may(principal, "view", found)
            or (found.actor is not None and mine.filter(store_id=store_id, key=found.actor).exists())
        ):
            return found
    return None


_SAID: dict[str, str] = {
    "success": gettext_noop("Success"),
    "completion": gettext_noop("Completed"),
    "duration": gettext_noop("Time taken"),
    "response": gettext_noop("Answer"),
    "registration": gettext_noop("Registration"),
    "platform": gettext_noop("Platform"),
    "language": gettext_noop("Language"),
    "revision": gettext_noop("Revision"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a statement says of how it went; `quoted` where it is the statement's own wording."""

    name: str
    value: Text | str
    quoted: bool = False


def facts_of_page(value: dict[str, Any]) -> list[Fact]:
    """What a statement says of how it went, in small pieces."""
    result, context = value.get("result", {}), value.get("context", {})
    score = result.get("score", {})
    facts = []
    if "scaled" in score:
        facts.append(Fact(gettext_noop("Score"), percent(score["scaled"])))
    if "raw" in score:
        facts.append(Fact(gettext_noop("Points"), points(score)))
    whether = [name for name in ("success", "completion") if name in result]
    facts += [Fact(_SAID[name], Text(gettext_noop("yes") if result[name] else gettext_noop("no"))) for name in whether]
    if "duration" in result:
        facts.append(Fact(_SAID["duration"], clock(result["duration"]), quoted=True))
    words = {"response": result.get("response")} | {
        name: context.get(name) for name in ("registration", "platform", "language", "revision")
    }
    facts += [Fact(_SAID[name], label(said, 300), quoted=True) for name, said in words.items() if said]
    return facts


def outcome_of_page(value: dict[str, Any]) -> Outcome | None:
    """How it went, None where a statement does not say."""
    result = value.get("result", {})
    said = outcome_of(result)
    return Outcome(said, result.get("success")) if said else None
