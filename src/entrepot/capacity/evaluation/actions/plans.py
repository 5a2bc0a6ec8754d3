"""Planning what to do back home, endorsing it, saying how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from entrepot.capacity.training.api import hold_activity, nomination_rules
from entrepot.capacity.training.enums import Outcome, Stage
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Invalid, NotAllowed, NotFound
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import Text, gettext_noop

from .. import letters
from ..enums import DropReason, ItemState
from ..models import ActionItem, Ask, ItemUpdate
from ..rules import action_item_rules
from .forming import AnswersClosed
from .holding import hold_activities, hold_item, hold_own

NOTE = 500
OPEN_STATES = (ItemState.PLANNED, ItemState.STARTED)


def _item_values(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: str(values.get(name) or "").strip() for name in ("what", "why", "owner", "support", "indicator")}
    faults: dict[str, Text | str] = {}
    if not clean["what"]:
        faults["what"] = gettext_noop("What will you do?")
    for name, limit in (("what", 300), ("why", 300), ("owner", 120), ("support", 300), ("indicator", 200)):
        if len(clean[name]) > limit:
            faults[name] = Text(gettext_noop("At most %(limit)s characters."), {"limit": limit})
    if not isinstance(values.get("due_on"), date):
        faults["due_on"] = gettext_noop("By when?")
    if faults:
        raise Invalid(faults)
    return {**clean, "due_on": values["due_on"]}


@action
def plan_item(*, by: Principal, at: datetime, nomination: UUID, **values: Any) -> ActionItem:
    """A participant plans to do something back home."""
    held = hold_own(by, nomination)
    if held.outcome != Outcome.SEAT or held.activity.stage not in (Stage.CONFIRMED, Stage.DELIVERED, Stage.CLOSED):
        raise AnswersClosed
    if held.items.count() >= 20:
        raise Invalid({"what": gettext_noop("Twenty items are enough: finish or drop one first.")})
    item = ActionItem.objects.create(nomination=held, made_at=at, **_item_values(values))
    append(by=by, at=at, verb="evaluation.item.planned", thing=item, place=held.invitation.place.lineage, facts={"due": item.due_on})
    return item


@action
def ask_endorsement(*, by: Principal, at: datetime, nomination: UUID) -> Any:
    """Send the plan to the supervisor."""
    held = hold_own(by, nomination)
    if held.supervisor is None:
        raise Invalid({"supervisor": gettext_noop("No supervisor is named in your nomination; your coordinator can name one.")})
    if not held.items.exists():
        raise Invalid({"what": gettext_noop("Plan at least one item first.")})
    letters.ask_endorsement(held, by=by, at=at)
    append(by=by, at=at, verb="evaluation.plan.sent", thing=held, place=held.invitation.place.lineage)
    return held


@action
def endorse(*, by: Principal, at: datetime, nomination: UUID) -> int:
    """The supervisor endorses the items that are not endorsed yet; returns how many. Raises `NotFound`, `NotAllowed`."""
    held = hold(nomination_rules.visible_to(by), nomination)
    planned = held.items.first()
    if planned is not None:
        action_item_rules.require(by, "endorse", planned)
    elif by.person_id is None or by.person_id != held.supervisor_id:
        raise NotAllowed(gettext_noop("An action plan is endorsed by the officer’s supervisor."))
    items = action_item_rules.visible_to(by, "endorse").filter(nomination=held, endorsed_at__isnull=True)
    found = list(items.select_related("nomination__invitation__place"))
    for item in found:
        change(item, {"endorsed_at": at, "endorsed_by": by.uuid}, version=None)
        append(by=by, at=at, verb="evaluation.item.endorsed", thing=item, place=item.nomination.invitation.place.lineage)
    nothing_done()
    return len(found)


@action
def update_item(*, by: Principal, at: datetime, uuid: UUID, state: ItemState, note: str = "", dropped_because: str = "") -> ActionItem:
    """Say how an item stands. Dropping one asks for a reason."""
    item = hold_item(by, uuid)
    action_item_rules.require(by, "update", item)
    return _update(item, {"state": state, "note": note, "dropped_because": dropped_because}, by, at)


def _update(item: ActionItem, values: Mapping[str, str], by: Principal, at: datetime) -> ActionItem:
    state, note = str(values.get("state") or item.state), str(values.get("note") or "").strip()
    because = str(values.get("dropped_because") or "") if state == ItemState.DROPPED else ""
    if state not in list(ItemState):
        raise Invalid({"state": gettext_noop("Choose one of the answers offered.")})
    if state == ItemState.DROPPED and because not in list(DropReason):
        raise Invalid({"dropped_because": gettext_noop("Say why it was dropped.")})
    if len(note) > NOTE:
        raise Invalid({"note": Text(gettext_noop("At most %(limit)s characters."), {"limit": NOTE})})
    done_at = (item.done_at or at) if state == ItemState.DONE else None
    changed = change(item, {"state": ItemState(state), "dropped_because": because, "done_at": done_at}, version=None)
    last = item.updates.order_by("-at", "-id").values_list("note", flat=True).first() if not changed else None
    if not changed and note in ("", last):
        nothing_done()
        return item
    ItemUpdate.objects.create(item=item, at=at, by_uuid=by.uuid, state=state, note=note)
    place = item.nomination.invitation.place.lineage
    append(by=by, at=at, verb="evaluation.item.updated", thing=item, place=place, facts={"state": state, "because": because})
    return item


def confirm_items(ask: Ask, items: Mapping[UUID, Mapping[str, str]], *, by: Principal, at: datetime) -> None:
    """Part of an officer's answer: how the items of their plan stand. Raises `NotFound`, and `Invalid` under `item-<uuid>-<name>`."""
    held = {
        item.uuid: item
        for item in ActionItem.objects.select_for_update(of=("self",))
        .filter(nomination=ask.nomination_id)
        .select_related("nomination__invitation__place")
    }
    _update_all([(uuid, held.get(uuid), values) for uuid, values in items.items()], by, at)


