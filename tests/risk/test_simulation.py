"""The weekly protocol, small: what it may know, what it reports, and that nothing is found where nothing is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from entrepot.desk.cli import main
from entrepot.kernel.errors import Invalid
from entrepot.risk.generator.api import load_scenario
from entrepot.risk.selection.api import DEFAULT, STRATEGIES, Protocol, report, simulate, simulate_all

BY_NAME = {one.name: one for one in STRATEGIES}
SHORT = Protocol(full=3, fall=3)


def test_the_rate_falls_from_all_to_its_floor() -> None:
    rates = [Protocol(full=2, fall=3, rate=0.1).at(week) for week in range(8)]
    assert rates[:2] == [1.0, 1.0]
    assert rates[5:] == [0.1, 0.1, 0.1]
    assert (np.diff(rates) <= 0).all()
    with pytest.raises(Invalid):
        Protocol(full=0)


@pytest.mark.slow
def test_with_no_fraud_at_all_none_is_found() -> None:
    scenario = load_scenario("none", rows=2500, weeks=14)
    for strategy in STRATEGIES:
        weeks = simulate(scenario, strategy, seed=1, protocol=SHORT)
        assert sum(week.found for week in weeks) == 0
        assert sum(week.revenue for week in weeks) == 0
        assert all(week.low <= 0 for week in weeks if not np.isnan(week.low))


@pytest.mark.slow
@pytest.mark.row("R49.3")
def test_strategies_beside_the_oracle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = [
        "risk",
        "simulate",
        "--rows",
        "6000",
        "--weeks",
        "24",
        "--seeds",
        "2",
        "--strategies",
        f"exploitation,{DEFAULT}",
        "--plot",
        str(tmp_path / "s.svg"),
        "--json",
    ]
    assert main(call) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "entrepot-risk-simulation/1"
    default, alone = found["strategies"][DEFAULT], found["strategies"]["exploitation"]
    assert 0.3 < default["norm_revenue"]["value"] <= 1
    assert alone["coverage"] is None, "who never explores cannot know what is missed"
    assert default["coverage"]["weeks"] > 10
    assert default["coverage"]["high"] >= 0.95
    assert default["hit_rate"] > 0.08
    assert (tmp_path / "s.svg").stat().st_size > 5000


@pytest.mark.slow
def test_runs_do_not_depend_on_how_many_are_done_at_a_time() -> None:
    scenario = load_scenario("drift", rows=1500, weeks=8)
    chosen = (BY_NAME["random"], BY_NAME["bandit"])
    one = simulate_all(scenario, seeds=1, strategies=chosen, protocol=SHORT)
    two = simulate_all(scenario, seeds=1, strategies=chosen, protocol=SHORT, jobs=2)
    assert json.dumps(report(scenario, one, protocol=SHORT)) == json.dumps(report(scenario, two, protocol=SHORT))
