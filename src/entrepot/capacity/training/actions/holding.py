"""Taking an invitation or a nomination in hand together with its activity.

Decisions and nominations of one activity come one after another: its row is locked first, whatever comes next, so that no two acts wait
for each other for ever.
"""

from __future__ import annotations

from uuid import UUID

from entrepot.ground.keeping.api import hold
from entrepot.kernel.errors import NotFound
from entrepot.kernel.principals import Principal

from ..models import Activity, Invitation, Nomination
from ..rules import invitation_rules, nomination_rules

_ABOUT = ("activity__region", "activity__host", "invitation__place", "person__home", "supervisor")


def hold_activity(activity: int | None) -> Activity:
    """Lock and return an activity, before anything that hangs on it is read. Raises `NotFound`."""
    if activity is None:
        raise NotFound
    return Activity.objects.select_for_update(of=("self",)).select_related("region", "host").get(pk=activity)


def hold_invitation(by: Principal, uuid: UUID) -> Invitation:
    """An invitation that the principal may see, with its activity, both locked. Raises `NotFound`."""
    visible = invitation_rules.visible_to(by)
    activity = hold_activity(visible.filter(uuid=uuid).values_list("activity_id", flat=True).first())
    held = hold(visible.select_related("place"), uuid)
    held.activity = activity
    return held


def hold_nomination(by: Principal, uuid: UUID) -> Nomination:
    """A nomination that the principal may see, with its activity, both locked. Raises `NotFound`."""
    visible = nomination_rules.visible_to(by)
    activity = hold_activity(visible.filter(uuid=uuid).values_list("activity_id", flat=True).first())
    held = hold(visible.select_related(*_ABOUT), uuid)
    held.activity = activity
    return held
