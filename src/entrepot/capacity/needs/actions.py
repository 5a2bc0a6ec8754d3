"""Recording needs, changing and withdrawing them, and taking them up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.capacity.competencies.enums import Level
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Invalid, NotAllowed
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Text, gettext_noop

from .enums import Mode, NeedState, Urgency
from .models import Need
from .rules import OFFICE, need_rules

EDITABLE = frozenset({"competency", "level", "officers", "urgency", "mode", "language", "evidence"})
_CHOICES: dict[str, type[Level | Urgency | Mode]] = {"level": Level, "urgency": Urgency, "mode": Mode}


def _checked(values: Mapping[str, Any], needed: Iterable[str]) -> dict[str, Any]:
    clean: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    faults: dict[str, Text | str] = {name: gettext_noop("This cannot be changed here.") for name in set(clean) - EDITABLE}
    for name, known in _CHOICES.items():
        if clean.get(name) not in (None, *[choice.value for choice in known]) and not (name == "mode" and clean[name] == ""):
            faults[name] = gettext_noop("Choose one of the answers offered.")
    officers = clean.get("officers")
    if officers is not None and not 1 <= officers <= 100_000:
        faults["officers"] = gettext_noop("For how many officers? At least one.")
    if len(clean.get("evidence") or "") > 4000:
        faults["evidence"] = gettext_noop("At most 4,000 characters; attach the rest as a document.")
    for name in needed:
        if clean.get(name) in (None, ""):
            faults.setdefault(name, gettext_noop("Please answer this."))
    if faults:
        raise Invalid(faults)
    return clean


@action
def record(*, by: Principal, at: datetime, place: Any, **values: Any) -> Need:
    """Record a need of the Member `place`. Raises `NotAllowed` for another Member's, `Invalid` naming every field."""
    if not by.is_system and not (by.holds(*OFFICE, Role.NATIONAL_COORDINATOR, over=place.lineage) and by.scoped("needs:write")):
        raise NotAllowed(gettext_noop("You record needs of your own administration only."))
    if place.kind != "member":
        raise Invalid({"place": gettext_noop("A need is a Member’s.")})
    clean = _checked(values, ("competency", "level", "officers", "urgency"))
    need = Need.objects.create(place=place, recorded_at=at, recorded_by=by.uuid, **clean)
    facts = {"competency": need.competency.code, "level": need.level, "officers": need.officers}
    append(by=by, at=at, verb="needs.need.recorded", thing=need, place=place.lineage, facts=facts)
    return need


@action
def edit(*, by: Principal, at: datetime, uuid: UUID, values: Mapping[str, Any], version: int | None) -> Need:
    """Change an open need. Raises `NotFound`, `NotAllowed`, `Invalid`, `StaleEdit`."""
    need = hold(need_rules.visible_to(by).select_related("place"), uuid)
    need_rules.require(by, "edit", need)
    changed = change(need, _checked(values, ()), version=version)
    if changed:
        append(by=by, at=at, verb="needs.need.edited", thing=need, place=need.place.lineage, facts={"fields": sorted(changed)})
    else:
        nothing_done()
    return need


@action
def withdraw(*, by: Principal, at: datetime, uuid: UUID) -> Need:
    """Say that a need is no longer one."""
    need = hold(need_rules.visible_to(by).select_related("place"), uuid)
    need_rules.require(by, "edit", need)
    change(need, {"state": NeedState.WITHDRAWN}, version=None)
    append(by=by, at=at, verb="needs.need.withdrawn", thing=need, place=need.place.lineage)
    return need


@action
def take_up(*, by: Principal, at: datetime, needs: Iterable[Need], activity: UUID) -> None:
    """Note that `activity` will answer these open needs. Raises `NotFound` or `NotAllowed` for one that is not to be had."""
    for given in needs:
        need = hold(need_rules.visible_to(by).select_related("place"), given.uuid)
        need_rules.require(by, "take up", need)
        change(need, {"state": NeedState.TAKEN_UP}, version=None)
        append(by=by, at=at, verb="needs.need.taken_up", thing=need, place=need.place.lineage, facts={"activity": activity})
    nothing_done()
