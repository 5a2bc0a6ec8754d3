"""State and profile documents: what programs note for themselves, with concurrency control by ETag."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction

from entrepot.kernel.errors import Conflict, DomainError, Invalid
from entrepot.kernel.texts import Text, gettext_noop

from .. import queries
from ..core import Fault, read_json, read_once
from ..core.reading import Unreadable
from ..enums import DocumentKind
from ..models import Document


class NotAsExpected(DomainError):
    """The document is another one than the client said it expects."""

    code = "precondition-failed"
    status = 412
    message = gettext_noop("The document is not the one that If-Match or If-None-Match names. Read it again first.")


class NeedsPrecondition(Conflict):
    """The document exists, and the client did not say which one it means to replace."""

    code = "precondition-needed"
    message = gettext_noop(
        "There is a document here already. Read it, then send its ETag as If-Match (or If-None-Match: * to make a new one)."
    )


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a document stands in a store: in the space of an office, its `place`, or of the whole store. `activity` and `agent` are keys,
    nought where the kind has none."""

    place: int | None
    kind: DocumentKind
    activity: int
    agent: int
    registration: UUID | None
    name: str

    @property
    def digest(self) -> str:
        """The text by which the slot is unique."""
        parts = [self.kind.value, str(self.activity), str(self.agent), str(self.registration or ""), self.name]
        if self.place is not None:
            parts.insert(0, str(self.place))
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Expectation:
    """If-Match and If-None-Match as sent, empty where not; `needed` where a replacement has to say what it replaces,
    `always` where also a new document has to say that it is meant to be new."""

    match: str = ""
    none_match: str = ""
    needed: bool = False
    always: bool = False

    def require(self, etag: str | None, *, replaces: bool = False) -> None:
        """Raise `NotAsExpected` or `NeedsPrecondition` unless the document with this ETag (None: no document) is as expected."""
        if self.match and (etag is None or not names(self.match, etag)):
            raise NotAsExpected
        if self.none_match and etag is not None and names(self.none_match, etag):
            raise NotAsExpected
        if not replaces or self.match or self.none_match:
            return
        if self.needed and etag is not None:
            raise NeedsPrecondition
        if self.always and etag is None:
            raise Invalid({"If-None-Match": gettext_noop("To make a new document, send If-None-Match: *.")})


def names(header: str, etag: str) -> bool:
    """Whether an If-Match or If-None-Match names this ETag."""
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")]
    return "*" in tags or etag in tags


def etag_of(content: bytes) -> str:
    """The ETag of a content: its SHA-1, as the specification has it."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _locked(store: int, slot: Slot) -> Document | None:
    """The document in this slot; until the transaction ends nobody else writes documents of this store."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(734, %s::int)", [store])
    return Document.objects.filter(store_id=store, slot=slot.digest).first()


def _write(store: int, slot: Slot, found: Document | None, *, content: bytes, media_type: str, at: datetime) -> Document:
    values = {"content": content, "media_type": media_type[:200], "etag": etag_of(content), "updated_at": at}
    if found:
        for name, value in values.items():
            setattr(found, name, value)
        found.save(update_fields=list(values))
        return found
    return Document.objects.create(
        store_id=store,
        place_id=slot.place,
        kind=slot.kind,
        slot=slot.digest,
        activity=slot.activity,
        agent=slot.agent,
        registration=slot.registration,
        name=slot.name,
        **values,
    )


def put(*, store: int, slot: Slot, content: bytes, media_type: str, at: datetime, expects: Expectation) -> Document:
    """Put a document into its slot, in place of what is there. Raises `NotAsExpected`, `NeedsPrecondition`."""
    with transaction.atomic():
        found = _locked(store, slot)
        expects.require(found.etag if found else None, replaces=True)
        return _write(store, slot, found, content=content, media_type=media_type, at=at)


def post(*, store: int, slot: Slot, content: bytes, media_type: str, at: datetime, expects: Expectation) -> Document:
    """Merge a JSON document into the one in its slot, property by property; where there is none, put it. Raises `Invalid` and as `put`."""
    sent = _sent(content) if is_json(media_type) else None
    if is_json(media_type) and sent is None:
        raise Invalid({"content": gettext_noop("A document that is sent as application/json has to be a JSON object here.")})
    with transaction.atomic():
        found = _locked(store, slot)
        expects.require(found.etag if found else None)
        if found:
            kept = _as_object(bytes(found.content)) if is_json(found.media_type) else None
            if kept is None or sent is None:
                raise Invalid({"content": gettext_noop("Only JSON objects can be merged: PUT replaces the document.")})
            content = msgspec.json.encode({**kept, **sent})
        return _write(store, slot, found, content=content, media_type=media_type, at=at)


def delete(*, store: int, slot: Slot, expects: Expectation) -> None:
    """Empty a slot; an empty one stays so. Raises `NotAsExpected`."""
    with transaction.atomic():
        found = _locked(store, slot)
        expects.require(found.etag if found else None)
        if found:
            found.delete()


def delete_all(*, store: int, place: int | None, kind: DocumentKind, activity: int, agent: int, registration: UUID | None) -> int:
    """Delete every state of an agent in an activity (of one registration, where given) and return how many there were."""
    with transaction.atomic():
        found = queries.documents(store, place, kind, activity=activity, agent=agent)
        if registration:
            found = found.filter(registration=registration)
        return found.delete()[0]


def is_json(media_type: str) -> bool:
    """Whether a media type says JSON."""
    return media_type.partition(";")[0].strip().lower() == "application/json"


def _sent(content: bytes) -> dict[str, Any] | None:
    try:
        read_once(content)
    except Fault as fault:
        raise Invalid({"content": Text(gettext_noop("%(path)s stands twice in one object."), {"path": fault.path})}) from None
    except Unreadable:
        return None
    return _as_object(content)


def _as_object(content: bytes) -> dict[str, Any] | None:
    try:
        value = read_json(content)
    except Unreadable:
        return None
    return value if isinstance(value, dict) else None


__all__ = [
    "Expectation",
    "NeedsPrecondition",
    "NotAsExpected",
    "Slot",
    "delete",
    "delete_all",
    "etag_of",
    "is_json",
    "names",
    "post",
    "put",
]
