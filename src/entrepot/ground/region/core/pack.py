"""The format of a facts pack, and its checks."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from entrepot.kernel.errors import Invalid
from entrepot.kernel.periods import ImpreciseDate


@dataclass(frozen=True, slots=True)
class Pack:
    """A region as its sources give it."""

    region: dict[str, Any]
    sources: list[dict[str, Any]]
    sub_regions: list[dict[str, Any]]
    members: list[dict[str, Any]]
    bodies: list[dict[str, Any]]
    centres: list[dict[str, Any]]
    terms: list[dict[str, Any]]


def read_pack(text: str) -> Pack:
    """Read a pack and check that each row names a source that exists and dates that can be read. Raises `Invalid`."""
    raw = tomllib.loads(text)
    pack = Pack(
        raw["region"],
        raw["source"],
        raw["sub_region"],
        raw["member"],
        raw.get("body", []),
        raw.get("centre", []),
        raw.get("term", []),
    )
    known = {row["code"] for row in pack.sources}
    nested = [*(s for c in pack.centres for s in c.get("status", [])), *(h for b in pack.bodies for h in b.get("host", []))]
    for row in [pack.region, *pack.sub_regions, *pack.members, *pack.bodies, *pack.centres, *pack.terms, *nested]:
        if row.get("source") not in known:
            raise Invalid({"source": f"no source {row.get('source')!r} for {row}".replace("%", "%%")})
        for name in ("from", "to"):
            if row.get(name):
                ImpreciseDate.parse(row[name])
    return pack


@dataclass(frozen=True, slots=True)
class Past:
    """Past events, and the sources that the pack itself brings."""

    sources: list[dict[str, Any]]
    events: list[dict[str, Any]]


def read_past(text: str) -> Past:
    """Read past events and check that each has a title, a source and dates that can be read. Raises `Invalid`."""
    raw = tomllib.loads(text)
    for row in raw.get("event", []):
        if not row.get("source") or not row.get("title"):
            raise Invalid({"source": f"no source or title for {row}".replace("%", "%%")})
        for name in ("from", "to"):
            if row.get(name):
                ImpreciseDate.parse(row[name])
    return Past(raw.get("source", []), raw.get("event", []))
