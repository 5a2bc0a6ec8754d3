"""What each mechanism does to a declaration. The declared columns change; the true ones are kept beside them."""

from __future__ import annotations

import numpy as np

from entrepot.risk.measures.core import Bools, Floats, Ints

from .scenario import Mechanism, Scenario
from .trade import HUBS, Importers, Lines

Columns = dict[str, np.ndarray]  # type: ignore[type-arg]  # columns of several types
CODE = {name: number for number, name in enumerate(Mechanism, 1)}


def falsify(week: Columns, people: Importers, lines: Lines, scenario: Scenario, rng: np.random.Generator) -> None:
    """Apply each row's mechanism in place. `week["mechanism"]` holds 0 for honest or the code of a mechanism."""
    chosen = week["mechanism"]
    for mechanism, change in CHANGES.items():
        rows = np.flatnonzero(chosen == CODE[mechanism])
        if rows.size:
            change(week, rows, people, lines, scenario, rng)
    vague = (chosen > 0) & (rng.random(len(chosen)) < 0.25)
    week["words"] = np.where(vague, 2, week["words"])


def _undervalue(week: Columns, rows: Ints, _people: Importers, _lines: Lines, _scenario: Scenario, rng: np.random.Generator) -> None:
    week["value"][rows] *= rng.uniform(0.3, 0.75, rows.size)


def _misclassify(week: Columns, rows: Ints, _people: Importers, lines: Lines, _scenario: Scenario, _rng: np.random.Generator) -> None:
    week["line"][rows] = lines.sibling[week["line"][rows]]


def _claim_origin(week: Columns, rows: Ints, _people: Importers, lines: Lines, _scenario: Scenario, _rng: np.random.Generator) -> None:
    week["origin"][rows] = lines.preferred[week["line"][rows]]
    week["preference"][rows] = True


def _understate(week: Columns, rows: Ints, _people: Importers, _lines: Lines, _scenario: Scenario, rng: np.random.Generator) -> None:
    part = rng.uniform(0.4, 0.8, rows.size)
    week["quantity"][rows] = np.maximum(1.0, np.round(week["quantity"][rows] * part))
    week["value"][rows] *= part  # the scales still show the whole mass


def _split(week: Columns, rows: Ints, _people: Importers, lines: Lines, scenario: Scenario, rng: np.random.Generator) -> None:
    """Each of these rows is already one part of a consignment (see `split_rows`): just under the limit."""
    value = scenario.de_minimis * rng.uniform(0.72, 0.99, rows.size)
    week["value"][rows] = week["true_value"][rows] = value
    mass = value / lines.price[week["line"][rows]]
    week["net_mass"][rows] = mass
    week["quantity"][rows] = np.maximum(1.0, np.round(mass / lines.unit_mass[week["line"][rows]]))


def _borrow(week: Columns, rows: Ints, people: Importers, _lines: Lines, _scenario: Scenario, rng: np.random.Generator) -> None:
    """Another's name, one's own telephone and purse; the value is understated too."""
    clean = np.flatnonzero((people.rate == 0) & (people.activity < np.median(people.activity)))
    if clean.size:
        week["importer"][rows] = rng.choice(clean, rows.size)
    week["value"][rows] *= rng.uniform(0.4, 0.8, rows.size)


def _tranship(week: Columns, rows: Ints, _people: Importers, lines: Lines, _scenario: Scenario, rng: np.random.Generator) -> None:
    week["origin"][rows] = lines.preferred[week["line"][rows]]
    week["preference"][rows] = True
    week["departure"][rows] = np.array(HUBS)[rng.integers(0, len(HUBS), rows.size)]


CHANGES = {
    Mechanism.UNDERVALUATION: _undervalue,
    Mechanism.MISCLASSIFICATION: _misclassify,
    Mechanism.FALSE_ORIGIN: _claim_origin,
    Mechanism.QUANTITY: _understate,
    Mechanism.SPLIT: _split,
    Mechanism.BORROWED_IDENTITY: _borrow,
    Mechanism.TRANSHIPMENT: _tranship,
}


def split_rows(chosen: Ints, rng: np.random.Generator) -> Ints:
    """How often each row stands in the week: a split consignment becomes three to seven rows, any other stays one."""
    return np.where(chosen == CODE[Mechanism.SPLIT], rng.integers(3, 8, len(chosen)), 1)


def assess(
    line: Ints, value: Floats, preference: Bools, *, preferred: Bools, lines: Lines, scenario: Scenario, aggregate: Floats | None = None
) -> Floats:
    """Duty and tax on each row, in the unit of account: `value × (duty + vat × (1 + duty))`, nothing under the de minimis limit.

    `preferred` says whether the origin has the agreement that `preference` claims; `aggregate` is the value that counts for de minimis
    where it is not the row's own (the parts of a split consignment count together).
    """
    duty = np.where(preference & preferred, 0.0, lines.duty[line])
    due = value * (duty + scenario.vat * (1 + duty))
    return np.where((value if aggregate is None else aggregate) < scenario.de_minimis, 0.0, due)
