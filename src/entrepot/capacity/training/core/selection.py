"""Who gets a seat. One order, one pass: the result can be explained to whoever is not on it.

The order: first each Member's first choice, then the second ones, and so on; within a round, Members with fewer seats in the last two years
come first, then whoever was nominated earlier. Along that order seats are given while there are any and while the Member has fewer than its
limit. Under these two limits the pass gives the best selection there is in that order (the limits form a matroid, for which greed is
optimal: Edmonds 1971); the suite compares it with all selections on small cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..enums import Outcome, Override
from .eligibility import Criteria, Nominee, Reason, eligibility


@dataclass(frozen=True, slots=True)
class Decision:
    """What selection says of one nominee. `line` is the place among those who wait, from 1; 0 for the others."""

    key: str
    outcome: Outcome
    line: int
    reasons: tuple[Reason, ...]


def line(nominees: Iterable[Nominee]) -> list[Nominee]:
    """The nominees in the order in which seats are given."""
    return sorted(nominees, key=lambda n: (n.rank, n.member_seats, n.submitted_at, n.key))


def select(
    nominees: Sequence[Nominee],
    *,
    seats: int,
    per_member: int,
    criteria: Criteria,
    starts_on: date,
    overrides: Mapping[str, Override] | None = None,
) -> list[Decision]:
    """Decide on every nominee, in the order of `line`. `per_member` 0 means no limit.

    `overrides` name nominees whom a selector lets in (before all others, whatever the criteria and the Member's limit say) or keeps out.
    Never more than `seats` get in: a name let in beyond them waits first in line.
    """
    named = overrides or {}
    inside: Counter[str] = Counter()
    given: dict[str, tuple[Reason, ...]] = {}
    ordered = line(nominees)
    for nominee in ordered:
        if named.get(nominee.key) is Override.IN and len(given) < seats:
            given[nominee.key] = (Reason("by-hand"),)
            inside[nominee.member] += 1
    faults = {n.key: eligibility(n, criteria, starts_on) for n in ordered}
    for nominee in ordered:
        free = not named.get(nominee.key) and not faults[nominee.key]
        if free and len(given) < seats and not (per_member and inside[nominee.member] >= per_member):
            given[nominee.key] = (Reason("rank", {"rank": nominee.rank}), Reason("eligible"))
            inside[nominee.member] += 1
    decisions = []
    waiting = 0
    # Whoever was let in by name and found no seat stands before the others who wait.
    for nominee in sorted(ordered, key=lambda n: named.get(n.key) is not Override.IN):
        by_hand = named.get(nominee.key)
        if nominee.key in given:
            decisions.append(Decision(nominee.key, Outcome.SEAT, 0, given[nominee.key]))
        elif by_hand is Override.OUT:
            decisions.append(Decision(nominee.key, Outcome.OUT, 0, (Reason("by-hand"),)))
        elif faults[nominee.key] and not by_hand:
            decisions.append(Decision(nominee.key, Outcome.OUT, 0, faults[nominee.key]))
        else:
            waiting += 1
            full = len(given) >= seats
            why = Reason("activity-full", {"seats": seats}) if full else Reason("member-full", {"limit": per_member})
            decisions.append(Decision(nominee.key, Outcome.WAITING, waiting, (why,)))
    place = {nominee.key: number for number, nominee in enumerate(ordered)}
    return sorted(decisions, key=lambda decision: place[decision.key])


def next_in_line(waiting: Sequence[tuple[str, str]], *, inside: Mapping[str, int], per_member: int) -> str | None:
    """The key of the first of `waiting` ((key, member) in their order) whose Member has a seat left; None where nobody has.

    >>> next_in_line([("a", "ATN"), ("b", "KALA")], inside={"ATN": 2}, per_member=2)
    'b'
    """
    for key, member in waiting:
        if not per_member or inside.get(member, 0) < per_member:
            return key
    return None
