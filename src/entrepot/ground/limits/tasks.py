"""The limits' background work."""

from entrepot.ground.work.api import now

from . import failures


def clear() -> None:
    """Remove levels that have long drained."""
    failures.clear(at=now())
