"""The door of `journal`."""

from .actions import UnrecordedWrite, action, append, digest, nothing_done, seal
from .queries import Report, acts_of, verify
from .rules import entry_rules

__all__ = ["Report", "UnrecordedWrite", "action", "acts_of", "append", "digest", "entry_rules", "nothing_done", "seal", "verify"]
