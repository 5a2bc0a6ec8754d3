"""The abstract record, and the guard that keeps writes inside actions."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from datetime import date
from typing import Any

from django.db import models

from entrepot.kernel.characters import clean_values, require_fit
from entrepot.kernel.periods import require_near

_TEXTS = (models.CharField, models.TextField, models.JSONField)
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


def _require_fit(model: type[models.Model], values: Mapping[str, Any]) -> None:
    """Refuse a text or a day that cannot be kept, under the name of its column, whichever way it came. Raises `Invalid`."""
    for name, value in values.items():
        if isinstance(value, date):
            require_near(value, field=name)
        if isinstance(value, str | list | dict) and isinstance(model._meta.get_field(name), _TEXTS):
            clean_values(value, name, require_fit)


def _written(record: models.Model, fields: Iterable[str] | None = None) -> dict[str, Any]:
    names = (field.attname for field in record._meta.concrete_fields) if fields is None else fields
    return {name: record.__dict__[name] for name in names if name in record.__dict__}


class GuardedQuerySet(models.QuerySet[Any]):
    """A queryset whose bulk writes ask the guard too."""

    def update(self, **values: Any) -> int:
        """Write these columns in one statement."""
        _guard(self.model)
        _require_fit(self.model, values)
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Remove the rows."""
        _guard(self.model)
        return super().delete()

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Any]:
        """Insert many rows."""
        _guard(self.model)
        rows = list(objs)
        for row in rows:
            _require_fit(self.model, _written(row))
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Any, fields: Any, *args: Any, **kwargs: Any) -> int:
        """Write these columns of many rows."""
        rows = list(objs)
        for row in rows:
            _require_fit(self.model, _written(row, fields))
        return super().bulk_update(rows, fields, *args, **kwargs)


class Record(models.Model):
    """What most tables are: `id` for joins, `uuid` for others to store, `version` so that a stale edit is noticed."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = models.Manager.from_queryset(GuardedQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, inside an action. Raises `Invalid` for a text or a day that cannot be kept."""
        _guard(type(self))
        _require_fit(type(self), _written(self, kwargs.get("update_fields")))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the row, inside an action."""
        _guard(type(self))
        return super().delete(*args, **kwargs)
