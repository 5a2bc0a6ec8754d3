"""The door of `access`."""

from .actions import end_links, invite, make_link, make_token, reset_second_step, revoke_token, turn, use_link
from .codes import CodeNeeded, proofs_in
from .core import is_uuid, secret_in
from .purposes import JOIN, PURPOSES, declare_purpose
from .queries import Arrival, LinkGone, arrive, link_for, principal_for, principal_for_link, principal_for_token, title_behind, without
from .rules import switch_rules, token_rules

__all__ = [
    "JOIN",
    "PURPOSES",
    "Arrival",
    "CodeNeeded",
    "LinkGone",
    "arrive",
    "declare_purpose",
    "end_links",
    "invite",
    "is_uuid",
    "link_for",
    "make_link",
    "make_token",
    "principal_for",
    "principal_for_link",
    "principal_for_token",
    "proofs_in",
    "reset_second_step",
    "revoke_token",
    "secret_in",
    "switch_rules",
    "title_behind",
    "token_rules",
    "turn",
    "use_link",
    "without",
]
