"""The SQL that finds statements: for each query the index that narrows most, then as few rows as the page needs.

One condition *drives*: its index is walked in order of position; the others are looked at on the way, in that index where they stand in it.
What stands among the marks (members of groups, related actors, what is referred to) is a second walk, and both are merged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .core import Query, key_of
from .enums import Role
from .tables import among, fetch, is_postgresql, placeholders


class Found(NamedTuple):
    """A statement as found."""

    position: int
    uuid: Any
    key: int
    edition: int
    raw: bytes


LARGEST_ANSWER = 8 * 1024 * 1024
"""Bytes of statements in one answer, whatever the limit asked for: the rest follows by `more`."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which statements of a store a reader may see: all, those of some places (an office), or those of some keys (its own)."""

    store: int
    places: tuple[int, ...] | None = None
    keys: tuple[int, ...] | None = None
    authorities: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """The keys whose authority is the agent with this key: they are not among the marks, being the same for all that a key brings."""

    def holds(self, place: int, key: int) -> bool:
        """Whether a statement of the store, of this place and brought by this key, is among them."""
        return (self.places is None or place in self.places) and (self.keys is None or key in self.keys)


def registration_key(registration: str) -> int:
    """The key of a registration where it stands among the marks."""
    return key_of(registration.replace("-", "").lower())


_OWN = {"agent": "actor", "verb": "verb", "activity": "activity", "registration": "registration"}
_INDEX = {"agent": "actor", "verb": "verb", "activity": "activity", "registration": "reg"}


class _Search:
    """One query being put into SQL."""

    def __init__(self, span: Span, query: Query, after: int | None, size: int) -> None:
        self.span, self.query, self.after, self.size = span, query, after, size
        self.direction = "ASC" if query.ascending else "DESC"
        self.wanted: dict[str, Any] = {name: value for name in _OWN if (value := getattr(query, name)) is not None}

    def roles(self, name: str) -> list[int]:
        """The roles among the marks that meet a condition."""
        match name:
            case "agent":
                return [Role.AGENT, Role.RELATED_AGENT] if self.query.related_agents else [Role.AGENT]
            case "activity":
                return [Role.ACTIVITY, Role.RELATED_ACTIVITY] if self.query.related_activities else [Role.ACTIVITY]
            case "verb":
                return [Role.VERB]
        return [Role.REGISTRATION]

    def key(self, name: str) -> int:
        """The key of a condition among the marks."""
        return registration_key(self.wanted[name]) if name == "registration" else self.wanted[name]

    def value(self, name: str) -> Any:
        """The value of a condition in the statement's own column."""
        return self.wanted[name].replace("-", "") if name == "registration" else self.wanted[name]

    def common(self, alias: str) -> tuple[str, list[Any]]:
        """What every statement found has to meet: readable, not voided, within the stretch of time."""
        text: list[str] = []
        values: list[Any] = []
        if self.span.places is not None:
            text.append(f"s.place_id IN ({placeholders(self.span.places) or 'NULL'})")
            values += self.span.places
        if self.span.keys is not None:
            text.append(f"s.key_id IN ({placeholders(self.span.keys) or 'NULL'})")
            values += self.span.keys
        bounds = [(">", self.query.since), ("<=", self.query.until), (">" if self.query.ascending else "<", self.after)]
        for sign, bound in bounds:
            if bound is not None:
                text.append(f"{alias}.position {sign} %s")
                values.append(bound)
        return "".join(f" AND {one}" for one in [*text, "NOT s.voided"]), values

    def other(self, name: str) -> tuple[str, list[Any]]:
        """A condition that does not drive."""
        column = f"s.{_OWN[name]} = %s"
        marks = f"SELECT 1 FROM records_mark o WHERE o.store_id = %s AND o.role IN ({placeholders(self.roles(name))}) AND o.key = %s AND o.position = s.position"  # noqa: S608, E501
        always = name == "agent" or len(self.roles(name)) > 1
        guard = "" if always else "s.inherits AND "
        text, values = f"{column} OR ({guard}EXISTS ({marks}))", [self.value(name), self.span.store, *self.roles(name), self.key(name)]
        text, values = self._with_authority(name, text, values)
        return f" AND ({text})", values

    def _with_authority(self, name: str, text: str, values: list[Any]) -> tuple[str, list[Any]]:
        keys = self.span.authorities.get(self.wanted[name], ()) if name == "agent" and self.query.related_agents else ()
        if not keys:
            return text, values
        referred = f"SELECT 1 FROM records_mark a WHERE a.store_id = %s AND a.role = %s AND a.key IN ({placeholders(keys)}) AND a.position = s.position"  # noqa: S608, E501
        text = f"{text} OR s.key_id IN ({placeholders(keys)}) OR (s.inherits AND EXISTS ({referred}))"
        return text, [*values, *keys, self.span.store, int(Role.AUTHORITY), *keys]

    def branches(self) -> list[tuple[str, list[Any]]]:
        """The walks whose results together are the answer, each in order and no longer than the page."""
        driver = next((name for name in ("registration", "agent", "activity", "verb") if name in self.wanted), None)
        if driver == "agent" and self.query.related_agents and self.span.authorities.get(self.wanted["agent"]):
            driver = next((name for name in ("activity", "verb") if name in self.wanted), None)
        others = [self.other(name) for name in self.wanted if name != driver]
        rest = "".join(text for text, _ in others), [value for _, values in others for value in values]
        common = self.common("s")
        own = f"s.{_OWN[driver]} = %s" if driver else "TRUE" if is_postgresql() else "1"
        given = [self.value(driver)] if driver else []
        index = "" if is_postgresql() else f" INDEXED BY records_statement_{_INDEX[driver] if driver else 'latest'}"
        walks = [
            (
                f"SELECT s.position FROM records_statement s{index} WHERE s.store_id = %s AND {own}{common[0]}{rest[0]} "  # noqa: S608
                f"ORDER BY s.position {self.direction} LIMIT %s",
                [self.span.store, *given, *common[1], *rest[1], self.size],
            )
        ]
        for role in self.roles(driver) if driver else ():
            assert driver is not None
            common = self.common("m")
            walks.append(
                (
                    "SELECT m.position FROM records_mark m CROSS JOIN records_statement s "  # noqa: S608
                    f"WHERE m.store_id = %s AND m.role = %s AND m.key = %s AND s.position = m.position{common[0]}{rest[0]} "
                    f"ORDER BY m.position {self.direction} LIMIT %s",
                    [self.span.store, int(role), self.key(driver), *common[1], *rest[1], self.size],
                )
            )
        return walks


