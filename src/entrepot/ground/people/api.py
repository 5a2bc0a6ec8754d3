"""The door of `people`."""

from .actions import OverlappingPosting, UnableToPost, edit, end_posting, erase, merge, post, register, set_password
from .queries import in_force, listed, named, with_postings
from .rules import GRANTABLE, person_rules, posting_rules

__all__ = [
    "GRANTABLE",
    "OverlappingPosting",
    "UnableToPost",
    "edit",
    "end_posting",
    "erase",
    "in_force",
    "listed",
    "merge",
    "named",
    "person_rules",
    "post",
    "posting_rules",
    "register",
    "set_password",
    "with_postings",
]
