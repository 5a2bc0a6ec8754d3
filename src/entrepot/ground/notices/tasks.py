"""The notices' background work."""

from entrepot.ground.work.api import now, outside

from . import outbox


@outside
def deliver(mail: str) -> None:
    """Send one mail of the outbox."""
    outbox.deliver(mail, at=now())


def clear() -> None:
    """Remove what is old."""
    outbox.clear(now())
