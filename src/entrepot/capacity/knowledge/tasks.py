"""Knowledge's timed work."""

from entrepot.ground.work.api import now

from . import actions, meaning


def remind() -> None:
    """Remind the centres that have not told."""
    actions.remind(at=now())


def catch_up() -> None:
    """Read the practices that the model of meaning has not read yet."""
    meaning.catch_up()
