"""The door of `people`."""

from .actions import (
    ADDRESSES,
    OverlappingPosting,
    UnableToPost,
    edit,
    end_posting,
    erase,
    merge,
    post,
    reach_by,
    register,
)
from .core import GONE, fold, plain_address, plain_addresses
from .lookups import count_lookup, require_lookups
from .password_actions import AlreadySignsIn, change_password, reset_password, set_password
from .queries import MailRoute, in_force, listed, mail_route, may_sign_in, named, person_by_address, with_postings
from .rules import GRANTABLE, JOIN, RESET, BeyondYourRole, may_give, person_rules, posting_rules
from .traces import sweep, traces_of
from .wiping import backups_end, come_back

__all__ = [
    "ADDRESSES",
    "GONE",
    "GRANTABLE",
    "JOIN",
    "RESET",
    "AlreadySignsIn",
    "BeyondYourRole",
    "MailRoute",
    "OverlappingPosting",
    "UnableToPost",
    "backups_end",
    "change_password",
    "come_back",
    "count_lookup",
    "edit",
    "end_posting",
    "erase",
    "fold",
    "in_force",
    "listed",
    "mail_route",
    "may_give",
    "may_sign_in",
    "merge",
    "named",
    "person_by_address",
    "person_rules",
    "plain_address",
    "plain_addresses",
    "post",
    "posting_rules",
    "reach_by",
    "register",
    "require_lookups",
    "reset_password",
    "set_password",
    "sweep",
    "traces_of",
    "with_postings",
]
