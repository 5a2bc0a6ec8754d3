"""The reckoning of reports: totals over people by Member, sub-region and gender, guarded. No database, no clock."""

from .halves import halves_over
from .totals import UNSAID, Group, Head, Totals, counted, sums, totalled

__all__ = ["UNSAID", "Group", "Head", "Totals", "counted", "halves_over", "sums", "totalled"]
