"""The way in for programs: one address however its slashes were written, and answers that programs of other sites may read.

A client puts the endpoint that somebody typed before the name of a resource. With a slash too many at its end that makes
`/xapi//statements`, with one too few `/xapistatements`: ADL's libraries do the one and the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

Answer = Callable[[HttpRequest], HttpResponse]
ROOT = "/xapi"
RESOURCES = ("statements", "activities", "agents", "about")
_WITHIN = re.compile(rf"/+xapi(?:/+|$|(?={'|'.join(RESOURCES)}))(.*)", re.DOTALL)
_SLASHES = re.compile(r"/{2,}")
METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
ALLOWED = (
    "Authorization, Content-Type, Content-Length, Content-Encoding, If-Match, If-None-Match, Accept, Accept-Language, "
    "X-Experience-API-Version"
)
EXPOSED = (
    "ETag, Last-Modified, Date, Allow, Retry-After, WWW-Authenticate, X-Stored-Content-Type, "
    "X-Experience-API-Version, X-Experience-API-Consistent-Through, X-Experience-API-Hash"
)
_TOKENS = re.compile(r"[\w!#$%&'*+.^`|~-]+(?:\s*,\s*[\w!#$%&'*+.^`|~-]+)*", re.ASCII)


def prefix() -> str:
    """The path below which this installation stands, empty where it has a host of its own: that of ENTREPOT_ADDRESS."""
    return urlsplit(settings.ADDRESS).path.rstrip("/")


def address_of(path: str) -> str | None:
    """The address of a resource of the record store, written in the one way that the table of addresses has; None for any other address.

    >>> address_of("/xapi//activities/state/"), address_of("/xapistatements"), address_of("/xapi"), address_of("/xapiary")
    ('/xapi/activities/state', '/xapi/statements', '/xapi/', None)
    """
    found = _WITHIN.fullmatch(path.removeprefix(prefix()))
    return f"{ROOT}/{_SLASHES.sub('/', found[1]).rstrip('/')}" if found else None


def root_of(request: HttpRequest) -> str:
    """The path of the endpoint as the client has to write it."""
    return (request.META.get("SCRIPT_NAME", "").rstrip("/") or prefix()) + ROOT


def lead_programs(get_response: Answer) -> Answer:
    """Lead to the record store what is meant for it, and let programs of other sites read every answer, whoever in the house gave it:
    a refusal that their browser keeps from them says nothing to anyone."""

    def answer(request: HttpRequest) -> HttpResponse:
        address = address_of(request.path_info)
        if address is None:
            return get_response(request)
        request.path_info = address
        response = get_response(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = EXPOSED
        if "ETag" in response:
            # Packing an answer makes its tag a weak one; clients reckon it from the document, as the specification says they may.
            response["ETag"] = response["ETag"].removeprefix("W/")
        if request.method == "OPTIONS":
            _allow(request, response)
        return response

    return answer


def _allow(request: HttpRequest, response: HttpResponse) -> None:
    """What a preflight asks. Any header may come: only the key in Authorization opens anything, and no browser sends that by itself."""
    wished = request.headers.get("Access-Control-Request-Headers", "").strip()
    response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = f"{ALLOWED}, {wished}" if len(wished) < 2000 and _TOKENS.fullmatch(wished) else ALLOWED
    response["Access-Control-Max-Age"] = "86400"
    patch_vary_headers(response, ["Access-Control-Request-Headers"])
