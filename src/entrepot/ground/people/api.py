"""The door of `people`."""

from .actions import (
    AlreadySignsIn,
    OverlappingPosting,
    UnableToPost,
    change_password,
    edit,
    end_posting,
    erase,
    merge,
    post,
    register,
    reset_password,
    set_password,
)
from .core import plain_address
from .queries import MailRoute, in_force, listed, mail_route, named, person_by_address, with_postings
from .rules import GRANTABLE, JOIN, RESET, BeyondYourRole, may_give, person_rules, posting_rules

__all__ = [
    "GRANTABLE",
    "JOIN",
    "RESET",
    "AlreadySignsIn",
    "BeyondYourRole",
    "MailRoute",
    "OverlappingPosting",
    "UnableToPost",
    "change_password",
    "edit",
    "end_posting",
    "erase",
    "in_force",
    "listed",
    "mail_route",
    "may_give",
    "merge",
    "named",
    "person_by_address",
    "person_rules",
    "plain_address",
    "post",
    "posting_rules",
    "register",
    "reset_password",
    "set_password",
    "with_postings",
]
