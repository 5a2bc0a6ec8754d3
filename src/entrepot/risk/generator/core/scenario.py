"""Scenarios as data: how much trade, how much fraud by which mechanism, how it changes, and how it was inspected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any

from entrepot.kernel.errors import Invalid


class Mechanism(StrEnum):
    """How a declaration is made false."""

    UNDERVALUATION = "undervaluation"
    MISCLASSIFICATION = "misclassification"
    FALSE_ORIGIN = "false-origin"
    QUANTITY = "quantity"
    SPLIT = "split"
    BORROWED_IDENTITY = "borrowed-identity"
    TRANSHIPMENT = "transhipment"


MECHANISMS = tuple(Mechanism)
"""In the order of their codes: code 0 is honest, `MECHANISMS[code - 1]` the rest."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """From `week` on, a new cohort offends by one mechanism, in a few chapters.

    `share` is their part of all fraud from then on; `retire` the part of the earlier offenders that stops. They are many newcomers with few
    declarations each, or, with `insiders`, established importers with a clean record who turn: the hardest for whoever only looks where
    something was found before.
    """

    week: int
    mechanism: Mechanism
    share: float = 0.5
    retire: float = 0.0
    chapters: int = 4
    insiders: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """One invented trade. Rates are parts of one; money is in the unit of account; weeks count from `start_on`, a Monday.

    `spread` stretches (above 1) or narrows the sizes of consignments and the prices of lines; where it is wide, a few large declarations
    hold most of the revenue, and inspecting the largest finds most of it.
    """

    name: str
    title: str = ""
    variant: str = "declarations"
    start_on: date = date(2024, 1, 1)
    weeks: int = 104
    rows: int = 100_000
    importers: int = 0
    lines: int = 600
    offices: int = 12
    seasonality: float = 0.25
    price_drift: float = 0.002
    spread: float = 1.0
    newcomers: float = 0.25
    de_minimis: float = 150.0
    vat: float = 0.10
    prevalence: float = 0.04
    offenders: float = 0.05
    opportunists: float = 0.15
    detection: float = 0.95
    adapt: float = 0.5
    mix: Mapping[Mechanism, float] = field(default_factory=lambda: dict.fromkeys(MECHANISMS, 1 / len(MECHANISMS)))
    campaigns: tuple[Campaign, ...] = ()
    inspection: float = 0.10
    random_share: float = 0.10
    full_weeks: int = 0

    @property
    def people(self) -> int:
        """How many importers: as said, else one for each forty rows, at least 200."""
        return self.importers or max(200, self.rows // 40)


RATES = (
    *("seasonality", "newcomers", "vat", "prevalence", "offenders", "opportunists"),
    *("detection", "adapt", "inspection", "random_share"),
)


def scenario_from(name: str, data: Mapping[str, Any], **changes: Any) -> Scenario:  # noqa: C901  # one line for each kind of entry
    """A scenario from a TOML file's content, with changes from the caller on top. Raises `Invalid` naming each wrong entry.

    >>> scenario_from("mine", {"rows": 5000, "prevalence": 0.02}).rows
    5000
    >>> scenario_from("mine", {"prevalence": 2})
    Traceback (most recent call last):
    entrepot.kernel.errors.Invalid: The scenario mine is wrong: prevalence has to be a number from 0 to 1.
    """
    values = {**data, **{key: value for key, value in changes.items() if value is not None}}
    known = {entry.name for entry in fields(Scenario)} - {"name"}
    faults = {key: f"{key} is no entry of a scenario" for key in values if key not in known}
    for key in RATES:
        if key in values and not (_is_number(values[key]) and 0 <= values[key] <= 1):
            faults[key] = f"{key} has to be a number from 0 to 1"
    for key, low in (("weeks", 1), ("rows", 1), ("lines", 20), ("offices", 1), ("importers", 0), ("full_weeks", 0)):
        if key in values and not (isinstance(values[key], int) and values[key] >= low):
            faults[key] = f"{key} has to be a whole number, {low} or more"
    if "spread" in values and not (_is_number(values["spread"]) and 0 < values["spread"] <= 3):
        faults["spread"] = "spread has to be a number above 0 and at most 3"
    if values.get("variant", "declarations") not in ("declarations", "postal"):
        faults["variant"] = "variant has to be declarations or postal"
    try:
        if "mix" in values:
            values["mix"] = _mix(values["mix"])
        values["campaigns"] = tuple(
            entry if isinstance(entry, Campaign) else Campaign(**{**entry, "mechanism": Mechanism(entry["mechanism"])})
            for entry in values.get("campaigns", ())
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        faults["mix or campaigns"] = f"{error}"
    if faults:
        raise Invalid(faults, "The scenario %(name)s is wrong: %(what)s.", name=name, what="; ".join(faults.values()))
    return Scenario(name=name, **values)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _mix(mix: Mapping[str, float]) -> dict[Mechanism, float]:
    whole = sum(mix.values())
    if whole <= 0 or min(mix.values()) < 0:
        msg = "the mix of mechanisms has to be of parts, not all zero"
        raise ValueError(msg)
    return {Mechanism(name): part / whole for name, part in mix.items() if part > 0}
