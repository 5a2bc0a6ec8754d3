"""Names, folded for search and order, and found in texts; addresses in one spelling; passwords too easily thought of. No database."""

from .addresses import plain_address, plain_addresses
from .names import fold, sort_name, words
from .passwords import is_expected
from .traces import GONE, Traces, traces

__all__ = ["GONE", "Traces", "fold", "is_expected", "plain_address", "plain_addresses", "sort_name", "traces", "words"]
