"""Names: folding them for search and order. No database."""

from .names import fold, sort_name, words

__all__ = ["fold", "sort_name", "words"]
