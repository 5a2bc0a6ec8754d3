"""Error pages that Django asks for by status."""

from __future__ import annotations

import logging
import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from entrepot.desk.serving.refusals import DISK_FULL, LOST, NO_DATABASE, Pair, answer
from entrepot.desk.web.again import typed, unable
from entrepot.desk.web.security_log import REFUSED_AS
from entrepot.ground.keeping.api import Outage, outage
from entrepot.ground.limits.api import SecurityEvent

logger = logging.getLogger(__name__)
REFUSALS = {Outage.AWAY: NO_DATABASE, Outage.LOST: LOST, Outage.FULL: DISK_FULL}


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403."""
    return render(request, "403.html", status=403)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without the token of its page: a sign-in meanwhile, cookies gone, or another site's form."""
    setattr(request, REFUSED_AS, SecurityEvent.FORM_REFUSED)
    return unable(request)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """503 where the database or the disk is out; else 500: drawn without anything that may itself be broken."""
    # Django calls this while it handles the error, whichever middleware or view it came from.
    out = outage(sys.exc_info()[1])
    if out:
        return unavailable(request, out)
    from django.template import loader  # noqa: PLC0415

    return HttpResponse(loader.get_template("500.html").render(), status=500)


def unavailable(request: HttpRequest, out: Outage) -> HttpResponse:
    """503, in the form of who asks; a form that was sent is offered to be sent again, as long as no secret was in it."""
    refusal, path = REFUSALS[out], request.get_full_path()
    headers, body = answer(refusal, path, request.headers.get("Accept-Language", ""), again=_typed(request))
    response = HttpResponse(body, status=refusal.status)
    for name, value in headers:
        response[name] = value
    # Django would write down where in our code it was met, for each request anew: a full disk has no room for that.
    response._has_been_logged = True  # type: ignore[attr-defined]
    logger.warning("%s %s was answered 503: %s (%s)", request.method, request.path, out, str(sys.exc_info()[1]).strip())
    return response


def _typed(request: HttpRequest) -> list[Pair]:
    try:
        fields = typed(request)
        token = request.POST.get("csrfmiddlewaretoken", "") if fields else ""
    except (OSError, ValueError):  # it could not be read: a full disk, say
        return []
    return [*fields, ("csrfmiddlewaretoken", token)] if fields else []
