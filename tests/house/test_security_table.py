"""The table of OWASP ASVS in docs/security.md: complete, and each test that it names is one."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Levels 1 and 2 of ASVS 5.0.0: in each section the numbers run from 1 to this one.
LAST = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}
NUMBERS = [f"V{section}.{number}" for section, last in LAST.items() for number in range(1, last + 1)]
VERDICTS = ("met", "not met", "not applicable")
_ROW = re.compile(r"^\| (V[\d.]+)(?:–(V[\d.]+))? \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_PLACE = re.compile(r"`([a-z_]+/[\w/.]+\.(?:py|js|html))`")


@cache
def _page() -> str:
    return (ROOT / "docs/security.md").read_text()


def _numbers(first: str, last: str) -> list[str]:
    section, begin = first.rsplit(".", 1)
    other, end = (last or first).rsplit(".", 1)
    assert section == other, "a range stays within its section"
    return [f"{section}.{number}" for number in range(int(begin), int(end) + 1)]


def _rows() -> list[tuple[list[str], str, str, str]]:
    return [(_numbers(first, last), asks, verdict, why) for first, last, asks, verdict, why in _ROW.findall(_page())]


@cache
def _tests(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


def test_every_requirement_stands_once_in_its_order() -> None:
    assert len(NUMBERS) == 253
    assert [number for numbers, *_ in _rows() for number in numbers] == NUMBERS


def test_every_row_has_a_verdict_and_says_why_in_few_words_of_our_own() -> None:
    for numbers, asks, verdict, why in _rows():
        assert verdict in VERDICTS, numbers
        assert len(asks.split()) <= 10, numbers
        assert why.strip(), numbers


def test_each_test_and_place_that_is_named_exists() -> None:
    named = _TEST.findall(_page())
    assert len(named) > 100
    assert [f"{file}::{name}" for file, name in named if name not in _tests(file)] == []
    places = {place for *_, why in _rows() for place in _PLACE.findall(why) if not place.startswith("tests/")}
    assert [place for place in places if not (ROOT / "src/entrepot" / place).exists()] == []


def test_the_counts_are_right() -> None:
    counted = Counter(verdict for numbers, _, verdict, _ in _rows() for _ in numbers)
    stated = dict(re.findall(r"^\| (met|not met|not applicable|all) \| (\d+) \|$", _page(), re.MULTILINE))
    assert {name: int(number) for name, number in stated.items()} == {**counted, "all": len(NUMBERS)}
