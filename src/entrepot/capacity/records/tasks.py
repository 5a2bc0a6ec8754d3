"""The record store's background work."""

from entrepot.ground.work.api import now

from .actions import people, retention


def match() -> None:
    """Find the persons behind actors, for people registered or renamed since."""
    people.match()


def retain() -> None:
    """Let go of what is no longer kept; make the partitions of the months ahead."""
    retention.retain(now())
