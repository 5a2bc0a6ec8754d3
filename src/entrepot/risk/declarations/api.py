"""The room's door."""

from .core import ROW, Column, Kind, Layout, MissingColumns, layout_from
from .engine import Checked, connect, load_layout, read, write
from .lines import Unreadable, require_whole

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
    "require_whole",
    "write",
]
