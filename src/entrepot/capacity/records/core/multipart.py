"""`multipart/mixed`: a statement or several, and the attachments they name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,70})"|([^\s;",]{1,70}))', re.IGNORECASE)
MOST_PARTS = 2000


class BrokenMultipart(ValueError):
    """The body is not a multipart body that statements come in."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its headers (names in small letters) and its bytes."""

    headers: dict[str, str]
    content: bytes

    @property
    def media_type(self) -> str:
        """The type alone, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def boundary_of(content_type: str) -> bytes:
    """The boundary that a Content-Type names. Raises `BrokenMultipart`."""
    found = _BOUNDARY.search(content_type)
    if not found:
        msg = "multipart/mixed has to name its boundary"
        raise BrokenMultipart(msg)
    return (found[1] or found[2]).encode("latin-1", "replace")


def read_parts(body: bytes, boundary: bytes) -> list[Part]:
    """The parts of `body`. Raises `BrokenMultipart` where it does not begin, divide and end as RFC 2046 says."""
    sections = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(sections) < 3 or not sections[-1].startswith(b"--"):
        msg = "the body does not begin and end with its boundary"
        raise BrokenMultipart(msg)
    if len(sections) > MOST_PARTS:
        msg = f"more than {MOST_PARTS} parts"
        raise BrokenMultipart(msg)
    return [_part(section) for section in sections[1:-1]]


def _part(section: bytes) -> Part:
    head, gap, content = section.lstrip(b" \t").partition(b"\r\n\r\n")
    if not gap or not head.startswith(b"\r\n") or len(head) > 16_000:
        msg = "a part has no end to its headers"
        raise BrokenMultipart(msg)
    headers = {}
    for line in head.decode("latin-1").split("\r\n"):
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon:
            msg = "a header of a part has no colon"
            raise BrokenMultipart(msg)
        headers[name.strip().lower()] = value.strip()
    return Part(headers, content)


def write_parts(statements: bytes, attachments: Iterable[tuple[str, str, bytes]]) -> tuple[str, bytes]:
    """(content type, body) for statements and their attachments, each as (sha2, media type, content)."""
    held = list(attachments)
    # Made from the content, so that it cannot stand inside it but by intent, and is the same whenever asked.
    boundary = hashlib.sha256(statements + b"".join(sha2.encode() for sha2, _, _ in held)).hexdigest()[:48]
    pieces = [f"--{boundary}\r\nContent-Type: application/json\r\n\r\n".encode(), statements]
    for sha2, media_type, content in held:
        head = (
            f"\r\n--{boundary}\r\nContent-Type: {media_type}\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {sha2}\r\n\r\n"
        )
        pieces += [head.encode(), content]
    pieces.append(f"\r\n--{boundary}--\r\n".encode())
    # Not in quotes, which TinCanJS takes for a part of it; digits and letters need none.
    return f"multipart/mixed; boundary={boundary}", b"".join(pieces)
