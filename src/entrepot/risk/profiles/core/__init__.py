"""Criteria, profiles and their trial on history. No files."""

from .backtest import BackTest, Outcomes, Trial, back_test
from .criteria import All, AnyOf, Condition, Criteria, Not, criteria_from, in_words, plain
from .history import History, TextColumn, history_from, naive
from .profile import (
    Lane,
    Profile,
    Status,
    UnableToAdvance,
    activate,
    approve,
    expire,
    profile_from,
    profile_plain,
    renew,
    revise,
)

__all__ = [
    "All",
    "AnyOf",
    "BackTest",
    "Condition",
    "Criteria",
    "History",
    "Lane",
    "Not",
    "Outcomes",
    "Profile",
    "Status",
    "TextColumn",
    "Trial",
    "UnableToAdvance",
    "activate",
    "approve",
    "back_test",
    "criteria_from",
    "expire",
    "history_from",
    "in_words",
    "naive",
    "plain",
    "profile_from",
    "profile_plain",
    "renew",
    "revise",
]
