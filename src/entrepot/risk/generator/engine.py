"""Runs a scenario and writes what it made: declarations with the labels that inspection left, and the oracle in a file apart."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from entrepot.kernel.errors import DomainError
from entrepot.risk.measures.core import Bools, Floats

from .core import COUNTRIES, MECHANISMS, Batch, PostalWorld, Scenario, World, legacy_probabilities, scenario_from
from .core.postal import CATEGORIES

SCENARIOS = Path(__file__).parent / "scenarios"
TRANSPORT = ("sea", "air", "road", "post")
WORDS = ("{hs} item, model {number}, new", "{hs} goods", "goods")
POSTAL = {
    "declaration_id": "item_id",
    "lodged_on": "announced_on",
    "importer": "addressee",
    "seller": "sender",
    "declarant": "operator",
    "departure": "transit",
    "description": "contents",
    "net_mass": "weight",
}


class UnknownScenario(DomainError):
    """No scenario of this name comes with the product, and there is no such file."""

    code = "unknown-scenario"


def scenarios() -> dict[str, str]:
    """The scenarios that come with the product, with their titles."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["title"] for path in sorted(SCENARIOS.glob("*.toml"))}


def load_scenario(name: str, **changes: Any) -> Scenario:
    """A scenario by name, or from a TOML file of the caller's, with changes on top. Raises `UnknownScenario` or `Invalid`.

    >>> load_scenario("none", rows=500).prevalence
    0.0
    """
    path = Path(name) if name.endswith(".toml") else SCENARIOS / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(scenarios())
        raise UnknownScenario(
            "There is no scenario %(name)s. There are %(known)s, or give a file that ends in .toml.", name=name, known=known
        )
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnknownScenario("%(path)s is no TOML file: %(why)s", path=path, why=error) from None
    return scenario_from(path.stem, data, **changes)


def world_of(scenario: Scenario, *, seed: int) -> World:
    """The world of a scenario, from its first week."""
    return (PostalWorld if scenario.variant == "postal" else World)(scenario, np.random.default_rng(seed))


def _coded(codes: Any, names: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.asarray(codes, dtype=np.int32)), pa.array(names))


def _named(codes: Any, letter: str) -> pa.DictionaryArray:
    """Entity numbers as identifiers, `I000123`; only those that occur are spelt out."""
    used, inverse = np.unique(codes, return_inverse=True)
    return _coded(inverse, [f"{letter}{number:06d}" for number in used])


def table_of(world: World, batch: Batch, first: int, *, prefix: str = "") -> pa.Table:
    """A batch as a table in the layout `declarations`, without results; `first` is the number of its first row."""
    declared, lines = batch.declared, world.lines
    start = np.datetime64(world.scenario.start_on, "D")
    descriptions = [words.format(hs=f"heading {hs[:4]}", number=hs[4:]) for hs in lines.hs6 for words in WORDS]
    columns: dict[str, Any] = {
        "declaration_id": pa.array([f"{prefix}D{number:09d}" for number in range(first, first + len(batch))]),
        "lodged_on": pa.array(start + declared["day"].astype("timedelta64[D]")),
        "office": _coded(declared["office"], [f"{prefix}O{number:02d}" for number in range(world.scenario.offices)]),
        "transport": _coded(declared["transport"], list(TRANSPORT)),
    }
    for name, letter in (("importer", "I"), ("declarant", "B"), ("seller", "S"), ("address", "A"), ("phone", "P"), ("payer", "Y")):
        columns[name] = _named(declared[name], prefix + letter)
    columns["hs6"] = _coded(declared["line"], list(lines.hs6))
    columns["origin"] = _coded(declared["origin"], list(COUNTRIES))
    columns["departure"] = _coded(declared["departure"], list(COUNTRIES))
    columns["description"] = _coded(declared["line"] * 3 + declared["words"], descriptions)
    for name, digits in (("quantity", 0), ("net_mass", 3), ("value", 2)):
        columns[name] = pa.array(np.round(declared[name], digits))
    columns["preference"] = pa.array(declared["preference"])
    columns["duty"] = pa.array(np.round(declared["duty"], 2))
    if "category" in declared:
        columns["category"] = _coded(declared["category"], list(CATEGORIES))
        columns["postage"] = pa.array(declared["postage"])
    return pa.table(columns)


