"""Being asked once more who one is, before something by which others could get in is changed, or all is lost.

allauth keeps the form that was sent and goes on with it afterwards; who has neither password nor second step cannot be asked.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired


def require_fresh(request: Any) -> None:
    """Go on only if the person said in the last five minutes who they are; else they are asked."""
    if not did_recently_reauthenticate(request):
        raise ReauthenticationRequired


def drop_what_waits(request: Any) -> None:
    """Forget a form that waited for the person to say who they are, as they only look at a page now. allauth would do it as soon as they
    are asked for that page: one that somebody else had left there, at a session that stood open, in the name of who wanted to look."""
    if request.method != "POST":
        request.session.pop(STATE_SESSION_KEY, None)
