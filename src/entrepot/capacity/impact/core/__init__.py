"""Comparison of Members over time with honest doubt, with no Django and no database: panels in, verdicts with their reasons out."""

from .differences import Estimate, Lead, compare, leads
from .interrupted import Break, find_break
from .matching import Matched, match
from .packing import packed, packed_promise, unpacked, unpacked_promise
from .promise import Noise, Promise, noise
from .reckoning import Check, Found, Line, Plan, obstacles, promised, reckon
from .types import Panel, complete
from .words import CAUSAL, CHECKS, causal, checked, differing, explained, figure, in_money, in_words, promised_in_words, wanted
from .worth import Return, Worth, returned

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
    "Return",
    "Worth",
    "causal",
    "checked",
    "compare",
    "complete",
    "differing",
    "explained",
    "figure",
    "find_break",
    "in_money",
    "in_words",
    "leads",
    "match",
    "noise",
    "obstacles",
    "packed",
    "packed_promise",
    "promised",
    "promised_in_words",
    "reckon",
    "returned",
    "unpacked",
    "unpacked_promise",
    "wanted",
]