def _update_all(rows: Sequence[tuple[UUID, ActionItem | None, Mapping[str, str]]], by: Principal, at: datetime) -> None:
    faults: dict[str, Text | str] = {}
    for uuid, item, values in rows:
        if item is None:
            raise NotFound
        try:
            _update(item, values, by, at)
        except Invalid as error:
            faults |= {f"item-{uuid}-{name}": fault for name, fault in error.faults.items()}
    if faults:
        raise Invalid(faults)
    nothing_done()


@action
def update_items(*, by: Principal, at: datetime, nomination: UUID, rows: Mapping[UUID, Mapping[str, str]]) -> int:
    """Say how several items of a plan stand, all or none; the same again changes nothing. Returns how many rows there were."""
    visible = action_item_rules.visible_to(by, "update").filter(nomination__person__erased_at__isnull=True)
    visible = visible.select_related("nomination__invitation__place")
    hold_activity(visible.filter(nomination__uuid=nomination).values_list("nomination__activity_id", flat=True).first())
    held = {item.uuid: item for item in visible.select_for_update(of=("self",)).filter(nomination__uuid=nomination)}
    _update_all([(uuid, held.get(uuid), values) for uuid, values in rows.items()], by, at)
    return len(rows)


@action
def tell_overdue(*, at: datetime) -> int:
    """Tell owner and coordinators once of each item whose day has passed. Returns how many items."""
    due = ActionItem.objects.filter(due_on__lt=at.date(), told_at__isnull=True, state__in=OPEN_STATES)
    first = dict(due.order_by("due_on", "pk").values_list("pk", "nomination__activity_id")[:300])
    hold_activities(first.values())
    related = ("nomination__person", "nomination__activity", "nomination__invitation__place")
    told = list(due.filter(pk__in=first).select_for_update(of=("self",)).select_related(*related).order_by("due_on", "pk"))
    for item in told:
        change(item, {"told_at": at}, version=None)
        letters.overdue(item, by=SYSTEM, at=at)
        place = item.nomination.invitation.place.lineage
        append(by=SYSTEM, at=at, verb="evaluation.item.overdue", thing=item, place=place, facts={"due": item.due_on})
    nothing_done()
    return len(told)
