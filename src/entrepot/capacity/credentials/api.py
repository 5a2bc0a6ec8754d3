"""The door of `credentials`."""

from .actions import issue, revoke
from .rules import certificate_rules

__all__ = ["certificate_rules", "issue", "revoke"]
