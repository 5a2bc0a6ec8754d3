"""The door of `competencies`."""

from .actions import load_catalogue
from .rules import competency_rules, topic_rules

__all__ = ["competency_rules", "load_catalogue", "topic_rules"]
