"""Comparison of Members over time with honest doubt, with no Django and no database: panels in, verdicts with their reasons out."""

from .differences import Estimate, Lead, compare, leads
from .interrupted import Break, find_break
from .matching import Matched, match
from .promise import Noise, Promise, noise
from .reckoning import Check, Found, Line, Plan, obstacles, promised, reckon
from .types import Panel, complete
from .words import CAUSAL, CHECKS, causal, checked, explained, figure, in_words, promised_in_words, wanted

__all__ = [
    "CAUSAL",
    "CHECKS",
    "Break",
    "Check",
    "Estimate",
    "Found",
    "Lead",
    "Line",
    "Matched",
    "Noise",
    "Panel",
    "Plan",
    "Promise",
    "causal",
    "checked",
    "compare",
    "complete",
    "explained",
    "figure",
    "find_break",
    "in_words",
    "leads",
    "match",
    "noise",
    "obstacles",
    "promised",
    "promised_in_words",
    "reckon",
    "wanted",
]
