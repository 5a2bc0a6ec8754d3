"""The invented trade, week by week: what is declared, what is true, and how offenders answer to being inspected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.risk.measures.core import Bools, Floats, Ints

from .fraud import CODE, Columns, assess, falsify, split_rows
from .scenario import MECHANISMS, Campaign, Mechanism, Scenario
from .trade import HUBS, Importers, add_importers, make_importers, make_lines, settle

DAY_WEIGHTS = np.array([0.21, 0.2, 0.19, 0.18, 0.15, 0.05, 0.02])


@dataclass(frozen=True, slots=True)
class Batch:
    """One week's declarations: `declared` and `truth` hold columns of equal length, in the order of lodging."""

    week: int
    declared: Columns
    truth: Columns

    def __len__(self) -> int:
        return len(self.declared["day"])


class World:
    """A trade that remembers. Draws come from the generator given, so the same seed and the same inspections give the same world.

    >>> from entrepot.risk.generator.core import Scenario
    >>> world = World(Scenario("small", rows=2000, weeks=10), np.random.default_rng(1))
    >>> batch = world.next_week()
    >>> found = world.respond(batch, np.ones(len(batch), dtype=bool))
    >>> len(found) == len(batch), bool(found.sum() <= (batch.truth["mechanism"] > 0).sum())
    (True, True)
    """

    def __init__(self, scenario: Scenario, rng: np.random.Generator) -> None:
        self.scenario = scenario
        self.rng = rng
        self.lines = make_lines(scenario, rng)
        self.people: Importers = make_importers(scenario, self.lines, rng)
        self.sellers = max(20, scenario.people // 3)
        self.declarants = max(8, scenario.people // 20)
        self.week = 0
        # Trade grows only through newcomers; the expected rows of a week are shared out so that the whole comes near to `rows`.
        weeks = np.arange(scenario.weeks)[:, None]
        active = (self.people.activity[None, :] * (self.people.start[None, :] <= weeks)).sum()
        self.scale = scenario.rows / (active * (1 + 4 * self._expected_splits()))

    def _expected_splits(self) -> float:
        return self.scenario.prevalence * self.scenario.mix.get(Mechanism.SPLIT, 0.0) / 5

    def next_week(self) -> Batch:
        """The declarations of the next week. Costs time in proportion to its rows; changes the world's clock and cohorts, nothing else."""
        for campaign in self.scenario.campaigns:
            if campaign.week == self.week:
                self._begin(campaign)
        declared = self._trade()
        chosen = self._offend(declared)
        times = split_rows(chosen, self.rng)
        source = np.repeat(np.arange(len(chosen)), times)
        declared = {name: column[source] for name, column in declared.items()}
        declared["mechanism"] = chosen[source]
        declared["consignment"] = source
        truth = {name: declared[name].copy() for name in ("value", "line", "origin", "quantity", "importer", "preference")}
        declared["true_value"] = truth["value"]
        parts = declared["mechanism"] == CODE[Mechanism.SPLIT]
        declared["day"][parts] = np.minimum(declared["day"][parts] + self.rng.integers(0, 4, parts.sum()), self.week * 7 + 6)
        falsify(declared, self.people, self.lines, self.scenario, self.rng)
        truth["value"] = declared.pop("true_value")
        truth["mechanism"] = declared.pop("mechanism")
        truth["consignment"] = declared.pop("consignment")
        truth["offender"] = declared.pop("offender")
        self._settle_accounts(declared, truth)
        order = np.argsort(declared["day"], kind="stable")
        batch = Batch(
            self.week, {name: column[order] for name, column in declared.items()}, {name: column[order] for name, column in truth.items()}
        )
        self.week += 1
        return batch

    def _trade(self) -> Columns:
        """Honest declarations of the week, before anyone falsifies."""
        rng, people, lines, scenario = self.rng, self.people, self.lines, self.scenario
        weights = people.activity * (people.start <= self.week)
        season = 1 + scenario.seasonality * np.sin(2 * np.pi * self.week / 52)
        count = max(1, rng.poisson(self.scale * weights.sum() * season))
        importer = np.searchsorted(np.cumsum(weights / weights.sum()), rng.random(count)).clip(0, len(weights) - 1)
        line = people.lines[importer, rng.choice(3, count, p=[0.6, 0.25, 0.15])]
        in_season = rng.random(count) < 0.5 + 0.5 * scenario.seasonality * np.sin(2 * np.pi * self.week / 52 + lines.phase[line])
        line = np.where(in_season, line, people.lines[importer, 0])
        origin = lines.origins[line, np.minimum((rng.random(count) ** 2 * 3).astype(np.int64), 2)]
        agreed = rng.random(count) < 0.12
        origin = np.where(agreed, lines.preferred[line], origin)
        small = people.small[importer]
        quantity = np.maximum(1.0, np.round(np.exp(rng.normal(np.where(small, 0.5, 4.0), np.where(small, 0.5, 1.2) * scenario.spread))))
        mass = quantity * lines.unit_mass[line] * np.exp(rng.normal(0, 0.08, count))
        trend = scenario.price_drift * self.week + 0.08 * np.sin(2 * np.pi * self.week / 52 + lines.phase[line])
        price = lines.price[line] * np.exp(people.price[importer] + trend + rng.normal(0, 1, count) * lines.spread[line])
        honest_slip = rng.random(count) < 0.02  # a wrong unit, a forgotten charge: odd, not false
        price *= np.where(honest_slip, np.exp(rng.normal(0, 0.6, count)), 1.0)
        via_hub = rng.random(count) < 0.12
        return {
            "day": self.week * 7 + rng.choice(7, count, p=DAY_WEIGHTS),
            "office": np.where(rng.random(count) < 0.93, people.office[importer], rng.integers(0, scenario.offices, count)),
            "transport": np.where(small, 3, rng.choice(3, count, p=[0.6, 0.25, 0.15])),
            "importer": importer.astype(np.int64),
            "declarant": np.where(rng.random(count) < 0.9, people.declarant[importer], rng.integers(0, self.declarants, count)),
            "seller": people.sellers[importer, (rng.random(count) < 0.3).astype(np.int64)],
            "address": people.address[importer],
            "phone": people.phone[importer],
            "payer": people.payer[importer],
            "line": line,
            "origin": origin,
            "departure": np.where(via_hub, np.array(HUBS)[rng.integers(0, len(HUBS), count)], origin),
            "words": rng.choice(3, count, p=[0.55, 0.35, 0.10]),
            "quantity": quantity,
            "net_mass": mass,
            "value": price * mass,
            "preference": agreed & (rng.random(count) < 0.85),
            "offender": importer.astype(np.int64),
        }

    def _offend(self, declared: Columns) -> Ints:
        """The code of each row's mechanism, 0 where it is honest."""
        rng, people, scenario = self.rng, self.people, self.scenario
        importer = declared["importer"]
        count = len(importer)
        rate = people.rate[importer] * (people.quiet_until[importer] <= self.week)
        habitual = rng.random(count) < rate
        chosen = np.where(habitual, people.mechanism[importer] + 1, 0)
        chance = rng.random(count) < scenario.prevalence * scenario.opportunists
        mix = np.array([scenario.mix.get(name, 0.0) for name in MECHANISMS])
        chosen = np.where((chosen == 0) & chance, 1 + rng.choice(len(mix), count, p=mix / mix.sum()), chosen)
        line = declared["line"]
        no_gain = (chosen == CODE[Mechanism.MISCLASSIFICATION]) & (self.lines.sibling[line] == line)
        return np.where(no_gain, CODE[Mechanism.UNDERVALUATION], chosen)

    def _settle_accounts(self, declared: Columns, truth: Columns) -> None:
        """Duty as declared and as it should be; whether an inspection would find the falsehood; what it would bring."""
        preferred = self.lines.preferred
        shared = {"lines": self.lines, "scenario": self.scenario}
        split = truth["mechanism"] == CODE[Mechanism.SPLIT]
        whole = np.bincount(truth["consignment"], truth["value"])[truth["consignment"]]
        aggregate = np.where(split, whole, truth["value"])
        is_preferred = declared["origin"] == preferred[declared["line"]]
        due = assess(declared["line"], declared["value"], declared["preference"], preferred=is_preferred, **shared)  # type: ignore[arg-type]
        really = truth["origin"] == preferred[truth["line"]]
        owed = assess(truth["line"], truth["value"], truth["preference"], preferred=really, aggregate=aggregate, **shared)  # type: ignore[arg-type]
        false = truth["mechanism"] > 0
        declared["duty"] = due
        truth["owed"] = owed
        truth["fraud"] = false
        truth["would_find"] = false & (self.rng.random(len(false)) < self.scenario.detection)
        truth["revenue"] = np.where(false, np.maximum(owed - due, 0.0), 0.0)

    def respond(self, batch: Batch, inspected: Bools) -> Bools:
        """What the inspections found; offenders who were found out change their ways, so this decides what comes next.

        `inspected` is (rows,). Returns (rows,): true where a falsehood was found.
        """
        found: Bools = inspected & batch.truth["would_find"]
        offender = batch.truth["offender"]
        np.add.at(self.people.inspected, offender[inspected], 1)
        np.add.at(self.people.found, offender[found], 1)
        self._adapt(np.unique(offender[found]))
        return found

    def _adapt(self, caught: Ints) -> None:
        rng, people = self.rng, self.people
        caught = caught[people.rate[caught] > 0]
        moved = caught[rng.random(caught.size) < self.scenario.adapt]
        if not moved.size:
            return
        answer = rng.choice(4, moved.size, p=[0.35, 0.25, 0.2, 0.2])
        quiet, switch, relocate, renew = (moved[answer == kind] for kind in range(4))
        people.quiet_until[quiet] = self.week + rng.integers(3, 16, quiet.size)
        mix = np.array([self.scenario.mix.get(name, 0.0) for name in MECHANISMS])
        people.mechanism[switch] = rng.choice(len(mix), switch.size, p=mix / mix.sum())
        for index in (*switch, *relocate):
            settle(people, int(index), self.lines, rng)
        people.declarant[relocate] = rng.integers(0, self.declarants, relocate.size)
        people.sellers[relocate] = rng.integers(0, self.sellers, (relocate.size, 2))
        if renew.size:
            new = add_importers(people, renew)  # the same telephone and purse under another name
            people.start[new] = self.week + rng.integers(1, 6, new.size)
            people.address[new] = new
            people.rate[renew] = 0.0
            people.activity[renew] *= 0.1

    def _begin(self, campaign: Campaign) -> None:
        """A new cohort, sized so that its share of all fraud is the campaign's."""
        rng, people = self.rng, self.people
        old = np.flatnonzero(people.rate > 0)
        stops = old[rng.random(old.size) < campaign.retire]
        mass = float((people.activity[old] * people.rate[old]).sum()) or self.scenario.prevalence * float(people.activity.sum())
        people.rate[stops] = 0.0
        chapters = rng.choice(np.unique(self.lines.chapter), min(campaign.chapters, len(np.unique(self.lines.chapter))), replace=False)
        inside = np.flatnonzero(np.isin(self.lines.chapter, chapters) & (self.lines.duty > 0))
        inside = inside if inside.size else np.flatnonzero(self.lines.duty > 0)
        wanted = mass * campaign.share
        recruit = self._turn if campaign.insiders else self._enlist
        new = recruit(wanted)
        people.lines[new] = rng.choice(inside, (new.size, 3))
        people.mechanism[new] = CODE[campaign.mechanism] - 1
        people.small[new] = campaign.mechanism is Mechanism.SPLIT

    def _turn(self, wanted: float) -> Ints:
        """Clean importers of long standing, at random until half of what they declare makes up the wanted fraud."""
        people = self.people
        clean = self.rng.permutation(np.flatnonzero((people.rate == 0) & (people.start <= self.week) & (people.found == 0)))
        enough = int(np.searchsorted(np.cumsum(people.activity[clean]) * 0.5, wanted)) + 1
        turned = clean[:enough]
        people.rate[turned] = 0.5
        return turned

    def _enlist(self, wanted: float) -> Ints:
        """Many newcomers with few declarations each: no one's record gives them away, only the pattern they share."""
        rng, people = self.rng, self.people
        new = add_importers(people, rng.choice(len(people.activity), max(20, len(people.activity) // 3)))
        people.start[new] = self.week
        people.sellers[new] = self.sellers + rng.integers(0, new.size, (new.size, 2))
        people.declarant[new] = rng.integers(0, self.declarants, new.size)
        people.address[new] = people.phone[new] = people.payer[new] = new
        people.activity[new] = rng.uniform(0.5, 1.5, new.size)
        people.rate[new] = 0.8
        people.activity[new] *= wanted / float((people.activity[new] * people.rate[new]).sum())
        self.sellers = int(people.sellers.max()) + 1
        return new


def legacy_probabilities(world: World, batch: Batch) -> Floats:
    """How likely the invented administration's own practice is to inspect each row, (rows,): Poisson sampling with these chances.

    A random share for all; the rest by the importer's record, a low price for the line and a high duty. It is what an administration has
    before it has a model, so the labels it leaves behind are selective.
    """
    scenario, people, lines = world.scenario, world.people, world.lines
    if batch.week < scenario.full_weeks:
        return np.ones(len(batch))
    declared = batch.declared
    record = np.minimum(people.found[declared["importer"]], 3)
    low = np.log(lines.price[declared["line"]]) - np.log(np.maximum(declared["value"], 0.5) / declared["net_mass"])
    score = np.exp(0.9 * record + 1.2 * np.clip(low, -1, 2) + 3.0 * lines.duty[declared["line"]])
    floor = scenario.inspection * scenario.random_share
    rest = (scenario.inspection - floor) * len(batch)
    chance = np.full(len(batch), floor)
    for _ in range(4):  # those that reach certainty leave their share to the others
        room = chance < 1.0
        left = rest - (chance - floor).sum()
        if left <= 1e-9 or not room.any():
            break
        chance[room] += left * score[room] / score[room].sum()
        chance = np.minimum(chance, 1.0)
    return chance
