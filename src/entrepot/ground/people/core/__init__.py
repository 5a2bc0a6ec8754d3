"""Names, folded for search and order; addresses in one spelling. No database."""

from .addresses import plain_address
from .names import fold, sort_name, words

__all__ = ["fold", "plain_address", "sort_name", "words"]
