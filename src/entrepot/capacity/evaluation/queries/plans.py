"""Action plans over many activities: what share was completed in time, by topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ..core import HORIZONS, TOTAL, Completed, Watched, completed_within, guarded

_DAY = 86400.0


def watched_items(items: Any, at: datetime) -> dict[str, list[Watched]]:
    """Action items (a queryset) as they were watched until `at`, by the topic's title. Whoever planned at two workshops is one person."""
    found: dict[str, list[Watched]] = {}
    rows = items.filter(made_at__lte=at).values_list(
        "nomination__activity__competency__topic__title", "nomination__person_id", "made_at", "done_at"
    )
    for topic, person, made, done in rows.iterator(chunk_size=5000):
        after = (done - made).total_seconds() / _DAY if done is not None and done <= at else None
        found.setdefault(topic, []).append(Watched(str(person), after, (at - made).total_seconds() / _DAY))
    return found


def by_topic(items: Mapping[str, Sequence[Watched]]) -> list[tuple[str, list[Completed]]]:
    """(topic, the share completed at 3, 6 and 12 months), and for all topics together under an empty title at the end.

    Topics with fewer than five people, and what would give them away beside the total, carry no share.
    """
    people: dict[tuple[str, ...], int] = {(topic,): len({item.person for item in rows}) for topic, rows in items.items()}
    said = guarded(people) if people else {}
    found = [(topic, [_shown(completed_within(items[topic], m), said.get((topic,))) for m in HORIZONS]) for topic in sorted(items)]
    whole = [item for rows in items.values() for item in rows]
    return [*found, (TOTAL, [completed_within(whole, months) for months in HORIZONS])]


def _shown(figure: Completed, people: int | None) -> Completed:
    return figure if people is not None else Completed(figure.months, figure.n, figure.people, figure.whole)


def reasons_for_dropping(items: Any) -> Counter[str]:
    """How many of these items (a queryset) were dropped, by reason."""
    return Counter(items.filter(state="dropped").values_list("dropped_because", flat=True))
