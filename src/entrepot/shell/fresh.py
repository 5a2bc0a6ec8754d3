"""Being asked once more who one is, before something by which others could get in is changed, or all is lost.

allauth keeps the form that was sent and goes on with it afterwards; who has neither password nor second step cannot be asked.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired


def require_fresh(request: Any) -> None:
    """Go on only if the person said in the last five minutes who they are; else they are asked."""
    if not did_recently_reauthenticate(request):
        raise ReauthenticationRequired
