"""How sign-in differs from what allauth does by itself."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: people are registered by their coordinator."""

    def is_open_for_signup(self, request: Any) -> bool:  # noqa: ARG002  (allauth's signature)
        """No."""
        return False
