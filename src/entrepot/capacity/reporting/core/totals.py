"""Who took part, added up over activities, so that nothing said gives away fewer than five people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

UNSAID = None
"""Stands where a count is not said."""
GENDERS = ("F", "M", "X", "")
Suppressor = Callable[..., frozenset[str]]


@dataclass(frozen=True, slots=True)
class Head:
    """So many participations of one kind: at an activity, from a Member, by what people say of their gender."""

    activity: int
    member: str
    sub_region: str
    gender: str
    n: int


@dataclass(frozen=True, slots=True)
class Group:
    """A line of a table of people: all, and by gender; None where it is not said."""

    name: str
    n: int | None
    genders: tuple[int | None, ...]
    """In the order of `GENDERS`."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Participations in a period; someone who attended two workshops counts twice here."""

    n: int
    genders: tuple[int | None, ...]
    members: tuple[Group, ...]
    sub_regions: tuple[Group, ...]
    activities: dict[int, Group]
    unsaid: int
    """How many cells are not said."""


def totalled(heads: Iterable[Head], *, names: Sequence[str] = (), guard: Suppressor | None = None) -> Totals:
    """Add up, and with `guard` (as `evaluation.core.suppress`) leave unsaid what would tell of fewer than five people.

    All tables that are shown together are guarded together: Members by gender, sub-regions by gender, activities by gender, and the sums
    that tie them. `names` are the Members that get a line even where nobody came.
    """
    rows = list(heads)
    cells: Counter[str] = Counter()
    sub_of = {row.member: row.sub_region for row in rows}
    for row in rows:
        keys = [f"m|{row.member}", f"s|{row.sub_region}", f"a|{row.activity}", "t"]
        for key in keys:
            cells[key] += row.n
            cells[f"{key}|{row.gender}"] += row.n
    groups = sorted({key for key in cells if key.count("|") < 2 and (key == "t" or "|" in key) and key != "t|"} - _gendered(cells))
    hidden = guard(dict(cells), _sums(cells, groups, sub_of)) if guard else frozenset()

    def said(key: str) -> int | None:
        return UNSAID if key in hidden else cells[key]

    def group(kind: str, name: str) -> Group:
        key = f"{kind}|{name}"
        return Group(name, said(key), tuple(said(f"{key}|{gender}") for gender in GENDERS))

    members = [group("m", name) for name in sorted({row.member for row in rows} | set(names))]
    subs = [group("s", name) for name in sorted({row.sub_region for row in rows})]
    by_activity = {pk: group("a", str(pk)) for pk in sorted({row.activity for row in rows})}
    genders = tuple(said(f"t|{gender}") for gender in GENDERS)
    return Totals(cells["t"], genders, tuple(members), tuple(subs), by_activity, len(hidden))


def _gendered(cells: Counter[str]) -> set[str]:
    return {key for key in cells if key.startswith("t|")}


def _sums(cells: Counter[str], groups: Sequence[str], sub_of: dict[str, str]) -> list[tuple[str, list[str]]]:
    """The equations between what is shown: each group is the sum of its genders; the total that of Members, of sub-regions, of activities;
    each sub-region that of its Members; and the same for each gender."""
    parts: dict[str, list[str]] = defaultdict(list)
    for key in groups:
        parts[key] = [f"{key}|{gender}" for gender in GENDERS if f"{key}|{gender}" in cells]
    found = [(key, inner) for key, inner in parts.items() if inner]
    for gender in ("*", *GENDERS):
        tail = "" if gender == "*" else f"|{gender}"
        for kind in "msa":
            inner = [f"{key}{tail}" for key in groups if key.startswith(f"{kind}|") and f"{key}{tail}" in cells]
            if inner and f"t{tail}" in cells:
                found.append((f"t{tail}", inner))
        by_sub: dict[str, list[str]] = defaultdict(list)
        for member, sub in sub_of.items():
            if f"m|{member}{tail}" in cells:
                by_sub[f"s|{sub}{tail}"].append(f"m|{member}{tail}")
        found += [(key, inner) for key, inner in by_sub.items() if key in cells]
    return found
