"""How far a workshop reached beyond its seats: who taught whom, claimed and confirmed told apart."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from entrepot.kernel.disclosure import FEWEST, guarded

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Someone taught colleagues: `by` is whoever did (a participant or a colleague taught before), `claimed` how many they say,
    `confirmed` the colleagues who said so themselves, by their own keys."""

    key: str
    by: str
    claimed: int
    confirmed: frozenset[str] = frozenset()


@dataclass(slots=True)
class Branch:
    """One who taught, with what came of it: claimed and confirmed here, and in all below."""

    key: str
    claimed: int = 0
    confirmed: int = 0
    below_claimed: int = 0
    below_confirmed: int = 0
    branches: list[Branch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reach:
    """The whole: seats, colleagues claimed and confirmed beyond them, the most steps from a seat, and the tree of each seat that taught."""

    seats: int
    claimed: int
    confirmed: int
    depth: int
    trees: tuple[Branch, ...]


def reach_of(seats: Iterable[str], lessons: Sequence[Lesson]) -> Reach:
    """The tree of a workshop's reach.

    A colleague who confirms is counted once, at whoever taught them first in the order of `lessons`; a participant who confirms is not
    reached anew. Claims are summed as they were made and never mixed with confirmations. A claim below what was confirmed is raised to it.

    >>> found = reach_of(["ana"], [Lesson("1", "ana", 6, frozenset({"bo", "cy"})), Lesson("2", "bo", 3)])
    >>> (found.claimed, found.confirmed, found.depth)
    (9, 2, 2)
    """
    counted = set(seats)
    roots = sorted(counted)
    taught: dict[str, list[tuple[Lesson, list[str]]]] = {}
    for lesson in lessons:
        fresh = sorted(lesson.confirmed - counted)
        counted |= set(fresh)
        taught.setdefault(lesson.by, []).append((lesson, fresh))
    seen: set[str] = set()
    trees = [branch for root in roots if (branch := _branch(root, taught, seen))]
    claimed = sum(tree.claimed + tree.below_claimed for tree in trees)
    confirmed = sum(tree.confirmed + tree.below_confirmed for tree in trees)
    return Reach(len(roots), claimed, confirmed, max((_depth(tree) for tree in trees), default=0), tuple(trees))


def _branch(key: str, taught: Mapping[str, list[tuple[Lesson, list[str]]]], seen: set[str]) -> Branch | None:
    if key not in taught or key in seen:
        return None
    seen.add(key)
    branch = Branch(key)
    for lesson, fresh in taught[key]:
        branch.claimed += max(lesson.claimed, len(lesson.confirmed))
        branch.confirmed += len(fresh)
        branch.branches += [below for colleague in fresh if (below := _branch(colleague, taught, seen))]
    branch.below_claimed = sum(below.claimed + below.below_claimed for below in branch.branches)
    branch.below_confirmed = sum(below.confirmed + below.below_confirmed for below in branch.branches)
    return branch


def _depth(branch: Branch) -> int:
    return 1 + max((_depth(below) for below in branch.branches), default=0)


def unsaid(sums: Mapping[K, tuple[int, int, int]]) -> tuple[frozenset[K], bool]:
    """(the Members of which nothing is said, whether the whole is said) to those who may not see the people; of each Member's
    (officers there, colleagues told of, colleagues who confirmed).

    What one officer's colleagues are counted to is what that one did, so that a Member of fewer than five officers is not said either. And
    who knows the own Member's counts takes them away: what is left without any one of the unsaid is of none, or of two and of five people.

    >>> sorted(unsaid({"a": (6, 9, 6), "b": (6, 3, 0), "c": (6, 7, 0), "d": (6, 30, 9)})[0])
    ['a', 'b', 'c']
    >>> unsaid({"a": (1, 12, 0), "b": (2, 0, 0)})[1]
    False
    """
    places = sorted(sums, key=lambda key: (sums[key], str(key)))
    told = [guarded({(str(at),): sums[place][part] for at, place in enumerate(places)}) if places else {} for part in range(3)]
    hidden = {place for at, place in enumerate(places) if any(one[str(at),] is None for one in told)}
    while not all(_covers(hidden - {one}, sums) for one in hidden):
        more = next((place for place in places if place not in hidden), None)
        if more is None:
            return frozenset(hidden), False
        hidden.add(more)
    return frozenset(hidden), True


def _covers(places: Collection[K], sums: Mapping[K, tuple[int, int, int]]) -> bool:
    officers, *colleagues = (sum(sums[place][part] for place in places) for part in range(3))
    return len(places) > 1 and officers >= FEWEST and all(n == 0 or n >= FEWEST for n in colleagues)
