"""The door of `knowledge`."""

from .actions import adopt, clear, draft, edit, publish, retire
from .rules import adoption_rules, practice_rules

__all__ = ["adopt", "adoption_rules", "clear", "draft", "edit", "practice_rules", "publish", "retire"]
