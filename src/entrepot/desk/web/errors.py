"""Error pages that Django asks for by status."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from entrepot.desk.web.again import unable


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403."""
    return render(request, "403.html", status=403)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without the token of its page: a sign-in meanwhile, cookies gone, or another site's form."""
    return unable(request)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: drawn without anything that may itself be broken."""
    from django.template import loader  # noqa: PLC0415

    return HttpResponse(loader.get_template("500.html").render(), status=500)
