"""Reads: keys and what they may see, definitions and names, transcripts, volumes."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from entrepot.kernel.principals import Principal

from .core import Identity
from .core.identities import label
from .enums import Scope
from .finding import Span
from .models import Activity, Agent, Attachment, Document, Key, Statement, Volume
from .rules import agent_rules, key_rules, statement_rules
from .tables import among, fetch


def site() -> str:
    """The home page that accounts of this installation carry: its first public address."""
    return settings.CSRF_TRUSTED_ORIGINS[0] if settings.CSRF_TRUSTED_ORIGINS else "http://localhost"


@dataclass(frozen=True, slots=True)
class Client:
    """A key as `/xapi` needs it on each request: read by one statement of SQL, without an object of the ORM."""

    pk: int
    store_id: int
    place_id: int
    name: str
    key: str
    digest: str
    previous_digest: str
    previous_until: datetime | None
    scopes: frozenset[str]
    last_used_at: datetime | None
    office: bool

    @property
    def space(self) -> int | None:
        """Whose documents it reads and writes: an office's key those of its own place, any other those of the whole store (None)."""
        return self.place_id if self.office else None


_CLIENT = (
    "SELECT k.id, k.store_id, k.place_id, k.name, k.key, k.digest, k.previous_digest, k.previous_until, k.scopes, k.last_used_at, p.kind "
    "FROM records_key k JOIN region_place p ON p.id = k.place_id WHERE "
)


def client_named(wanted: str) -> Client | None:
    """The client whose key has this public name and is not revoked."""
    rows = fetch(_CLIENT + "k.key = %s AND k.revoked_at IS NULL", [wanted])
    return _client(rows[0]) if rows else None


def _client(row: tuple[Any, ...]) -> Client:
    scopes = msgspec.json.decode(row[8]) if isinstance(row[8], str) else row[8]
    pk, store, place, name, public, digest, previous = row[:7]
    office = row[10] == "office"
    return Client(pk, store, place, name, public, digest, previous, _instant(row[7]), frozenset(scopes), _instant(row[9]), office)


def client_of(key: Key) -> Client:
    """The client of a key that is at hand."""
    found = client_named(key.key)
    assert found is not None
    return found


def _instant(value: Any) -> datetime | None:
    """A moment as raw SQL gives it: without its zone on SQLite, where all are UTC."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def allows(client: Client, *scopes: Scope) -> bool:
    """Whether a key was issued for one of `scopes`, or for everything."""
    return Scope.ALL in client.scopes or any(scope in client.scopes for scope in scopes)


def identity_of_key(key_name: str) -> Identity:
    """The account under which a key stands as authority."""
    return Identity("account", f"{site()} {key_name}")


@functools.lru_cache(maxsize=2000)
def _authority(home: str, key_name: str, name: str) -> bytes:
    return msgspec.json.encode({"objectType": "Agent", "name": name, "account": {"homePage": home, "name": key_name}})


def authorities(keys: Iterable[int]) -> dict[int, bytes]:
    """The authority of each of these keys, as JSON."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    text, values = among("id", wanted)
    return {pk: _authority(site(), key, name) for pk, key, name in fetch(f"SELECT id, key, name FROM records_key WHERE {text}", values)}  # noqa: S608


def span_of(key: Client, *, agent: int | None = None) -> Span:
    """What a key may read: its store; an office's only its own place; with the narrow scope only what it brought itself.

    `agent` is the agent asked for with related agents: the span then names the keys that have it as authority.
    """
    only_mine = not allows(key, Scope.READ, Scope.ALL_READ)
    places = (key.place_id,) if key.office else None
    whose: dict[int, tuple[int, ...]] = {}
    if agent is not None:
        names = Key.objects.filter(store_id=key.store_id).values_list("pk", "key")
        whose = {agent: tuple(pk for pk, name in names if identity_of_key(name).key == agent)}
    return Span(key.store_id, places, (key.pk,) if only_mine else None, whose)


