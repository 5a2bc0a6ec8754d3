"""Invented trade and fraud, week by week. No files, no clock; the generator of random numbers is passed in."""

from .postal import PostalWorld
from .scenario import MECHANISMS, Campaign, Mechanism, Scenario, scenario_from
from .trade import COUNTRIES, HUBS
from .world import Batch, World, legacy_probabilities

__all__ = [
    "COUNTRIES",
    "HUBS",
    "MECHANISMS",
    "Batch",
    "Campaign",
    "Mechanism",
    "PostalWorld",
    "Scenario",
    "World",
    "legacy_probabilities",
    "scenario_from",
]
