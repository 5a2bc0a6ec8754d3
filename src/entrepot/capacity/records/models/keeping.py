"""Statements and documents: a machine store, written in bulk, with its own trail. docs/decisions/0010 says why it looks like this.

Rows here carry no foreign-key constraints but for the few that are written seldom: on PostgreSQL each costs a look-up per row.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Q

from ..core import instant_of
from ..enums import DocumentKind
from .using import Key, Store

_EARLIEST, _LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def _loose(to: Any, name: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, related_name=name, db_constraint=False, db_index=False)


class Statement(models.Model):
    """One statement: its bytes as they came, and the columns that find it. `position` orders, and says when it was stored."""

    position = models.BigIntegerField(primary_key=True)
    store = _loose(Store, "statements")
    place = _loose("region.Place", "+")
    key = _loose(Key, "+")
    uuid = models.UUIDField(editable=False)
    actor = models.BigIntegerField(null=True)
    verb = models.BigIntegerField()
    activity = models.BigIntegerField(null=True)
    target = models.UUIDField(null=True)
    registration = models.UUIDField(null=True)
    happened = models.BigIntegerField()
    """`timestamp`, as a position."""
    edition = models.PositiveSmallIntegerField()
    """1 where it came in as 1.0.x, 2 as 2.0."""
    inherits = models.BooleanField(default=False)
    """Whether marks give it a verb, an activity or a registration of the statement it refers to."""
    voided = models.BooleanField(default=False)
    erased = models.BooleanField(default=False)
    raw = models.BinaryField()

    class Meta:
        # Trailing columns let a filter be answered from the index alone.
        indexes = [
            models.Index(fields=["store", "position"], name="records_statement_latest"),
            models.Index(fields=["store", "actor", "position", "verb", "activity", "voided"], name="records_statement_actor"),
            models.Index(fields=["store", "verb", "position", "activity", "voided"], name="records_statement_verb"),
            models.Index(fields=["store", "activity", "position", "verb", "voided"], name="records_statement_activity"),
            models.Index(
                fields=["store", "registration", "position"], condition=Q(registration__isnull=False), name="records_statement_reg"
            ),
            models.Index(fields=["target", "store"], condition=Q(target__isnull=False), name="records_statement_refers"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def stored_at(self) -> datetime:
        """When it was stored."""
        return instant_of(self.position)

    @property
    def happened_at(self) -> datetime:
        """When it happened; at the ends of the calendar drawn in by a day, so that every zone's clock can show it."""
        return min(max(instant_of(self.happened), _EARLIEST), _LATEST)


class Mark(models.Model):
    """A key that finds a statement beyond its own columns: members of groups, related actors and activities, what it refers to."""

    pk = models.CompositePrimaryKey("store_id", "role", "key", "position")
    store = _loose(Store, "+")
    role = models.PositiveSmallIntegerField()
    key = models.BigIntegerField()
    position = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.role} {self.key} {self.position}"


class Identifier(models.Model):
    """Which identifiers a store has seen, and where the statement stands. It outlives the statement, so that a repeat is always known."""

    pk = models.CompositePrimaryKey("store_id", "uuid")
    store = _loose(Store, "+")
    uuid = models.UUIDField(editable=False)
    position = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.uuid)


class Attachment(models.Model):
    """The content of an attachment, once in a store however many statements name it."""

    id = models.BigAutoField(primary_key=True)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+", db_index=False)
    sha2 = models.CharField(max_length=128)
    media_type = models.CharField(max_length=200)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "sha2"], name="records_attachment_once")]

    def __str__(self) -> str:
        return self.sha2


class Document(models.Model):
    """A state or profile document. `slot` is the digest of all that identifies it; `agent` and `activity` are keys, nought where none."""

    id = models.BigAutoField(primary_key=True)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8)
    slot = models.CharField(max_length=64)
    activity = models.BigIntegerField(default=0)
    agent = models.BigIntegerField(default=0)
    registration = models.UUIDField(null=True)
    place = models.ForeignKey("region.Place", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    """The office whose keys keep it; None: keys of the whole store."""
    name = models.TextField()
    media_type = models.CharField(max_length=200)
    content = models.BinaryField()
    etag = models.CharField(max_length=40)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "slot"], name="records_document_once"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in DocumentKind]), name="records_document_kind_known"),
        ]
        indexes = [
            models.Index(fields=["store", "kind", "activity", "agent"], name="records_document_found"),
            models.Index(fields=["store", "agent"], name="records_document_agent"),
        ]

    def __str__(self) -> str:
        return self.name


class Volume(models.Model):
    """How many statements a key brought on a day. Counts outlive what they count."""

    id = models.BigAutoField(primary_key=True)
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="volumes", db_index=False)
    on = models.DateField()
    statements = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "on"], name="records_volume_once")]
        indexes = [models.Index(fields=["on"], name="records_volume_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.statements}"
