"""Drafting, clearing, publishing, using."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.capacity.evaluation.api import action_item_rules
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from entrepot.kernel.lineages import region_of
from entrepot.kernel.periods import months_after
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from . import letters
from .enums import PracticeState, Worked
from .models import Adoption, Practice
from .rules import COORDINATOR, OFFICE, practice_rules

TEXTS = ("problem", "context", "done", "resources", "results", "evidence", "lessons", "transfer")
EDITABLE = frozenset({"title", "topic", "contact", *TEXTS})
REVIEW_MONTHS = 24
NEEDED = ("problem", "done", "results")
"""What has to be said before a Member can clear a practice."""


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    faults: dict[str, Text | str] = {name: gettext_noop("This cannot be changed here.") for name in set(clean) - EDITABLE}
    if "title" in clean and not clean["title"]:
        faults["title"] = gettext_noop("Give the practice a title.")
    for name, limit in {**dict.fromkeys(TEXTS, 6000), "title": 200, "contact": 200}.items():
        if len(clean.get(name) or "") > limit:
            faults[name] = Text(gettext_noop("At most %(limit)s characters."), {"limit": limit})
    if faults:
        raise Invalid(faults)
    return clean


@action
def draft(*, by: Principal, at: datetime, place: Any, topic: Any, item: UUID | None = None, **values: Any) -> Practice:
    """Draft a practice of the Member `place`, from an action item that was done or from nothing. Raises `NotAllowed`, `Invalid`."""
    if not by.is_system and not (by.holds(*OFFICE, *COORDINATOR, over=place.lineage) and by.scoped("knowledge:write")):
        raise NotAllowed(gettext_noop("You draft practices of your own administration."))
    clean = _checked({"title": "", **values})
    source = None
    if item is not None:
        visible = action_item_rules.visible_to(by).select_related("nomination__activity", "nomination__invitation")
        source = visible.filter(uuid=item, nomination__invitation__place=place).first()
        if source is None:
            raise NotFound
    activity = source.nomination.activity if source else None
    practice = Practice.objects.create(place=place, topic=topic, item=source, activity=activity, drafted_at=at, **clean)
    facts = {"item": item, "activity": activity.uuid if activity else None}
    append(by=by, at=at, verb="knowledge.practice.drafted", thing=practice, place=place.lineage, facts=facts)
    letters.ask_clearance(practice, by=by, at=at)
    return practice


def _held(by: Principal, uuid: UUID, verb: str) -> Practice:
    practice = hold(practice_rules.visible_to(by).select_related("place", "topic"), uuid)
    practice_rules.require(by, verb, practice)
    return practice


@action
def edit(*, by: Principal, at: datetime, uuid: UUID, values: Mapping[str, Any], version: int | None) -> Practice:
    """Change a practice. What the Member cleared and someone then changed has to be cleared again."""
    practice = _held(by, uuid, "edit")
    changed = change(practice, _checked(values), version=version)
    if not changed:
        nothing_done()
        return practice
    if practice.state == PracticeState.CLEARED and not by.holds(*COORDINATOR, over=practice.place.lineage):
        change(practice, {"state": PracticeState.DRAFT, "cleared_at": None, "cleared_by": None}, version=None)
        letters.ask_clearance(practice, by=by, at=at)
    append(by=by, at=at, verb="knowledge.practice.edited", thing=practice, place=practice.place.lineage, facts={"fields": sorted(changed)})
    return practice


@action
def clear(*, by: Principal, at: datetime, uuid: UUID) -> Practice:
    """The Member agrees that this may be published."""
    practice = _held(by, uuid, "clear")
    empty = [name for name in NEEDED if not getattr(practice, name)]
    if empty:
        raise Invalid({name: gettext_noop("Please answer this.") for name in empty})
    change(practice, {"state": PracticeState.CLEARED, "cleared_at": at, "cleared_by": by.uuid}, version=None)
    append(by=by, at=at, verb="knowledge.practice.cleared", thing=practice, place=practice.place.lineage)
    return practice


@action
def publish(*, by: Principal, at: datetime, uuid: UUID) -> Practice:
    """The regional office has reviewed it and publishes it, for two years until the next review."""
    practice = _held(by, uuid, "publish")
    values = {"state": PracticeState.PUBLISHED, "published_at": at, "review_by": months_after(at.date(), REVIEW_MONTHS)}
    change(practice, values, version=None)
    append(by=by, at=at, verb="knowledge.practice.published", thing=practice, place=practice.place.lineage)
    return practice


@action
def retire(*, by: Principal, at: datetime, uuid: UUID) -> Practice:
    """Take a practice out of the collection; those who used it stay on record."""
    practice = _held(by, uuid, "retire")
    change(practice, {"state": PracticeState.RETIRED}, version=None)
    append(by=by, at=at, verb="knowledge.practice.retired", thing=practice, place=practice.place.lineage)
    return practice


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
    append(
        by=by,
        at=at,
        verb="knowledge.practice.adopted",
        thing=kept,
        place=place.lineage,
        facts={"practice": practice.uuid, "worked": worked},
    )
    letters.tell_adopted(kept, by=by, at=at)
    return kept
