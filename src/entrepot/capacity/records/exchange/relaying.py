"""Carrying statements on to another record store, and fetching them from one: a page at a time, remembering how far it has come.

Not a task of the queue: a task runs in one transaction, and nothing may hold the database while it waits for another machine. It runs as
`entrepot lrs relay`. A page that was sent but not noted is sent again, which identifiers make harmless.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction

from entrepot.ground.keeping.api import writing

from .. import queries
from ..actions.statements import ContradictsKept, Incoming, keep, prepare
from ..core import Fault, Query, Unreadable, check, facts_of, read_json
from ..core.multipart import BrokenMultipart, boundary_of, read_parts, write_parts
from ..enums import Direction
from ..finding import Found, Span, find
from ..models import Relay
from .exporting import handed_out

PAGE = 200
VERSIONS = {1: "1.0.3", 2: "2.0.0"}
LARGEST_ANSWER = 32 * 1024 * 1024


class RelayFailed(RuntimeError):
    """The other store could not be reached, or would not have us."""


def seal(secret: str) -> bytes:
    """The other store's secret as it is kept here: encrypted with a key made from this installation's own."""
    return _fernet().encrypt(secret.encode())


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"records.relay " + settings.SECRET_KEY.encode()).digest()))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other store answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def _ask(relay: Relay, method: str, address: str, body: bytes = b"", *, media_type: str = "", edition: int = 1) -> Reply:
    """One request to the other store, never to another machine than the one its endpoint names."""
    home, target = urlsplit(relay.endpoint), urlsplit(address)
    if (target.scheme, target.netloc) != (home.scheme, home.netloc):
        msg = f"the other store points to another machine: {address[:100]}"
        raise RelayFailed(msg)
    try:
        secret = _fernet().decrypt(bytes(relay.sealed_secret)).decode()
    except InvalidToken:
        msg = "the secret of the other store cannot be read with this installation's key; make the relay anew"
        raise RelayFailed(msg) from None
    token = base64.b64encode(f"{relay.user}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {token}", "X-Experience-API-Version": VERSIONS[edition]}
    if media_type:
        headers["Content-Type"] = media_type
    connection: http.client.HTTPConnection
    if home.scheme == "https":
        connection = http.client.HTTPSConnection(home.hostname or "", home.port, timeout=60, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(home.hostname or "", home.port, timeout=60)
    try:
        connection.request(method, f"{target.path}?{target.query}" if target.query else target.path, body or None, headers)
        answer = connection.getresponse()
        return Reply(answer.status, answer.headers, answer.read(LARGEST_ANSWER))
    except (OSError, http.client.HTTPException) as error:
        msg = f"the other store cannot be reached: {type(error).__name__}"
        raise RelayFailed(msg) from None
    finally:
        connection.close()


def run(relay: Relay, at: datetime, *, pages: int = 1000) -> int:
    """Carry what is waiting, up to `pages` pages, and return how many statements went. Its state is noted after each page."""
    carried = 0
    try:
        for _ in range(pages):
            went, more = (_forward if relay.direction == Direction.FORWARD else _pull)(relay, at)
            carried += went
            if not more:
                break
        _note(relay, at, last_error="")
    except RelayFailed as error:
        _note(relay, at, last_error=str(error)[:500])
    return carried


def _note(relay: Relay, at: datetime, **values: object) -> None:
    for name, value in values.items():
        setattr(relay, name, value)
    relay.last_at = at
    with writing():
        relay.save(update_fields=[*values, "last_at"])


def _forward(relay: Relay, at: datetime) -> tuple[int, bool]:
    """Send the next page. Within a store positions rise as transactions are committed, so that nothing appears behind the cursor."""
    found, more = find(Span(relay.store_id), Query(ascending=True), size=PAGE, after=int(relay.cursor or 0))
    went = refused = 0
    for edition, some in groupby(found, key=lambda one: one.edition):
        group = list(some)
        sent = _send(relay, group, edition)
        went, refused = went + sent, refused + len(group) - sent
    if found:
        values = {"cursor": str(found[-1].position), "carried": relay.carried + went, "refused": relay.refused + refused}
        _note(relay, at, **values)
    return went, more


def _send(relay: Relay, group: Sequence[Found], edition: int) -> int:
    """Send statements together; where the other store refuses them, halve by halve, so that only what it really refuses is left out."""
    known = queries.authorities(one.key for one in group)
    body = b"[" + b",".join(handed_out(one, known) for one in group) + b"]"
    digests = {sha2 for one in group for sha2 in facts_of(read_json(one.raw)).attachments}
    media_type = "application/json"
    attached = queries.attachments(relay.store_id, digests) if digests else []
    if attached:
        media_type, body = write_parts(body, attached)
    reply = _ask(relay, "POST", relay.endpoint.rstrip("/") + "/statements", body, media_type=media_type, edition=edition)
    if reply.status in (200, 204):
        return len(group)
    if reply.status in (400, 409, 413, 422):
        if len(group) == 1:
            return 0
        half = len(group) // 2
        return _send(relay, group[:half], edition) + _send(relay, group[half:], edition)
    msg = f"the other store answered {reply.status}: {reply.body[:200].decode('utf-8', 'replace')}"
    raise RelayFailed(msg)


class _Page(msgspec.Struct):
    statements: list[msgspec.Raw]
    more: str = ""


def _pull(relay: Relay, at: datetime) -> tuple[int, bool]:
    """Fetch the next page and keep it; the page and how far we have come are one transaction."""
    state = json.loads(relay.cursor) if relay.cursor else {}
    root = relay.endpoint.rstrip("/") + "/statements"
    wishes = {"ascending": "true", "limit": str(PAGE), "attachments": "true", **({"since": state["since"]} if state.get("since") else {})}
    address = urljoin(root, state["more"]) if state.get("more") else f"{root}?{urlencode(wishes)}"
    reply = _ask(relay, "GET", address, edition=2)
    if reply.status != 200:
        msg = f"the other store answered {reply.status}: {reply.body[:200].decode('utf-8', 'replace')}"
        raise RelayFailed(msg)
    page, attached = _read(reply)
    incoming: list[Incoming] = []
    refused = 0
    last = state.get("since", "")
    for raw in (bytes(one) for one in page.statements):
        try:
            value = read_json(raw)
            version = str(value.get("version", "1.0.0"))
            check(value, version="2.0.0")
            incoming.append(prepare(raw, value, edition=2 if version.startswith("2") else 1))
            last = value.get("stored", last)
        except (Fault, Unreadable, AttributeError):
            refused += 1
    client = queries.client_named(relay.key.key) if relay.key else None
    if client is None:
        msg = "the key in whose name the statements were kept is revoked; make the relay anew with another"
        raise RelayFailed(msg)
    with transaction.atomic():
        new, contradicting = _keep(client, at, incoming, attached)
        cursor = json.dumps({"more": page.more, "since": last} if page.more else {"since": last})
        _note(relay, at, cursor=cursor, carried=relay.carried + new, refused=relay.refused + refused + contradicting)
    return new, bool(page.more)


def _keep(
    client: queries.Client, at: datetime, incoming: Sequence[Incoming], attached: Sequence[tuple[str, str, bytes]]
) -> tuple[int, int]:
    if not incoming:
        return 0, 0
    try:
        return keep(key=client, at=at, incoming=incoming, attachments=attached).new, 0
    except ContradictsKept:
        if len(incoming) == 1:
            return 0, 1
        half = len(incoming) // 2
        first, second = _keep(client, at, incoming[:half], attached), _keep(client, at, incoming[half:], attached)
        return first[0] + second[0], first[1] + second[1]


def _read(reply: Reply) -> tuple[_Page, list[tuple[str, str, bytes]]]:
    body, attached = reply.body, []
    media_type = reply.headers.get("Content-Type", "")
    try:
        if media_type.startswith("multipart/mixed"):
            parts = read_parts(body, boundary_of(media_type))
            body = parts[0].content
            attached = [
                (part.headers["x-experience-api-hash"], part.headers.get("content-type", "application/octet-stream"), part.content)
                for part in parts[1:]
                if _is_whole(part.headers.get("x-experience-api-hash", ""), part.content)
            ]
        return msgspec.json.decode(body, type=_Page), attached
    except (BrokenMultipart, msgspec.MsgspecError, UnicodeError):
        msg = "the other store's answer cannot be read as statements"
        raise RelayFailed(msg) from None


def _is_whole(digest: str, content: bytes) -> bool:
    names = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
    return len(digest) in names and hashlib.new(names[len(digest)], content).hexdigest() == digest.lower()
