"""Reads of evaluation: reports, burden, plans, silence, reach, what a Member cleared."""

from .burden import burdens, burdens_seen
from .cleared import Cleared, cleared_answers
from .forms import forms_listed, forms_to_copy
from .given import Given
from .plans import by_topic, reasons_for_dropping, watched_items
from .reach import reach_by_member, reach_trees
from .reports import figures, for_everyone, overdue, pairs, report_body, waiting
from .silence import asked_people, silence

__all__ = [
    "Cleared",
    "Given",
    "asked_people",
    "burdens",
    "burdens_seen",
    "by_topic",
    "cleared_answers",
    "figures",
    "for_everyone",
    "forms_listed",
    "forms_to_copy",
    "overdue",
    "pairs",
    "reach_by_member",
    "reach_trees",
    "reasons_for_dropping",
    "report_body",
    "silence",
    "waiting",
    "watched_items",
]
