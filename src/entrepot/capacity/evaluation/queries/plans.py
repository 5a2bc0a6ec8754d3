"""Action plans over many activities: what share was completed in time, by topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, QuerySet
from django.db.models.functions import Cast, Substr

from ..core import HORIZONS, TOTAL, Completed, Watched, completed_within, guarded


@dataclass
class Planned:
    """The items of a topic as they were watched, and how many people planned them."""

    items: list[Watched] = field(default_factory=list)
    people: int = 0


def watched_items(items: QuerySet[Any], at: datetime) -> dict[str, Planned]:
    """Action items as they were watched until `at`, by the topic's title, all of them under an empty one. Those planned and done on the
    same days are one row.

    Days are UTC's: both databases hand an instant out as text that begins with its day, which is far quicker than asking for its date.
    """
    topic = "nomination__activity__competency__topic__title"
    found: dict[str, Planned] = {}
    made, done = (Substr(Cast(name, CharField()), 1, 10) for name in ("made_at", "done_at"))
    rows = items.filter(made_at__lte=at).order_by().annotate(made=made, done=done).values_list(topic, "made", "done")
    today = at.date()
    for title, begun, ended, n in rows.annotate(n=Count("pk")):
        first = date.fromisoformat(begun)
        last = date.fromisoformat(ended) if ended else None
        after = float((last - first).days) if last is not None and last <= today else None
        found.setdefault(title, Planned()).items.append(Watched(after, float((today - first).days), n))
    for title, people in items.filter(made_at__lte=at).order_by().values_list(topic).annotate(n=Count("nomination__person", distinct=True)):
        found[title].people = people
    everyone = items.filter(made_at__lte=at).aggregate(n=Count("nomination__person", distinct=True))["n"]
    return found | {TOTAL: Planned([item for planned in found.values() for item in planned.items], everyone)}


def by_topic(items: Mapping[str, Planned]) -> list[tuple[str, list[Completed]]]:
    """(topic, the share completed at 3, 6 and 12 months), and for all topics together under an empty title at the end.

    Topics with fewer than five people, and what would give them away beside the total, carry no share.
    """
    people: dict[tuple[str, ...], int] = {(topic,): planned.people for topic, planned in items.items() if topic}
    said = guarded(people) if people else {}
    found = [(topic, [_topic(items[topic], months, said[topic,]) for months in HORIZONS]) for topic in sorted(items) if topic]
    whole = items[TOTAL]
    return [*found, (TOTAL, [completed_within(whole.items, months, people=whole.people) for months in HORIZONS])]


def _topic(planned: Planned, months: int, said: int | None) -> Completed:
    figure = completed_within(planned.items, months, people=planned.people)
    return figure if said is not None else Completed(figure.months, figure.n, figure.people, figure.whole)


def reasons_for_dropping(items: QuerySet[Any]) -> Counter[str]:
    """How many of these items were dropped, by reason."""
    return Counter(dict(items.filter(state="dropped").order_by().values_list("dropped_because").annotate(n=Count("pk"))))
