"""What people do with activities."""

from .answering import decline, finish, invitation_cancelled, name_supervisor, nominate, nominate_rows, release, remove_nominee
from .delivery import check_in, keep_paper, keep_session, mark, remove_session
from .design import add_budget_line, advance, cancel, choose_members, create, edit, remove_budget_line, say_spent, set_trainers
from .kits import kit_of, run_again
from .selecting import answer_offer, decide, lapse_offers, override, withdraw

__all__ = [
    "add_budget_line",
    "advance",
    "answer_offer",
    "cancel",
    "check_in",
    "choose_members",
    "create",
    "decide",
    "decline",
    "edit",
    "finish",
    "invitation_cancelled",
    "keep_paper",
    "keep_session",
    "kit_of",
    "lapse_offers",
    "mark",
    "name_supervisor",
    "nominate",
    "nominate_rows",
    "override",
    "release",
    "remove_budget_line",
    "remove_nominee",
    "remove_session",
    "run_again",
    "say_spent",
    "set_trainers",
    "withdraw",
]
