"""What every resource has in common: version, key, parameters, body, errors."""

from __future__ import annotations

import base64
import binascii
import functools
import hmac
import logging
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from entrepot.ground.keeping.api import Outage, outage
from entrepot.ground.limits.api import count_wrong, counted_address, limit
from entrepot.kernel.errors import DomainError, TooManyRequests
from entrepot.shell.inert import made_inert

from ... import queries
from ...actions.documents import names
from ...actions.keys import digest_of, note_use
from ...core import Fault, actor_key, atoms, iri_key, parts, read_once
from ...core import Unreadable as UnreadableJson
from ...enums import LATEST, Scope
from ...queries import Client
from .front import root_of

logger = logging.getLogger(__name__)
LARGEST_BODY = 16 * 1024 * 1024
"""Bytes of a request: eight megabytes of JSON and as much of attachments, or a document."""
MOST_MEMBERS = 100
GROWS_FREELY = 1024 * 1024
MOST_GROWTH = 100
"""Times its size that a packed request may unpack to, beyond `GROWS_FREELY`. Statements with an identifier and a time of their own come to
11 to 70, the more each repeats of the one before; gzip itself comes to a thousand, of noughts alone."""
_VERSION = re.compile(r"(?:1\.0(?:\.\d{1,4})?|2\.0\.\d{1,4})")
HEADERS = ("authorization", "content-type", "content-length", "if-match", "if-none-match", "x-experience-api-version", "accept-language")
OUT = {
    Outage.AWAY: "The store is too busy just now. What was not acknowledged can be sent again.",
    Outage.LOST: "The store stopped answering. What was not acknowledged can be sent again.",
    Outage.FULL: "The store's disk is full: nothing of this was kept. It can be sent again once there is room.",
}


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.message, self.more = status, message, more


@dataclass
class Ask:
    """A request, whichever way it was written: `parameters` and `headers` (names in small letters) are those that count."""

    method: str
    parameters: dict[str, str]
    headers: Mapping[str, str]
    body: Callable[[], bytes]
    at: datetime
    root: str
    """The path of the endpoint, as the client has to write it."""
    address: Callable[[], str]
    edition: int = 1
    given: str = LATEST[1]
    _key: Client | None = field(default=None)

    @property
    def key(self) -> Client:
        """The client's key."""
        assert self._key is not None
        return self._key

    def only(self, *names: str) -> None:
        """Refuse parameters that the resource does not have."""
        strange = sorted(set(self.parameters) - set(names))
        if strange:
            raise Refused(400, f"There is no parameter {strange[0][:80]} here; there are {', '.join(names) or 'none'}.")

    def need(self, name: str) -> str:
        """A parameter that has to be there."""
        if not self.parameters.get(name):
            raise Refused(400, f"The parameter {name} is missing.")
        return self.parameters[name]

    def iri(self, name: str) -> int:
        """The key of the IRI that a parameter holds."""
        self.checked(name, atoms.iri, self.need(name))
        return iri_key(self.parameters[name])

    def agent(self, name: str = "agent") -> tuple[int, dict[str, Any]]:
        """The key of the agent or identified group that a parameter holds as JSON, and its object."""
        try:
            value = read_once(self.need(name).encode("utf-8", "surrogatepass"))
        except UnreadableJson as error:
            raise Refused(400, f"The parameter {name} has to be an Agent as JSON: {error}.") from None
        except Fault as fault:
            raise Refused(400, f"The parameter {name}: {fault.under(name)}.") from None
        self.checked(name, parts.agent_or_group, value)
        key = actor_key(value)
        if key is None:
            raise Refused(400, f"The parameter {name} has to be identified: it is an anonymous group.")
        return key, value

    def uuid(self, name: str) -> UUID | None:
        """The UUID that a parameter holds, None where it is not there."""
        if name not in self.parameters:
            return None
        self.checked(name, atoms.uuid, self.parameters[name])
        return UUID(self.parameters[name])

    def moment(self, name: str) -> datetime | None:
        """The moment that a parameter holds, None where it is not there."""
        if name not in self.parameters:
            return None
        # A plus sign that was not escaped arrives as a space.
        text = self.parameters[name].replace(" ", "+") if "T" in self.parameters[name] else self.parameters[name]
        self.checked(name, atoms.instant, text)
        return atoms.moment(text)

    def truth(self, name: str) -> bool:
        """The truth that a parameter holds; false where it is not there."""
        value = self.parameters.get(name, "false").lower()
        if value not in ("true", "false"):
            raise Refused(400, f"The parameter {name} has to be true or false.")
        return value == "true"

    @staticmethod
    def checked(name: str, checker: Callable[[Any], None], value: Any) -> None:
        """Refuse a parameter whose value is not sound."""
        try:
            checker(value)
        except Fault as fault:
            raise Refused(400, f"The parameter {name}: {fault.under(name)}") from None

    def may(self, *scopes: Scope) -> None:
        """Refuse where the key was not issued for one of these."""
        if not queries.allows(self.key, *scopes):
            raise Refused(403, f"This key was not issued for that; it would need the scope {scopes[0]}.")

    @property
    def media_type(self) -> str:
        """What the body says that it is: a line that can stand in a header again, empty where nothing is said."""
        given = self.headers.get("content-type", "")
        if given:
            self.checked("Content-Type", atoms.header, given)
        return given


