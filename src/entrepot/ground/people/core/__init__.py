"""Names, folded for search and order, and found in texts; addresses in one spelling. No database."""

from .addresses import plain_address
from .names import fold, sort_name, words
from .traces import GONE, Traces, traces

__all__ = ["GONE", "Traces", "fold", "plain_address", "sort_name", "traces", "words"]
