"""The door of `people`."""

from .actions import OverlappingPosting, UnableToPost, edit, end_posting, erase, merge, post, register, set_password
from .core import plain_address
from .queries import MailRoute, in_force, listed, mail_route, named, with_postings
from .rules import GRANTABLE, person_rules, posting_rules

__all__ = [
    "GRANTABLE",
    "MailRoute",
    "OverlappingPosting",
    "UnableToPost",
    "edit",
    "end_posting",
    "erase",
    "in_force",
    "listed",
    "mail_route",
    "merge",
    "named",
    "person_rules",
    "plain_address",
    "post",
    "posting_rules",
    "register",
    "set_password",
    "with_postings",
]
