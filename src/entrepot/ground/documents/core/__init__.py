"""Judging a file by its name and its content: usable with no Django and no database."""

from .contents import KINDS, Kind, judge
from .names import fit_name

__all__ = ["KINDS", "Kind", "fit_name", "judge"]
