"""The door of `impact`."""

from .actions import add_link, back, look, measure, open_analysis, preview, publish, register, tell
from .queries import Member, State, proposed, state_of
from .rules import finding_rules, link_rules, plan_rules, story_rules

__all__ = [
    "Member",
    "State",
    "add_link",
    "back",
    "finding_rules",
    "link_rules",
    "look",
    "measure",
    "open_analysis",
    "plan_rules",
    "preview",
    "proposed",
    "publish",
    "register",
    "state_of",
    "story_rules",
    "tell",
]
