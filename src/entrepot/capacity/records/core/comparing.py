"""Whether two statements say the same: what makes a repeat harmless and a contradiction a conflict."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .atoms import moment
from .faults import Fault

_HUNDREDTHS = re.compile(r"([.,]\d\d)\d+(?=S$)")
"""Durations are compared to the hundredth of a second, as the specification says."""
GIVEN_BY_STORE = frozenset({"stored", "authority", "version", "id", "timestamp"})
"""What a store may have set or changed itself."""


def same(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two sound statements with one identifier say the same, whatever their spelling.

    Left out: what the store sets, and the order of names. Equal in any spelling: an objectType that goes without saying, a single context
    activity outside a list, 1 and 1.0, the case of a UUID. A time stamp counts where both have one.
    """
    if {name: _plain(value) for name, value in first.items() if name not in GIVEN_BY_STORE} != {
        name: _plain(value) for name, value in second.items() if name not in GIVEN_BY_STORE
    }:
        return False
    if "timestamp" not in first or "timestamp" not in second:
        return True
    try:
        return moment(first["timestamp"]) == moment(second["timestamp"])
    except Fault:
        return bool(first["timestamp"] == second["timestamp"])


def _plain(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        plain = {key: _plain(inner, key) for key, inner in value.items() if not (key == "objectType" and inner in ("Agent", "Activity"))}
        if name == "contextActivities":
            plain = {key: inner if isinstance(inner, list) else [inner] for key, inner in plain.items()}
        return plain
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool):
        return ("truth", value)
    if isinstance(value, str):
        if name == "duration":
            return _HUNDREDTHS.sub(r"\1", value)
        return value.lower() if name in ("id", "registration", "mbox") and len(value) < 400 else value
    return value
