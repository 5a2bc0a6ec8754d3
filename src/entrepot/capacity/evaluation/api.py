"""The door of `evaluation`."""

from .actions import (
    answer_ask,
    answer_form,
    ask_endorsement,
    digest_of,
    endorse,
    follow_up,
    keep_test,
    plan_item,
    publish_report,
    remind,
    update_item,
)
from .queries import figures, report_body
from .rules import action_item_rules, ask_rules, form_rules, report_rules

__all__ = [
    "action_item_rules",
    "answer_ask",
    "answer_form",
    "ask_endorsement",
    "ask_rules",
    "digest_of",
    "endorse",
    "figures",
    "follow_up",
    "form_rules",
    "keep_test",
    "plan_item",
    "publish_report",
    "remind",
    "report_body",
    "report_rules",
    "update_item",
]
