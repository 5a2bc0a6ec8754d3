"""Attachments on their way out: how many statements go into one answer together with what is attached to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .core import read_json
from .core.multipart import MOST_PARTS
from .finding import LARGEST_ANSWER, Found
from .tables import among, fetch

LARGEST_OF_ONE = 16 * 1024 * 1024
"""Bytes of what is attached to one statement in an answer: as much as comes with it in one request."""


def fitting(store: int, found: list[Found]) -> tuple[list[Found], list[str]]:
    """As many of the statements, one at least, as go into one answer with their attachments; and the digests of those that go along.

    They are weighed by the lengths that the database knows, before any content is read. One that several statements name counts once.
    """
    named = [_named(read_json(one.raw)) for one in found]
    lengths = _lengths(store, {sha2 for some in named for sha2 in some})
    total, along = 0, dict[str, None]()
    for number, (one, digests) in enumerate(zip(found, named, strict=True)):
        fresh = dict.fromkeys(sha2 for sha2 in digests if sha2 in lengths and sha2 not in along)
        if not number:
            fresh = dict.fromkeys(_of_one(fresh, lengths))
        total += len(one.raw) + sum(lengths[sha2] for sha2 in fresh)
        if number and (total > LARGEST_ANSWER or len(along) + len(fresh) > MOST_PARTS - 2):
            return found[:number], list(along)
        along |= fresh
    return found, list(along)


def _of_one(digests: Mapping[str, None], lengths: Mapping[str, int]) -> Iterator[str]:
    """Those that go along with a statement by itself. It can name by their digests more contents of others than it ever brought."""
    total = 0
    for sha2 in [*digests][: MOST_PARTS - 2]:
        if total + lengths[sha2] <= LARGEST_OF_ONE:
            total += lengths[sha2]
            yield sha2


def _named(statement: Mapping[str, Any]) -> list[str]:
    """The digests of a statement's attachments: first of those that stand at no address of their own, and so came along with it."""
    thing = statement["object"]
    inner = thing.get("attachments", ()) if thing.get("objectType") == "SubStatement" else ()
    held = [*statement.get("attachments", ()), *inner]
    return [one["sha2"].lower() for one in sorted(held, key=lambda one: "fileUrl" in one)]


def _lengths(store: int, digests: set[str]) -> dict[str, int]:
    """The bytes of each attachment that the store has."""
    found: dict[str, int] = {}
    wanted = sorted(digests)
    for start in range(0, len(wanted), 900):
        text, values = among("sha2", wanted[start : start + 900], "text")
        found.update(fetch(f"SELECT sha2, length(content) FROM records_attachment WHERE store_id = %s AND {text}", [store, *values]))  # noqa: S608
    return found
