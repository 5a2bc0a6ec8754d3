"""The door of `publications`."""

from .actions import begin_series, compose, let_count, make, publish, stop_counting
from .rules import counting_rules, edition_rules, publication_rules, series_rules

__all__ = [
    "begin_series",
    "compose",
    "counting_rules",
    "edition_rules",
    "let_count",
    "make",
    "publication_rules",
    "publish",
    "series_rules",
    "stop_counting",
]
