"""The documents' background work."""

from entrepot.ground.work.api import now

from . import actions


def sweep() -> None:
    """Clear what is left over."""
    actions.sweep(at=now())
