"""How sign-in differs from what allauth does by itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from entrepot.ground.limits.api import client_address

from ..queries import may_sign_in
from .guessing import CountsFailures

BEGAN = "people.sign_in_began"


def _site() -> str:
    return urlsplit(settings.ADDRESS).netloc


class Adapter(CountsFailures, DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: people are registered by their coordinator."""

    def is_open_for_signup(self, request: Any) -> bool:  # noqa: ARG002  (allauth's signature)
        """No."""
        return False

    def get_client_ip(self, request: Any) -> str:
        """As all of the product reads it; the list of sessions keeps no empty one."""
        return client_address(request) or "0.0.0.0"  # noqa: S104  (no address to listen on)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At the address that the operator has set: whoever asks for a mail to somebody else writes the request's own host and port."""
        whose, _, secret = key.partition("-")
        return settings.ADDRESS + reverse("account_reset_password_from_key", args=[whose, secret])

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """As what is reached there, for the same reason."""
        super().send_mail(template_prefix, email, {**context, "current_site": {"name": _site(), "domain": _site()}})

    def format_email_subject(self, subject: str) -> str:
        """The same in front of the subject."""
        return f"[{_site()}] {subject}"

    def pre_login(self, request: Any, user: Any, **more: Any) -> Any:
        """Note under which password a sign-in began: its second step may come up to a quarter of an hour later."""
        if not may_sign_in(user):
            return self.respond_user_inactive(request, user)
        request.session[BEGAN] = user.get_session_auth_hash()
        return super().pre_login(request, user, **more)

    def login(self, request: Any, user: Any) -> None:
        """Sign in, unless there was a new password since the sign-in began."""
        began = request.session.pop(BEGAN, "")
        if not constant_time_compare(began, user.get_session_auth_hash()):
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)
