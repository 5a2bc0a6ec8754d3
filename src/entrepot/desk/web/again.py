"""A form that could not be taken is not lost: the page that says so holds what was typed, to be sent again.

What was typed stands in that page and nowhere else: nothing is kept here, and on a shared machine whoever signs in next finds nothing.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from entrepot.ground.access.api import secret_in
from entrepot.kernel.principals import NOBODY

MOST = 200_000
"""Characters that a page holds for another sending; more than any form of ours."""
SECRET = ("password", "secret", "csrfmiddlewaretoken")
"""What a name of a field holds that is never put into a page again."""


def signed_out(request: HttpRequest) -> bool:
    """Whether a form came from nobody, who may have been someone when they opened it; whoever comes by a link need not be anyone."""
    match = request.resolver_match
    by_link = match is not None and secret_in(match.route, match.kwargs)
    return request.method == "POST" and not getattr(request, "principal", NOBODY).is_known and not by_link


def unable(request: HttpRequest) -> HttpResponse:
    """The page for a form that came too late: after the sign-in was over, or from a page that a newer sign-in has overtaken."""
    context = {"signed_out": signed_out(request), "typed": typed(request), "files": files(request), "again": request.get_full_path()}
    return render(request, "desk/again.html", context, status=403)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, value) of what was typed into a form of ours; nothing where a secret is among it, or where it came from another site.

    A form of another site is never put into a page of ours: the button under it would send in someone's name what they never saw.
    """
    if request.method != "POST" or not _ours(request):
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"]
    hidden = any(word in name.lower() for name, _ in fields for word in SECRET)
    return [] if hidden or sum(len(name) + len(value) for name, value in fields) > MOST else fields


def files(request: Any) -> list[str]:
    """The names of the files that came with a form: they have to be chosen again."""
    return [file.name for file in request.FILES.values()] if _ours(request) else []


def _ours(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    came_from = request.headers.get("Origin") or request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}"
    return came_from == own or came_from.startswith(f"{own}/")
