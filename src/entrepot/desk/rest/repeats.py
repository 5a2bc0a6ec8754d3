"""Idempotency: a POST with a key is done once; its repeat gets the first answer again."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpResponse
from ninja import Status

from entrepot.desk.models import Repeat
from entrepot.ground.people.api import person_rules, traces_of
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import gettext_noop


def once(request: Any, act: Callable[[Any], tuple[int, dict[str, Any]]]) -> HttpResponse:
    """Do `act`, or answer as the first time where the same principal sent the same key with the same body.

    The key is noted in the transaction of the act: either both are kept or neither is. Raises `Conflict` for a key with another body, and
    `NotAllowed` for a token that was issued for less than the one that asked first, or who has lost a role since: the answer may say more
    than they may know.
    """
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > 200:
        raise Invalid({"Idempotency-Key": gettext_noop("At most 200 characters.")})
    if not key:
        return _answer(*_plain(act(request)))
    body = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    digest = hashlib.sha256(f"{request.principal.uuid} {key}".encode()).hexdigest()
    with transaction.atomic():
        # The row is taken first, so that of two requests at once the second waits for the first.
        scopes, grants = request.principal.scopes, _grants(request.principal)
        mine = Repeat(digest=digest, body=body, status=0, answer="", made_at=request.at, grants=sorted(grants))
        mine.scopes = None if scopes is None else sorted(scopes)
        Repeat.objects.bulk_create([mine], ignore_conflicts=True)
        kept = Repeat.objects.select_for_update().get(digest=digest)
        if kept.status:
            if kept.body != body:
                raise Conflict(gettext_noop("This Idempotency-Key was used for another request."))
            if scopes is not None and (kept.scopes is None or not scopes.issuperset(kept.scopes)):
                raise NotAllowed(gettext_noop("This Idempotency-Key was used with a token that may do more. Nothing was done again."))
            if not grants.issuperset(kept.grants):
                raise NotAllowed(gettext_noop("This Idempotency-Key was used while you held another role. Nothing was done again."))
            return _answer(kept.status, kept.answer)
        kept.status, kept.answer = _plain(act(request))
        kept.save(update_fields=["status", "answer"])
    return _answer(kept.status, kept.answer)


def _grants(principal: Principal) -> set[str]:
    """The principal's home and each role in force, each as a digest."""
    held = [f"home {principal.home}", *(f"{grant.role} {grant.reach} {grant.within}" for grant in principal.grants)]
    return {hashlib.sha256(f"{principal.uuid} {one}".encode()).hexdigest()[:16] for one in held}


def repeatable(view: Callable[..., Any]) -> Callable[..., Any]:
    """Make an operation of a wing's router answer a repeated POST as the first time, where it carries a key."""

    @functools.wraps(view)
    def run(request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST" or not request.headers.get("Idempotency-Key"):
            return view(request, *args, **kwargs)

        def act(asked: Any) -> tuple[int, dict[str, Any]]:
            answered = view(asked, *args, **kwargs)
            return (answered.status_code, answered.value) if isinstance(answered, Status) else (200, answered)

        return once(request, act)

    return run


def forget(person_id: int, _at: datetime) -> None:
    """Inside the erasure of a person: of an answer that tells of them only its status is left, so that a repeat is still not done twice."""
    looked_for = traces_of(person_id)
    uuid = str(person_rules.visible_to(SYSTEM).values_list("uuid", flat=True).get(pk=person_id))
    told = looked_for.among(Repeat.objects.all(), "answer") | Repeat.objects.filter(answer__contains=uuid)
    Repeat.objects.filter(pk__in=[one.pk for one in told if uuid in one.answer or looked_for.stand_in(one.answer)]).update(answer="{}")


def _plain(result: tuple[int, dict[str, Any]]) -> tuple[int, str]:
    status, body = result
    return status, json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False)


def _answer(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")
