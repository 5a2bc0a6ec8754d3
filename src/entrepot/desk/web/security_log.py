"""What was refused, whoever in the house refused it, goes into the log of security events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from entrepot.ground.limits.api import SecurityEvent, tell_event
from entrepot.kernel.principals import NOBODY

Answer = Callable[[Any], HttpResponse]
REFUSED_AS = "refused_as"
"""On a request: why it was refused, where its status does not say."""
BY_STATUS = {
    401: SecurityEvent.SECRET_REFUSED,
    403: SecurityEvent.ACCESS_REFUSED,
    404: SecurityEvent.ACCESS_REFUSED,
    410: SecurityEvent.ACCESS_REFUSED,
    429: SecurityEvent.ASKED_TOO_OFTEN,
}


def tell_refusals(get_response: Answer) -> Answer:
    """Tell what was refused. Of an address that is none of ours nothing is told: what may not be seen is one, and answers 404 too."""

    def answer(request: Any) -> HttpResponse:
        response = get_response(request)
        event = BY_STATUS.get(response.status_code)
        # The record store finds its own way (`let_machines_in`) and leaves no route on the request; its 404 is an answer like others.
        of_store = request.path_info.startswith("/xapi/") and response.status_code != 404
        if event and (of_store or getattr(request, "resolver_match", None)):
            event = getattr(request, REFUSED_AS, event)
            principal = getattr(request, "principal", NOBODY)
            tell_event(event, request, person=str(principal.uuid) if principal.is_known else "", status=response.status_code)
        return response

    return answer
