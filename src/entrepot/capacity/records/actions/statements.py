"""Keeping statements: whole requests or nothing, each identifier once, in one durable transaction.

Statements are a machine store: this is no journalled action. Its trail is the statement itself, with its key and its time.
"""

from __future__ import annotations

import logging
import time
import uuid as uuids
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from entrepot.kernel.errors import Conflict
from entrepot.kernel.texts import gettext_noop

from .. import tables
from ..core import Facts, Fault, check, facts_of, from_instant, key_of, read_json, read_once, read_usual, same
from ..enums import LATEST, Role
from ..finding import in_parts
from ..queries import Client
from ..tables import StatementRow, among, fetch, is_postgresql
from . import naming, references
from .references import RefersToTooMuch, TookTooLong, require_time

logger = logging.getLogger(__name__)

__all__ = ["CANNOT_STAND", "ContradictsKept", "Incoming", "Kept", "RefersToTooMuch", "TookTooLong", "keep", "prepare", "receive"]


class ContradictsKept(Conflict):
    """A statement with this identifier is kept, and says something else."""

    code = "statement-conflict"
    message = gettext_noop("A statement with the identifier %(id)s is kept already and says something else.")


CANNOT_STAND = (ContradictsKept, RefersToTooMuch)
"""What is wrong with one statement of many, where the others are to be kept."""


@dataclass(slots=True)
class Incoming:
    """A sound statement on its way in: its bytes, its facts, its identifier as 32 digits."""

    raw: bytes
    facts: Facts
    uuid: str
    edition: int

    @property
    def value(self) -> Mapping[str, Any]:
        """The statement itself, read anew: few are asked for it."""
        value: Mapping[str, Any] = read_json(self.raw)
        return value


@dataclass(slots=True)
class Kept:
    """What became of a request: identifiers in the order sent (36 characters), how many were new, the last position used."""

    ids: list[str]
    new: int
    last: int = 0
    repeats: list[str] = field(default_factory=list)


def receive(raw: bytes, *, version: str = "") -> Incoming:
    """Read and check a statement that came in a request of this `version`, or by itself: its own version then.

    One that names none is of 1.0, whose specification says so; unless it has what came with 2.0.0. Raises `Fault`, `Unreadable`.
    """
    usual = read_usual(raw)
    if usual and _fits(usual.version, version):
        return Incoming(raw, usual.facts, _identifier(usual.id), _edition(version or usual.version or LATEST[1]))
    value = read_once(raw)
    version = version or _own_version(value)
    check(value, version=version)
    if not _fits(value.get("version", ""), version):
        msg = "has to be 1.0 or 1.0.x in a request of that version"
        raise Fault(msg, "version")
    return prepare(raw, value, edition=_edition(version))


def _own_version(value: Any) -> str:
    """The version that a statement names, or that what it holds tells."""
    if type(value) is not dict:
        return LATEST[1]
    own, context = value.get("version"), value.get("context")
    if type(own) is str and own:
        return own
    return LATEST[2] if type(context) is dict and ("contextAgents" in context or "contextGroups" in context) else LATEST[1]


def _fits(own: str, version: str) -> bool:
    """Whether a statement of its `own` version may come in a request of another."""
    return version[:1] != "1" or own[:1] != "2"


def _edition(version: str) -> int:
    return 1 if version[:1] == "1" else 2


def _identifier(given: str | None) -> str:
    return given.replace("-", "").lower() if given else uuids.uuid4().hex


def prepare(raw: bytes, value: Mapping[str, Any], *, edition: int) -> Incoming:
    """Ready a checked statement; one without an identifier gets one."""
    return Incoming(raw, facts_of(value), _identifier(value.get("id")), edition)


def keep(
    *,
    key: Client,
    at: datetime,
    incoming: Sequence[Incoming],
    attachments: Iterable[tuple[str, str, bytes]] = (),
    define: bool = True,
) -> Kept:
    """Keep statements for `key`, all of them or none, durably; what is kept already and says the same is left as it is.

    `attachments` are (sha2, media type, content). Raises `ContradictsKept`, `RefersToTooMuch`, `TookTooLong`.
    """
    attached = list(attachments)
    kept = _keep_plain(key, at, incoming, define=define) if is_postgresql() and not attached and _may_be_plain(incoming) else None
    return kept or _keep(key, at, incoming, attached, define=define)


def _may_be_plain(incoming: Sequence[Incoming]) -> bool:
    """Whether they are few, each once, and refer to no other."""
    few = 0 < len(incoming) <= tables.FEW
    return few and not any(one.facts.target for one in incoming) and len({one.uuid for one in incoming}) == len(incoming)


def _keep(key: Client, at: datetime, incoming: Sequence[Incoming], attachments: Sequence[tuple[str, str, bytes]], *, define: bool) -> Kept:
    begun = time.monotonic()
    kept = Kept([dashed(one.uuid) for one in incoming], 0)
    known = naming.Names(key.store_id, define=define)
    with transaction.atomic():
        fresh = _enter(key, incoming, kept, known)
        if fresh:
            waiting = references.waiting_for(key.store_id, [one.uuid for one, _ in fresh])
            placed = [(one.uuid, one.facts, position) for one, position in fresh]
            references.settle(key.store_id, key.pk, placed, waiting, begun=begun)
            known.note()
            naming.count(key, at, kept.new)
        naming.attach(key.store_id, attachments)
        require_time(begun)
    known.settle()
    return kept


