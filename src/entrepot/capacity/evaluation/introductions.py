"""What other rooms ask of Members, introduced to this room by desk when the product starts: the burden is that of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from entrepot.kernel.offers import Asked

asked: list[Callable[[str, datetime, datetime], Iterable[Asked]]] = []
"""Each says what was asked under a place's lineage from one moment until another."""
