"""Selection over a file: each office and day by itself, criteria from profiles, scores from a model."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from entrepot.kernel.errors import DomainError, Invalid
from entrepot.risk.measures.core import Floats, Ints
from entrepot.risk.profiles.api import History, Profile
from entrepot.risk.profiles.api import Lane as ProfileLane

from ..core import Drift, Exploration, Ground, Hits, Lane, Plan, compliance, curiosity, drift, precision, rate, select

LANES = {ProfileLane.RED: Lane.RED, ProfileLane.YELLOW: Lane.YELLOW, ProfileLane.BLUE: Lane.BLUE, ProfileLane.GREEN: Lane.GREEN}


class UnreadablePlan(DomainError):
    """The file holds no plan."""

    code = "unreadable-plan"


def load_plan(path: Path) -> Plan:
    """A plan from TOML: `expected`, `random`, `explore`, `exploration`, `yellow`, `blue`, and `[capacity]` by office. Raises
    `UnreadablePlan`."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        if "exploration" in data:
            data["exploration"] = Exploration(data["exploration"])
        return Plan(**data)
    except (OSError, ValueError, TypeError, Invalid) as error:
        raise UnreadablePlan("%(path)s is no plan: %(why)s", path=path, why=str(error)[:200]) from None


@dataclass(frozen=True, slots=True)
class Selected:
    """A selection beside its declarations: the table to write, phases for the next batch, and what could not be kept."""

    table: pa.Table
    phases: dict[str, float]
    short: list[str]


def select_days(
    identifiers: Any,
    day: Ints,
    office: Any,
    score: Floats,
    value: Floats,
    plan: Plan,
    *,
    seed: int,
    profiles: list[Profile] | None = None,
    history: History | None = None,
    phases: dict[str, float] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Selected:
    """Select on every day at every office. All arrays are (n,); `day` counts from 1970-01-01; `score` is a probability.

    Only profiles in force on a day select on it. Cost: a sort of the rows, and the profiles' hits once for the whole file.
    """
    count = len(score)
    rng = np.random.default_rng(seed)
    offices, code = np.unique(np.asarray(office).astype(str), return_inverse=True)
    group = day * len(offices) + code
    order = np.argsort(group, kind="stable")
    cuts = np.flatnonzero(np.r_[True, group[order][1:] != group[order][:-1]]) if count else np.array([], dtype=np.int64)
    ends = np.r_[cuts[1:], count]
    hit_rows = _hits_by_row(profiles or [], history, count)
    wonder = curiosity(np.clip(score, 0, 1), value)
    phase = dict(phases or {})
    lane, ground, criterion = (np.zeros(count, dtype=np.int64) for _ in range(3))
    propensity, blind = np.zeros(count), np.zeros(count)
    short: list[str] = []
    place = np.full(count, -1, dtype=np.int64)
    for number, (first, last) in enumerate(zip(cuts, ends, strict=True)):
        rows = np.sort(order[first:last])
        name = str(offices[code[rows[0]]])
        place[rows] = np.arange(len(rows))
        on = date(1970, 1, 1) + timedelta(days=int(day[rows[0]]))
        hits = _hits(profiles or [], hit_rows, rows, place, on, name)
        made = select(score[rows], hits, plan, rng, office=name, curiosity=wonder[rows], phases=phase)
        numbers = np.array([_number(profiles or [], one.code) for one in hits] + [-1], dtype=np.int64)
        lane[rows], ground[rows], criterion[rows] = made.lane, made.ground, numbers[made.criterion]
        propensity[rows], blind[rows] = made.propensity, made.random_chance
        phase = made.phases
        short += [f"{on}: {what}" for what in made.short]
        if progress and number % 50 == 0:
            progress(number, len(cuts))
    if progress:
        progress(len(cuts), len(cuts))
    return Selected(_table(identifiers, day, office, score, lane, ground, criterion, propensity, blind, profiles or []), phase, short)


def _number(profiles: list[Profile], code: str) -> int:
    wanted = code.rsplit("@", 1)[0]
    return next(number for number, profile in enumerate(profiles) if profile.code == wanted)


def _hits_by_row(profiles: list[Profile], history: History | None, count: int) -> list[Ints]:
    if profiles and (history is None or history.count != count):
        raise Invalid({"profiles": "no declarations"}, "Profiles need the declarations that are selected among.")
    return [history.rows(profile.criteria) for profile in profiles] if history else []


def _hits(profiles: list[Profile], hit_rows: list[Ints], rows: Ints, place: Ints, on: date, office: str) -> list[Hits]:
    made = []
    for profile, its in zip(profiles, hit_rows, strict=True):
        if not profile.in_force(on):
            continue
        inside = its[np.searchsorted(its, rows[0]) : np.searchsorted(its, rows[-1], side="right")]
        inside = inside[np.isin(inside, rows, assume_unique=True)]
        if inside.size:
            made.append(Hits(f"{profile.code}@{office}", place[inside], LANES[profile.lane], profile.chance))
    return made


def _table(
    identifiers: Any, day: Ints, office: Any, score: Floats, lane: Ints, ground: Ints, criterion: Ints, propensity: Floats, blind: Floats,
    profiles: list[Profile],
) -> pa.Table:  # fmt: skip
    def named(codes: Ints, names: list[str]) -> Any:
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(names)).cast(pa.string())

    codes = [profile.code for profile in profiles] + [""]
    instructions = [profile.instruction for profile in profiles] + [""]
    at = np.where(criterion < 0, len(profiles), criterion)
    return pa.table(
        {
            "declaration_id": pa.array(identifiers),
            "lodged_on": pa.array(day.astype(np.int32), pa.int32()).cast(pa.date32()),
            "office": pa.array(np.asarray(office).astype(str)),
            "score": pa.array(score),
            "lane": named(lane, [one.name.lower() for one in Lane]),
            "ground": named(ground, [one.name.lower().replace("_", "-") for one in Ground]),
            "criterion": named(at, codes),
            "instruction": named(at, instructions),
            "propensity": pa.array(propensity),
            "random_chance": pa.array(blind),
        }
    )


