"""The room's door."""

from .core import Alert, Links, borrowed, communities, components, links, precision_of, rings, splits
from .engine import find_alerts, new_key, numbered, pseudonym

__all__ = [
    "Alert",
    "Links",
    "borrowed",
    "communities",
    "components",
    "find_alerts",
    "links",
    "new_key",
    "numbered",
    "precision_of",
    "pseudonym",
    "rings",
    "splits",
]
