"""What the keys of new statements stand for, their attachments, and their count: written in the statements' own transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from .. import tables
from ..core.identities import Identity, label
from ..core.shaping import merged
from ..queries import Client

if TYPE_CHECKING:
    from .statements import Incoming

MOST_KNOWN = 200_000
_known: dict[tuple[str, int, int], object] = {}
_lock = threading.Lock()


class Names:
    """The names in one transaction: what is new is looked up, then written; once that is committed, this process knows it.

    `define`: whether the client may define activities.
    """

    def __init__(self, store: int, *, define: bool) -> None:
        self.store = store
        self._define = define
        self._added: dict[tuple[str, int, int], object] = {}
        self._actors: dict[int, tuple[Identity, str]] = {}
        self._verbs: dict[int, tuple[str, str]] = {}
        self._activities: dict[int, list[Mapping[str, Any]]] = {}
        self._persons: list[tables.Asked] = []
        self._definitions: list[tables.Asked] = []

    def look(self, incoming: Sequence[Incoming]) -> None:
        """See which actors, verbs and activities are new, or called otherwise than before, and ask for what writing them needs."""
        for one in incoming:
            facts = one.facts
            self._actors.update((key, who) for key, who in facts.actors.items() if self._is_news("agent", key, who[1]))
            if self._is_news("verb", facts.verb, facts.display):
                self._verbs[facts.verb] = (facts.verb_id, facts.display)
            for key, activity in facts.activities.items():
                if self._is_news("activity", key, self._mark_of(activity)):
                    self._activities.setdefault(key, []).append(activity)
        self._persons = _asked(_PERSONS, "i.key", self._actors, self.store)
        defined = [key for key, sent in self._activities.items() if self._define and any(one.get("definition") for one in sent)]
        self._definitions = _asked(_DEFINITIONS, "key", defined, self.store)

    def note(self) -> None:
        """Write down what is new."""
        persons = {key: person for asked in self._persons for key, person in asked.rows()}
        before = {key: bytes(text) for asked in self._definitions for key, text in asked.rows()}
        actors = sorted(self._actors.items())
        rows = [(key, who.kind, who.text.replace("\x00", ""), label(name), persons.get(key)) for key, (who, name) in actors]
        tables.put("records_agent", self.store, _AGENT, rows, _CALLED.format("name", "records_agent"))
        verbs = [(key, iri, label(display)) for key, (iri, display) in sorted(self._verbs.items())]
        tables.put("records_verb", self.store, _VERB, verbs, _CALLED.format("display", "records_verb"))
        activities = [(key, sent[0]["id"], self._defined(before.get(key), sent)) for key, sent in sorted(self._activities.items())]
        tables.put("records_activity", self.store, _ACTIVITY, activities, _DEFINED)

    def settle(self) -> None:
        """The transaction is committed: what it wrote is known from now on."""
        if self._added:
            with _lock:
                if len(_known) > MOST_KNOWN:
                    _known.clear()
                _known.update(self._added)

    def _is_news(self, kind: str, key: int, value: object) -> bool:
        at = (kind, self.store, key)
        if _known.get(at) == value or self._added.get(at) == value:
            return False
        self._added[at] = value
        return True

    def _mark_of(self, activity: Mapping[str, Any]) -> int | None:
        """What tells one definition of an activity from another, cheaply."""
        definition = activity.get("definition") if self._define else None
        return hash(repr(definition)) if definition else None

    def _defined(self, before: bytes | None, sent: Sequence[Mapping[str, Any]]) -> bytes:
        """The definitions of one activity merged in the order they came."""
        definition: dict[str, Any] = msgspec.json.decode(before) if before else {}
        for one in sent if self._define else ():
            definition = merged(definition, one.get("definition") or {})
        return msgspec.json.encode(definition) if definition else b""


def forget() -> None:
    """Forget what is known: after something else than `Names` has written or removed names."""
    with _lock:
        _known.clear()


def _asked(sql: str, column: str, keys: Iterable[int], store: int) -> list[tables.Asked]:
    wanted = sorted(keys)
    asked = []
    for start in range(0, len(wanted), 900):
        text, values = tables.among(column, wanted[start : start + 900])
        asked.append(tables.ask(sql.format(text), [*values, store]))
    return asked


# Practice people appear in practice stores only, and real ones in real stores.
_PERSONS = (
    "SELECT i.key, i.person_id FROM records_personidentity i "
    "JOIN people_person p ON p.id = i.person_id JOIN region_place h ON h.id = p.home_id WHERE {} "
    "AND h.invented = (SELECT q.invented FROM records_store s JOIN region_place q ON q.id = s.place_id WHERE s.id = %s) ORDER BY i.id DESC"
)
_DEFINITIONS = "SELECT key, definition FROM records_activity WHERE {} AND store_id = %s"
_AGENT = {"key": "bigint", "kind": "text", "text": "text", "name": "text", "person_id": "bigint"}
_VERB = {"key": "bigint", "iri": "text", "display": "text"}
_ACTIVITY = {"key": "bigint", "iri": "text", "definition": "bytea"}
_ATTACHMENT = {"sha2": "text", "media_type": "text", "content": "bytea"}
_CALLED = "ON CONFLICT (store_id, key) DO UPDATE SET {0} = excluded.{0} WHERE excluded.{0} <> '' AND {1}.{0} <> excluded.{0}"
_DEFINED = "ON CONFLICT (store_id, key) DO UPDATE SET definition = excluded.definition WHERE length(excluded.definition) > 0"


def attach(store: int, attachments: Iterable[tuple[str, str, bytes]]) -> None:
    """Keep the content of attachments, each once."""
    rows = [(sha2.lower(), media_type[:200], content) for sha2, media_type, content in attachments]
    tables.put("records_attachment", store, _ATTACHMENT, rows, "ON CONFLICT (store_id, sha2) DO NOTHING")


def count(key: Client, at: datetime, statements: int) -> None:
    """Count what a key brought today."""
    tables.run(
        'INSERT INTO records_volume (key_id, "on", statements) VALUES (%s, %s, %s) '
        'ON CONFLICT (key_id, "on") DO UPDATE SET statements = records_volume.statements + excluded.statements',
        [key.pk, at.date(), statements],
    )
