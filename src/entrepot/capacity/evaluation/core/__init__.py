"""Questions and answers, figures with their n, and texts of tests. No database."""

from .figures import FEWEST, Figure, Pair, completed, gains, mean_of, rate, side_by_side, wilson
from .questions import DEFAULTS, Question, checked_answers, marked, read_questions, read_test, write_test

__all__ = [
    "DEFAULTS",
    "FEWEST",
    "Figure",
    "Pair",
    "Question",
    "checked_answers",
    "completed",
    "gains",
    "marked",
    "mean_of",
    "rate",
    "read_questions",
    "read_test",
    "side_by_side",
    "wilson",
    "write_test",
]
