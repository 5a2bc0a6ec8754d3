"""The door of `keeping`."""

from .edits import change, hold
from .grounds import NOTHING, Acting, Anyone, FromHome, FromRegion, Held, Known, Linked, Own, OwnAs, Through
from .models import GuardedQuerySet, Record, WrittenOutsideAction, is_writing, writing
from .outages import Outage, outage
from .paging import Page, page
from .rules import Rules

__all__ = [
    "NOTHING",
    "Acting",
    "Anyone",
    "FromHome",
    "FromRegion",
    "GuardedQuerySet",
    "Held",
    "Known",
    "Linked",
    "Outage",
    "Own",
    "OwnAs",
    "Page",
    "Record",
    "Rules",
    "Through",
    "WrittenOutsideAction",
    "change",
    "hold",
    "is_writing",
    "outage",
    "page",
    "writing",
]
