"""Pages that are reached by a secret in their address: kept out of caches, referrers and indexes; and what a preview of one shows.

Messengers and mail scanners open every link. To open one changes nothing anyhow; but a page by link names people, and a preview is seen by
everyone in a chat. So a browser in which nobody has pressed Continue yet is shown the activity's title and that one button. It is pressed
once in a browser, not once for each link: a coordinator on a slow line waits for one small page more in a year.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from entrepot.ground.access.api import secret_in, title_behind

Answer = Callable[[HttpRequest], HttpResponse]
COOKIE = settings.COOKIE_PREFIX + "opens_links"
"""Says that a person uses this browser. It opens nothing: the secret does that."""
AGE = timedelta(days=365)
CONTINUE = "continue_to_page"


def guard_links(get_response: Answer) -> Any:
    """Guard what is reached by a secret."""

    def answer(request: Any) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        if match and secret_in(match.route, match.kwargs):
            response["Cache-Control"] = "private, no-store"
            # Not `no-referrer`: with it browsers send `Origin: null` with a form, and the form is refused as another site's.
            response["Referrer-Policy"] = "strict-origin"
            response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    def process_view(request: Any, view: Any, _args: Any, kwargs: Any) -> HttpResponse | None:
        secret = secret_in(request.resolver_match.route, kwargs)
        if not secret:
            return None
        if request.method == "POST":
            # What takes forms of other sites (a mail program's one click) has no such page; another site presses nobody's button.
            return _continued(request) if CONTINUE in request.POST and not getattr(view, "csrf_exempt", False) else None
        return None if _is_opened(request) else _preview(request, secret)

    answer.process_view = process_view  # type: ignore[attr-defined]
    return answer


def _is_opened(request: Any) -> bool:
    return bool(request.principal.person_id) or COOKIE in request.COOKIES


def _continued(request: Any) -> HttpResponse:
    response = HttpResponseRedirect(request.get_full_path(), status=303)
    response.set_cookie(COOKIE, "1", max_age=AGE, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


def _preview(request: Any, secret: str) -> HttpResponse | None:
    """The title alone; nothing for an address that is no person's page (a link that is not good any more, a form for a new password)."""
    title = title_behind(secret, request.at)
    return None if title is None else render(request, "desk/link.html", {"title": title, "action": CONTINUE})
