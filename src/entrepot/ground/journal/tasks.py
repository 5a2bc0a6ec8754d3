"""The journal's background work."""

from . import actions


def seal() -> None:
    """Chain what has been appended since the last time."""
    actions.seal()
