"""The door of `reporting`."""

from .briefs import brief, brief_paper, member_for
from .queries import Report, Wanted, report

__all__ = ["Report", "Wanted", "brief", "brief_paper", "member_for", "report"]
