"""Features: that they say what their words say, that none looks ahead, and that Spark agrees."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from entrepot.risk.declarations.api import connect, read, write
from entrepot.risk.features import engine
from entrepot.risk.features.api import CARRIED, FEATURES, Settings, compute, compute_on_spark, spark, whole
from entrepot.risk.generator.api import generate_files, load_scenario

TODAY = dt.date(2030, 1, 1)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("features")
    generate_files(load_scenario("networks", rows=3000, weeks=30), folder / "d.parquet", folder / "o.parquet", seed=4)
    checked = read(folder / "d.parquet", today=TODAY)
    write(checked.con, checked.good, folder / "clean.parquet")
    return folder / "clean.parquet"


def _run(table: pd.DataFrame, settings: Settings | None = None) -> pd.DataFrame:
    con = connect(threads=1)
    con.create_table("given", pa.Table.from_pandas(table, preserve_index=False))
    made = compute(con, con.table("given"), settings).to_pyarrow().to_pandas()
    con.disconnect()
    return made.sort_values("declaration_id").set_index("declaration_id")


@pytest.fixture(scope="module")
def table(clean: Path) -> pd.DataFrame:
    return pd.read_parquet(clean)


def _week(days: Any) -> Any:
    return (pd.to_datetime(days) - pd.Timestamp("2015-01-05")).dt.days // 7


@pytest.mark.row("R52.2")
def test_no_feature_sees_its_own_or_a_later_outcome_or_declaration(table: pd.DataFrame) -> None:
    """The proof: change everything that lies ahead, and every feature of what came before stays bit for bit the same."""
    before = _run(table)
    rng = np.random.default_rng(1)
    for cut in pd.to_datetime(table["lodged_on"]).sort_values().iloc[[len(table) // 3, 2 * len(table) // 3]]:
        monday = cut - pd.Timedelta(days=cut.weekday())
        changed = table.copy()
        when = pd.to_datetime(changed["lodged_on"])
        # Results of the week itself and of all later ones: known only from the Monday after.
        later = when >= monday
        changed.loc[later, "outcome"] = rng.choice(np.array([True, False, None], dtype=object), later.sum())
        changed.loc[later, "recovered"] = rng.random(later.sum()) * 1e6
        # Everything that is declared on later days.
        after = when > cut
        for name in ("importer", "seller", "payer", "phone", "address", "declarant", "office", "origin", "departure", "hs6"):
            changed.loc[after, name] = rng.permutation(changed.loc[after, name].to_numpy())
        for name in ("value", "net_mass", "quantity", "duty"):
            changed.loc[after, name] *= rng.lognormal(0, 2, after.sum())
        kept = table.loc[when <= cut, "declaration_id"]
        pd.testing.assert_frame_equal(
            before.loc[kept, list(FEATURES)], _run(changed).loc[kept, list(FEATURES)], check_exact=False, rtol=1e-6
        )
        fewer = _run(table[when <= cut])
        pd.testing.assert_frame_equal(before.loc[kept, list(FEATURES)], fewer.loc[kept, list(FEATURES)], check_exact=False, rtol=1e-6)


def test_features_made_some_weeks_at_a_time_are_the_same(table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_at_once = _run(table)
    monkeypatch.setattr(engine, "SLICE", 500)
    pd.testing.assert_frame_equal(_run(table), whole_at_once)


def test_the_proof_would_see_a_leak(table: pd.DataFrame) -> None:
    """Results of the week before do change the features: the perturbation is strong enough to show."""
    when = pd.to_datetime(table["lodged_on"])
    changed = table.copy()
    early = when < when.min() + pd.Timedelta(days=60)
    changed.loc[early, "outcome"] = True
    late = table.loc[~early, "declaration_id"]
    before, after = _run(table), _run(changed)
    for name in (
        "importer_rate",
        "seller_rate",
        "payer_rate",
        "hs6_rate",
        "chapter_rate",
        "origin_rate",
        "route_rate",
        "office_rate",
        "declarant_rate",
    ):
        assert not np.allclose(before.loc[late, name], after.loc[late, name]), name


def test_entity_rates_are_sums_by_hand(table: pd.DataFrame) -> None:
    settings = Settings(half_life=8, shrink=5)
    made = _run(table, settings)
    rows = table.assign(week=_week(table["lodged_on"]))
    seen = rows[rows["outcome"].notna()]

    def history(part: pd.DataFrame, week: int) -> tuple[float, float]:
        known = part[part["week"] < week]
        weight = 0.5 ** ((week - known["week"] - 1) / 8.0)
        return float((weight * known["outcome"].astype(float)).sum()), float(weight.sum())

    for row in rows.sample(60, random_state=1).itertuples():
        hits, count = history(seen, row.week)
        base = (hits + 0.02) / (count + 1)
        got = made.loc[row.declaration_id]
        for name in ("importer", "seller", "payer", "office", "declarant"):
            h, n = history(seen[seen[name] == getattr(row, name)], row.week)
            assert got[f"{name}_rate"] == pytest.approx((h + 5 * base) / (n + 5), rel=1e-4), name
        rate = base
        for name, length in (("chapter", 2), ("hs4", 4), ("hs6", 6)):
            h, n = history(seen[seen["hs6"].str[:length] == row.hs6[:length]], row.week)
            rate = (h + 5 * rate) / (n + 5)
            assert got[f"{name}_rate"] == pytest.approx(rate, rel=1e-4), name
        h, n = history(seen[seen["origin"] == row.origin], row.week)
        origin = (h + 5 * base) / (n + 5)
        h, n = history(seen[(seen["origin"] == row.origin) & (seen["departure"] == row.departure)], row.week)
        assert got["route_rate"] == pytest.approx((h + 5 * origin) / (n + 5), rel=1e-4)


def test_velocity_sharing_age_and_peers_are_counted_by_hand(table: pd.DataFrame) -> None:
    made = _run(table)
    rows = table.assign(day=pd.to_datetime(table["lodged_on"]), week=_week(table["lodged_on"]))
    price = np.log(rows["value"] / rows["net_mass"])
    block = rows["week"] // 8
    for row in rows.sample(80, random_state=2).itertuples():
        got = made.loc[row.declaration_id]
        window = rows[(rows["payer"] == row.payer) & (rows["day"] < row.day) & (rows["day"] >= row.day - pd.Timedelta(days=28))]
        assert got["payer_count"] == len(window)
        assert got["payer_value"] == pytest.approx(np.log(window["value"].sum() + 1), rel=1e-5, abs=1e-6)
        assert got["importer_age"] == (row.day - rows.loc[rows["importer"] == row.importer, "day"].min()).days
        for name in ("address", "phone", "payer"):
            others = rows[(rows[name] == getattr(row, name)) & (rows["day"] < row.day)]["importer"].nunique()
            assert got[f"{name}_importers"] == max(0, others - 1), name
        peers = price[(rows["hs6"] == row.hs6) & (block == row.week // 8 - 1)]
        if len(peers) < 8:
            peers = price[(rows["hs6"].str[:4] == row.hs6[:4]) & (block == row.week // 8 - 1)]
        own = np.log(row.value / row.net_mass)
        if len(peers) < 8:
            assert np.isnan(got["price_gap"])
        else:
            spread = max((peers.quantile(0.75) - peers.quantile(0.25)) / 1.349, 0.05)
            assert got["price_gap"] == pytest.approx(own - peers.median(), abs=1e-5)
            assert got["price_score"] == pytest.approx((own - peers.median()) / spread, rel=1e-4, abs=1e-4)


def test_every_row_gets_one_row_and_the_single_expression_says_the_same(clean: Path, table: pd.DataFrame) -> None:
    con = connect(threads=1)
    one = whole(con.read_parquet(str(clean))).to_pyarrow().to_pandas().sort_values("declaration_id").set_index("declaration_id")
    made = _run(table)
    assert list(made.reset_index().columns) == [*CARRIED, *FEATURES]
    assert len(made) == len(table)
    pd.testing.assert_frame_equal(made[list(FEATURES)], one[list(FEATURES)], rtol=1e-5)


def test_missing_names_share_no_history() -> None:
    rows = pd.DataFrame(
        {
            "declaration_id": [f"D{n}" for n in range(40)],
            "lodged_on": pd.date_range("2024-01-01", periods=40, freq="D"),
            "outcome": [True] * 40,
            "recovered": [1.0] * 40,
            "payer": [None] * 40,
            "seller": [None] * 40,
        }
    )
    fixed = {
        "office": "O",
        "transport": "sea",
        "importer": "I",
        "declarant": None,
        "address": None,
        "phone": None,
        "hs6": "640299",
        "origin": "XA",
    }
    fixed |= {"departure": None, "description": None, "quantity": None, "net_mass": 1.0, "value": 10.0, "preference": None, "duty": None}
    fixed |= {"inspected": True, "propensity": 1.0}
    given = rows.assign(**fixed).astype({"payer": "string", "seller": "string"})
    for name in ("declarant", "address", "phone", "departure", "description"):
        given[name] = given[name].astype("string")
    given["preference"], given["duty"], given["quantity"] = given["preference"].astype("boolean"), np.nan, np.nan
    made = _run(given)
    assert (made["payer_count"] == 0).all()
    assert (made["payer_importers"] == 0).all()
    assert made["importer_rate"].iloc[-1] > made["seller_rate"].iloc[0]
    assert (made["seller_seen"] == 0).all()


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
def test_spark_gives_the_same_features_from_the_same_expression(clean: Path, table: pd.DataFrame) -> None:
    pytest.importorskip("pyspark")
    made = _run(table)
    with spark() as con:
        there = compute_on_spark(con, clean).to_pyarrow().to_pandas().sort_values("declaration_id").set_index("declaration_id")
    pd.testing.assert_frame_equal(made[list(FEATURES)], there[list(FEATURES)], rtol=1e-5, check_dtype=False)
