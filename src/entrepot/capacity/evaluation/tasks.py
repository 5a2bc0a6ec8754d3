"""Evaluation's timed work."""

from uuid import UUID

from entrepot.ground.work.api import now

from . import actions


def follow_up(activity: str) -> None:
    """Months after the close: ask officers and supervisors."""
    actions.follow_up(at=now(), activity=UUID(activity))


def remind() -> None:
    """Remind those who have not answered."""
    actions.remind(at=now())
