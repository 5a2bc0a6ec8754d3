"""The door of `records`."""

from .actions.keys import Issued, make_key, revoke_key, rotate_key
from .actions.people import match_these
from .actions.relays import make_relay, stop_relay
from .actions.retention import set_retention
from .actions.statements import ContradictsKept, Kept, keep, prepare
from .queries import Client, agents_of, client_named, client_of, transcript, volumes
from .rules import agent_rules, key_rules, relay_rules, statement_rules, store_rules

__all__ = [
    "Client",
    "ContradictsKept",
    "Issued",
    "Kept",
    "agent_rules",
    "agents_of",
    "client_named",
    "client_of",
    "keep",
    "key_rules",
    "make_key",
    "make_relay",
    "match_these",
    "prepare",
    "relay_rules",
    "revoke_key",
    "rotate_key",
    "set_retention",
    "statement_rules",
    "stop_relay",
    "store_rules",
    "transcript",
    "volumes",
]