def find(span: Span, query: Query, *, size: int, after: int | None = None) -> tuple[list[Found], bool]:
    """Up to `size` statements that `query` finds in `span`, in its order, beyond the position `after`; and whether more follow.

    Fewer than `size` come where they are large: an answer holds at most `LARGEST_ANSWER` bytes, or one statement.
    """
    search = _Search(span, query, after, size + 1)
    walks = search.branches()
    union = " UNION ".join(f"SELECT position FROM ({text}) w{number}" for number, (text, _) in enumerate(walks))  # noqa: S608
    values = [value for _, some in walks for value in some]
    sql = (
        "SELECT t.position, t.uuid, t.key_id, t.edition, length(t.raw) FROM "  # noqa: S608
        f"(SELECT position FROM ({union}) u ORDER BY position {search.direction} LIMIT %s) f "
        f"JOIN records_statement t ON t.position = f.position ORDER BY t.position {search.direction}"
    )
    rows = fetch(sql, [*values, size + 1])
    fitting = rows[: fitting_in([row[4] for row in rows[:size]])]
    raws = find_raw([row[0] for row in fitting])
    # A statement that retention or erasure removed between the two reads is left out.
    return [Found._make([*row[:4], raws[row[0]]]) for row in fitting if row[0] in raws], len(rows) > len(fitting)


def fitting_in(lengths: Sequence[int]) -> int:
    """How many of the first statements, which have so many bytes each, are read at once: one at least."""
    total = 0
    for number, length in enumerate(lengths):
        total += length
        if number and total > LARGEST_ANSWER:
            return number
    return len(lengths)


def find_one(span: Span, uuid: str, *, voided: bool) -> Found | None:
    """The statement with this identifier (32 digits), if it is voided or not as asked and the reader may see it."""
    text, values = _Search(span, Query(), None, 1).common("s")
    text = text.replace(" AND NOT s.voided", " AND s.voided" if voided else " AND NOT s.voided")
    rows = fetch(
        "SELECT s.position, s.uuid, s.key_id, s.edition, s.raw FROM records_identifier i "  # noqa: S608
        f"JOIN records_statement s ON s.position = i.position WHERE i.store_id = %s AND i.uuid = %s{text}",
        [span.store, uuid, *values],
    )
    return Found._make([*rows[0][:4], bytes(rows[0][4])]) if rows else None


def find_raw(positions: Sequence[int]) -> dict[int, bytes]:
    """The bytes of the statements at these positions."""
    found: dict[int, bytes] = {}
    for start in range(0, len(positions), 900):
        text, values = among("position", positions[start : start + 900])
        rows = fetch(f"SELECT position, raw FROM records_statement WHERE {text}", values)  # noqa: S608
        found.update((position, bytes(raw)) for position, raw in rows)
    return found


def in_parts(positions: Sequence[int]) -> Iterator[list[int]]:
    """These positions, so many at a time as are read at once; those where nothing stands any more are left out."""
    for start in range(0, len(positions), 900):
        text, values = among("position", positions[start : start + 900])
        rows = fetch(f"SELECT position, length(raw) FROM records_statement WHERE {text} ORDER BY position", values)  # noqa: S608
        while rows:
            some = fitting_in([length for _, length in rows])
            yield [position for position, _ in rows[:some]]
            rows = rows[some:]
