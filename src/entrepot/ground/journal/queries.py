"""Reading the journal's state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from .core import FIRST, Fault, Sealed, check_chain
from .heads import Head, broken_heads, noted_heads
from .models import Entry


@dataclass(frozen=True, slots=True)
class Report:
    """What `verify` found: the chain's length and head, its faults, how much is unsealed and since when, and the head noted last."""

    length: int
    head: str
    faults: list[Fault]
    unsealed: int
    oldest_unsealed_at: datetime | None
    noted: Head | None


def _sealed() -> Iterator[Sealed]:
    for entry in Entry.objects.filter(position__isnull=False).order_by("position").iterator(chunk_size=2000):
        assert entry.position is not None
        yield Sealed(entry.position, entry.content, entry.seal)


def verify(*, kept_elsewhere: Head | None = None) -> Report:
    """Walk the whole chain, and compare it with the heads noted on this machine and with one that was kept elsewhere."""
    noted = noted_heads()
    faults = [*check_chain(_sealed()), *broken_heads([*noted, *([kept_elsewhere] if kept_elsewhere else [])])]
    last = Entry.objects.filter(position__isnull=False).order_by("-position").first()
    pending = Entry.objects.filter(position__isnull=True).order_by("at")
    oldest = pending.first()
    return Report(
        length=(last.position or 0) if last else 0,
        head=last.seal if last else FIRST,
        faults=faults,
        unsealed=pending.count(),
        oldest_unsealed_at=oldest.at if oldest else None,
        noted=noted[-1] if noted else None,
    )


def acts_of(uuid: UUID) -> list[dict[str, Any]]:
    """What is kept of one person's acts, and of acts that concerned their own record: when, what, on what kind of thing."""
    mine = Entry.objects.filter(Q(by_uuid=uuid) | Q(thing_uuid=uuid)).order_by("at", "id")
    return [{"at": e.at, "verb": e.verb, "thing": e.thing_kind, "by_yourself": e.by_uuid == uuid} for e in mine.iterator(chunk_size=2000)]
