"""Handing out what others stored so that nothing in it runs on our origin, whatever it says that it is."""

from __future__ import annotations

import re
from typing import TypeVar

from django.http import HttpResponseBase

POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""Of everything that is not a page of ours: it loads nothing, runs nothing, and has no origin."""
DRAWN = "default-src 'none'; frame-ancestors 'none'"
"""Of a PDF that we made ourselves and a browser's own viewer shows: it would not show it in a sandbox."""
UNNAMED = "application/octet-stream"
# A type that a browser neither runs nor draws as a page. SVG and everything of XML holds scripts; what is not listed goes out unnamed.
_HARMLESS = re.compile(
    r"(application/json|application/[a-z0-9.-]+\+json|text/plain|image/(?:png|jpeg|gif|webp|avif|bmp))"
    r"(?:;\s*charset=\"?(utf-8|us-ascii|ascii|iso-8859-1)\"?)?\s*",
    re.IGNORECASE | re.ASCII,
)
Response = TypeVar("Response", bound=HttpResponseBase)


def harmless_type(media_type: str) -> str:
    """The type under which stored bytes go out: as it was given for JSON, plain text and pictures of dots, else `application/octet-stream`.

    >>> harmless_type("text/plain; charset=UTF-8"), harmless_type("text/html"), harmless_type("image/svg+xml")
    ('text/plain; charset=utf-8', 'application/octet-stream', 'application/octet-stream')
    """
    found = _HARMLESS.fullmatch(media_type.strip())
    if not found:
        return UNNAMED
    return found[1].lower() + (f"; charset={found[2].lower()}" if found[2] else "")


def made_inert(response: Response) -> Response:
    """The response as a download of bytes: not guessed at, not drawn, not run, not loaded by a page of another origin."""
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if not response.get("Content-Disposition", "").startswith("attachment"):
        response["Content-Disposition"] = "attachment"
    return response
