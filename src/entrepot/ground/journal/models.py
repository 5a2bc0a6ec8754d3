"""The table of entries."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from entrepot.ground.keeping.api import GuardedQuerySet, WrittenOutsideAction, is_writing


class Entry(models.Model):
    """One act. `position` and `seal` are empty until the sealer has chained it; nothing else ever changes."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(db_index=True)
    by_kind = models.CharField(max_length=12)
    by_uuid = models.UUIDField()
    verb = models.CharField(max_length=80)
    thing_kind = models.CharField(max_length=60)
    thing_uuid = models.UUIDField()
    place = models.CharField(max_length=120, db_index=True, blank=True)
    facts = models.JSONField(default=dict)
    position = models.BigIntegerField(null=True, unique=True)
    seal = models.CharField(max_length=64, blank=True)

    objects = models.Manager.from_queryset(GuardedQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(position__isnull=True, seal="") | (Q(position__gte=1) & ~Q(seal="")), name="journal_entry_sealed_whole"
            ),
        ]
        indexes = [
            models.Index(fields=["thing_uuid"], name="journal_entry_thing"),
            models.Index(fields=["by_uuid", "id"], name="journal_entry_by"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.thing_uuid}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append, inside an action; an entry is never changed."""
        if not is_writing() or self.pk:
            msg = "journal entries are appended by actions and never changed"
            raise WrittenOutsideAction(msg)
        super().save(*args, **kwargs)

    @property
    def content(self) -> dict[str, object]:
        """What the seal covers."""
        return {
            "uuid": str(self.uuid),
            "at": self.at.isoformat(),
            "by": [self.by_kind, str(self.by_uuid)],
            "verb": self.verb,
            "thing": [self.thing_kind, str(self.thing_uuid)],
            "place": self.place,
            "facts": self.facts,
        }
