"""Tables: whose store it is and who may use it; statements and how they are found; documents; people; relays."""

from .keeping import Attachment, Document, Identifier, Mark, Statement, Volume
from .naming import Activity, Agent, PersonIdentity, Verb
from .using import Key, Relay, Store

__all__ = [
    "Activity",
    "Agent",
    "Attachment",
    "Document",
    "Identifier",
    "Key",
    "Mark",
    "PersonIdentity",
    "Relay",
    "Statement",
    "Store",
    "Verb",
    "Volume",
]
