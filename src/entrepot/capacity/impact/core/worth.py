"""What a difference is worth in money, by a worth of one unit that was written down before anyone looked, over what the activity cost."""

from __future__ import annotations

from dataclasses import dataclass

from .reckoning import Found, Plan


@dataclass(frozen=True, slots=True)
class Worth:
    """What a difference of one unit of the figure, the better way, is worth at one Member in one period: `amount` above 0 in `currency`
    (three letters, ISO 4217), and the `ground` on which someone says so."""

    amount: float
    currency: str
    ground: str


@dataclass(frozen=True, slots=True)
class Return:
    """Money in one currency, over the window of all that took part: `value` with the 95 % interval of the difference alone, as the worth of
    a unit is taken as it was said. Below 0 where the figure moved the wrong way. `cost`: of the activity; None where it is not known in
    this currency."""

    value: float
    low: float
    high: float
    cost: float | None

    @property
    def for_one(self) -> tuple[float, float, float] | None:
        """(value, low, high) for each one that it cost."""
        return (self.value / self.cost, self.low / self.cost, self.high / self.cost) if self.cost else None


def returned(found: Found, plan: Plan, worth: Worth, cost: float | None) -> Return | None:
    """The worth of what a comparison shows; None where it shows nothing, as nothing is then there to be multiplied.

    difference a period × worth of a unit × Members that took part and are in the comparison × periods of the window. Members that were left
    out, and periods after the window, are not added.
    """
    if not found.speaks or found.estimate is None or not plan.better:
        return None
    each = worth.amount * plan.better * found.estimate.taking_part * plan.after
    low, high = sorted((each * found.estimate.low, each * found.estimate.high))
    return Return(each * found.estimate.value, low, high, cost)
