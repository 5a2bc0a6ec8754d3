"""Knowledge's timed work."""

from entrepot.ground.work.api import now

from . import actions


def remind() -> None:
    """Remind the centres that have not told."""
    actions.remind(at=now())