View = Callable[[Ask], HttpResponse]


def resource(*, versioned: bool = True, **methods: View) -> Callable[..., HttpResponse]:
    """A Django view out of one function per method. HEAD is a GET without its body; OPTIONS lets programs of other sites in."""

    def view(request: HttpRequest, **more: str) -> HttpResponse:
        version = LATEST[1] if not versioned else _spoken(request.headers.get("X-Experience-API-Version", ""))
        try:
            ask = _read(request, versioned)
            ask.parameters.update(more)
            version = LATEST[ask.edition] if versioned and ask.method != "OPTIONS" else version
            answer = _answer(ask, methods, versioned)
        except Refused as refused:
            answer = error(refused.status, refused.message, **refused.more)
        except (OperationalError, InterfaceError) as wrong:
            out = outage(wrong)
            if out is None:
                raise
            logger.warning("%s %s was answered 503: %s (%s)", request.method, request.path, out, str(wrong).strip())
            answer = error(503, OUT[out])
            answer["Retry-After"] = "5"
        except DomainError as wrong:
            faults = getattr(wrong, "faults", {})
            answer = error(400 if wrong.status == 422 else wrong.status, " ".join([str(wrong.text), *map(str, faults.values())]))
            if isinstance(wrong, TooManyRequests):
                answer["Retry-After"] = str(wrong.seconds)
        return _finish(request, answer, version)

    view.csrf_exempt = True  # type: ignore[attr-defined]  # keys are sent by the program itself, never by the browser's jar
    return view


def _answer(ask: Ask, methods: Mapping[str, View], versioned: bool) -> HttpResponse:
    name = "get" if ask.method == "HEAD" else ask.method.lower()
    if name == "options":
        return HttpResponse(status=204)
    if versioned:
        _identify(ask)
    if name not in methods:
        answer = error(405, f"{ask.method} is not done here.")
        answer["Allow"] = ", ".join(sorted({one.upper() for one in methods} | {"OPTIONS"} | ({"HEAD"} if "get" in methods else set())))
        return answer
    answer = methods[name](ask)
    return _unless_known(ask, answer) if name == "get" and "ETag" in answer else answer


def _unless_known(ask: Ask, answer: HttpResponse) -> HttpResponse:
    """304, and nothing more, where the client has what would be answered."""
    known = ask.headers.get("if-none-match", "")
    if not known or not names(known, answer["ETag"].strip('"')):
        return answer
    slim = HttpResponse(status=304)
    for name in ("ETag", "Last-Modified"):
        if name in answer:
            slim[name] = answer[name]
    del slim["Content-Type"]
    return slim


def _spoken(given: str) -> str:
    """In which version an error is answered. A request that names none was written before 1.0, where the header began."""
    return LATEST[2] if given.startswith("2.") else LATEST[1] if given else "0.95"


def _finish(request: HttpRequest, answer: HttpResponse, version: str) -> HttpResponse:
    answer["X-Experience-API-Version"] = version
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    # Texts of a canonical statement, and of a refusal; and what one key was answered is not another's to find in a cache.
    patch_vary_headers(answer, ["Accept-Language", "Authorization"])
    made_inert(answer)
    if answer.status_code != 304:
        answer["Content-Length"] = str(len(answer.content))
    if request.method == "HEAD":
        answer.content = b""
    return answer


def error(status: int, message: str, **more: Any) -> HttpResponse:
    """An error, in words and for programs."""
    answer = HttpResponse(msgspec.json.encode({"error": message, **more}), status=status, content_type="application/json")
    if status == 401:
        answer["WWW-Authenticate"] = 'Basic realm="xAPI"'
    return answer


def _read(request: Any, versioned: bool) -> Ask:
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        parameters = dict(parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True, max_num_fields=100))
    except ValueError:
        raise Refused(400, "More than a hundred parameters.") from None
    body, address = functools.partial(_unpacked, request), functools.partial(counted_address, request)
    ask = Ask(request.method or "GET", parameters, headers, body, request.at, root_of(request), address)
    if ask.method == "POST" and "method" in parameters and not headers.get("x-experience-api-version", "").startswith("2."):
        _alternate(ask)
    if versioned and ask.method != "OPTIONS":
        _version(ask)
    return ask


def _version(ask: Ask) -> None:
    given = ask.headers.get("x-experience-api-version")
    if not given:
        raise Refused(400, "Send the version that you speak: X-Experience-API-Version: 1.0.3 or 2.0.0.")
    if not _VERSION.fullmatch(given):
        raise Refused(400, f"The version {given[:20]} is not spoken here; send 1.0.3 or 2.0.0.")
    ask.given, ask.edition = given, int(given[0])


