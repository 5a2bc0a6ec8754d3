"""The door of `credentials`."""

from .actions import issue, replace, revoke
from .rules import certificate_rules

__all__ = ["certificate_rules", "issue", "replace", "revoke"]
