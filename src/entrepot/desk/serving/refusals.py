"""What a program or a person is told where a request could not be done just now, in the form that they read.

Nothing here asks the database: it may be what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.template import loader
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation.trans_real import parse_accept_lang_header

from entrepot.kernel.texts import gettext_noop
from entrepot.shell.inert import POLICY as INERT

POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Refusal:
    """Why, in words and for programs, and after how many seconds it is worth asking again (0: not as it is)."""

    status: int
    code: str
    title: str
    words: str
    again: int = 0


BUSY = Refusal(
    503,
    "busy",
    gettext_noop("Too many at once"),
    gettext_noop("Too much is being asked of this server just now. Nothing was saved. Wait a moment and try again."),
    5,
)
TOO_LARGE = Refusal(
    413,
    "too-large",
    gettext_noop("Too large"),
    gettext_noop("What was sent is larger than what is taken here. Nothing was saved. Go back, choose a smaller file and send it again."),
)
LENGTH_NEEDED = Refusal(
    411,
    "length-needed",
    gettext_noop("Say the length"),
    gettext_noop(
        "What was sent did not say how long it is, so nobody can tell whether all of it came. Nothing was saved. Send it with its length."
    ),
)
TOO_SLOW = Refusal(
    408,
    "too-slow",
    gettext_noop("The connection was too slow"),
    gettext_noop("What was sent did not arrive in time. Nothing was saved. Go back and send it again."),
)
NO_DATABASE = Refusal(
    503,
    "no-database",
    gettext_noop("The database does not answer"),
    gettext_noop(
        "Our database does not answer just now. What was saved before is safe; what you sent just now was not saved. Try again soon."
    ),
    10,
)
LOST = Refusal(
    503,
    "database-lost",
    gettext_noop("The connection to the database broke"),
    gettext_noop(
        "Our database stopped answering in the middle. What you sent just now may not have been saved: look first, then send it again."
    ),
    10,
)
DISK_FULL = Refusal(
    503,
    "disk-full",
    gettext_noop("The disk is full"),
    gettext_noop(
        "The server’s disk is full. What was saved before is safe; what you sent just now was not saved. The office has to make room."
    ),
    60,
)

Pair = tuple[str, str]


def guards() -> list[Pair]:
    """What every answer tells a browser, where Django does not stand between."""
    seconds = settings.SECURE_HSTS_SECONDS
    below = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
    strict = [("strict-transport-security", f"max-age={seconds}{below}")] if seconds else []
    return [("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"), *strict]


def answer(refusal: Refusal, path: str, languages: str = "", *, again: Iterable[Pair] = ()) -> tuple[list[Pair], bytes]:
    """(headers, body) for who asked for this address and reads these languages (as a browser says them).

    `again`: what a form held, so that a page can offer to send it once more.
    """
    headers = [("cache-control", "no-store"), *guards()]
    if refusal.again:
        headers.append(("retry-after", str(refusal.again)))
    with translation.override(_spoken(languages)):
        if path.startswith("/xapi/"):
            more, body = _for_xapi(refusal)
        elif path.startswith("/api/"):
            more, body = _for_api(refusal)
        else:
            more, body = _for_people(refusal, path, again)
    return [*headers, *more], body


def _spoken(languages: str) -> str:
    for wanted, _ in parse_accept_lang_header(languages[:200].lower()):
        try:
            return translation.get_supported_language_variant(wanted)
        except LookupError:
            continue
    return "en"


def _for_xapi(refusal: Refusal) -> tuple[list[Pair], bytes]:
    headers = [
        ("content-type", "application/json"),
        ("content-security-policy", INERT),
        ("access-control-allow-origin", "*"),
        ("x-experience-api-version", "2.0.0"),
    ]
    return headers, json.dumps({"error": gettext(refusal.words)}, ensure_ascii=False).encode()


def _for_api(refusal: Refusal) -> tuple[list[Pair], bytes]:
    body = {
        "type": f"urn:entrepot:{refusal.code}",
        "title": gettext(refusal.title),
        "detail": gettext(refusal.words),
        "status": refusal.status,
    }
    return [("content-type", "application/problem+json"), ("content-security-policy", INERT)], json.dumps(body, ensure_ascii=False).encode()


def _for_people(refusal: Refusal, path: str, again: Iterable[Pair]) -> tuple[list[Pair], bytes]:
    context = {"title": gettext(refusal.title), "words": gettext(refusal.words), "path": path, "again": list(again)}
    page = loader.get_template("unavailable.html").render(context)
    return [("content-type", "text/html; charset=utf-8"), ("content-security-policy", POLICY)], page.encode()
