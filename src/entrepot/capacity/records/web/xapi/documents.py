"""State, activity profile and agent profile: documents that programs keep."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.utils.http import http_date

from entrepot.shell.inert import harmless_type

from ... import queries
from ...actions import documents
from ...actions.documents import Expectation, Slot
from ...core import atoms
from ...enums import DocumentKind, Scope
from ...models import Document
from .wire import Ask, Refused, View

SCOPES = {
    DocumentKind.STATE: Scope.STATE,
    DocumentKind.ACTIVITY_PROFILE: Scope.PROFILE,
    DocumentKind.AGENT_PROFILE: Scope.PROFILE,
}
NAMES = {DocumentKind.STATE: "stateId", DocumentKind.ACTIVITY_PROFILE: "profileId", DocumentKind.AGENT_PROFILE: "profileId"}
PLACES = {
    DocumentKind.STATE: ("activityId", "agent", "registration"),
    DocumentKind.ACTIVITY_PROFILE: ("activityId",),
    DocumentKind.AGENT_PROFILE: ("agent",),
}


def _where(ask: Ask, kind: DocumentKind) -> tuple[int, int, UUID | None]:
    activity = ask.iri("activityId") if "activityId" in PLACES[kind] else 0
    agent = ask.agent()[0] if "agent" in PLACES[kind] else 0
    return activity, agent, ask.uuid("registration") if "registration" in PLACES[kind] else None


def _slot(ask: Ask, kind: DocumentKind) -> Slot:
    ask.only(*PLACES[kind], NAMES[kind])
    name = ask.need(NAMES[kind])
    if "\x00" in name or len(name) > 2000:
        raise Refused(400, f"The parameter {NAMES[kind]} has to be text of at most 2000 characters, without NUL.")
    activity, agent, registration = _where(ask, kind)
    return Slot(ask.key.space, kind, activity, agent, registration, name)


def _expected(ask: Ask, kind: DocumentKind) -> Expectation:
    profile = kind is not DocumentKind.STATE
    return Expectation(ask.headers.get("if-match", ""), ask.headers.get("if-none-match", ""), profile or ask.edition == 2, profile)


def views(kind: DocumentKind) -> dict[str, View]:
    """The functions of one document resource, by method."""
    return {
        "get": partial(_get, kind),
        "put": partial(_store, kind, documents.put),
        "post": partial(_store, kind, documents.post),
        "delete": partial(_delete, kind),
    }


def _get(kind: DocumentKind, ask: Ask) -> HttpResponse:
    """One document, or the names of those that there are."""
    ask.may(SCOPES[kind], Scope.ALL_READ)
    if NAMES[kind] not in ask.parameters:
        return _listed(ask, kind)
    slot = _slot(ask, kind)
    found = (
        queries.documents(ask.key.store_id, ask.key.space, kind, activity=slot.activity, agent=slot.agent).filter(slot=slot.digest).first()
    )
    if found is None:
        raise Refused(404, "There is no such document.")
    answer = HttpResponse(bytes(found.content), content_type=harmless_type(found.media_type))
    if atoms.holds(atoms.header, found.media_type):
        answer["X-Stored-Content-Type"] = found.media_type
    answer["ETag"] = f'"{found.etag}"'
    answer["Last-Modified"] = http_date(found.updated_at.timestamp())
    return answer


def _store(kind: DocumentKind, write: Callable[..., Document], ask: Ask) -> HttpResponse:
    """Put or merge a document."""
    ask.may(SCOPES[kind])
    slot, expects = _slot(ask, kind), _expected(ask, kind)
    media_type = ask.media_type or "application/octet-stream"
    content = ask.body()
    if documents.is_json(media_type):
        _require_json(content)
    found = write(store=ask.key.store_id, slot=slot, content=content, media_type=media_type, at=ask.at, expects=expects)
    answer = HttpResponse(status=204)
    answer["ETag"] = f'"{found.etag}"'
    return answer


def _delete(kind: DocumentKind, ask: Ask) -> HttpResponse:
    """Delete a document, or all states of an agent in an activity."""
    ask.may(SCOPES[kind])
    if kind is DocumentKind.STATE and "stateId" not in ask.parameters:
        ask.only(*PLACES[kind])
        activity, agent, registration = _where(ask, kind)
        documents.delete_all(
            store=ask.key.store_id, place=ask.key.space, kind=kind, activity=activity, agent=agent, registration=registration
        )
    else:
        documents.delete(store=ask.key.store_id, slot=_slot(ask, kind), expects=_expected(ask, kind))
    return HttpResponse(status=204)


def _require_json(content: bytes) -> None:
    try:
        msgspec.json.decode(content)
    except (ValueError, RecursionError):
        raise Refused(400, "The document says that it is application/json, and is not.") from None


def _listed(ask: Ask, kind: DocumentKind) -> HttpResponse:
    """The names of the documents of an activity, an agent, or both, changed after `since`."""
    ask.only(*PLACES[kind], "since")
    activity, agent, registration = _where(ask, kind)
    since = ask.moment("since")
    found = queries.documents(ask.key.store_id, ask.key.space, kind, activity=activity, agent=agent)
    if registration:
        found = found.filter(registration=registration)
    if since:
        found = found.filter(updated_at__gt=since)
    names = list(found.order_by("id").values_list("name", "updated_at")[:10_000])
    answer = HttpResponse(msgspec.json.encode([name for name, _ in names]), content_type="application/json")
    if names:
        answer["Last-Modified"] = http_date(max(at for _, at in names).timestamp())
    return answer
