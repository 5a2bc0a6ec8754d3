"""The door of `access`."""

from .actions import end_links, make_link, make_token, revoke_token, turn, use_link
from .queries import Arrival, LinkGone, arrive, link_for, principal_for, principal_for_link, principal_for_token
from .rules import switch_rules, token_rules
from .secrets import is_uuid, secret_in

__all__ = [
    "Arrival",
    "LinkGone",
    "arrive",
    "end_links",
    "is_uuid",
    "link_for",
    "make_link",
    "make_token",
    "principal_for",
    "principal_for_link",
    "principal_for_token",
    "revoke_token",
    "secret_in",
    "switch_rules",
    "token_rules",
    "turn",
    "use_link",
]
