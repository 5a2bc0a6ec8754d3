"""Questions and answers, figures with their n, what silence can hide, what a Member is asked for, reach. No database."""

from .answers import MOST_TESTED, checked_answers, marked, read_test, without_words, write_test
from .burden import CEILING, Burden, next_quarter, over_with, quarter_of, seconds_for, sitting
from .completion import HORIZONS, Completed, Watched, alike, completed_within, kaplan_meier
from .figures import Figure, Pair, completed, mean_of, rate, side_by_side, wilson
from .inference import Gain, Item, gain, item_statistics, t_quantile, t_tail, wilcoxon
from .library import DEFAULTS, LIBRARY, SECTIONS, Template, template
from .missing import Answered, Bounds, Weighted, answered_by, bounds_of, weighted
from .questions import (
    KINDS,
    Question,
    asked_of,
    checked_order,
    checked_question,
    key_for,
    languages,
    read_questions,
    renewed,
    same_meaning,
)
from .reach import Branch, Lesson, Reach, reach_of, unsaid
from .returns import Claim, claims
from .steps import stepped
from .tally import Tally

__all__ = [
    "CEILING",
    "DEFAULTS",
    "HORIZONS",
    "KINDS",
    "LIBRARY",
    "MOST_TESTED",
    "SECTIONS",
    "Answered",
    "Bounds",
    "Branch",
    "Burden",
    "Claim",
    "Completed",
    "Figure",
    "Gain",
    "Item",
    "Lesson",
    "Pair",
    "Question",
    "Reach",
    "Tally",
    "Template",
    "Watched",
    "Weighted",
    "alike",
    "answered_by",
    "asked_of",
    "bounds_of",
    "checked_answers",
    "checked_order",
    "checked_question",
    "claims",
    "completed",
    "completed_within",
    "gain",
    "item_statistics",
    "kaplan_meier",
    "key_for",
    "languages",
    "marked",
    "mean_of",
    "next_quarter",
    "over_with",
    "quarter_of",
    "rate",
    "reach_of",
    "read_questions",
    "read_test",
    "renewed",
    "same_meaning",
    "seconds_for",
    "side_by_side",
    "sitting",
    "stepped",
    "t_quantile",
    "t_tail",
    "template",
    "unsaid",
    "weighted",
    "wilcoxon",
    "wilson",
    "without_words",
    "write_test",
]
