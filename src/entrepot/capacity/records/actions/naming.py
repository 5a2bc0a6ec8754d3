"""What the keys of new statements stand for, their attachments, and their count: written in the statements' own transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from django.db.models import F

from .. import tables
from ..core.facts import Activity, Verb
from ..core.identities import Identity, label
from ..core.shaping import merged
from ..models import Store
from ..queries import Client
from ..tables import Put, fetch

if TYPE_CHECKING:
    from .statements import Incoming

MOST_KNOWN = 200_000
LONGEST_DEFINITION = 100_000
"""Bytes of what a store gathers of one activity from all that is sent: it is read with every statement of it."""
_known: dict[tuple[str, int], dict[int, object]] = {}
"""What each name of a kind in a store is called, as far as this process has seen it written; so many in all."""
_taken: dict[int, int] = {}
"""How often names had been taken out of a store when this process last looked."""
_lock = threading.Lock()


class News:
    """Names of one kind in one transaction. Calling it says whether a name is new, or called otherwise than before.

    What comes without a word of what it is called is new only where it has not been seen at all.
    """

    __slots__ = ("_added", "_at", "_known")

    def __init__(self, kind: str, store: int) -> None:
        self._at = kind, store
        self._known = _known.get(self._at, {})
        self._added: dict[int, object] = {}

    def __call__(self, key: int, called: object) -> bool:
        """Whether `key` is news when it is `called` that."""
        before = self._added.get(key, self._known.get(key))
        if before == called or (not called and before is not None):
            return False
        self._added[key] = called
        return True

    def settle(self) -> None:
        """What was new is known. Under the lock."""
        if self._added:
            if sum(map(len, _known.values())) > MOST_KNOWN:
                _known.clear()
            _known.setdefault(self._at, {}).update(self._added)


class Names:
    """The names in one transaction: what is new is looked up, then written; once that is committed, this process knows it.

    `define`: whether the client may define activities.
    """

    def __init__(self, store: int, *, define: bool) -> None:
        self.store = store
        self._define = define
        self._news: list[News] = []
        self._actors: dict[int, tuple[Identity, str]] = {}
        self._verbs: dict[int, Verb] = {}
        self._activities: dict[int, list[Activity]] = {}
        self._seen = -1

    def look(self, incoming: Sequence[Incoming]) -> None:
        """See which actors, verbs and activities are new to this process, or called otherwise than before."""
        self._seen = _taken.get(self.store, -1)
        self._news = is_new_actor, is_new_verb, is_new_activity = [News(kind, self.store) for kind in ("agent", "verb", "activity")]
        for one in incoming:
            facts = one.facts
            if is_new_verb(facts.verb.key, facts.verb.display):
                self._verbs[facts.verb.key] = facts.verb
            for named in facts.named:
                for key, who in named.actors.items():
                    if is_new_actor(key, who[1]):
                        self._actors[key] = who
                for key, activity in named.activities.items():
                    if activity.definition and self._define and is_new_activity(key, hash(activity.definition)):
                        self._activities.setdefault(key, []).append(activity)

    def note(self) -> None:
        """Write down what is new. Under the store's lock, as is the look before it: while one waits, another may take names out."""
        before = {key: bytes(text) for key, text in _found(_DEFINITIONS, "key", self._activities, self.store)}
        for named in (*self.called(self.persons()), self.defined(before)):
            tables.put(self.store, named)

    def persons(self) -> dict[int, Any]:
        """Whose the new actors are, where that is known."""
        return dict(_found(_PERSONS, "i.key", self._actors, self.store))

    def called(self, persons: Mapping[int, Any]) -> list[Put]:
        """The actors, with their persons, and verbs to write down."""
        actors = sorted(self._actors.items())
        rows = [(key, who.kind, who.text.replace("\x00", ""), label(name), persons.get(key)) for key, (who, name) in actors]
        verbs = [(verb.key, verb.iri, label(verb.display)) for _, verb in sorted(self._verbs.items())]
        return [
            Put("records_agent", _AGENT, rows, _CALLED.format("name", "records_agent")),
            Put("records_verb", _VERB, verbs, _CALLED.format("display", "records_verb")),
        ]

    def defined(self, before: Mapping[int, bytes]) -> Put:
        """The activities to define, where they have the definitions `before`."""
        rows = [(key, sent[0].iri, self._defined(before.get(key), sent)) for key, sent in sorted(self._activities.items())]
        return Put("records_activity", _ACTIVITY, rows, _DEFINED)

    def settle(self) -> None:
        """The transaction is committed: what it wrote is known from now on, unless names were taken out since this process looked."""
        with _lock:
            if _taken.get(self.store, -1) == self._seen:
                for news in self._news:
                    news.settle()

    def holds(self, taken: int) -> bool:
        """Whether what was known at the look still held when names had been taken out so often; else it is forgotten."""
        renew(self.store, taken)
        return self._seen == taken

    def _defined(self, before: bytes | None, sent: Sequence[Activity]) -> bytes:
        """The definitions of one activity merged in the order they came; one that makes it too long is its statement's alone."""
        definition: dict[str, Any] = msgspec.json.decode(before) if before else {}
        for one in sent:
            whole = merged(definition, msgspec.json.decode(one.definition))
            if len(msgspec.json.encode(whole)) <= LONGEST_DEFINITION:
                definition = whole
        return msgspec.json.encode(definition) if definition else b""


def forget() -> None:
    """Forget what is known: after something else than `Names` has written or removed names."""
    with _lock:
        _known.clear()
        _taken.clear()


def renew(store: int, taken: int) -> None:
    """Forget what this process knows of a store's names where some were taken out since: so often in all."""
    if _taken.get(store, -1) >= taken:
        return
    with _lock:
        if _taken.get(store, -1) < taken:
            for at in [at for at in _known if at[1] == store]:
                del _known[at]
            _taken[store] = taken


def take_out() -> None:
    """Names were taken out of stores: whoever writes next, in whichever process, knows none of them any more."""
    Store.objects.update(names_taken=F("names_taken") + 1)


def _found(sql: str, column: str, keys: Iterable[int], store: int) -> Iterator[tuple[int, Any]]:
    wanted = sorted(keys)
    for start in range(0, len(wanted), 900):
        text, values = tables.among(column, wanted[start : start + 900])
        yield from fetch(sql.format(text), [*values, store])  # type: ignore[misc]


# Practice people appear in practice stores only, and real ones in real stores; by a mailbox that was not proved in those of their own
# administration. Of several the last one counts (`_found` is made a dictionary).
_PERSONS = (
    "SELECT i.key, i.person_id FROM records_personidentity i "
    "JOIN people_person p ON p.id = i.person_id JOIN region_place h ON h.id = p.home_id "
    "JOIN records_store s ON TRUE JOIN region_place q ON q.id = s.place_id WHERE {} AND s.id = %s "
    "AND h.invented = q.invented AND (i.everywhere OR q.id = h.id) ORDER BY i.everywhere, i.id DESC"
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
    tables.put(store, Put("records_attachment", _ATTACHMENT, rows, "ON CONFLICT (store_id, sha2) DO NOTHING"))


def count(key: Client, at: datetime, statements: int) -> None:
    """Count what a key brought today."""
    tables.run(
        'INSERT INTO records_volume (key_id, "on", statements) VALUES (%s, %s, %s) '
        'ON CONFLICT (key_id, "on") DO UPDATE SET statements = records_volume.statements + excluded.statements',
        [key.pk, at.date(), statements],
    )
