"""Carrying statements on to another record store, and fetching them from one: a page at a time, remembering how far it has come.

Not a task of the queue: a task runs in one transaction, and nothing may hold the database while it waits for another machine. It runs as
`entrepot lrs relay`. A page that was sent but not noted is sent again, which identifiers make harmless.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import http.client
import json
import logging
import re
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.utils.encoding import iri_to_uri

from entrepot.ground.keeping.api import outage, writing
from entrepot.kernel.characters import without_unfit

from .. import queries
from ..actions.statements import CANNOT_STAND, Incoming, dashed, keep, receive
from ..attached import fitting
from ..core import Fault, Query, atoms, check, read_json
from ..core.identities import label
from ..core.multipart import BrokenMultipart, Part, boundary_of, read_parts, write_parts
from ..core.reading import MOST
from ..core.shaping import in_version
from ..enums import LATEST, Direction
from ..finding import Found, Span, find
from ..models import Relay
from ..tables import plain
from .exporting import handed_out
from .patience import hanging_up

logger = logging.getLogger(__name__)
PAGE = 200
LARGEST_ANSWER = 32 * 1024 * 1024
PAUSES = (1.0, 3.0, 8.0, 20.0, 45.0)
"""Seconds before each further try where the other store cannot be reached, or says that it is too busy."""
LONGEST_PAUSE = 120.0
"""Seconds that the other store may ask us to wait; where it asks for more, the next run comes anyway."""
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be other ones a moment later."""
REFUSALS = frozenset({400, 409, 413, 422})
"""Answers that are about what was sent."""


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


class _About(msgspec.Struct):
    version: list[str] = []


class Other:
    """The other store, as one run meets it."""

    def __init__(self, relay: Relay) -> None:
        self.relay, self.root = relay, relay.endpoint.rstrip("/")

    @functools.cached_property
    def spoken(self) -> dict[int, str]:
        """The version that it speaks of each edition; where it does not say, it is of the first."""
        reply = self.ask("GET", f"{self.root}/about")
        try:
            offered = msgspec.json.decode(reply.body, type=_About).version if reply.status == 200 else []
        except (msgspec.MsgspecError, UnicodeError):
            offered = []
        known = {edition: [one for one in offered if re.fullmatch(rf"{edition}\.0(\.\d{{1,4}})?", one)] for edition in LATEST}
        last = {edition: max(some, key=lambda one: int(one[4:] or 0)) for edition, some in known.items() if some}
        return last or {1: LATEST[1]}

    def ask(self, method: str, address: str, body: bytes = b"", *, media_type: str = "", version: str = LATEST[1]) -> Reply:
        """One request; again after a pause, and after a longer one, where the connection breaks or the other store is too busy.

        What is sent twice so is kept once: statements carry their identifiers.
        """
        for pause in PAUSES:
            try:
                reply = _ask(self.relay, method, address, body, media_type=media_type, version=version)
            except Unreached:
                time.sleep(pause)
                continue
            if reply.status not in PASSING:
                return reply
            wished = reply.headers.get("Retry-After") or ""
            time.sleep(min(max(pause, float(wished)), LONGEST_PAUSE) if pause and wished.isdecimal() else pause)
        return _ask(self.relay, method, address, body, media_type=media_type, version=version)


class Unreached(RelayFailed):
    """The connection to the other store was refused, or broke."""


def _path(relay: Relay, address: str) -> str:
    """What is asked for at the other store, in ASCII. Raises `RelayFailed` for an address that is none, or on another machine."""
    try:
        home, target = urlsplit(relay.endpoint), urlsplit(iri_to_uri(address))
    except ValueError:
        msg = f"the other store points to an address that is none: {address[:100]}"
        raise RelayFailed(msg) from None
    if (target.scheme, target.netloc) != (home.scheme, home.netloc):
        msg = f"the other store points to another machine: {address[:100]}"
        raise RelayFailed(msg)
    return f"{target.path}?{target.query}" if target.query else target.path


def _ask(relay: Relay, method: str, address: str, body: bytes, *, media_type: str, version: str) -> Reply:
    """One request to the other store, never to another machine than the one its endpoint names."""
    home, path = urlsplit(relay.endpoint), _path(relay, address)
    try:
        secret = _fernet().decrypt(bytes(relay.sealed_secret)).decode()
    except InvalidToken:
        msg = "the secret of the other store cannot be read with this installation's key; make the relay anew"
        raise RelayFailed(msg) from None
    token = base64.b64encode(f"{relay.user}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {token}", "X-Experience-API-Version": version}
    if media_type:
        headers["Content-Type"] = media_type
    connection: http.client.HTTPConnection
    if home.scheme == "https":
        connection = http.client.HTTPSConnection(home.hostname or "", home.port, timeout=60, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(home.hostname or "", home.port, timeout=60)
    try:
        connection.request(method, path, body or None, headers)
        with hanging_up(connection.sock):
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read(LARGEST_ANSWER))
    except (OSError, ValueError, http.client.HTTPException) as error:
        msg = f"the other store cannot be reached: {type(error).__name__}"
        raise Unreached(msg) from None
    finally:
        connection.close()


