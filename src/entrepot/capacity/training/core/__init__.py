"""The reckoning of training: what blocks a stage, who is eligible, who gets a seat, what a workbook says. No database, no clock."""

from .eligibility import REASONS, Criteria, Nominee, Reason, eligibility, said
from .kits import Figure, Kit, compared, digest_of, pack, unpack
from .outlays import Outlay, outlays
from .rows import COLUMNS, Column, RowFault, read_rows
from .selection import Decision, line, next_in_line, select
from .stages import Facts, blockers, following

__all__ = [
    "COLUMNS",
    "REASONS",
    "Column",
    "Criteria",
    "Decision",
    "Facts",
    "Figure",
    "Kit",
    "Nominee",
    "Outlay",
    "Reason",
    "RowFault",
    "blockers",
    "compared",
    "digest_of",
    "eligibility",
    "following",
    "line",
    "next_in_line",
    "outlays",
    "pack",
    "read_rows",
    "said",
    "select",
    "unpack",
]
