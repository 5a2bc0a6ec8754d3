"""Finding documents, and reading their content."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db.models import QuerySet

from .models import Document

GRACE = timedelta(days=30)
"""How long the content of a retired document stays, should it have been a mistake."""


def storage() -> Storage:
    """Where contents lie."""
    return storages["documents"]


def limit() -> int:
    """The largest file that is kept, in bytes."""
    return int(settings.UPLOAD_LIMIT)


def current(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those of `documents` that are not retired."""
    return documents.filter(retired_at__isnull=True)


def about(uuid: UUID) -> QuerySet[Document]:
    """The documents in use about one record, latest first. The caller's own rule has said who may see them."""
    return current(Document.objects.filter(about=uuid)).order_by("-kept_at", "-id")


def over(at: datetime) -> QuerySet[Document]:
    """Retired documents whose content is due to be removed."""
    return Document.objects.filter(retired_at__lte=at - GRACE, removed_at__isnull=True)


def stored_names() -> Iterator[str]:
    """The name of every content in the storage; none where nothing has been kept yet."""
    try:
        folders = storage().listdir("")[0]
    except FileNotFoundError:
        return
    for folder in folders:
        for name in storage().listdir(folder)[1]:
            yield f"{folder}/{name}"


def missing() -> list[Document]:
    """Documents in use whose content is not in the storage (after a restore without the files, say)."""
    there = set(stored_names())
    return [document for document in current(Document.objects.order_by("id")) if document.stored not in there]
