"""Using a practice of another Member."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.ground.journal.api import action, append
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed
from entrepot.kernel.lineages import region_of
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .. import letters
from ..enums import PracticeState, Worked
from ..models import Adoption
from ..rules import COORDINATOR, practice_rules


@action
def adopt(*, by: Principal, at: datetime, uuid: UUID, place: Any, worked: Worked, result: str) -> Adoption:
    """Another Member of the region says that it used a practice, and how it went; said again, the newer answer counts."""
    if not by.is_system and not (by.holds(*COORDINATOR, over=place.lineage) and by.scoped("knowledge:write")):
        raise NotAllowed(gettext_noop("A Member’s own coordinator says what it uses."))
    practice = hold(practice_rules.visible_to(by).select_related("place"), uuid)
    if practice.state != PracticeState.PUBLISHED:
        raise Conflict(gettext_noop("Only a published practice can be used by others."))
    faults: dict[str, Text | str] = {}
    if practice.place_id == place.pk or region_of(practice.place.lineage) != region_of(place.lineage):
        faults["place"] = gettext_noop("Another Member of the same region says this.")
    if not result.strip() or len(result) > 4000:
        faults["result"] = gettext_noop("Say in up to 4,000 characters what you did and what came of it.")
    if faults:
        raise Invalid(faults)
    kept = Adoption.objects.select_for_update().filter(practice=practice, place=place).first()
    if kept:
        change(kept, {"worked": worked, "result": result.strip()}, version=None)
    else:
        kept = Adoption.objects.create(practice=practice, place=place, at=at, worked=worked, result=result.strip())
        change(practice, {"used": practice.adoptions.count()}, version=None)
    facts = {"practice": practice.uuid, "worked": worked}
    append(by=by, at=at, verb="knowledge.practice.adopted", thing=kept, place=place.lineage, facts=facts)
    letters.tell_adopted(kept, by=by, at=at)
    return kept
