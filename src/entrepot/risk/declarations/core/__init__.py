"""Layouts, codes and what is wrong with a row. No files: expressions over tables that the caller opens."""

from .check import ROW, MissingColumns, faults, is_bad, reasons, repeated, typed
from .codes import COUNTRIES, USER_ASSIGNED
from .layout import Column, Kind, Layout, layout_from

__all__ = [
    "COUNTRIES",
    "ROW",
    "USER_ASSIGNED",
    "Column",
    "Kind",
    "Layout",
    "MissingColumns",
    "faults",
    "is_bad",
    "layout_from",
    "reasons",
    "repeated",
    "typed",
]
