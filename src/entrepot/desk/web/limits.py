"""Limits on requests, by token or person and by address; and the count of wrong secrets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from entrepot.desk.rest.api import bearer_in, refuse
from entrepot.ground.access.api import secret_in
from entrepot.ground.limits.api import count_wrong, counted_address, limit
from entrepot.kernel.errors import TooManyRequests

from .middleware import refused

Answer = Callable[[HttpRequest], HttpResponse]
API = "/api/"
CODES = frozenset({"certificates/verify/<str:code>/", "api/v1/certificates/verify/<code>"})
"""Addresses that hold a code which is looked up, by their route."""
LIMITED = {
    **dict.fromkeys(("search/", "knowledge/", "knowledge/table/", "api/v1/knowledge/search"), "search"),
    **dict.fromkeys(("certificates/verify/", *CODES), "certificates"),
}
"""Addresses with a limit of their own."""
SIGN_IN = ("account_", "mfa_")


def keep_limits(get_response: Answer) -> Any:
    """Refuse what comes too often with 429 and Retry-After, each in its own form."""

    def answer(request: Any) -> HttpResponse:
        response = get_response(request)
        if _was_wrong(request, response.status_code):
            try:
                count_wrong("failures.secret", counted_address(request), at=request.at)
            except TooManyRequests as error:
                return _refused(request, error)
        return response

    def process_view(request: Any, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        try:
            for name, subject in _limits(request):
                limit(name, subject, at=request.at)
        except TooManyRequests as error:
            return _refused(request, error)
        return None

    answer.process_view = process_view  # type: ignore[attr-defined]
    return answer


def _refused(request: Any, error: TooManyRequests) -> HttpResponse:
    return refuse(request, error) if request.path.startswith(API) else refused(request, error)


def _was_wrong(request: Any, status: int) -> bool:
    """Whether a secret was shown that is none (any more): a link's, a certificate's code, a token."""
    match = request.resolver_match
    if match is None or status not in (401, 404, 410):
        return False
    if status == 401:
        return bool(_token(request))
    return match.route in CODES or bool(secret_in(match.route, match.kwargs))


def _token(request: Any) -> str:
    token = bearer_in(request) if request.path.startswith(API) else None
    return "" if token is None else hashlib.sha256(token.encode()).hexdigest()


def _limits(request: Any) -> list[tuple[str, str]]:
    """(limit, who is counted) for each limit that this request counts against."""
    match, address = request.resolver_match, counted_address(request)
    who = str(request.principal.uuid) if request.principal.is_known else ""
    found = []
    if request.path.startswith(API):
        who = _token(request) or who
        found += [("api.address", address), *([("api.token", who)] if who else [])]
    if secret_in(match.route, match.kwargs):
        found.append(("links", address))
    if match.route in LIMITED:
        found.append((LIMITED[match.route], who or address))
    if request.method == "POST" and match.view_name.startswith(SIGN_IN):
        found.append(("sign-in", who or address))
    return found
