"""The API's assembly: who asks, how errors are said, and the routes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from entrepot.desk.gathered import routers
from entrepot.ground.access.api import principal_for, principal_for_token
from entrepot.kernel.characters import UnfitText, clean_text, clean_values
from entrepot.kernel.errors import DomainError, Invalid, NotAllowed, NotFound, StaleEdit, TooManyRequests
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .repeats import repeatable
from .routes import router

PROBLEM = "application/problem+json"
_CAREFUL = re.compile(rb"[^\x20-\x7e\t\r\n]|\\[urbf]")
"""A body in which some text may need cleaning: beyond ASCII, or with a character written by its number."""


def bearer_in(request: Any) -> str | None:
    """The token that a request shows, however many blanks stand around it; None where it shows none."""
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else None


def authenticate(request: Any) -> Principal | None:
    """The principal behind a bearer token, or behind a session, whose unsafe requests need a CSRF token."""
    token = bearer_in(request)
    if token is not None:
        try:
            principal = principal_for_token(token, request.at)
        except NotFound:
            return None
    elif request.user.is_authenticated:
        if _csrf_fails(request):
            raise NotAllowed(gettext_noop("Send the CSRF token with a signed-in browser’s request, or use an API token."))
        principal = principal_for(request.user, request.at)
    else:
        return None
    if "api" in principal.off:
        raise NotAllowed(gettext_noop("Your administration has switched this module off."))
    request.principal = principal
    return principal if principal.person_id else None


def _csrf_fails(request: HttpRequest) -> bool:
    from ninja.utils import check_csrf  # noqa: PLC0415

    return check_csrf(request) is not None


class FitTexts(Parser):
    """Reads a body with its texts in the characters that they are kept in. Raises `UnfitText` that names each which cannot be."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON of a request."""
        value = super().parse_body(request)
        if not isinstance(value, dict) or not _CAREFUL.search(request.body):
            return value if isinstance(value, dict) else clean_values(value, "body")
        kept: dict[str, Any] = {}
        faults: dict[str, Text] = {}
        for name, part in value.items():
            try:
                kept[clean_text(name, field="body")] = clean_values(part, name)
            except UnfitText as error:
                faults |= error.faults
        if faults:
            raise UnfitText(faults)
        return kept


api = NinjaAPI(
    title="Entrepot",
    version="1",
    description="Errors are problem+json. Lists are read by cursor. Edits carry the version that was read. "
    "A repeated POST with the same Idempotency-Key is done once.",
    urls_namespace="api",
    docs_url=None,
    parser=FitTexts(),
)
api.add_router("", router, auth=authenticate)
for prefix, offered in routers():
    offered.add_decorator(repeatable, mode="operation")
    api.add_router(prefix, offered, auth=authenticate)


def problem(request: HttpRequest, status: int, code: str, title: str, **more: Any) -> HttpResponse:
    """An RFC 9457 answer."""
    body = {"type": f"urn:entrepot:{code}", "title": title, "status": status, **more}
    response = api.create_response(request, body, status=status)
    response["Content-Type"] = PROBLEM
    return response


@api.exception_handler(DomainError)
def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A domain error."""
    more: dict[str, Any] = {}
    if isinstance(error, Invalid):
        more["faults"] = {name: str(fault) for name, fault in error.faults.items()}
    if isinstance(error, StaleEdit):
        more.update(current_version=error.current_version, theirs=_named(error.theirs), yours=_named(error.yours))
    response = problem(request, error.status, error.code, str(error.text), **more)
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(error.seconds)
    return response


def _named(side: Mapping[str, object]) -> dict[str, object]:
    """One side of a stale edit; what is a record itself stands as its identifier."""
    return {name: getattr(value, "uuid", value) for name, value in side.items()}


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """Nobody in particular asks."""
    response = problem(request, 401, "unauthenticated", "Send an API token: Authorization: Bearer …")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The request does not have the described form."""
    faults = {".".join(str(part) for part in fault["loc"]): fault["msg"] for fault in error.errors}
    return problem(request, 422, "invalid", "Some of what was sent needs correcting.", faults=faults)


@api.exception_handler(HttpError)
def http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Anything the framework refuses: a body that is no JSON, say. What our own reading of the body refuses comes wrapped in one."""
    if isinstance(error.__cause__, DomainError):
        return refuse(request, error.__cause__)
    return problem(request, error.status_code, "refused", str(error))
