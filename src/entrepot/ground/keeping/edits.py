"""Taking a record in hand to change it: locked, and only in the version that the editor saw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from entrepot.kernel.errors import NotFound, StaleEdit

from .models import Record

R = TypeVar("R", bound=Record)


def hold(records: QuerySet[R], uuid: UUID) -> R:
    """Lock and return one of `records` (start from `visible_to`). Raises `NotFound`."""
    record = records.filter(uuid=uuid).select_for_update(of=("self",)).first()
    if record is None:
        raise NotFound
    return record


def change(record: Record, values: Mapping[str, Any], *, version: int | None) -> dict[str, Any]:
    """Write `values` to the locked `record` and return those that differ from before (empty: nothing is written).

    `version` is the one the editor had open; None skips the check, for machines that hold the record anyway.
    Raises `StaleEdit` with both sides.
    """
    if version is not None and version != record.version:
        theirs = {name: getattr(record, name) for name in values}
        raise StaleEdit(current_version=record.version, theirs=theirs, yours=values)
    changed = {name: value for name, value in values.items() if getattr(record, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(record, name, value)
        record.version += 1
        record.save(update_fields=[*changed, "version"])
    return changed
