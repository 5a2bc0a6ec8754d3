"""Signing out."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from django.http import HttpResponse


def sign_out(request: Any) -> HttpResponse:
    """allauth's page; the browser is told to keep nothing of ours."""
    answer: HttpResponse = views.logout(request)
    if request.method == "POST" and not request.user.is_authenticated:
        # Not the cookies: that someone signed in here before is one, and keeps strangers' failures out of this browser.
        answer["Clear-Site-Data"] = '"cache", "storage"'
    return answer
