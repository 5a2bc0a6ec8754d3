"""Keeping documents, giving them up, and clearing what is left over."""

from __future__ import annotations

import errno
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files import File
from django.db import transaction

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.ground.limits.api import limit as count
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Invalid
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import Text, gettext_noop

from .core import fit_name, judge
from .enums import Visibility
from .models import Document
from .queries import limit, over, storage, stored_names
from .rules import document_rules

_CHUNK = 65536
_IN_MEMORY = 2_500_000


class FileTooLarge(Invalid):
    """The file is larger than what is kept."""

    code = "file-too-large"

    def __init__(self) -> None:
        said = gettext_noop("The file is larger than %(most)s MB. Make it smaller, or split it, and choose it again.")
        super().__init__({"file": Text(said, {"most": f"{limit() / 1_000_000:g}"})})


def keep(
    *,
    by: Principal,
    at: datetime,
    place: Any,
    about: UUID,
    title: str,
    name: str,
    content: BinaryIO,
    visibility: Visibility = Visibility.PRIVATE,
    also: Callable[[], object] | None = None,
) -> Document:
    """Judge a file and keep it. Whether `by` may do that for this place and record is for the calling action to say.

    `also` is done in the transaction that keeps it.

    The file is read once, in pieces, before any transaction is opened; a content whose transaction is then undone is cleared by `sweep`.
    Raises `Invalid` under `file` or `title`, and its kind `FileTooLarge`; `TooManyRequests` after many; `OSError` where the disk is all but
    full: the last of it is the database's, so that nobody's files keep everybody from writing.
    """
    title = " ".join(title.split())[:200]
    if not title:
        raise Invalid({"title": gettext_noop("Say in a few words what the file is.")})
    name = fit_name(name)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        size, digest = _copy(content, cast("BinaryIO", copy))
        kind = judge(name, cast("BinaryIO", copy))
        if not by.is_system:
            count("documents", str(by.uuid), at=at)
            _require_disk(size)
        document = Document(uuid=uuid4(), place=place, about=about, title=title, name=name, media_type=kind.media_type)
        document.size, document.digest, document.visibility = size, digest, visibility
        document.kept_by, document.kept_at = by.uuid, at
        store(document.stored, copy)
    return _record(by=by, at=at, document=document, also=also)


def _require_disk(size: int) -> None:
    place = Path(getattr(storage(), "location", ""))
    if place.is_dir() and shutil.disk_usage(place).free - size < settings.ROOM_MEGABYTES * 1_000_000:
        raise OSError(errno.ENOSPC, "what is left of the disk is kept for the database")


def store(name: str, copy: Any) -> None:
    """Write a content; where that fails (a full disk, an archive that is cut), nothing of it stays."""
    try:
        storage().save(name, File(copy))
    except Exception:
        storage().delete(name)
        raise


def _copy(source: BinaryIO, target: BinaryIO) -> tuple[int, str]:
    size, seen = 0, hashlib.sha256()
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > limit():
            raise FileTooLarge
        seen.update(chunk)
        target.write(chunk)
    return size, seen.hexdigest()


@action
def _record(*, by: Principal, at: datetime, document: Document, also: Callable[[], object] | None) -> Document:
    if also is not None:
        also()
    document.save()
    facts = {"about": document.about, "media_type": document.media_type, "size": document.size, "sha256": document.digest}
    place = document.place.lineage
    append(by=by, at=at, verb="documents.document.kept", thing=document, place=place, facts=facts | {"visibility": document.visibility})
    return document


def keep_for_place(
    *, by: Principal, at: datetime, place: Any, title: str, name: str, content: BinaryIO, visibility: Visibility = Visibility.PRIVATE
) -> Document:
    """Keep a document of a place itself: for those who may edit the place. Raises `NotFound`, `NotAllowed`, `Invalid`."""
    place_rules.require(by, "edit", place)
    return keep(by=by, at=at, place=place, about=place.uuid, title=title, name=name, content=content, visibility=visibility)


@action
def retire(*, by: Principal, at: datetime, uuid: UUID) -> Document:
    """Take a document out of use; thirty days later its content is removed. Retiring it again changes nothing."""
    document = hold(document_rules.visible_to(by).select_related("place"), uuid)
    document_rules.require(by, "retire", document)
    if document.retired_at:
        nothing_done()
        return document
    change(document, {"retired_at": at}, version=None)
    append(by=by, at=at, verb="documents.document.retired", thing=document, place=document.place.lineage)
    return document


@action
def sweep(*, at: datetime) -> int:
    """Remove the content of what was retired long enough ago, and contents that no document stands for; return how many.

    A content is younger than its document: only what has lain there for a day without one is left over from a transaction undone.
    """
    due = list(over(at).select_related("place")[:500])
    for document in due:
        change(document, {"removed_at": at}, version=None)
        append(by=SYSTEM, at=at, verb="documents.content.removed", thing=document, place=document.place.lineage)
    gone = [document.stored for document in due]
    kept = {document.stored for document in Document.objects.filter(removed_at__isnull=True).only("uuid")}
    gone += [name for name in stored_names() if name not in kept and storage().get_modified_time(name) < at - timedelta(days=1)]
    transaction.on_commit(lambda: _delete(gone))
    if not due:
        nothing_done()
    return len(gone)


def forget_about(uuid: UUID, at: datetime) -> None:
    """Inside the erasure of a person: remove what is kept about them, content and title, at once."""
    found = list(Document.objects.filter(about=uuid))
    for document in found:
        gone = {"title": "—", "name": "—", "retired_at": document.retired_at or at, "removed_at": document.removed_at or at}
        change(document, gone, version=None)
    transaction.on_commit(lambda: _delete([document.stored for document in found]))


def _delete(names: list[str]) -> None:
    for name in names:
        storage().delete(name)
