"""What people do with activities."""

from .answering import (
    BadRows,
    Taken,
    decline,
    finish,
    name_supervisor,
    nominate,
    nominate_rows,
    other_names,
    release,
    remove_nominee,
)
from .delivery import check_in, keep_paper, keep_session, mark, remove_session
from .design import add_budget_line, advance, cancel, choose_members, create, edit, remove_budget_line, say_spent, set_trainers
from .exchanging import extend_deadline, invitation_cancelled, replace_participant
from .kits import kit_of, run_again
from .knowing import NEW, IsItTheSame, described, namesakes
from .selecting import OverLimit, answer_offer, decide, lapse_offers, override, withdraw

__all__ = [
    "NEW",
    "BadRows",
    "IsItTheSame",
    "OverLimit",
    "Taken",
    "add_budget_line",
    "advance",
    "answer_offer",
    "cancel",
    "check_in",
    "choose_members",
    "create",
    "decide",
    "decline",
    "described",
    "edit",
    "extend_deadline",
    "finish",
    "invitation_cancelled",
    "keep_paper",
    "keep_session",
    "kit_of",
    "lapse_offers",
    "mark",
    "name_supervisor",
    "namesakes",
    "nominate",
    "nominate_rows",
    "other_names",
    "override",
    "release",
    "remove_budget_line",
    "remove_nominee",
    "remove_session",
    "replace_participant",
    "run_again",
    "say_spent",
    "set_trainers",
    "withdraw",
]
