"""Who took part, added up over activities, so that nothing said gives away fewer than five people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

UNSAID = None
"""Stands where a count is not said."""
GENDERS = ("F", "M", "X", "")
ALL = "*"
Key = tuple[str, Any, str]
"""A cell: the kind of group (`member`, …; `total`), the group, and a gender or `ALL`."""
Suppressor = Callable[..., frozenset[Key]]
BY_GENDER = ("member", "sub_region", "activity")
KINDS = (*BY_GENDER, "host", "mode", "topic")


@dataclass(frozen=True, slots=True)
class Head:
    """So many participations of one kind: at an activity, from a Member, by what people say of their gender."""

    activity: int
    member: str
    sub_region: str
    gender: str
    n: int
    host: str = ""
    mode: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A line of a table of people: all, and by gender; None where it is not said."""

    name: Any
    n: int | None
    genders: tuple[int | None, ...] = ()
    """In the order of `GENDERS`; empty where a table does not tell them."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Participations in a period; someone who attended two workshops counts twice here."""

    n: int | None
    genders: tuple[int | None, ...]
    groups: dict[str, tuple[Group, ...]]
    """By kind (`KINDS`), each in the order of its names."""
    unsaid: int
    """How many cells are not said."""

    def of(self, kind: str, name: Any) -> Group:
        """The line of one group; of one where nobody came, noughts."""
        return next((one for one in self.groups[kind] if one.name == name), Group(name, 0, (0,) * len(GENDERS)))


def totalled(heads: Sequence[Head], *, guard: Suppressor | None = None, own: Container[int] = ()) -> Totals:
    """Add up, and with `guard` (as `kernel.disclosure.suppress`) leave unsaid what would tell of fewer than five people.

    All that is shown together is guarded together: the total, every group, Members, sub-regions and activities by gender, and the sums
    that tie them. Activities of the reader's `own` are known to them: what is left of each cell without those is what has to be guarded.
    """
    cells, others = counted(heads), counted(head for head in heads if head.activity not in own)
    hidden = guard(dict(others), sums(others)) if guard else frozenset()

    def said(kind: str, name: Any, gender: str = ALL) -> int | None:
        return UNSAID if (kind, name, gender) in hidden else cells[kind, name, gender]

    groups = {}
    for kind in KINDS:
        names = sorted({name for one, name, _ in cells if one == kind})
        told = GENDERS if kind in BY_GENDER else ()
        groups[kind] = tuple(Group(name, said(kind, name), tuple(said(kind, name, gender) for gender in told)) for name in names)
    return Totals(said("total", ""), tuple(said("total", "", gender) for gender in GENDERS), groups, len(hidden))


def counted(heads: Iterable[Head]) -> Counter[Key]:
    """Every cell that a report shows, added up. Of what ties groups to each other, `within` says which are parts of which."""
    cells: Counter[Key] = Counter()
    for head in heads:
        for kind in KINDS:
            cells[kind, getattr(head, kind), ALL] += head.n
            if kind in BY_GENDER:
                cells[kind, getattr(head, kind), head.gender] += head.n
        cells["total", "", ALL] += head.n
        cells["total", "", head.gender] += head.n
        for whole, part in WITHIN:
            cells[f"{part} within {whole}", (getattr(head, whole), getattr(head, part)), ALL] += 0
    return cells


WITHIN = (("sub_region", "member"), ("host", "activity"), ("mode", "activity"), ("topic", "activity"))


def sums(cells: Counter[Key]) -> list[tuple[Key, Sequence[Key]]]:
    """The equations between the cells: each group is the sum of its genders; the total is that of each kind of group, for each gender
    where it is told; a sub-region is the sum of its Members, a host, mode or topic that of its activities."""
    by_kind: dict[tuple[str, str], list[Key]] = defaultdict(list)
    by_group: dict[tuple[str, Any], list[Key]] = defaultdict(list)
    for key in cells:
        kind, name, gender = key
        by_kind[kind, gender].append(key)
        if gender != ALL:
            by_group[kind, name].append(key)
    found: list[tuple[Key, Sequence[Key]]] = [((kind, name, ALL), parts) for (kind, name), parts in by_group.items()]
    for gender in (ALL, *GENDERS):
        total: Key = ("total", "", gender)
        found += [(total, by_kind[kind, gender]) for kind in KINDS if by_kind[kind, gender] and total in cells]
        for whole, part in WITHIN:
            inner: dict[Any, list[Key]] = defaultdict(list)
            for _, (outer, name), _ in by_kind[f"{part} within {whole}", ALL]:
                if (part, name, gender) in cells:
                    inner[outer].append((part, name, gender))
            found += [((whole, outer, gender), parts) for outer, parts in inner.items() if (whole, outer, gender) in cells]
    return found
