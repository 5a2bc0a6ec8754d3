"""Figures about persons as atoms and cells, and what of them may be said beside everything that was published before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from entrepot.capacity.evaluation.api import ask_rules, report_rules
from entrepot.capacity.evaluation.enums import FormKind
from entrepot.kernel.disclosure import Cell, Guard
from entrepot.kernel.principals import SYSTEM

from .models import Counting, Edition

USES = 4
"""On the scale of 1 to 5 an officer who answers 4 or 5 to "I use it" counts as one who uses it."""
_PARTS = ("uses", "else", "silent")


def answers(activities: Iterable[Any], *, cleared: bool) -> dict[str, int]:
    """How many officers are in each atom `activity|member|part`, of the follow-ups of `activities`; `cleared` leaves only Members that let
    theirs be counted."""
    keys = [activity.pk for activity in activities]
    let = set(Counting.objects.filter(activity__in=keys).values_list("activity__uuid", "place__code"))
    asks = ask_rules.visible_to(SYSTEM).filter(form__activity__in=keys, form__kind=FormKind.OFFICER)
    found: dict[str, int] = defaultdict(int)
    for uuid, code, answered, given in asks.values_list(
        "form__activity__uuid", "nomination__invitation__place__code", "answered_at", "answers"
    ):
        if cleared and (uuid, code) not in let:
            continue
        part = "silent" if answered is None else "uses" if (given.get("applied") or 0) >= USES else "else"
        for one in _PARTS:  # a part with nobody in it is known to be empty, so it is an atom too
            found[f"{uuid}|{code}|{one}"] += one == part
    return dict(found)


def cell_of(atoms: Mapping[str, int], *, parts: Iterable[str] = _PARTS, activity: str = "", member: str = "") -> Cell:
    """The cell of all atoms that fit."""
    wanted = set(parts)
    chosen = {
        key: n
        for key, n in atoms.items()
        if key.split("|")[2] in wanted and (not activity or key.split("|")[0] == activity) and (not member or key.split("|")[1] == member)
    }
    return Cell(frozenset(chosen), sum(chosen.values()))


def told_before() -> list[Cell]:
    """Every figure about persons of every edition ever published; readers keep copies of those that were corrected."""
    return [Cell(frozenset(cell["atoms"]), cell["value"]) for cells in Edition.objects.values_list("cells", flat=True) for cell in cells]


def told_elsewhere(activities: Iterable[Any]) -> list[Cell]:
    """What the activities' own published reports say of the same people."""
    found: list[Cell] = []
    activities = list(activities)
    atoms = answers(activities, cleared=False)
    for report in report_rules.visible_to(SYSTEM).filter(activity__in=activities).select_related("activity"):
        uuid, figures = str(report.activity.uuid), report.body.get("figures", {})
        officer = figures.get("follow_up", {}).get(FormKind.OFFICER, {})
        if "n" in officer:
            whole = cell_of(atoms, activity=uuid)
            answered = cell_of(atoms, parts=("uses", "else"), activity=uuid)
            found += [Cell(whole.atoms, officer["of"]), Cell(answered.atoms, round(officer["n"] * (officer.get("value") or 0)))]
        if "attended" in figures:
            found += _attended(uuid, figures)
    return found


def _attended(uuid: str, figures: Mapping[str, Any]) -> list[Cell]:
    there, papers = figures["attended"], figures.get("certificates", 0)
    whole = frozenset({f"{uuid}|certificate", f"{uuid}|none"})
    return [Cell(whole, there), *([] if papers is None else [Cell(frozenset({f"{uuid}|certificate"}), papers)])]


def guard_for(activities: Iterable[Any]) -> Guard:
    """A guard that knows all that."""
    return Guard(told_before(), told_elsewhere(activities))


def plain(cells: Iterable[Cell]) -> list[dict[str, Any]]:
    """Cells as an edition keeps them."""
    return [{"atoms": sorted(cell.atoms), "value": cell.value} for cell in cells]
