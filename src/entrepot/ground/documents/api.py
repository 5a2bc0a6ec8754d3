"""The door of `documents`."""

from .actions import FileTooLarge, keep, keep_for_place, retire, sweep
from .copies import CutArchive, read_copy, write_copy
from .enums import Visibility
from .queries import about, current, limit, missing, storage, stored_names
from .rules import document_rules
from .serving import serve

__all__ = [
    "CutArchive",
    "FileTooLarge",
    "Visibility",
    "about",
    "current",
    "document_rules",
    "keep",
    "keep_for_place",
    "limit",
    "missing",
    "read_copy",
    "retire",
    "serve",
    "storage",
    "stored_names",
    "sweep",
    "write_copy",
]
