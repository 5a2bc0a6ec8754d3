"""An adversary in code: what can be worked out of a published table by whoever knows the rule and can subtract."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from entrepot.kernel.disclosure import FEWEST, TOTAL, determined, guarded, suppress, with_totals


def _ranges(cells: dict[Any, int], sums: Any, hidden: frozenset[Any]) -> dict[Any, tuple[float, float]]:
    """For each hidden cell the lowest and highest value that agree with all that is shown: what a subtracting reader learns."""
    keys = sorted(hidden)
    place = {key: index for index, key in enumerate(keys)}
    matrix, right = [], []
    for total, parts in sums:
        row, rest = np.zeros(len(keys)), 0.0
        for key, sign in [(total, -1), *((part, 1) for part in parts)]:
            if key in place:
                row[place[key]] += sign
            else:
                rest -= sign * cells[key]
        matrix.append(row)
        right.append(rest)
    found = {}
    for key in keys:
        goal = np.zeros(len(keys))
        goal[place[key]] = 1
        ends = [linprog(sign * goal, A_eq=np.array(matrix), b_eq=right, bounds=(0, None), method="highs") for sign in (1, -1)]
        low, high = ends[0].fun, -ends[1].fun if ends[1].status == 0 else np.inf
        found[key] = (low, high)
    return found


def _attack(counts: dict[tuple[str, ...], int]) -> None:
    cells, sums = with_totals(counts)
    hidden = suppress(cells, sums)
    assert {key for key, n in cells.items() if 0 < n < FEWEST} <= hidden
    assert determined(hidden, sums) == set()
    for key, (low, high) in _ranges(cells, sums, hidden).items() if hidden else ():
        assert high - low >= 0.99, f"{key} = {cells[key]} follows from what is shown"
    for total, parts in sums:
        gone = [part for part in parts if part in hidden]
        if gone and total not in hidden:
            assert sum(cells[part] for part in gone) >= FEWEST, "a difference is a group of its own"


@pytest.mark.row("R21.4", "R22.4")
@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 14), min_size=1, max_size=12))
def test_a_row_with_its_total_gives_no_small_cell_away(values: list[int]) -> None:
    _attack({(f"m{index:02}",): value for index, value in enumerate(values)})


@pytest.mark.parametrize("seed", range(40))
def test_a_table_with_both_totals_gives_no_small_cell_away(seed: int) -> None:
    chance = random.Random(seed)
    rows, columns = chance.randint(2, 7), chance.randint(2, 4)
    top = chance.choice((6, 12, 40))
    _attack({(f"r{r}", f"c{c}"): chance.randint(0, top) for r in range(rows) for c in range(columns)})


@pytest.mark.parametrize("seed", range(6))
def test_a_table_in_three_ways_gives_no_small_cell_away(seed: int) -> None:
    chance = random.Random(100 + seed)
    _attack({(f"a{a}", f"b{b}", f"c{c}"): chance.randint(0, 15) for a in range(3) for b in range(3) for c in range(2)})


def test_a_figure_for_all_and_one_for_all_but_a_few_is_not_a_way_in() -> None:
    """Two reports that overlap: everyone, and everyone who is not of a Member with three participants."""
    cells = {"all": 40, "others": 37, "few": 3}
    hidden = suppress(cells, [("all", ["others", "few"])])
    assert "few" in hidden
    assert hidden & {"all", "others"}, "one of the two figures has to go, or the difference is the three"


def test_without_the_second_step_the_adversary_wins() -> None:
    """The attack itself works: with primary suppression alone it finds the cell."""
    cells, sums = with_totals({("a",): 3, ("b",): 9, ("c",): 11})
    assert _ranges(cells, sums, frozenset({("a",)}))["a",] == (3, 3)


def test_what_is_large_enough_is_said_and_a_nought_too() -> None:
    assert guarded({("a",): 5, ("b",): 0, ("c",): 8}) == {("a",): 5, ("b",): 0, ("c",): 8, (TOTAL,): 13}


def test_thirty_five_members_by_gender_take_no_time() -> None:
    import time

    chance = random.Random(1)
    counts = {(f"m{m}", g): chance.randint(0, 20) for m in range(35) for g in ("women", "men", "other", "not_said")}
    begun = time.perf_counter()
    found = guarded(counts)
    assert time.perf_counter() - begun < 0.5
    assert sum(value is not None for value in found.values()) > len(found) / 2
