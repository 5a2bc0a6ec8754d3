"""The abstract record, and the guard that keeps writes inside actions."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from django.db import models

_writing: ContextVar[bool] = ContextVar("entrepot_writing", default=False)


class WrittenOutsideAction(RuntimeError):
    """Something wrote to a guarded table without going through an action: a defect, never a person's mistake."""


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Open the guard. Actions do it (see `journal.action`), and so do migrations; nothing else should."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def is_writing() -> bool:
    """Whether an action is under way."""
    return _writing.get()


def _guard(model: type[models.Model]) -> None:
    if not _writing.get():
        msg = f"{model._meta.label} is written by its actions only"
        raise WrittenOutsideAction(msg)


class GuardedQuerySet(models.QuerySet[Any]):
    """A queryset whose bulk writes ask the guard too."""

    def update(self, **values: Any) -> int:
        """Write these columns in one statement."""
        _guard(self.model)
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Remove the rows."""
        _guard(self.model)
        return super().delete()

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Any]:
        """Insert many rows."""
        _guard(self.model)
        return super().bulk_create(objs, *args, **kwargs)


class Record(models.Model):
    """What most tables are: `id` for joins, `uuid` for others to store, `version` so that a stale edit is noticed."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = models.Manager.from_queryset(GuardedQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, inside an action."""
        _guard(type(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the row, inside an action."""
        _guard(type(self))
        return super().delete(*args, **kwargs)
