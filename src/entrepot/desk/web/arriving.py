"""Signing in."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from allauth.account.internal.stagekit import clear_login, get_pending_stage
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponse

SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def sign_in(request: Any) -> HttpResponse:
    """allauth's page. A sign-in that waits for a second step which was taken away meanwhile begins anew: allauth sends whoever lost
    their phone, and was helped, from here to the page of the second step and back without an end."""
    stage = get_pending_stage(request)
    if isinstance(stage, AuthenticateStage) and not is_mfa_enabled(stage.login.user, SECOND_STEPS):
        clear_login(request)
    answer: HttpResponse = views.login(request)
    return answer