def run(relay: Relay, at: datetime, *, pages: int = 1000) -> int:
    """Carry what is waiting, up to `pages` pages, and return how many statements went. Its state is noted after each page.

    Whatever ends it is noted too, so that no other relay waits because of this one; only an outage, which all would meet, goes further.
    """
    before, other = relay.carried, Other(relay)
    try:
        for _ in range(pages):
            if not (_forward if relay.direction == Direction.FORWARD else _pull)(other, at):
                break
        _note(relay, at, last_error="")
    except RelayFailed as error:
        _note(relay, at, last_error=_told(error))
    except Exception as error:
        if outage(error):
            raise
        logger.exception("relay %s ended before its time", relay.uuid)
        # What the page that was undone had noted is undone here as well.
        relay.refresh_from_db(fields=["cursor", "carried", "refused", "last_refusal"])
        _note(relay, at, last_error=_told(f"{type(error).__name__}: {error}"))
    return relay.carried - before


def _told(words: object) -> str:
    """What others had a part in saying, as a line that is kept."""
    return label(without_unfit(str(words)), 500)


def _note(relay: Relay, at: datetime, **values: object) -> None:
    for name, value in values.items():
        setattr(relay, name, value)
    relay.last_at = at
    with writing():
        relay.save(update_fields=[*values, "last_at"])


class Refused(NamedTuple):
    """A statement that could not be carried, and why; `final`: it never can be, whatever becomes of the other store."""

    uuid: str
    why: str
    final: bool

    def __str__(self) -> str:
        return f"{dashed(self.uuid)}: {self.why}"


def _forward(other: Other, at: datetime) -> bool:
    """Send the next page, and say whether more follow. Within a store positions rise as transactions are committed, so that nothing
    appears behind the cursor.

    What the other store refuses is left out and told of. Where it refuses all of a page, it is no statement that is wrong: we stay there.
    """
    relay = other.relay
    waiting, more = find(Span(relay.store_id), Query(ascending=True), size=PAGE, after=int(relay.cursor or 0))
    found, _ = fitting(relay.store_id, waiting)
    refused: list[Refused] = []
    for edition, some in groupby(found, key=lambda one: one.edition):
        refused += _send(other, list(some), edition)
    if refused and len(refused) == len(found) and not all(one.final for one in refused):
        msg = f"the other store refuses all of the next {len(found)} statements, and nothing was passed over. {refused[-1]}"
        raise RelayFailed(msg)
    if found:
        went = len(found) - len(refused)
        _note(relay, at, cursor=str(found[-1].position), carried=relay.carried + went, **_passed_over(relay, refused))
    return more or len(found) < len(waiting)


def _passed_over(relay: Relay, refused: Sequence[object]) -> dict[str, Any]:
    return {"refused": relay.refused + len(refused), "last_refusal": _told(refused[-1])} if refused else {}


def _send(other: Other, group: Sequence[Found], edition: int) -> list[Refused]:
    """Send statements of one edition, in what the other store speaks; return those that could not be carried."""
    version = other.spoken.get(edition) or next(iter(other.spoken.values()))
    known = queries.authorities(one.key for one in group)
    ready: list[tuple[Found, bytes]] = []
    refused: list[Refused] = []
    for one in group:
        statement = handed_out(one, known)
        if version[:1] == "1" and edition == 2:
            try:
                check(read_json(one.raw), version=version)
            except Fault as fault:
                refused.append(Refused(plain(one.uuid), f"{fault}; the other store speaks {version} only", final=True))
                continue
            statement = in_version(statement, "1.0.0")
        ready.append((one, statement))
    return refused + (_send_together(other, ready, version) if ready else [])


def _send_together(other: Other, group: Sequence[tuple[Found, bytes]], version: str) -> list[Refused]:
    """Send statements together; where the other store refuses them, halve by halve, so that only what it really refuses is left out."""
    body = b"[" + b",".join(statement for _, statement in group) + b"]"
    media_type = "application/json"
    _, digests = fitting(other.relay.store_id, [one for one, _ in group])
    attached = queries.attachments(other.relay.store_id, digests) if digests else []
    if attached:
        media_type, body = write_parts(body, attached)
    reply = other.ask("POST", f"{other.root}/statements", body, media_type=media_type, version=version)
    if reply.status in (200, 204):
        return []
    if reply.status not in REFUSALS:
        raise RelayFailed(_answered(reply))
    if len(group) == 1:
        return [Refused(plain(group[0][0].uuid), _answered(reply), final=reply.status == 409)]
    half = len(group) // 2
    return _send_together(other, group[:half], version) + _send_together(other, group[half:], version)


