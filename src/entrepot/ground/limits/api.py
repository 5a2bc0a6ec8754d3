"""The door of `limits`."""

from .events import LOGGER, SecurityEvent, tell_event
from .failures import count_wrong, guessing, take
from .requests import client_address, counted_address, limit, require_room

__all__ = [
    "LOGGER",
    "SecurityEvent",
    "client_address",
    "count_wrong",
    "counted_address",
    "guessing",
    "limit",
    "require_room",
    "take",
    "tell_event",
]
