"""Postal items announced in advance, as on CN 22 and CN 23: the same world, seen through what the post writes down.

Fields follow the Universal Postal Union's forms: sender, addressee, address, category of item, contents, weight, value, postage.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from .fraud import CODE
from .scenario import Mechanism, Scenario
from .world import Batch, World

CATEGORIES = ("goods", "gift", "documents", "sample", "returned")
MIX = {
    Mechanism.UNDERVALUATION: 0.4,
    Mechanism.SPLIT: 0.15,
    Mechanism.MISCLASSIFICATION: 0.25,
    Mechanism.BORROWED_IDENTITY: 0.2,
}


class PostalWorld(World):
    """Everyone orders single small items; the importer is the addressee, the seller the sender, the payer pays from a card.

    >>> batch = PostalWorld(Scenario("post", rows=1000, weeks=4), np.random.default_rng(1)).next_week()
    >>> sorted(set(batch.declared) - {"day", "office", "transport", "importer", "declarant", "seller", "address", "phone", "payer"})[:4]
    ['category', 'departure', 'duty', 'line']
    """

    def __init__(self, scenario: Scenario, rng: np.random.Generator) -> None:
        inside = {name: part for name, part in scenario.mix.items() if name in MIX}
        even = len(set(scenario.mix.values())) == 1
        super().__init__(dataclasses.replace(scenario, mix=MIX if even or not inside else inside), rng)
        people = self.people
        people.small[:] = True
        people.payer = np.where(rng.random(len(people.payer)) < 0.5, people.payer, people.phone)
        self.lines.unit_mass = np.clip(self.lines.unit_mass, 0.05, 3.0)

    def next_week(self) -> Batch:
        """The items of the next week, with category and postage; the poorer ones say `gift` and a value of 0 or 1."""
        batch = super().next_week()
        declared, rng = batch.declared, self.rng
        count, false = len(batch), batch.truth["mechanism"] > 0
        declared["transport"] = np.full(count, 3)
        low = batch.truth["mechanism"] == CODE[Mechanism.UNDERVALUATION]
        category = rng.choice(len(CATEGORIES), count, p=[0.62, 0.2, 0.08, 0.06, 0.04])
        category = np.where(false & (rng.random(count) < 0.35), 1, category)
        nothing = (low & (rng.random(count) < 0.25)) | (rng.random(count) < 0.01)
        declared["value"] = np.where(nothing, rng.integers(0, 2, count).astype(float), declared["value"])
        declared["words"] = np.where((category == 1) & (rng.random(count) < 0.5), 2, declared["words"])
        declared["category"] = category
        declared["postage"] = np.round(2.0 + 6.5 * declared["net_mass"] * np.exp(rng.normal(0, 0.1, count)), 2)
        return batch
