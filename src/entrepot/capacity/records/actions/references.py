"""Statements that refer to statements: voiding, and matching by what is referred to, whichever of the two came first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django.db import connection

from .. import tables
from ..core import Facts, facts_of, read_json
from ..core.matching import DEEPEST_REFERENCE
from ..enums import Role
from ..finding import registration_key
from ..queries import spans_of
from ..tables import among

Waiting = list[tuple[str, int, int, int]]
"""Kept statements that refer to new ones: (target, verb, position, key)."""


def settle(store: int, key: int, fresh: Sequence[tuple[str, Facts, int]], waiting: Waiting) -> None:
    """After new statements were inserted by a key (uuid, facts, position): void what is to be voided, and hand on what is referred to.

    Runs under the store's one writer, so that of two clients' statements the later always sees the earlier.
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
    marks: set[tuple[int, int, int]] = set()
    for uuid, _, position in fresh:
        if targets.get(position) in standing or position in awaited:
            marks |= set(_handed_on(store, uuid, position))
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


def _handed_on(store: int, uuid: str, position: int) -> Iterator[tuple[int, int, int]]:
    """The marks that follow from a new statement: its own by what it refers to, and those of what refers to it."""
    chain = list(_below(store, position))
    for each in chain[1:]:
        yield from ((role, key, position) for role, key in each)
    seen, level = {position}, [(uuid, position)]
    for distance in range(1, DEEPEST_REFERENCE + 1):
        level = [(tables.plain(above), at) for above, at in _above(store, [uuid for uuid, _ in level]) if at not in seen]
        seen |= {at for _, at in level}
        for each in chain[: DEEPEST_REFERENCE + 1 - distance]:
            yield from ((role, key, at) for role, key in each for _, at in level)
        if not level:
            return


def _below(store: int, position: int) -> Iterator[set[tuple[int, int]]]:
    """The keys of a statement, then of what it refers to, and so on down; a ring ends where it began."""
    seen: set[int] = set()
    while position not in seen and len(seen) <= DEEPEST_REFERENCE:
        seen.add(position)
        with connection.cursor() as cursor:
            cursor.execute("SELECT raw, key_id FROM records_statement WHERE position = %s", [position])
            row = cursor.fetchone()
        if row is None:
            return
        facts = facts_of(read_json(bytes(row[0])))
        yield {*keys_of(facts), (int(Role.AUTHORITY), row[1])}
        following = tables.positions_of(store, [facts.target.replace("-", "")]) if facts.target else {}
        if not following:
            return
        position = next(iter(following.values()))


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


def _above(store: int, uuids: Sequence[str]) -> list[tuple[str, int]]:
    """(uuid, position) of what refers to one of `uuids`."""
    found: list[tuple[str, int]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(uuids), 900):
            some = uuids[start : start + 900]
            cursor.execute(
                "SELECT uuid, position FROM records_statement "  # noqa: S608
                f"WHERE store_id = %s AND target IS NOT NULL AND target IN ({tables.placeholders(some)})",
                [store, *some],
            )
            found += cursor.fetchall()
    return found
