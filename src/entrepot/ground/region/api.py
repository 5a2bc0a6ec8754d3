"""The door of `region`."""

from .actions import (
    OverlappingStanding,
    add_facility,
    add_place,
    date_fact,
    edit_place,
    end_fact,
    hand_over_vice_chair,
    places_by_code,
    record_source,
)
from .facts import load_facts, load_past
from .queries import Network, Tile, find, in_force, network, regions, terms, terms_begun, vice_chair
from .rules import event_rules, place_rules, standing_rules

__all__ = [
    "Network",
    "OverlappingStanding",
    "Tile",
    "add_facility",
    "add_place",
    "date_fact",
    "edit_place",
    "end_fact",
    "event_rules",
    "find",
    "hand_over_vice_chair",
    "in_force",
    "load_facts",
    "load_past",
    "network",
    "place_rules",
    "places_by_code",
    "record_source",
    "regions",
    "standing_rules",
    "terms",
    "terms_begun",
    "vice_chair",
]
