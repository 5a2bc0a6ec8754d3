"""Action plans over many activities: what share was completed in time, by topic."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, DateField, Func, QuerySet

from entrepot.capacity.competencies.api import competency_rules
from entrepot.kernel.disclosure import TOTAL, guarded
from entrepot.kernel.principals import SYSTEM

from ..core import HORIZONS, Completed, Watched, alike, completed_within


@dataclass
class Planned:
    """The items of a topic as they were watched, those alike as one, and how many people planned them."""

    items: list[Watched] = field(default_factory=list)
    people: int = 0


def watched_items(items: QuerySet[Any], at: datetime) -> dict[str, Planned]:
    """Action items as they were watched until `at`, by the topic's title, all of them under an empty one; days are UTC's."""
    seen = items.filter(made_at__lte=at).order_by()
    titles: dict[int, str] = dict(competency_rules.visible_to(SYSTEM).values_list("pk", "topic__title"))
    found: dict[str, Planned] = {}
    people: dict[str, set[int]] = defaultdict(set)
    rows = (
        seen.annotate(made=_Day("made_at"), done=_Day("done_at"))
        .values_list("nomination__activity__competency_id", "made", "done")
        .annotate(n=Count("pk"))
    )
    for competency, begun, ended, n in rows:
        watched = Watched(_days(begun, ended, at.date()), float((at.date() - begun).days), n)
        found.setdefault(titles[competency], Planned()).items.append(watched)
    for competency, person in seen.values_list("nomination__activity__competency_id", "nomination__person_id").distinct():
        people[titles[competency]].add(person)
    for title, planned in found.items():
        planned.items, planned.people = alike(planned.items), len(people[title])
    everyone = len(set().union(*people.values()))
    return found | {TOTAL: Planned(alike(item for planned in found.values() for item in planned.items), everyone)}


class _Day(Func):
    """The day of an instant, in UTC. On SQLite instants are text that begins with it, which is far quicker than asking for their date."""

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """As SQLite says it."""
        return self.as_sql(compiler, connection, template="substr(%(expressions)s, 1, 10)", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """As PostgreSQL says it."""
        return self.as_sql(compiler, connection, template="(%(expressions)s AT TIME ZONE 'UTC')::date", **more)


def _days(begun: date, ended: date | None, today: date) -> float | None:
    """Days from planning to done; None for what was not done by today."""
    return float((ended - begun).days) if ended is not None and ended <= today else None


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
