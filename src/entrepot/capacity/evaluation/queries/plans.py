"""Action plans over many activities: what share was completed in time, by topic."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, QuerySet
from django.db.models.functions import Cast, Substr

from entrepot.capacity.competencies.api import competency_rules
from entrepot.kernel.disclosure import TOTAL, guarded
from entrepot.kernel.principals import SYSTEM

from ..core import HORIZONS, Completed, Watched, completed_within


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
    seen = items.filter(made_at__lte=at).order_by()
    titles: dict[int, str] = dict(competency_rules.visible_to(SYSTEM).values_list("pk", "topic__title"))
    found: dict[str, Planned] = {}
    people: dict[str, set[int]] = defaultdict(set)
    days = {name: Substr(Cast(f"{name}_at", CharField()), 1, 10) for name in ("made", "done")}
    rows = seen.annotate(**days).values_list("nomination__activity__competency_id", "made", "done").annotate(n=Count("pk"))
    for competency, begun, ended, n in rows:
        watched = Watched(_days(begun, ended or "", at.date()), float((at.date() - date.fromisoformat(begun)).days), n)
        found.setdefault(titles[competency], Planned()).items.append(watched)
    for competency, person in seen.values_list("nomination__activity__competency_id", "nomination__person_id").distinct():
        people[titles[competency]].add(person)
    for title, planned in found.items():
        planned.people = len(people[title])
    everyone = len(set().union(*people.values()))
    return found | {TOTAL: Planned([item for planned in found.values() for item in planned.items], everyone)}


def _days(begun: str, ended: str, today: date) -> float | None:
    """Days from planning to done; None for what was not done by today."""
    last = date.fromisoformat(ended) if ended else None
    return float((last - date.fromisoformat(begun)).days) if last is not None and last <= today else None


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
