"""Rooms above that have to know when a practice changes, introduced by desk when the product starts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from entrepot.kernel.principals import Principal

from .models import Practice

taken_back: list[Callable[[Practice, Principal, datetime], None]] = []
"""Each is told, in the same transaction, that a practice has gone out of public sight: its Member has withdrawn the clearance,
or narrowed who may see it."""
