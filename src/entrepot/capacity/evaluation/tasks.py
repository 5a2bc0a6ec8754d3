"""Evaluation's timed work."""

from uuid import UUID

from entrepot.ground.work.api import now, outside

from . import actions


def follow_up(activity: str) -> None:
    """Months after the close: ask officers and supervisors."""
    actions.follow_up(at=now(), activity=UUID(activity))


def tell_overdue() -> None:
    """Tell of action items whose day has passed."""
    actions.tell_overdue(at=now())


@outside
def compile_follow_up(compilation: str) -> None:
    """Compile the follow-up over a period."""
    actions.compile_follow_up(at=now(), uuid=UUID(compilation))


def remind() -> None:
    """Remind those who have not answered."""
    actions.remind(at=now())
