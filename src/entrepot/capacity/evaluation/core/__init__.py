"""Questions and answers, figures with their n, and texts of tests. No database."""

from .figures import Figure, Pair, completed, gains, mean_of, rate, side_by_side, wilson
from .questions import DEFAULTS, Question, checked_answers, marked, read_questions, read_test, write_test
from .suppression import FEWEST, TOTAL, guarded, suppress, with_totals

__all__ = [
    "DEFAULTS",
    "FEWEST",
    "TOTAL",
    "Figure",
    "Pair",
    "Question",
    "checked_answers",
    "completed",
    "gains",
    "guarded",
    "marked",
    "mean_of",
    "rate",
    "read_questions",
    "read_test",
    "side_by_side",
    "suppress",
    "wilson",
    "with_totals",
    "write_test",
]
