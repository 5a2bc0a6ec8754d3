"""The door of `journal`."""

from .actions import UnrecordedWrite, action, append, digest, nothing_done, seal
from .heads import Head, accept_chain, head_now
from .queries import Report, acts_of, verify
from .rules import entry_rules

__all__ = [
    "Head",
    "Report",
    "UnrecordedWrite",
    "accept_chain",
    "action",
    "acts_of",
    "append",
    "digest",
    "entry_rules",
    "head_now",
    "nothing_done",
    "seal",
    "verify",
]