def _answered(reply: Reply) -> str:
    return f"the other store answered {reply.status}: {reply.body[:200].decode('utf-8', 'replace')}"


class _Page(msgspec.Struct):
    statements: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=MOST)]
    more: str = ""


class _Stored(msgspec.Struct):
    stored: str = ""
    id: str = ""


def _pull(other: Other, at: datetime) -> bool:
    """Fetch the next page and keep it, and say whether more follow; the page and how far we have come are one transaction.

    A link to more that cannot be asked is told of and not kept: the next run goes by the last statement's moment, and so comes on.
    """
    relay = other.relay
    state = json.loads(relay.cursor) if relay.cursor else {}
    page, attached = _read(_next_page(other, state))
    incoming: list[Incoming] = []
    refused: list[str] = []
    last = state.get("since", "")
    for raw in (bytes(one) for one in page.statements):
        try:
            said = msgspec.json.decode(raw, type=_Stored)
            last = said.stored if atoms.holds(atoms.instant, said.stored) else last
            incoming.append(receive(raw))
        except (ValueError, RecursionError, msgspec.MsgspecError) as error:
            refused.append(f"{raw[:60]!r}: {error}")
    client = queries.client_named(relay.key.key) if relay.key else None
    if client is None:
        msg = "the key in whose name the statements were kept is revoked; make the relay anew with another"
        raise RelayFailed(msg)
    follows = bool(_linked(other, page.more))
    with transaction.atomic():
        new, contradicting = _keep(client, at, incoming, attached)
        cursor = json.dumps({"more": page.more, "since": last} if follows else {"since": last})
        _note(relay, at, cursor=cursor, carried=relay.carried + new, **_passed_over(relay, [*refused, *contradicting]))
    if page.more and not follows:
        msg = f"the other store points to more at an address that cannot be asked: {page.more[:100]}"
        raise RelayFailed(msg)
    return bool(page.more)


def _linked(other: Other, more: str) -> str:
    """The address that a link to more names, empty where there is none that can be asked."""
    try:
        address = urljoin(f"{other.root}/statements", more) if more else ""
        return address if address and _path(other.relay, address) else ""
    except (ValueError, RelayFailed):
        return ""


def _next_page(other: Other, state: dict[str, str]) -> Reply:
    """What follows where we stand. A link to more may have run out: then the moment of the last statement is what we go by."""
    root, version = f"{other.root}/statements", other.spoken.get(2) or other.spoken[1]
    link = _linked(other, state.get("more", ""))
    if link:
        reply = other.ask("GET", link, version=version)
        if reply.status not in (400, 404, 410):
            return _good(reply)
    wishes = {"ascending": "true", "limit": str(PAGE), "attachments": "true", **({"since": state["since"]} if state.get("since") else {})}
    return _good(other.ask("GET", f"{root}?{urlencode(wishes)}", version=version))


def _good(reply: Reply) -> Reply:
    if reply.status != 200:
        raise RelayFailed(_answered(reply))
    return reply


def _keep(
    client: queries.Client, at: datetime, incoming: Sequence[Incoming], attached: Sequence[tuple[str, str, bytes]]
) -> tuple[int, list[str]]:
    """Keep statements; how many were new, and what is said of those that contradict what is kept."""
    if not incoming:
        return 0, []
    try:
        return keep(key=client, at=at, incoming=incoming, attachments=attached).new, []
    except CANNOT_STAND as error:
        if len(incoming) == 1:
            return 0, [str(error)]
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
                (part.headers["x-experience-api-hash"], _kind(part), part.content)
                for part in parts[1:]
                if _is_whole(part.headers.get("x-experience-api-hash", ""), part.content)
            ]
        return msgspec.json.decode(body, type=_Page), attached
    except (BrokenMultipart, RecursionError, msgspec.MsgspecError, UnicodeError):
        msg = "the other store's answer cannot be read as statements"
        raise RelayFailed(msg) from None


def _kind(part: Part) -> str:
    kind = part.headers.get("content-type", "")
    return kind if atoms.holds(atoms.header, kind) else "application/octet-stream"


def _is_whole(digest: str, content: bytes) -> bool:
    names = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
    return len(digest) in names and hashlib.new(names[len(digest)], content).hexdigest() == digest.lower()