def with_results(table: pa.Table, *, inspected: Bools, found: Bools, revenue: Floats, propensity: Floats) -> pa.Table:
    """The table with what inspection left: outcome and revenue only where someone looked."""
    unseen = ~inspected
    return (
        table.append_column("inspected", pa.array(inspected))
        .append_column("outcome", pa.array(found, mask=unseen))
        .append_column("recovered", pa.array(np.round(np.where(found, revenue, 0.0), 2), mask=unseen))
        .append_column("propensity", pa.array(propensity))
    )


def oracle_of(world: World, batch: Batch, identifiers: Any) -> pa.Table:
    """The truth about a batch: what is false, how, what should have been declared, what it costs, whether inspection would find it."""
    truth = batch.truth
    return pa.table(
        {
            "declaration_id": identifiers,
            "fraud": pa.array(truth["fraud"]),
            "mechanism": _coded(truth["mechanism"], ["", *MECHANISMS]),
            "would_find": pa.array(truth["would_find"]),
            "revenue": pa.array(np.round(truth["revenue"], 2)),
            "true_value": pa.array(np.round(truth["value"], 2)),
            "true_hs6": _coded(truth["line"], list(world.lines.hs6)),
            "true_origin": _coded(truth["origin"], list(COUNTRIES)),
            "true_quantity": pa.array(truth["quantity"]),
            "true_importer": _named(truth["offender"], "I"),
            "consignment": pa.array([f"{batch.week}-{number}" for number in truth["consignment"]]),
        }
    )


@dataclass(frozen=True, slots=True)
class Made:
    """What was written."""

    rows: int
    fraud: int
    inspected: int
    found: int
    revenue_at_stake: float
    revenue_found: float


def generate(scenario: Scenario, *, seed: int, progress: Callable[[int, int], None] | None = None) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Week after week: the declarations with their labels, and the oracle for the same rows. Memory holds one week and the entities."""
    world = world_of(scenario, seed=seed)
    first = 1
    for week in range(scenario.weeks):
        batch = world.next_week()
        chance = legacy_probabilities(world, batch)
        inspected = world.rng.random(len(batch)) < chance
        found = world.respond(batch, inspected)
        table = table_of(world, batch, first)
        labelled = with_results(table, inspected=inspected, found=found, revenue=batch.truth["revenue"], propensity=chance)
        yield labelled, oracle_of(world, batch, table["declaration_id"])
        first += len(batch)
        if progress:
            progress(week + 1, scenario.weeks)


def generate_files(scenario: Scenario, out: Path, oracle: Path, *, seed: int, progress: Callable[[int, int], None] | None = None) -> Made:
    """Write declarations to `out` and the oracle to `oracle`, each as CSV or Parquet by its ending."""
    rows = fraud = inspected = found = 0
    stake = revenue = 0.0
    with _Writer(out) as data, _Writer(oracle) as truth:
        for table, known in generate(scenario, seed=seed, progress=progress):
            rows += table.num_rows
            fraud += known["fraud"].to_numpy().sum()
            seen = table["inspected"].to_numpy()
            inspected += seen.sum()
            hit = table["outcome"].fill_null(False).to_numpy()
            found += hit.sum()
            stake += known["revenue"].to_numpy().sum()
            revenue += known["revenue"].to_numpy()[hit].sum()
            data.write(table.rename_columns([POSTAL.get(n, n) for n in table.column_names]) if scenario.variant == "postal" else table)
            truth.write(known)
    return Made(rows, int(fraud), int(inspected), int(found), float(stake), float(revenue))


class _Writer:
    """CSV or Parquet, opened with the first table's columns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sink: Any = None

    def __enter__(self) -> _Writer:
        return self

    def write(self, table: pa.Table) -> None:
        # Plain strings: a dictionary that differs from week to week would split the file's row groups for nothing.
        plain = table.cast(pa.schema([(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]))
        if self.sink is None:
            is_parquet = self.path.suffix.lower() in (".parquet", ".pq")
            self.sink = (
                pq.ParquetWriter(self.path, plain.schema, compression="zstd") if is_parquet else pa_csv.CSVWriter(self.path, plain.schema)
            )
        self.sink.write_table(plain)

    def __exit__(self, *_: object) -> None:
        if self.sink is not None:
            self.sink.close()