def _alternate(ask: Ask) -> None:
    """1.0.3: any request as a POST whose form holds method, headers, parameters and content.

    Any page can send such a form, key and all, and its answer would be shown under our address: programs do this, documents do not.
    """
    if _navigates(ask.headers):
        raise Refused(403, "A form of a page cannot ask in this way. A program sends the same by fetch or XMLHttpRequest.")
    method = ask.parameters.pop("method")
    if ask.parameters:
        raise Refused(400, "With ?method= all other parameters stand in the form.")
    try:
        form = dict(parse_qsl(ask.body().decode(), keep_blank_values=True, max_num_fields=200))
    except (UnicodeDecodeError, ValueError):
        raise Refused(400, "The form cannot be read.") from None
    content = form.pop("content", "").encode()
    sent = {name.lower(): value for name, value in form.items() if name.lower() in HEADERS}
    ask.method = method.upper()
    kept = {name: value for name, value in ask.headers.items() if name not in ("content-type", "content-length")}
    ask.headers = {**kept, "content-type": "application/json", **sent}
    ask.parameters = {name: value for name, value in form.items() if name.lower() not in HEADERS}
    ask.body = lambda: content


def _navigates(headers: Mapping[str, str]) -> bool:
    """Whether a browser asks in order to show the answer, in a window, a frame or an object.

    A browser says so itself (Fetch Metadata); one from before 2023, or one that reached us without TLS, by what it would like to be sent.
    """
    told = headers.get("sec-fetch-mode", ""), headers.get("sec-fetch-dest", "")
    if any(told):
        return told[0] in ("navigate", "nested-navigate") or told[1] not in ("", "empty")
    wished = headers.get("accept", "").lower()
    return "upgrade-insecure-requests" in headers or any(kind in wished for kind in ("text/html", "application/xhtml", "image/", "x-ms-"))


def _body(request: Any) -> bytes:
    """The body, within its bounds. One that comes in chunks says no length, and is read up to the bound."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length:
        chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
        data: bytes = request.META["wsgi.input"].read(LARGEST_BODY + 1) if chunked else b""
    elif not (length.isascii() and length.isdecimal()):
        raise Refused(400, "Content-Length has to be a number.")
    elif int(length) > LARGEST_BODY:
        raise Refused(413, f"A request holds at most {LARGEST_BODY} bytes.")
    else:
        data = request.read(int(length))
        if len(data) != int(length):
            raise Refused(400, "The body ended before the length that Content-Length says.")
    if len(data) > LARGEST_BODY:
        raise Refused(413, f"A request holds at most {LARGEST_BODY} bytes.")
    return data


def _unpacked(request: Any) -> bytes:
    """The body, unpacked where it was sent packed; what it unpacks to keeps the same bound."""
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if coding in ("", "identity"):
        return _body(request)
    if coding not in ("gzip", "x-gzip"):
        raise Refused(415, f"The content coding {coding[:40]} is not understood here; send gzip, or none.")
    packed, data = _body(request), b""
    most = min(LARGEST_BODY, max(GROWS_FREELY, MOST_GROWTH * len(packed)))
    for _ in range(MOST_MEMBERS):  # one member after the other, as the format allows
        if not packed:
            return data
        member = zlib.decompressobj(wbits=31)
        try:
            data += member.decompress(packed, most + 1 - len(data))
        except zlib.error:
            raise Refused(400, "The body says that it is gzip, and is not.") from None
        if len(data) > most:
            grown = (
                f"; beyond {GROWS_FREELY} it unpacks to at most {MOST_GROWTH} times its size. Send it unpacked"
                if most < LARGEST_BODY
                else ""
            )
            raise Refused(413, f"A request holds at most {LARGEST_BODY} bytes, also where it is packed{grown}.")
        if not member.eof:
            raise Refused(400, "The body ended in the middle of its gzip.")
        packed = member.unused_data
    raise Refused(400, f"The body is gzip in more than {MOST_MEMBERS} members.")


def _identify(ask: Ask) -> None:
    """Find the key that the client shows. One look-up by an index and one fast digest."""
    kind, _, token = ask.headers.get("authorization", "").partition(" ")
    try:
        name, colon, secret = base64.b64decode(token.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        kind = name = colon = secret = ""
    key = queries.client_named(name) if kind.lower() == "basic" and colon and len(name) <= 40 and "\x00" not in name else None
    if key is None or not _fits(key, secret, ask.at):
        if token:
            count_wrong("failures.secret", ask.address(), at=ask.at)
        raise Refused(401, "Show a key of this record store: Authorization: Basic, with key and secret.")
    limit("xapi.key", key.key, at=ask.at)
    note_use(key, ask.at)
    ask._key = key


def _fits(key: Client, secret: str, at: datetime) -> bool:
    digest = digest_of(secret)
    before = key.previous_digest if key.previous_until and at < key.previous_until else ""
    return hmac.compare_digest(digest, key.digest) or bool(before and hmac.compare_digest(digest, before))
