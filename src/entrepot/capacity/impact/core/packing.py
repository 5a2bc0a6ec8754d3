"""Findings and promises as plain JSON, and back: kept with a story, and put into words when they are read, in the reader's language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..enums import Reason, Verdict
from .differences import Estimate, Lead
from .interrupted import Break
from .promise import Noise, Promise
from .reckoning import Check, Found, Line

INFINITE = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def _plain(value: Any) -> Any:
    match value:
        case float() if not math.isfinite(value):
            return str(value)
        case float():
            # Twelve digits: the same on every machine, whatever its arithmetic does in the last ones.
            return float(f"{value:.12g}")
        case dict():
            return {key: _plain(part) for key, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
    return value


def _number(value: Any) -> Any:
    return INFINITE.get(value, value) if isinstance(value, str) else value


def _made(of: Any, row: Mapping[str, Any]) -> Any:
    return of(**{name: _number(value) for name, value in row.items()})


def packed(found: Found) -> dict[str, Any]:
    """A finding as plain JSON."""
    return dict(_plain(asdict(found)))


def unpacked(row: Mapping[str, Any]) -> Found:
    """What `packed` was made from."""
    return Found(
        verdict=Verdict(row["verdict"]),
        reasons=tuple(Reason(reason) for reason in row["reasons"]),
        estimate=_made(Estimate, row["estimate"]) if row["estimate"] else None,
        broken=_made(Break, row["broken"]) if row["broken"] else None,
        checks=tuple(Check(c["code"], c["holds"], {k: _number(v) for k, v in c["figures"].items()}) for c in row["checks"]),
        leads=tuple(_made(Lead, lead) for lead in row["leads"]),
        lines=tuple(_made(Line, line) for line in row["lines"]),
        left_out=tuple(row["left_out"]),
        alone=tuple(row["alone"]),
    )


def packed_promise(promised: Promise | None) -> dict[str, Any]:
    """A promise as plain JSON; nothing where there is none."""
    return dict(_plain(asdict(promised))) if promised else {}


def unpacked_promise(row: Mapping[str, Any]) -> Promise | None:
    """What `packed_promise` was made from."""
    return Promise(row["least"], row["power"], row["members"], Noise(**row["noise"])) if row else None