def _keep_plain(key: Client, at: datetime, incoming: Sequence[Incoming], *, define: bool) -> Kept | None:
    """Keep what refers to nothing in one turn of talk with PostgreSQL; None, and nothing is kept, where that is not all there is to it."""
    store, numbered = key.store_id, list(zip(incoming, range(len(incoming)), strict=True))
    known = naming.Names(store, define=define)
    known.look(incoming)
    if known.persons():
        return None  # whose they are is written under the lock, as they may be erased meanwhile
    rows = [_row(key, one, number, None) for one, number in numbered]
    called, defined = known.called({}), known.defined({})
    entered = tables.keep_plain(store, rows, _marks(numbered), day=at.date(), names=called, defined=defined)
    if entered is None:
        return None
    first, taken = entered
    if known.holds(taken):
        known.settle()
    else:
        _name(store, incoming, define=define)
    return Kept([dashed(one.uuid) for one in incoming], len(incoming), first + len(incoming) - 1)


def _name(store: int, incoming: Sequence[Incoming], *, define: bool) -> None:
    """Write names down again: some were taken out after this process had looked. The statements are kept and acknowledged whatever comes of
    it: a name that is not written is not known, and comes again with the next statement that holds it."""
    known = naming.Names(store, define=define)
    try:
        with transaction.atomic():
            naming.renew(store, tables.reserve(store, 1)[1])
            known.look(incoming)
            known.note()
    except DatabaseError:
        logger.exception("names of store %s were not written again", store)
        return
    known.settle()


_Placed = list[tuple[Incoming, int]]


def _enter(key: Client, incoming: Sequence[Incoming], kept: Kept, known: naming.Names) -> _Placed:
    """Write identifiers, then the statements that are new, and see which names are; return those statements with their positions."""
    store = key.store_id
    first, taken = tables.reserve(store, len(incoming))
    naming.renew(store, taken)
    kept.last = first + len(incoming) - 1
    placed = list(zip(incoming, range(first, kept.last + 1), strict=True))
    kept.new = tables.insert_identifiers(store, [(one.uuid, position) for one, position in placed])
    fresh = placed if kept.new == len(placed) else _without_repeats(store, placed, kept)
    if fresh:
        with tables.inserting([_row(key, one, position, position) for one, position in fresh]):
            marks = sorted(set(_marks(fresh)))
            known.look(incoming)
        tables.insert_marks(store, marks)
    return fresh


def _marks(placed: _Placed) -> list[tuple[int, int, int]]:
    return [mark for one, position in placed for mark in marks_of(one.facts, position)]


def dashed(uuid: str) -> str:
    """An identifier of 32 digits in the usual 36 characters."""
    return f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"


def _row(key: Client, one: Incoming, position: int, otherwise: int | None) -> StatementRow:
    """`otherwise`: when it happened where it does not say."""
    facts = one.facts
    return StatementRow(
        position,
        key.store_id,
        key.place_id,
        key.pk,
        one.uuid,
        facts.actor,
        facts.verb.key,
        facts.activity,
        facts.target.replace("-", "") if facts.target else None,
        facts.registration.replace("-", "") if facts.registration else None,
        from_instant(facts.happened_at) if facts.happened_at else otherwise,
        one.edition,
        one.raw,
    )


def marks_of(facts: Facts, position: int) -> Iterable[tuple[int, int, int]]:
    """The marks of a statement: what its own columns do not say."""
    for key in facts.agents:
        if key != facts.actor:
            yield _AGENT, key, position
    for key in facts.related_agents:
        yield _RELATED_AGENT, key, position
    for key in facts.related_activities:
        yield _RELATED_ACTIVITY, key, position
    for sha2 in facts.attachments:
        yield _ATTACHMENT, key_of(sha2), position


_AGENT, _RELATED_AGENT, _RELATED_ACTIVITY, _ATTACHMENT = map(int, (Role.AGENT, Role.RELATED_AGENT, Role.RELATED_ACTIVITY, Role.ATTACHMENT))


def _without_repeats(store: int, fresh: _Placed, kept: Kept) -> _Placed:
    """Those that are new. Raises `ContradictsKept` where a repeat says something else than what is kept."""
    standing = tables.positions_of(store, [one.uuid for one, _ in fresh])
    repeats = [(one, standing[one.uuid]) for one, position in fresh if standing[one.uuid] != position]
    sent = {position: one for one, position in repeats}
    # What was erased or has outlived its retention is not kept again, and there is nothing to compare it with.
    for position, found in _stored(sorted(sent)):
        if found != sent[position].raw and not same(read_json(found), sent[position].value):
            raise ContradictsKept(id=dashed(sent[position].uuid))
    kept.repeats += [dashed(one.uuid) for one, _ in repeats]
    return [(one, position) for one, position in fresh if standing[one.uuid] == position]


def _stored(positions: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """(position, bytes) of those that stand and were not erased."""
    for some in in_parts(positions):
        text, values = among("position", some)
        for position, raw in fetch(f"SELECT position, raw FROM records_statement WHERE NOT erased AND {text}", values):  # noqa: S608
            yield position, bytes(raw)
