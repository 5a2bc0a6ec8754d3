"""Links and alerts against brute force, and against the generator's truth."""

from __future__ import annotations

import itertools
from collections import defaultdict
from pathlib import Path

import networkx as nx
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.kernel.errors import Invalid
from entrepot.risk.generator.api import generate_files, load_scenario
from entrepot.risk.networks.api import borrowed, communities, components, find_alerts, links, precision_of, rings, splits


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(-1, 5), st.integers(-1, 5)), min_size=1, max_size=40), st.integers(1, 6))
@settings(max_examples=80)
def test_links_and_components_are_those_of_networkx(rows: list[tuple[int, int, int]], hub: int) -> None:
    importer, address, phone = (np.array(column) for column in zip(*rows, strict=True))
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(range(int(importer.max()) + 1))
    for thing in (address, phone):
        users = defaultdict(set)
        for who, what in zip(importer, thing, strict=True):
            if what >= 0:
                users[what].add(int(who))
        for inside in users.values():
            if len(inside) <= hub:
                for one, other in itertools.combinations(sorted(inside), 2):
                    weight = graph.get_edge_data(one, other, {"weight": 0})["weight"]
                    graph.add_edge(one, other, weight=weight + 1)
    found = links(importer, [address, phone], hub=hub)
    assert {(a, b): w for a, b, w in zip(found.one.tolist(), found.other.tolist(), found.weight.tolist(), strict=True)} == {
        (min(a, b), max(a, b)): w for a, b, w in graph.edges(data="weight")
    }
    label = components(found)
    assert {frozenset(np.flatnonzero(label == k).tolist()) for k in set(label)} == {
        frozenset(part) for part in nx.connected_components(graph)
    }


def test_planted_rings_are_found_again() -> None:
    rng = np.random.default_rng(1)
    ring = np.repeat(np.arange(5), 12)
    one, other, weight = [], [], []
    for a, b in itertools.combinations(range(60), 2):
        if rng.random() < (0.8 if ring[a] == ring[b] else 0.01):
            one.append(a)
            other.append(b)
            weight.append(3 if ring[a] == ring[b] else 1)
    from entrepot.risk.networks.api import Links

    label = communities(Links(np.array(one), np.array(other), np.array(weight), 60), seed=1)
    assert all(len(set(label[ring == k])) == 1 for k in range(5))
    assert len(set(label)) == 5


@given(
    st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 30), st.integers(10, 200)), min_size=1, max_size=40),
    st.integers(1, 10),
    st.integers(2, 4),
)
@settings(max_examples=120)
def test_splits_are_what_trying_every_window_finds(rows: list[tuple[int, int, int]], window: int, least: int) -> None:
    key, day, value = (np.array(column) for column in zip(*rows, strict=True))
    found = splits(key, day, value.astype(float), limit=150, window=window, least=least)
    flagged = {row for alert in found for row in alert.rows.tolist()}
    under = [row for row in range(len(rows)) if key[row] >= 0 and 75 <= value[row] < 150]
    for one in range(4):
        for start in range(31):
            inside = [row for row in under if key[row] == one and start <= day[row] < start + window]
            if len(inside) >= least and sum(value[row] for row in inside) > 150:
                assert set(inside) <= flagged
    for alert in found:
        assert len({int(key[row]) for row in alert.rows}) == 1
        assert set(alert.rows.tolist()) <= set(under)
        days = np.sort(day[alert.rows])
        assert (np.diff(days) < window).all()
        assert value[alert.rows].sum() > 150


def test_borrowed_identities_are_counted_by_hand() -> None:
    importer = np.array([0, 0, 1, 1, 2, 2, 3, 0, 1, 2, 3, 3])
    phone = np.array([0, 0, 1, 1, 2, 2, 3, 9, 9, 9, 3, -1])
    found = borrowed(importer, {"phone": phone}, np.arange(12))
    assert [alert.rows.tolist() for alert in found] == [[7, 8, 9]]
    assert found[0].score == pytest.approx(3 * 3 / 3)
    assert "3 importers" in found[0].seen
    assert borrowed(importer, {"phone": phone}, np.arange(12), least=4) == []


@pytest.mark.row("R52.1", "R52.2", "R52.3")
def test_alerts_find_far_more_than_chance_and_than_a_plain_rule(tmp_path: Path) -> None:
    generate_files(load_scenario("networks", rows=20_000, weeks=40), tmp_path / "d.parquet", tmp_path / "o.parquet", seed=2)
    table, oracle = pq.read_table(tmp_path / "d.parquet"), pq.read_table(tmp_path / "o.parquet")
    fraud = oracle["fraud"].to_numpy()
    alerts, names = find_alerts(table)
    value = table["value"].to_numpy()
    rule = fraud[(value > 0.5 * 150) & (value < 150)].mean()
    for name, least in (("split-consignment", 0.85), ("borrowed-identity", 0.9)):
        mine = [alert for alert in alerts if alert.rule == name]
        top = precision_of(mine, fraud, 100)
        assert top > least
        assert top > 5 * fraud.mean()
        if name == "split-consignment":
            assert top > 1.5 * rule
    for alert in alerts:
        assert alert.rows.size
        assert alert.seen
        assert names[alert.kind][alert.key]


def test_rings_hold_every_row_of_their_importers() -> None:
    importer = np.array([0, 1, 2, 0, 3])
    found = rings(importer, np.array([0, 0, 0, 1]), least=3)
    assert [alert.rows.tolist() for alert in found] == [[0, 1, 2, 3]]


def test_arguments_that_cannot_be_are_refused() -> None:
    with pytest.raises(Invalid):
        splits(np.zeros(1, int), np.zeros(1, int), np.zeros(1), limit=0)
