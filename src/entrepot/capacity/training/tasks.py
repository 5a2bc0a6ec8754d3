"""Training's timed work."""

from entrepot.ground.work.api import now

from . import actions


def lapse_offers() -> None:
    """Let offered seats lapse whose time ran out."""
    actions.lapse_offers(at=now())
