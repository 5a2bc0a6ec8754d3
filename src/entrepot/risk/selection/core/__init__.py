"""Selection by chances that are known, and what may be concluded from them. No files, no clock."""

from .bandit import ARMS, Bandit
from .design import Exploration, Ground, Hits, Lane, Plan, Selection, curiosity, may_reroute, select
from .drift import Drift, drift
from .estimates import NothingKnown, compliance, precision, rate, total
from .sampling import carried, examiners, proportional, systematic

__all__ = [
    "ARMS",
    "Bandit",
    "Drift",
    "Exploration",
    "Ground",
    "Hits",
    "Lane",
    "NothingKnown",
    "Plan",
    "Selection",
    "carried",
    "compliance",
    "curiosity",
    "drift",
    "examiners",
    "may_reroute",
    "precision",
    "proportional",
    "rate",
    "select",
    "systematic",
    "total",
]
