"""The door of `community`."""

from .actions import delete_profile, hear, join, keep_profile, leave, open_group, say, take_out, write
from .rules import fellow_rules, group_rules, post_rules, profile_rules

__all__ = [
    "delete_profile",
    "fellow_rules",
    "group_rules",
    "hear",
    "join",
    "keep_profile",
    "leave",
    "open_group",
    "post_rules",
    "profile_rules",
    "say",
    "take_out",
    "write",
]
