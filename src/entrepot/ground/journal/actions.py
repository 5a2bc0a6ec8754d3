"""Appending, and sealing what was appended."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from typing import Any, ParamSpec, Protocol, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction

from entrepot.ground.keeping.api import writing
from entrepot.kernel.errors import Conflict
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import gettext_noop

from .core import FIRST, seal_of
from .heads import note_head
from .models import Entry

P = ParamSpec("P")
T = TypeVar("T")
_appended: ContextVar[int] = ContextVar("entrepot_appended", default=0)


class UnrecordedWrite(RuntimeError):
    """An action ended without a journal entry: a defect."""


class NoLongerThere(Conflict):
    """Whoever acts was erased or merged into another record after their request began."""

    code = "no-longer-there"
    message = gettext_noop("Your record was erased, or merged into another one, a moment ago. Nothing was changed.")


class Thing(Protocol):
    """Whatever an entry can be about."""

    uuid: Any


def action(function: Callable[P, T]) -> Callable[P, T]:
    """Make a function an action: one transaction, open guard, at least one journal entry before it ends.

    An action that finds nothing to change calls `nothing_done`, so that silence is never mistaken for a record.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        before = _appended.get()
        with transaction.atomic(), writing():
            result = function(*args, **kwargs)
            if _appended.get() == before:
                msg = f"{function.__qualname__} wrote no journal entry"
                raise UnrecordedWrite(msg)
        return result

    return cast("Callable[P, T]", run)


def nothing_done() -> None:
    """Say, inside an action, that it found nothing to change and wrote nothing."""
    _appended.set(_appended.get() + 1)


def append(*, by: Principal, at: datetime, verb: str, thing: Thing, place: str = "", facts: dict[str, Any] | None = None) -> Entry:
    """Append one entry, in the transaction of the action that calls it. `facts` holds uuids, codes, dates and digests, never names.

    Raises `NoLongerThere` for a person who was erased, merged or made inactive since the request began.
    """
    if by.person_id is not None:
        _require_there(by.person_id)
    entry = Entry(
        at=at,
        by_kind=by.kind,
        by_uuid=by.uuid,
        verb=verb,
        thing_kind=f"{thing._meta.app_label}.{thing._meta.model_name}",  # type: ignore[attr-defined]
        thing_uuid=thing.uuid,
        place=place,
        facts={key: _plain(value) for key, value in (facts or {}).items()},
    )
    entry.save()
    _appended.set(_appended.get() + 1)
    return entry


def _require_there(person_id: int) -> None:
    """Whoever acts is somebody still, and stays so until the transaction ends: their erasure comes after it, and finds what they wrote."""
    there = get_user_model()._default_manager.filter(pk=person_id, is_active=True).order_by().values("pk")
    if connection.vendor != "postgresql":
        found = there.exists()
    else:
        # Of the locks the weakest, which Django does not offer: nobody waits for it but who ends the record.
        statement, values = there.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"{statement} FOR KEY SHARE", values)
            found = cursor.fetchone() is not None
    if not found:
        raise NoLongerThere


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value.isoformat() if hasattr(value, "isoformat") else value


def digest(value: object) -> str:
    """A keyed digest of a value that must not stand in the journal itself: equal values are seen to be equal, and no more."""
    return hashlib.blake2b(repr(value).encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16).hexdigest()


def seal(*, limit: int = 5000) -> int:
    """Chain up to `limit` unsealed entries and return how many. One sealer at a time: the chain's end is locked meanwhile."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('entrepot.journal.seal'))")
        last = Entry.objects.filter(position__isnull=False).order_by("-position").values_list("position", "seal").first()
        position, previous = last or (0, FIRST)
        pending = list(Entry.objects.filter(position__isnull=True).order_by("id")[:limit])
        for entry in pending:
            position += 1
            previous = seal_of(previous, position, entry.content)
            entry.position, entry.seal = position, previous
        with writing():
            Entry.objects.bulk_update(pending, ["position", "seal"], batch_size=300)
        if pending:
            transaction.on_commit(note_head, robust=True)  # a full disk must not undo the chain
    return len(pending)
