"""Knowledge's timed work."""

from entrepot.ground.work.api import now, outside

from . import actions, indexing


def remind() -> None:
    """Remind the centres that have not told."""
    actions.remind(at=now())


@outside  # a transaction for each few practices, not one for all: whoever saves one meanwhile would wait for the whole
def catch_up() -> None:
    """Index the practices that are not by the concepts as they stand, or not read by the model of meaning."""
    indexing.catch_up()
