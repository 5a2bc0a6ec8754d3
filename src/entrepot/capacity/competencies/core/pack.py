"""A pack of topics and competencies, as TOML."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from entrepot.kernel.errors import Invalid
from entrepot.kernel.texts import Text, gettext_noop

from ..enums import Group


@dataclass(frozen=True, slots=True)
class Row:
    """One competency of a pack."""

    code: str
    topic: str
    group: Group
    title: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Topics by code, and the competencies in them."""

    topics: dict[str, str]
    competencies: tuple[Row, ...]


def read_pack(text: str) -> Pack:
    """Read a pack.

    >>> read_pack('[topic]\\nVAL = "Valuation"').topics
    {'VAL': 'Valuation'}

    Raises `Invalid` where a code comes twice, or a competency names a topic that the pack does not have.
    """
    raw = tomllib.loads(text)
    rows = tuple(Row(r["code"], r["topic"], Group(r["group"]), r["title"]) for r in raw.get("competency", []))
    topics = dict(raw.get("topic", {}))
    for row in rows:
        if row.topic not in topics or sum(other.code == row.code for other in rows) > 1:
            raise Invalid({"competency": Text(gettext_noop("“%(code)s” stands twice, or its topic is missing."), {"code": row.code})})
    return Pack(topics, rows)
