"""Compiling the follow-up of a region over a period, in the background, with progress."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.ground.people.api import person_rules
from entrepot.ground.work.api import enqueue
from entrepot.kernel.errors import Invalid, NotAllowed
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import gettext_noop

from ..compiled import compile_body
from ..models import Compilation
from ..rules import OFFICE, compilation_rules


@action
def request_compilation(*, by: Principal, at: datetime, region: Any, from_on: date, to_on: date) -> Compilation:
    """Ask for the follow-up over the activities closed in a period to be compiled, or compiled anew. Raises `NotAllowed`, `Invalid`."""
    if not by.is_system and not (by.holds(*OFFICE, over=region.lineage) and by.scoped("evaluation:write")):
        raise NotAllowed(gettext_noop("The regional office compiles the follow-up."))
    if to_on <= from_on or (to_on - from_on).days > 1100:
        raise Invalid({"to_on": gettext_noop("The period ends after it begins, and is three years at most.")})
    found, _ = Compilation.objects.get_or_create(region=region, from_on=from_on, to_on=to_on, defaults={"asked_at": at})
    change(found, {"asked_at": at, "ended_at": None, "done": 0, "of": 0}, version=None)
    enqueue("evaluation.compile_follow_up", key=f"compile:{found.uuid}:{at.isoformat()}", compilation=str(found.uuid))
    append(by=by, at=at, verb="evaluation.compilation.asked", thing=found, place=region.lineage, facts={"from": from_on, "to": to_on})
    return found


def compile_follow_up(*, at: datetime, uuid: UUID) -> None:
    """Compile what was asked for. Outside of one transaction, so that its progress is seen meanwhile; doing it twice gives the same.

    Titles and questions can name people: where somebody was erased meanwhile, what was read is not kept, and all is read again.
    """
    found = Compilation.objects.select_related("region").filter(uuid=uuid).first()
    if found is None:
        return
    kept = False
    while not kept:
        gone = _erased()
        body = compile_body(found, at, lambda done, of: _note(found.uuid, done, of))
        kept = _keep(at=at, uuid=uuid, body=body, gone=gone)


def _erased() -> int:
    """How many people were ever erased: it only grows."""
    return person_rules.visible_to(SYSTEM).filter(erased_at__isnull=False).count()


@action
def _note(uuid: UUID, done: int, of: int) -> None:
    nothing_done()
    change(hold(Compilation.objects.all(), uuid), {"done": done, "of": of}, version=None)


@action
def _keep(*, at: datetime, uuid: UUID, body: dict[str, Any], gone: int) -> bool:
    """Keep it, and return True; unless somebody was erased since `gone` was counted. An erasure holds the row (`leaving.hold_asks`)."""
    found = hold(compilation_rules.visible_to(SYSTEM).select_related("region"), uuid)
    if _erased() != gone:
        nothing_done()
        return False
    change(found, {"body": body, "ended_at": at}, version=None)
    facts = {"answers": body["answers"], "activities": len(body["activities"])}
    append(by=SYSTEM, at=at, verb="evaluation.compilation.made", thing=found, place=found.region.lineage, facts=facts)
    return True
