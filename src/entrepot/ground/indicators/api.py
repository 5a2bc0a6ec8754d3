"""The door of `indicators`."""

from .actions import BadRows, Taken, correct, define, edit, enter, retire, share, take_file
from .queries import Cell, Table, figures, table
from .rules import former_rules, indicator_rules, series_rules, value_rules

__all__ = [
    "BadRows",
    "Cell",
    "Table",
    "Taken",
    "correct",
    "define",
    "edit",
    "enter",
    "figures",
    "former_rules",
    "indicator_rules",
    "retire",
    "series_rules",
    "share",
    "table",
    "take_file",
    "value_rules",
]
