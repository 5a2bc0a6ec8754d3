"""The room's door."""

from .core import ROW, Column, Kind, Layout, MissingColumns, layout_from
from .engine import Checked, Unreadable, connect, load_layout, read, write

__all__ = [
    "ROW",
    "Checked",
    "Column",
    "Kind",
    "Layout",
    "MissingColumns",
    "Unreadable",
    "connect",
    "layout_from",
    "load_layout",
    "read",
    "write",
]
