"""The generator: its truth, its mechanisms, its selective labels, and offenders who answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from entrepot.kernel.errors import Invalid
from entrepot.risk.declarations.core import USER_ASSIGNED
from entrepot.risk.generator.api import (
    COUNTRIES,
    MECHANISMS,
    Mechanism,
    Scenario,
    UnknownScenario,
    World,
    generate,
    generate_files,
    legacy_probabilities,
    load_scenario,
    scenario_from,
    scenarios,
    world_of,
)

SMALL = {"rows": 4000, "weeks": 20}


def _weeks(scenario: Scenario, seed: int = 1, inspect: float = 1.0) -> tuple[World, dict[str, np.ndarray], dict[str, np.ndarray]]:
    world = world_of(scenario, seed=seed)
    declared, truth = [], []
    for _ in range(scenario.weeks):
        batch = world.next_week()
        world.respond(batch, world.rng.random(len(batch)) < inspect)
        declared.append(batch.declared)
        truth.append(batch.truth)
    join = lambda parts: {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}  # noqa: E731
    return world, join(declared), join(truth)


@pytest.mark.parametrize("name", list(scenarios()))
def test_every_scenario_makes_about_the_rows_and_fraud_it_says(name: str) -> None:
    scenario = load_scenario(name, rows=20_000)
    _, declared, truth = _weeks(scenario, inspect=0.0)
    assert len(declared["day"]) == pytest.approx(20_000, rel=0.35)
    first = truth["fraud"][: len(truth["fraud"]) // 4]
    expected = scenario.prevalence * (1 + 4 * scenario.mix.get(Mechanism.SPLIT, 0.0))
    assert first.mean() == pytest.approx(expected, abs=0.01 + 0.6 * expected)  # a few large offenders make it vary


def test_the_same_seed_makes_the_same_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        generate_files(load_scenario("steady", **SMALL), tmp_path / f"{name}.parquet", tmp_path / f"{name}-truth.parquet", seed=3)
    assert pq.read_table(tmp_path / "a.parquet").equals(pq.read_table(tmp_path / "b.parquet"))
    assert pq.read_table(tmp_path / "a-truth.parquet").equals(pq.read_table(tmp_path / "b-truth.parquet"))


def test_the_truth_stays_in_the_oracle(tmp_path: Path) -> None:
    made = generate_files(load_scenario("steady", **SMALL), tmp_path / "d.parquet", tmp_path / "o.parquet", seed=3)
    data, oracle = pq.read_table(tmp_path / "d.parquet"), pq.read_table(tmp_path / "o.parquet")
    assert set(data.column_names) & set(oracle.column_names) == {"declaration_id"}
    inspected = data["inspected"].to_numpy()
    assert data["outcome"].null_count == (~inspected).sum() == data["recovered"].null_count
    assert 0 < made.found < made.fraud
    assert (data["outcome"].to_numpy(zero_copy_only=False)[inspected] == oracle["would_find"].to_numpy()[inspected]).all()


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_each_mechanism_leaves_its_own_trace_and_costs_revenue(mechanism: Mechanism) -> None:
    scenario = scenario_from("one", {"mix": {mechanism: 1.0}, "prevalence": 0.2, "offenders": 0.3, "rows": 6000, "weeks": 10})
    world, d, t = _weeks(scenario, inspect=0.0)
    rows = t["fraud"]
    changed = {
        Mechanism.UNDERVALUATION: (d["value"] < t["value"] * 0.76) & (d["net_mass"] > 0),
        Mechanism.MISCLASSIFICATION: (world.lines.duty[d["line"]] < world.lines.duty[t["line"]]) | (d["value"] < t["value"]),
        Mechanism.FALSE_ORIGIN: d["preference"] & (d["origin"] == world.lines.preferred[t["line"]]),
        Mechanism.QUANTITY: (d["quantity"] <= t["quantity"]) & (d["value"] < t["value"]),
        Mechanism.SPLIT: d["value"] < scenario.de_minimis,
        Mechanism.BORROWED_IDENTITY: d["importer"] != t["offender"],
        Mechanism.TRANSHIPMENT: d["preference"] & (d["departure"] <= 2),
    }[mechanism]
    assert changed[rows].mean() > 0.97
    assert mechanism is Mechanism.SPLIT or changed[~rows].mean() < 0.5  # many honest consignments are small
    assert t["revenue"][rows].mean() > 0
    assert (t["revenue"][~rows] == 0).all()


def test_legacy_practice_inspects_as_often_as_it_logs() -> None:
    world = world_of(load_scenario("steady", **SMALL), seed=2)
    batch = world.next_week()
    chance = legacy_probabilities(world, batch)
    assert chance.min() >= 0.01 - 1e-12
    assert chance.mean() == pytest.approx(0.10, abs=0.005)
    drawn = np.mean([world.rng.random(len(batch)) < chance for _ in range(2000)], axis=0)
    assert np.abs(drawn - chance).max() < 0.06


def test_offenders_answer_to_being_found() -> None:
    scenario = load_scenario("steady", rows=20_000, weeks=40)
    _, _, watched = _weeks(scenario, inspect=1.0)
    _, _, left = _weeks(scenario, inspect=0.0)
    assert watched["fraud"].mean() < 0.8 * left["fraud"].mean()
    calm = load_scenario("calm", rows=20_000, weeks=40)
    assert _weeks(calm, inspect=1.0)[2]["fraud"].mean() == pytest.approx(_weeks(calm, inspect=0.0)[2]["fraud"].mean(), abs=0.004)


def test_a_campaign_brings_its_mechanism() -> None:
    _, declared, truth = _weeks(load_scenario("drift", rows=20_000), inspect=0.0)
    week = declared["day"] // 7
    quantity = truth["mechanism"] == MECHANISMS.index(Mechanism.QUANTITY) + 1
    assert quantity[week < 18].mean() < 0.002 < 0.01 < quantity[(week >= 18) & (week < 34)].mean()


def test_without_fraud_there_is_none() -> None:
    _, _, truth = _weeks(load_scenario("none", **SMALL))
    assert not truth["fraud"].any()
    assert truth["revenue"].sum() == 0


@pytest.mark.row("R49.1")
def test_postal_items_carry_what_the_forms_say(tmp_path: Path) -> None:
    generate_files(load_scenario("postal", rows=2000, weeks=8), tmp_path / "items.parquet", tmp_path / "truth.parquet", seed=1)
    items = pq.read_table(tmp_path / "items.parquet")
    assert {"item_id", "sender", "addressee", "contents", "hs6", "weight", "value", "category", "postage", "transit"} <= set(
        items.column_names
    )
    assert {"gift", "goods"} <= set(items["category"].to_pylist())


def test_invented_countries_are_no_real_ones() -> None:
    assert set(COUNTRIES) <= USER_ASSIGNED


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": 0},
        {"prevalence": 1.5},
        {"mix": {"magic": 1}},
        {"mix": {"split": -1}},
        {"color": 1},
        {"campaigns": [{"week": 3}]},
        {"variant": "air"},
    ],
)
def test_a_wrong_scenario_is_refused_with_what_is_wrong(wrong: dict) -> None:
    with pytest.raises(Invalid, match="scenario mine is wrong"):
        scenario_from("mine", wrong)


def test_an_unknown_scenario_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownScenario, match="steady"):
        load_scenario("nowhere")
    (tmp_path / "bad.toml").write_text("= = =")
    with pytest.raises(UnknownScenario, match="no TOML"):
        load_scenario(str(tmp_path / "bad.toml"))


def test_memory_holds_one_week(tmp_path: Path) -> None:
    tables = generate(load_scenario("steady", **SMALL), seed=1)
    sizes = [table.num_rows for table, _ in tables]
    assert len(sizes) == 20
    assert max(sizes) < 1000
