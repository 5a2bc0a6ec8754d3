"""The reckoning of training: what blocks a stage, who is eligible, who gets a seat, what a workbook says. No database, no clock."""

from .deadlines import Deadline, city_of, end_of, moment_words, offset_of, zone_named
from .eligibility import REASONS, Criteria, Nominee, Reason, eligibility, said
from .kits import Figure, Kit, compared, digest_of, pack, unpack
from .outlays import Outlay, outlays
from .rows import COLUMNS, Column, RowFault, is_answer, names_nobody, read_rows
from .selection import Decision, line, next_in_line, select
from .stages import Facts, blockers, following

__all__ = [
    "COLUMNS",
    "REASONS",
    "Column",
    "Criteria",
    "Deadline",
    "Decision",
    "Facts",
    "Figure",
    "Kit",
    "Nominee",
    "Outlay",
    "Reason",
    "RowFault",
    "blockers",
    "city_of",
    "compared",
    "digest_of",
    "eligibility",
    "end_of",
    "following",
    "is_answer",
    "line",
    "moment_words",
    "names_nobody",
    "next_in_line",
    "offset_of",
    "outlays",
    "pack",
    "read_rows",
    "said",
    "select",
    "unpack",
    "zone_named",
]
