"""Knowledge's timed work."""

from entrepot.ground.work.api import now

from . import actions, indexing


def remind() -> None:
    """Remind the centres that have not told."""
    actions.remind(at=now())


def catch_up() -> None:
    """Index the practices that are not by the concepts as they stand, or not read by the model of meaning."""
    indexing.catch_up()
