"""The door of `needs`."""

from .actions import edit, record, take_up, withdraw
from .rules import need_rules

__all__ = ["edit", "need_rules", "record", "take_up", "withdraw"]
