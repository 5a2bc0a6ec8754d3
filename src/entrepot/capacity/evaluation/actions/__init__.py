"""What people do with forms, answers, plans, lessons and reports."""

from .answering import answer_ask, answer_form, clear_answers
from .asking import OverBurdened, ask_others, follow_up, hand_over, remind
from .compiling import compile_follow_up, request_compilation
from .forming import (
    AnswersClosed,
    add_question,
    begin_form,
    copy_question,
    drop_question,
    edit_question,
    is_open,
    keep_test,
    move_question,
    prepare_forms,
    translate_form,
)
from .plans import ask_endorsement, endorse, plan_item, tell_overdue, update_item, update_items
from .publishing import AlreadyPublished, digest_of, publish_report
from .teaching import confirm_taught, tell_lesson

__all__ = [
    "AlreadyPublished",
    "AnswersClosed",
    "OverBurdened",
    "add_question",
    "answer_ask",
    "answer_form",
    "ask_endorsement",
    "ask_others",
    "begin_form",
    "clear_answers",
    "compile_follow_up",
    "confirm_taught",
    "copy_question",
    "digest_of",
    "drop_question",
    "edit_question",
    "endorse",
    "follow_up",
    "hand_over",
    "is_open",
    "keep_test",
    "move_question",
    "plan_item",
    "prepare_forms",
    "publish_report",
    "remind",
    "request_compilation",
    "tell_lesson",
    "tell_overdue",
    "translate_form",
    "update_item",
    "update_items",
]