def spans_of(keys: Iterable[int]) -> dict[int, Span]:
    """What each of these keys may read, or might while it was not revoked."""
    text, values = among("k.id", sorted(set(keys)))
    return {row[0]: span_of(_client(row)) for row in fetch(_CLIENT + text, values)}


def definitions(store: int, iris: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The gathered definitions of activities, by IRI; those without one are left out."""
    from .core import iri_key  # noqa: PLC0415

    keys = {iri_key(iri): iri for iri in iris}
    wanted = sorted(keys)
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(wanted), 900):
        some = Activity.objects.filter(store_id=store, key__in=wanted[start : start + 900]).exclude(definition=b"")
        found |= {keys[key]: msgspec.json.decode(bytes(text)) for key, text in some.values_list("key", "definition")}
    return found


def names_of(key: Client, agent: int) -> list[str]:
    """What an actor is called in the store of a key; an office's is told none, as names do not say from where they came."""
    if key.office:
        return []
    return [name for name in Agent.objects.filter(store_id=key.store_id, key=agent).values_list("name", flat=True) if name]


def attachments(store: int, digests: Iterable[str]) -> list[tuple[str, str, bytes]]:
    """(sha2, media type, content) of the attachments that the store has."""
    found = Attachment.objects.filter(store_id=store, sha2__in={sha2.lower() for sha2 in digests}).order_by("sha2")
    return [(one.sha2, one.media_type, bytes(one.content)) for one in found]


def documents(store: int, place: int | None, kind: str, *, activity: int, agent: int) -> QuerySet[Document]:
    """The documents of one activity, agent, or both, in the space of an office or (None) of the whole store."""
    return Document.objects.filter(Q(place_id=place), store_id=store, kind=kind, activity=activity, agent=agent)


def agents_of(principal: Principal, person_id: int) -> QuerySet[Agent]:
    """The actors that a person is, as far as the principal may read them."""
    return agent_rules.visible_to(principal).filter(person_id=person_id)


def transcript(principal: Principal, person_id: int) -> QuerySet[Statement]:
    """A person's statements in every store, latest first by when they happened, as far as the principal may read them."""
    found = Q(pk__in=())
    for store, key in agents_of(principal, person_id).values_list("store_id", "key"):
        found |= Q(store_id=store, actor=key)
    return Statement.objects.filter(found, voided=False).select_related("place").order_by("-happened", "-position")


def readable(principal: Principal) -> QuerySet[Statement]:
    """The statements that the principal may read as a collector."""
    return statement_rules.visible_to(principal).select_related("place")


@dataclass(frozen=True, slots=True)
class VolumeLine:
    """How much a client brought in a stretch of time."""

    key: Key
    statements: int


def volumes(principal: Principal, start: date, end: date) -> list[VolumeLine]:
    """What each client that the principal may see brought from `start` up to `end`, most first."""
    keys = {key.pk: key for key in key_rules.visible_to(principal).select_related("place", "store__place")}
    counted = (
        Volume.objects.filter(key_id__in=keys, on__gte=start, on__lt=end).values_list("key_id").annotate(n=Sum("statements")).order_by("-n")
    )
    return [VolumeLine(keys[pk], n) for pk, n in counted]


def by_day(principal: Principal, start: date, end: date) -> dict[date, int]:
    """How many statements came on each day from `start` up to `end`."""
    keys = key_rules.visible_to(principal).values("pk")
    counted = Volume.objects.filter(key_id__in=keys, on__gte=start, on__lt=end).values_list("on").annotate(n=Sum("statements"))
    return dict(counted)


def shown_name(agent: Agent) -> str:
    """What an actor is called on a page."""
    return agent.name or label(agent.text.removeprefix("mailto:").rpartition(" ")[2], 80)


def moment_of(at: datetime) -> str:
    """A moment as xAPI writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