@dataclass(frozen=True, slots=True)
class Estimates:
    """What inspections say about all declarations: every entry an estimate with its interval."""

    rows: int
    inspected: int
    found: int
    compliance: Any
    model: Any
    profiles: dict[str, Any]
    random: Any
    drift: Drift | None


def estimate(columns: dict[str, Any], *, top: float = 0.05, hits: dict[str, Any] | None = None) -> Estimates:
    """Estimates from a selection with outcomes. `columns` are arrays (n,): inspected, found, propensity, ground, score, day.

    `top` is the part of rows with the highest scores whose precision is that of the model; `hits` gives for each profile its rows as a
    mask. Raises `NothingKnown` where some row had no chance.
    """
    inspected, found, propensity = columns["inspected"], columns["found"] & columns["inspected"], columns["propensity"]
    count = len(inspected)
    best = np.zeros(count, dtype=bool)
    best[np.argsort(-columns["score"], kind="stable")[: max(1, round(top * count))]] = True
    blind = (columns["ground"] == "random") & inspected
    when = columns["day"]
    middle = float(np.median(when[blind])) if blind.any() else 0.0
    watched = None
    if blind.sum() >= 20 and (when[blind] > middle).any():
        watched = drift(when[blind] > middle, found[blind], columns["score"][blind], {})
    chance = columns["random_chance"]
    return Estimates(
        rows=count,
        inspected=int(inspected.sum()),
        found=int(found.sum()),
        compliance=compliance(found, inspected, propensity),
        model=precision(best, found, inspected, propensity),
        profiles={code: precision(mask, found, inspected, propensity) for code, mask in (hits or {}).items() if mask.any()},
        random=rate(found[chance > 0], blind[chance > 0], chance[chance > 0]) if blind.any() else None,
        drift=watched,
    )
