"""Taking statements in: read, check, keep; all of a request or nothing of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.http import HttpResponse

from ...actions.statements import Incoming, Kept, keep, receive
from ...core import Fault, Unreadable, atoms, split
from ...core.multipart import BrokenMultipart, Part, boundary_of, read_parts
from ...core.ordering import stamp
from ...core.signed import USAGE, check_signature
from ...enums import Scope
from ...queries import allows
from .wire import Ask, Refused

_HASHES = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}


def put(ask: Ask) -> HttpResponse:
    """Keep one statement under the identifier in the address."""
    ask.may(Scope.WRITE)
    ask.only("statementId")
    ask.need("statementId")
    uuid = ask.uuid("statementId")
    body, parts = _content(ask)
    texts = _split(body)
    if len(texts) != 1 or body.lstrip(b" \t\r\n").startswith(b"["):
        raise Refused(400, "PUT takes one statement; POST takes many.")
    incoming = _checked(ask, texts)
    given = incoming[0].value.get("id")
    if given and given.lower() != str(uuid):
        raise Refused(400, "The statement's id is another one than statementId.")
    assert uuid is not None
    incoming[0].uuid = uuid.hex
    _keep(ask, incoming, parts)
    return HttpResponse(status=204)


def post(ask: Ask) -> HttpResponse:
    """Keep one statement or many; answer with their identifiers."""
    ask.may(Scope.WRITE)
    ask.only()
    body, parts = _content(ask)
    kept = _keep(ask, _checked(ask, _split(body)), parts)
    answer = HttpResponse(msgspec.json.encode(kept.ids), content_type="application/json")
    # Within a store positions rise as transactions are committed: all up to the last of this one can be read.
    answer["X-Experience-API-Consistent-Through"] = stamp(kept.last)
    return answer


def _content(ask: Ask) -> tuple[bytes, list[Part]]:
    """The JSON of a request and the attachments beside it."""
    media_type = ask.media_type
    plain = media_type.partition(";")[0].strip().lower()
    if plain == "application/json":
        return ask.body(), []
    if plain != "multipart/mixed":
        raise Refused(400, "Send statements as application/json, or as multipart/mixed with their attachments.")
    try:
        parts = read_parts(ask.body(), boundary_of(media_type))
    except BrokenMultipart as error:
        raise Refused(400, f"multipart/mixed: {error}.") from None
    if parts[0].media_type != "application/json":
        raise Refused(400, "multipart/mixed: the first part has to be the statements, as application/json.")
    for part in parts[1:]:
        _check_part(part)
    return parts[0].content, parts[1:]


def _check_part(part: Part) -> None:
    Ask.checked("multipart/mixed: Content-Type", atoms.header, part.headers.get("content-type", "text/plain"))
    digest = part.headers.get("x-experience-api-hash", "")
    if part.headers.get("content-transfer-encoding", "").lower() != "binary":
        raise Refused(400, "multipart/mixed: an attachment has Content-Transfer-Encoding: binary.")
    if not digest:
        raise Refused(400, "multipart/mixed: an attachment has X-Experience-API-Hash, its SHA-2.")
    name = _HASHES.get(len(digest))
    if name is None or hashlib.new(name, part.content).hexdigest() != digest.lower():
        raise Refused(400, f"multipart/mixed: the content of the attachment {digest[:16]}… does not have that SHA-2.")


def _split(body: bytes) -> list[bytes]:
    try:
        texts = split(body)
    except Unreadable as error:
        raise Refused(413 if "more than" in str(error) else 400, f"The body is no JSON that can be kept: {error}.") from None
    if not texts:
        raise Refused(400, "There is no statement in the list.")
    return texts


def _checked(ask: Ask, texts: Sequence[bytes]) -> list[Incoming]:
    """Sound statements, or a refusal that names each fault found in the first that are not."""
    incoming, faults = [], []
    for number, text in enumerate(texts):
        try:
            one = receive(text, version=ask.given)
        except Unreadable as error:
            raise Refused(413 if "more than" in str(error) else 400, f"Statement {number} is no JSON that can be kept: {error}.") from None
        except Fault as fault:
            faults.append({"statement": number, "path": fault.path, "message": fault.message})
            if len(faults) == 20:
                break
            continue
        if not faults:
            incoming.append(one)
    if faults:
        raise Refused(400, f"Statement {faults[0]['statement']}: {faults[0]['path']}: {faults[0]['message']}", faults=faults)
    given = {one.uuid for one in incoming}
    if len(given) != len(incoming):
        raise Refused(400, "Two statements of the request have the same id.")
    return incoming


def _keep(ask: Ask, incoming: Sequence[Incoming], parts: Sequence[Part]) -> Kept:
    by_digest = {part.headers["x-experience-api-hash"].lower(): part for part in parts}
    named: set[str] = set()
    signatures: set[str] = set()
    for number, one in enumerate(incoming):
        if one.facts.attachments:
            named |= one.facts.attachments
            _check_attachments(number, one.value, by_digest, signatures)
    strange = sorted(set(by_digest) - named)
    if strange:
        raise Refused(400, f"multipart/mixed: no statement names the attachment {strange[0][:16]}….")
    contents = [(digest, part.headers.get("content-type", "application/octet-stream"), part.content) for digest, part in by_digest.items()]
    return keep(key=ask.key, at=ask.at, incoming=incoming, attachments=contents, define=allows(ask.key, Scope.DEFINE))


def _check_attachments(number: int, value: Mapping[str, Any], by_digest: Mapping[str, Part], signatures: set[str]) -> None:
    """Refuse what is missing, and signatures that do not fit; those that a statement before had stand in `signatures`."""
    thing = value["object"]
    inner = thing.get("attachments", ()) if thing.get("objectType") == "SubStatement" else ()
    for held in (*value.get("attachments", ()), *inner):
        digest = held["sha2"].lower()
        part = by_digest.get(digest)
        if part is None:
            if "fileUrl" not in held or held["usageType"] == USAGE:
                raise Refused(400, f"Statement {number}: the attachment {held['sha2'][:16]}… is neither sent along nor has it a fileUrl.")
            continue
        # The digest decides, and has been checked. A length that differs is let pass: the conformance suite itself sends one.
        if held["usageType"] == USAGE:
            if digest in signatures:  # a signature can be as large as a request: each is read and verified once
                raise Refused(400, f"Statement {number}: the signature {digest[:16]}… stands there before: it signs one.")
            signatures.add(digest)
            try:
                check_signature(value, part.content, held["contentType"])
            except Fault as fault:
                raise Refused(400, f"Statement {number}: attachments: {fault.message}.") from None
