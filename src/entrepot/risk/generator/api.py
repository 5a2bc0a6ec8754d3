"""The room's door."""

from .core import COUNTRIES, MECHANISMS, Batch, Campaign, Mechanism, PostalWorld, Scenario, World, legacy_probabilities, scenario_from
from .engine import (
    Made,
    UnknownScenario,
    generate,
    generate_files,
    load_scenario,
    oracle_of,
    scenarios,
    table_of,
    with_results,
    world_of,
)

__all__ = [
    "COUNTRIES",
    "MECHANISMS",
    "Batch",
    "Campaign",
    "Made",
    "Mechanism",
    "PostalWorld",
    "Scenario",
    "UnknownScenario",
    "World",
    "generate",
    "generate_files",
    "legacy_probabilities",
    "load_scenario",
    "oracle_of",
    "scenario_from",
    "scenarios",
    "table_of",
    "with_results",
    "world_of",
]
