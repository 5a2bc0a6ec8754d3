"""Taking a name out of what was published: an edition goes without it from here on, and the journal keeps the digest that it had."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from entrepot.ground.journal.api import append
from entrepot.ground.keeping.api import change
from entrepot.ground.people.api import traces_of
from entrepot.kernel.principals import SYSTEM

from .core import digest_of_edition, digest_of_part
from .models import Edition

SWEPT = frozenset({"publications.Edition"})


def export(_person_id: int) -> Mapping[str, Any]:
    """Nothing here is kept by person: what they published is in the journal, what is printed of them stands in practices."""
    return {}


def erase(person_id: int, at: datetime) -> None:
    """Inside the erasure of a person."""
    looked_for = traces_of(person_id)
    editions = Edition.objects.select_related("publication__series__region")
    for edition in looked_for.among(editions, "head", "parts", "change"):
        parts = [looked_for.out_of(part) for part in edition.parts]
        # A part that a Member took back has left its digest behind, and nothing to take a name out of.
        parts = [part if "blocks" not in part else {**part, "digest": digest_of_part(part)} for part in parts]
        head, was = looked_for.out_of(edition.head), edition.digest
        values = {"head": head, "parts": parts, "change": looked_for.out_of(edition.change)}
        if change(edition, values | {"digest": digest_of_edition(head, [part["digest"] for part in parts])}, version=None):
            place = edition.publication.series.region.lineage
            facts = {"was": was, "is": edition.digest}
            append(by=SYSTEM, at=at, verb="publications.edition.name_taken_out", thing=edition, place=place, facts=facts)


def merge(_dropped: int, _kept: int, _at: datetime) -> None:
    """Nothing here is kept by person."""
