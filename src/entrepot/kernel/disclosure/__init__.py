"""Small groups of people, and keeping them from being worked out of what is said (law 5 of the house). No database.

Two questions, one law. `tables`: all figures of a table are known at once; which of them are not said? `cells`: figures are published one
after the other, beside those of earlier editions; may this one be said as well?
"""

from .cells import Cell, Guard, solved
from .fewest import FEWEST
from .tables import TOTAL, determined, guarded, suppress, with_totals

__all__ = ["FEWEST", "TOTAL", "Cell", "Guard", "determined", "guarded", "solved", "suppress", "with_totals"]
