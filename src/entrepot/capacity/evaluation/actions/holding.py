"""Taking what a participant writes in hand together with the activity.

Its row is locked first: a close, and the erasure of whoever is nominated, come before or after, and what stands beside the row that is
wanted is read as they left it. Nothing is written any more of somebody who was erased.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from entrepot.capacity.training.api import hold_activity, hold_nomination, nomination_rules
from entrepot.ground.keeping.api import hold
from entrepot.kernel.errors import NotFound
from entrepot.kernel.principals import Principal

from ..enums import FormKind
from ..models import ActionItem, Ask
from ..rules import action_item_rules, ask_rules


def hold_activities(activities: Iterable[int]) -> None:
    """Several activities, always in one order: for timed work that writes of many people. It reads them only afterwards, as an erasure that
    was on its way left them."""
    for activity in sorted(set(activities)):
        hold_activity(activity)


def hold_own(by: Principal, nomination: UUID) -> Any:
    """The principal's own nomination. Raises `NotFound`, `NotAllowed`."""
    held = hold_nomination(by, nomination)
    nomination_rules.require(by, "attend", held)
    if held.person.erased_at:
        raise NotFound
    return held


def hold_ask(by: Principal, uuid: UUID) -> Ask:
    """What somebody was asked, as far as the principal may see it. Raises `NotFound`."""
    visible = ask_rules.visible_to(by)
    hold_activity(visible.filter(uuid=uuid).values_list("form__activity_id", flat=True).first())
    ask = hold(visible.select_related("form__activity", "place", "nomination__person", "person"), uuid)
    # A Member's answer is the Member's, whoever of its coordinators was asked for it.
    whose = [ask.nomination and ask.nomination.person, None if ask.form.kind == FormKind.MEMBER else ask.person]
    if any(one and one.erased_at for one in whose):
        raise NotFound
    return ask


def hold_item(by: Principal, uuid: UUID) -> ActionItem:
    """An item of a plan that the principal may see. Raises `NotFound`."""
    visible = action_item_rules.visible_to(by)
    hold_activity(visible.filter(uuid=uuid).values_list("nomination__activity_id", flat=True).first())
    item = hold(visible.select_related("nomination__invitation__place", "nomination__person"), uuid)
    if item.nomination.person.erased_at:
        raise NotFound
    return item
