"""What rooms above know of an activity, introduced to this room by desk when the product starts, so that nothing here imports upwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from entrepot.kernel.offers import Bead
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text

from .core import Figure
from .enums import Stage
from .models import Activity, Nomination


@dataclass(frozen=True, slots=True)
class Duty:
    """Something asked of a participant, shown on their page; `done` once it is."""

    title: Text
    href: str
    done: bool
    due: date | None = None


beads: list[Callable[[Principal, UUID, date], Iterable[Bead]]] = []
"""Each gives beads of an activity's thread."""
missing: list[Callable[[Activity, Stage], Iterable[Text]]] = []
"""Each says what its room still misses before an activity may enter a stage."""
entered: list[Callable[[Activity, Stage, Principal, datetime], None]] = []
"""Each is told, in the same transaction, that an activity has entered a stage."""
passed_on: list[Callable[[Nomination, Nomination, Principal, datetime], None]] = []
"""Each is told, in the same transaction, that a seat passed from the first nomination to the second, to carry over what it keeps of it."""
duties: list[Callable[[Nomination, str, datetime], Iterable[Duty]]] = []
"""Each says what it asks of a participant; the text is what their page's address ends with, a uuid or a link's secret."""
results: list[Callable[[Activity], Iterable[Figure]]] = []
"""Each gives what its room measured at an activity, to stand beside the results of a later run."""
joined: list[Callable[[Nomination, Nomination, datetime], None]] = []
"""Each moves what its room keeps with the second nomination to the first: both turned out to be of one person, and the second goes."""
kit_parts: dict[str, tuple[Callable[[Activity], Any], Callable[[Activity, Any, Principal, datetime], None]]] = {}
"""By the name under which a room's part stands in a run-it-again kit: what it puts in, and how it takes it out again.

The second runs in the transaction in which the activity is made, and raises `Invalid` for a part that it cannot read.
"""
