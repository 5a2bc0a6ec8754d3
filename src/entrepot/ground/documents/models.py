"""The table of documents. Their content lies in a storage of its own, under a name that says nothing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from entrepot.ground.keeping.api import Record

from .enums import Visibility


class Document(Record):
    """A file, the place that answers for it, and the record that it is about."""

    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="documents")
    about = models.UUIDField(db_index=True)
    title = models.CharField(max_length=200)
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the content, in hexadecimal."""
    visibility = models.CharField(max_length=8, default=Visibility.PRIVATE)
    kept_by = models.UUIDField()
    kept_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    """When the content was taken out of the storage, some time after the document was retired."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(visibility__in=[v.value for v in Visibility]), name="documents_document_visibility"),
            models.CheckConstraint(condition=Q(size__gt=0), name="documents_document_not_empty"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(retired_at__isnull=False), name="documents_document_retired_first"
            ),
        ]
        indexes = [models.Index(fields=["place", "retired_at", "id"], name="documents_document_place")]

    def __str__(self) -> str:
        return self.title

    @property
    def stored(self) -> str:
        """Its name in the storage."""
        return f"{self.uuid.hex[:2]}/{self.uuid}"
