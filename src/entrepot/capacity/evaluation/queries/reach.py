"""Who taught whom after a workshop."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ..core import Lesson as Told
from ..core import Reach, reach_of
from ..models import Lesson, Taught


def _told(activity: Any) -> list[Told]:
    confirmed: dict[int, set[str]] = defaultdict(set)
    rows = Taught.objects.filter(lesson__nomination__activity=activity, confirmed=True)
    for lesson, person in rows.values_list("lesson_id", "person_id"):
        confirmed[lesson].add(str(person))
    lessons = Lesson.objects.filter(nomination__activity=activity).order_by("on", "id")
    return [
        Told(str(pk), str(before or seat), claimed, frozenset(confirmed.get(pk, ())))
        for pk, before, seat, claimed in lessons.values_list("pk", "after__person_id", "nomination__person_id", "claimed")
    ]


def reach_trees(activity: Any, nominations: Any) -> Reach:
    """The reach of an activity over the seats of `nominations`; keys are of people."""
    return reach_of([str(person) for person in nominations.values_list("person_id", flat=True)], _told(activity))


def reach_by_member(activity: Any, nominations: Any) -> tuple[Reach, dict[int, tuple[int, int, int]]]:
    """(the whole reach, {Member: (seats, claimed, confirmed)}) of an activity."""
    found = reach_trees(activity, nominations)
    homes = {str(person): place for person, place in nominations.values_list("person_id", "invitation__place_id")}
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for place in homes.values():
        sums[place][0] += 1
    for tree in found.trees:
        part = sums[homes[tree.key]]
        part[1] += tree.claimed + tree.below_claimed
        part[2] += tree.confirmed + tree.below_confirmed
    return found, {place: (one[0], one[1], one[2]) for place, one in sums.items()}
