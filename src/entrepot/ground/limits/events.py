"""The log of what matters to security: one line for each event, in one form, with nobody's name, address or secret.

`docs/operations.md` lists the events and says what each field is. What was done to records stands in the journal, not here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from enum import StrEnum
from typing import Any

from django.conf import settings

from .requests import counted_address

LOGGER = "entrepot.security"
_logger = logging.getLogger(LOGGER)


class SecurityEvent(StrEnum):
    """What is told."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    PASSWORD_WRONG = "password_wrong"  # noqa: S105  (a name)
    SECOND_STEP_WRONG = "second_step_wrong"
    KEPT_WAITING = "kept_waiting"
    FORM_REFUSED = "form_refused"
    SECRET_REFUSED = "secret_refused"  # noqa: S105  (a name)
    ACCESS_REFUSED = "access_refused"
    ASKED_TOO_OFTEN = "asked_too_often"


def digest(kind: str, text: str) -> str:
    """The same short word for the same text, in this installation; nobody without its key can say which text. Empty for an empty one."""
    if not text:
        return ""
    return hmac.new(settings.SECRET_KEY.encode(), f"security {kind} {text}".encode(), hashlib.sha256).hexdigest()[:20]


def tell_event(event: SecurityEvent, request: Any, *, account: str = "", person: str = "", **facts: str | int) -> None:
    """Write one line. `account` is the address that was typed, `person` the identifier of who it is, if that is known."""
    match = getattr(request, "resolver_match", None)
    line = {
        "event": event.value,
        "person": person,
        "account": digest("account", account),
        "client": digest("client", counted_address(request)),
        "method": request.method,
        "route": match.view_name if match else "",
        **facts,
    }
    # JSON in ASCII: no line break that somebody sent ends a line.
    _logger.info(json.dumps({name: value for name, value in line.items() if value != ""}))
