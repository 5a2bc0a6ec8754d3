"""How sign-in differs from what allauth does by itself."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter

from entrepot.ground.limits.api import client_address

from .guessing import CountsFailures


class Adapter(CountsFailures, DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: people are registered by their coordinator."""

    def is_open_for_signup(self, request: Any) -> bool:  # noqa: ARG002  (allauth's signature)
        """No."""
        return False

    def get_client_ip(self, request: Any) -> str:
        """As all of the product reads it; the list of sessions keeps no empty one."""
        return client_address(request) or "0.0.0.0"  # noqa: S104  (no address to listen on)
