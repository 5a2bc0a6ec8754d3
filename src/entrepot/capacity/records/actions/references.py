"""Statements that refer to statements: voiding, and matching by what is referred to, whichever of the two came first."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.db import connection

from entrepot.kernel.errors import DomainError
from entrepot.kernel.texts import gettext_noop

from .. import tables
from ..core import Facts, facts_of, read_json
from ..core.matching import DEEPEST_REFERENCE
from ..enums import Role
from ..finding import registration_key
from ..queries import spans_of
from ..tables import among

Waiting = list[tuple[str, int, int, int]]
"""Kept statements that refer to new ones: (target, verb, position, key)."""
Fresh = tuple[str, Facts, int]
Keys = set[tuple[int, int]]
MOST_HANDED_ON = 100_000
"""Keys that one request may have handed on: of a statement that names thousands, to thousands that refer to it, would be millions."""


class RefersToTooMuch(DomainError):
    """What is referred to names more than can be handed on; nothing was kept."""

    code = "refers-to-too-much"
    status = 413
    message = gettext_noop("Statements of this request refer, or are referred to, by too many that name too much. Send fewer at a time.")


class TookTooLong(DomainError):
    """The database was too busy to take the statements in time; nothing was kept."""

    code = "busy"
    status = 503
    message = gettext_noop("The store is too busy just now. Nothing was kept; send it again.")


def require_time(begun: float) -> None:
    """Raise `TookTooLong` where a transaction that began then (monotonic) has to give up, so that others are not kept waiting."""
    if time.monotonic() - begun > tables.LONGEST_WRITE - 5:
        raise TookTooLong


def settle(store: int, key: int, fresh: Sequence[Fresh], waiting: Waiting, *, begun: float) -> None:
    """After new statements were inserted by a key (uuid, facts, position): void what is to be voided, and hand on what is referred to.

    Runs under the store's one writer, so that of two clients' statements the later always sees the earlier.
    Raises `RefersToTooMuch`, `TookTooLong`.
    """
    targets = {position: facts.target.replace("-", "") for _, facts, position in fresh if facts.target}
    by_uuid = {uuid: position for uuid, _, position in fresh}
    if not targets and not waiting:
        return
    standing = tables.positions_of(store, sorted(set(targets.values())))
    voiding = {(key, standing[targets[position]]) for _, facts, position in fresh if facts.voids and targets[position] in standing}
    voiding |= {(by, by_uuid[target]) for target, verb, _, by in waiting if verb == tables.VOIDED_KEY}
    _void(sorted(_in_reach(voiding)))
    awaited = {by_uuid[target] for target, *_ in waiting}
    touched = [one for one in fresh if targets.get(one[2]) in standing or one[2] in awaited]
    marks = _handed_on(touched, _above(store, touched), _below(store, key, touched, begun))
    tables.add_marks(store, marks)
    _inherit(sorted({position for _, _, position in marks}))


def waiting_for(store: int, uuids: Sequence[str]) -> Waiting:
    """The kept statements that refer to one of `uuids`."""
    found: Waiting = []
    for start in range(0, len(uuids), 900):
        text, values = among("target", uuids[start : start + 900], "uuid")
        # + 0: by the index of targets alone, whatever else the database knows of the store.
        sql = f"SELECT target, verb, position, key_id FROM records_statement WHERE store_id + 0 = %s AND target IS NOT NULL AND {text}"  # noqa: S608
        found += [(tables.plain(target), *more) for target, *more in tables.fetch(sql, [store, *values])]
    return found


def _in_reach(voiding: Collection[tuple[int, int]]) -> set[int]:
    """Of (key, position), the positions of what its key may read: nobody voids what they may not."""
    spans = spans_of(key for key, _ in voiding) if voiding else {}
    positions = sorted({position for _, position in voiding})
    whose: dict[int, tuple[int, int]] = {}
    for start in range(0, len(positions), 900):
        text, values = among("position", positions[start : start + 900])
        rows = tables.fetch(f"SELECT position, place_id, key_id FROM records_statement WHERE {text}", values)  # noqa: S608
        whose.update((position, (place, key)) for position, place, key in rows)
    return {position for key, position in voiding if position in whose and spans[key].holds(*whose[position])}


def _void(positions: Sequence[int]) -> None:
    """Mark statements as voided; what voids others cannot be voided itself."""
    with connection.cursor() as cursor:
        for start in range(0, len(positions), 900):
            some = positions[start : start + 900]
            cursor.execute(
                "UPDATE records_statement SET voided = %s "  # noqa: S608
                f"WHERE position IN ({tables.placeholders(some)}) AND NOT (verb = %s AND target IS NOT NULL)",
                [True, *some, tables.VOIDED_KEY],
            )


class _Node(NamedTuple):
    """A statement that is referred to: what finds it, and where that stands which it refers to itself."""

    keys: Keys
    following: int | None


def _handed_on(touched: Sequence[Fresh], above: Mapping[int, int], below: Mapping[int, _Node]) -> set[tuple[int, int, int]]:
    """The marks that follow from new statements: their own by what they refer to, and those of what refers to them.

    What stood before has the marks of what it referred to then: it gets those of the first new one in its chain, and of what follows.
    """
    fresh = {position for _, _, position in touched}
    marks: set[tuple[int, int, int]] = set()
    for position in (*fresh, *above):
        is_new, at, seen = position in fresh, position, {position}
        for _ in range(DEEPEST_REFERENCE):
            following = above.get(at) if at not in below else below[at].following
            if following is None or following in seen or (following not in below and following not in above):
                break
            at = following
            seen.add(at)
            is_new = is_new or at in fresh
            if is_new:
                if len(marks) + len(below[at].keys) > MOST_HANDED_ON:
                    raise RefersToTooMuch
                marks |= {(role, key, position) for role, key in below[at].keys}
    return marks


def _above(store: int, touched: Sequence[Fresh]) -> dict[int, int]:
    """What refers to these, what refers to that, and so on up: where it stands, and where that stands which it refers to."""
    found: dict[int, int] = {}
    level = {uuid: position for uuid, _, position in touched}
    seen = set(level.values())
    for _ in range(DEEPEST_REFERENCE):
        higher: dict[str, int] = {}
        for uuid, position, target in _referring(store, list(level)):
            if position not in seen:
                found[position] = level[target]
                higher[uuid] = position
        level = higher
        seen |= set(level.values())
        if len(seen) > MOST_HANDED_ON:
            raise RefersToTooMuch
    return found


def _below(store: int, key: int, touched: Sequence[Fresh], begun: float) -> dict[int, _Node]:
    """These, what they refer to, what that refers to, and so on down; each is read once."""
    found: dict[int, _Node] = {}
    held = 0
    read: Iterable[tuple[int, int, Facts]] = ((position, key, facts) for _, facts, position in touched)
    for _ in range(DEEPEST_REFERENCE + 1):
        level: dict[int, tuple[Keys, str]] = {}
        for position, by, facts in read:
            require_time(begun)
            keys = {*keys_of(facts), (int(Role.AUTHORITY), by)}
            level[position] = keys, (facts.target or "").replace("-", "")
            held += len(keys)
            if held > 10 * MOST_HANDED_ON:
                raise RefersToTooMuch
        standing = tables.positions_of(store, sorted({target for _, target in level.values() if target}))
        found |= {position: _Node(keys, standing.get(target)) for position, (keys, target) in level.items()}
        read = _read(sorted(set(standing.values()) - set(found)))
        if not standing:
            break
    return found


def _read(positions: Sequence[int]) -> Iterator[tuple[int, int, Facts]]:
    """(position, key, facts) of kept statements, one at a time: each can be large."""
    for position in positions:
        for by, raw in tables.fetch("SELECT key_id, raw FROM records_statement WHERE position = %s", [position]):
            yield position, by, facts_of(read_json(bytes(raw)))


def keys_of(facts: Facts) -> set[tuple[int, int]]:
    """(role, key) of all that finds a statement, what its columns say included."""
    found = {(int(Role.VERB), facts.verb.key)}
    found |= {(int(Role.AGENT), key) for key in facts.agents}
    found |= {(int(Role.RELATED_AGENT), key) for key in facts.related_agents}
    found |= {(int(Role.RELATED_ACTIVITY), key) for key in facts.related_activities}
    if facts.activity is not None:
        found.add((int(Role.ACTIVITY), facts.activity))
    if facts.registration:
        found.add((int(Role.REGISTRATION), registration_key(facts.registration)))
    return found


def _inherit(positions: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(positions), 900):
            some = positions[start : start + 900]
            cursor.execute(
                f"UPDATE records_statement SET inherits = %s WHERE position IN ({tables.placeholders(some)})",  # noqa: S608
                [True, *some],
            )


def _referring(store: int, uuids: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """(uuid, position, target) of what refers to one of `uuids`."""
    for start in range(0, len(uuids), 900):
        text, values = among("target", uuids[start : start + 900], "uuid")
        sql = f"SELECT uuid, position, target FROM records_statement WHERE store_id + 0 = %s AND target IS NOT NULL AND {text}"  # noqa: S608
        for uuid, position, target in tables.fetch(sql, [store, *values]):
            yield tables.plain(uuid), position, tables.plain(target)
