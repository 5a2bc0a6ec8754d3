"""What the keys of new statements stand for, their attachments, and their count: written in the statements' own transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import connection

from ..core.identities import Identity, label
from ..core.shaping import merged
from ..queries import Client
from ..tables import placeholders

if TYPE_CHECKING:
    from .statements import Incoming

MOST_KNOWN = 200_000
_known: dict[tuple[str, int, int], object] = {}
_lock = threading.Lock()


class Names:
    """What this process knows to be written down already; what a transaction adds counts once it has been committed."""

    def __init__(self, store: int) -> None:
        self.store = store
        self._added: dict[tuple[str, int, int], object] = {}

    def news(self, kind: str, key: int, value: object) -> bool:
        """Whether this name of a key is not known to be written down, and remember it."""
        at = (kind, self.store, key)
        if _known.get(at) == value or self._added.get(at) == value:
            return False
        self._added[at] = value
        return True

    def settle(self) -> None:
        """The transaction is committed: what it wrote is known from now on."""
        if self._added:
            with _lock:
                if len(_known) > MOST_KNOWN:
                    _known.clear()
                _known.update(self._added)


def forget() -> None:
    """Forget what is known: after something else than `note` has written or removed names."""
    with _lock:
        _known.clear()


def note(known: Names, incoming: Sequence[Incoming], *, define: bool) -> None:
    """Write down actors, verbs and activities that are new, or called otherwise than before."""
    actors: dict[int, tuple[Identity, str]] = {}
    verbs: dict[int, tuple[str, str]] = {}
    activities: dict[int, list[Mapping[str, Any]]] = {}
    for one in incoming:
        facts = one.facts
        actors.update((key, who) for key, who in facts.actors.items() if known.news("agent", key, who[1]))
        if known.news("verb", facts.verb, facts.display):
            verbs[facts.verb] = (facts.verb_id, facts.display)
        for key, activity in facts.activities.items():
            if known.news("activity", key, _mark_of(activity, define)):
                activities.setdefault(key, []).append(activity)
    if actors:
        _note_actors(known.store, actors)
    if verbs:
        _note_verbs(known.store, verbs)
    if activities:
        _note_activities(known.store, activities, define=define)


def _mark_of(activity: Mapping[str, Any], define: bool) -> int | None:
    """What tells one definition of an activity from another, cheaply."""
    definition = activity.get("definition") if define else None
    return hash(repr(definition)) if definition else None


def _many(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _note_actors(store: int, actors: Mapping[int, tuple[Identity, str]]) -> None:
    persons: dict[int, int] = {}
    keys = sorted(actors)
    with connection.cursor() as cursor:
        for start in range(0, len(keys), 900):
            some = keys[start : start + 900]
            cursor.execute(_PERSONS.format(placeholders(some)), [*some, store])
            persons.update(cursor.fetchall())
    _many(
        "INSERT INTO records_agent (store_id, key, kind, text, name, person_id) VALUES (%s,%s,%s,%s,%s,%s) "
        "ON CONFLICT (store_id, key) DO UPDATE SET name = excluded.name WHERE excluded.name <> '' AND records_agent.name <> excluded.name",
        [
            (store, key, who.kind, who.text.replace("\x00", ""), label(name), persons.get(key))
            for key, (who, name) in sorted(actors.items())
        ],
    )


# Practice people appear in practice stores only, and real ones in real stores.
_PERSONS = (
    "SELECT i.key, i.person_id FROM records_personidentity i "
    "JOIN people_person p ON p.id = i.person_id JOIN region_place h ON h.id = p.home_id WHERE i.key IN ({}) "
    "AND h.invented = (SELECT q.invented FROM records_store s JOIN region_place q ON q.id = s.place_id WHERE s.id = %s) ORDER BY i.id DESC"
)


def _note_verbs(store: int, verbs: Mapping[int, tuple[str, str]]) -> None:
    _many(
        "INSERT INTO records_verb (store_id, key, iri, display) VALUES (%s,%s,%s,%s) "
        "ON CONFLICT (store_id, key) DO UPDATE SET display = excluded.display "
        "WHERE excluded.display <> '' AND records_verb.display <> excluded.display",
        [(store, key, iri, label(display)) for key, (iri, display) in sorted(verbs.items())],
    )


def _note_activities(store: int, activities: Mapping[int, Sequence[Mapping[str, Any]]], *, define: bool) -> None:
    """Write activities down, the definitions of each merged in the order they came."""
    defined = [key for key, sent in activities.items() if define and any(one.get("definition") for one in sent)]
    before = _definitions(store, sorted(defined))
    rows = []
    for key, sent in sorted(activities.items()):
        definition: dict[str, Any] = before.get(key) or {}
        for one in sent if define else ():
            definition = merged(definition, one.get("definition") or {})
        rows.append((store, key, sent[0]["id"], msgspec.json.encode(definition) if definition else b""))
    _many(
        "INSERT INTO records_activity (store_id, key, iri, definition) VALUES (%s,%s,%s,%s) "
        "ON CONFLICT (store_id, key) DO UPDATE SET definition = excluded.definition WHERE length(excluded.definition) > 0",
        rows,
    )


def _definitions(store: int, keys: Sequence[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(keys), 900):
            some = keys[start : start + 900]
            sql = f"SELECT key, definition FROM records_activity WHERE store_id = %s AND key IN ({placeholders(some)})"  # noqa: S608
            cursor.execute(sql, [store, *some])
            found.update((key, msgspec.json.decode(bytes(text))) for key, text in cursor.fetchall() if bytes(text))
    return found


def attach(store: int, attachments: Iterable[tuple[str, str, bytes]]) -> None:
    """Keep the content of attachments, each once."""
    rows = [(store, sha2.lower(), media_type[:200], content) for sha2, media_type, content in attachments]
    if rows:
        _many(
            "INSERT INTO records_attachment (store_id, sha2, media_type, content) VALUES (%s,%s,%s,%s) "
            "ON CONFLICT (store_id, sha2) DO NOTHING",
            rows,
        )


def count(key: Client, at: datetime, statements: int) -> None:
    """Count what a key brought today."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO records_volume (key_id, "on", statements) VALUES (%s, %s, %s) '
            'ON CONFLICT (key_id, "on") DO UPDATE SET statements = records_volume.statements + excluded.statements',
            [key.pk, at.date(), statements],
        )
