"""What the features are called and how far they look back."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Settings:
    """How history is weighed. Weeks begin on Mondays; what inspections found is known from the Monday after `delay` days have passed.

    `half_life`: weeks after which a result counts half. `shrink`: how many results of its own move a group's rate half-way from its
    parent's to its own. `peer_weeks`: length of the block of weeks whose prices are the peers of the next block's.
    `velocity_days`: the days before the declaration in which its payer's others are counted. `de_minimis`: value under which nothing is
    due.
    """

    half_life: float = 26.0
    shrink: float = 10.0
    delay: int = 0
    peer_weeks: int = 8
    velocity_days: int = 28
    de_minimis: float = 150.0

    def __post_init__(self) -> None:
        if not (self.half_life >= 1 and self.shrink > 0 and self.delay >= 0 and self.peer_weeks >= 1 and self.velocity_days >= 1):
            raise Invalid({"settings": "half_life, peer_weeks and velocity_days are 1 or more, shrink above 0, delay 0 or more"})


CARRIED = ("declaration_id", "lodged_on", "office", "value", "inspected", "outcome", "recovered", "propensity")
"""Columns that stand beside the features in their table, for fitting and selection; none of them is a feature."""

FEATURES: dict[str, str] = {
    "importer_rate": "what inspections of this importer found before, shrunk to the general rate",
    "importer_seen": "how often this importer was inspected, decayed",
    "importer_recovered": "revenue recovered from this importer, decayed, logarithm",
    "importer_age": "days since this importer's first declaration",
    "declarant_rate": "what inspections of this declarant found before",
    "seller_rate": "what inspections of this seller's goods found before",
    "seller_seen": "how often this seller's goods were inspected, decayed",
    "payer_rate": "what inspections of what this payer paid for found before",
    "office_rate": "what inspections at this office found before",
    "chapter_rate": "what inspections of this HS chapter found before",
    "hs4_rate": "what inspections of this HS heading found before, shrunk to its chapter's rate",
    "hs6_rate": "what inspections of this HS subheading found before, shrunk to its heading's rate",
    "origin_rate": "what inspections of goods of this origin found before",
    "route_rate": "what inspections on this route (departure and origin) found before, shrunk to its origin's rate",
    "price_gap": "logarithm of value by mass, less its peers' median",
    "price_score": "the same in robust standard deviations of its peers",
    "unit_gap": "logarithm of mass by quantity, less its peers' median",
    "peer_spread": "robust standard deviation of the logarithm of its peers' value by mass",
    "payer_count": "declarations with this payer in the days before",
    "payer_value": "their value, logarithm",
    "address_importers": "importers beyond the first that used this address before",
    "phone_importers": "importers beyond the first that used this telephone before",
    "payer_importers": "importers beyond the first for whom this payer paid before",
    "log_value": "logarithm of the value",
    "log_mass": "logarithm of the mass",
    "duty_rate": "duty declared by value",
    "minimis_part": "value by the de minimis limit, at most 10",
    "preference": "a preferential origin is claimed",
    "indirect": "departure is not the origin",
    "claimed_indirect": "a preferential origin is claimed and departure is elsewhere",
    "weekday": "day of the week, Monday 0",
    "words": "length of the description",
    "by_post": "moved by post",
}
"""Every feature with its meaning, in the order of the columns."""
