"""Profiles from files, and history from checked declarations."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from entrepot.kernel.errors import DomainError

from .core import History, Outcomes, Profile, TextColumn, profile_from

LARGEST = 20_000_000
TEXTS = ("office", "transport", "importer", "declarant", "seller", "address", "phone", "payer", "hs6", "origin", "departure", "description")
NUMBERS = ("quantity", "net_mass", "value", "duty", "postage")
FIELDS: dict[str, str] = {
    **dict.fromkeys((*TEXTS, "category"), "text"),
    **dict.fromkeys((*NUMBERS, "price", "preference", "score"), "number"),
}
"""What criteria may name: the declaration's columns, `price` (value by mass), `preference` (1 or 0), and `score` where rows are scored."""


class UnreadableProfiles(DomainError):
    """The file holds no profiles."""

    code = "unreadable-profiles"


def load_profiles(path: Path, fields: Mapping[str, str] | None = None) -> list[Profile]:
    """Profiles from JSON (a list, or an object with `profiles`) or TOML (`[[profiles]]`). Raises `UnreadableProfiles` or `Invalid`."""
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableProfiles("%(path)s is too large for a file of profiles.", path=path)
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadableProfiles("%(path)s cannot be read: %(why)s", path=path, why=str(error)[:200]) from None
    entries = data.get("profiles") if isinstance(data, dict) else data
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UnreadableProfiles("%(path)s holds no list of profiles.", path=path)
    return [profile_from(entry, fields or FIELDS) for entry in entries]


def history_of(table: pa.Table) -> tuple[History, Outcomes]:
    """History and outcomes from checked declarations in memory."""
    texts = {name: _numbered(table[name]) for name in (*TEXTS, "category") if name in table.column_names}
    numbers = {name: _floats(table[name]) for name in (*NUMBERS, "score") if name in table.column_names}
    with np.errstate(divide="ignore", invalid="ignore"):
        numbers["price"] = np.where(numbers["net_mass"] > 0, numbers["value"] / numbers["net_mass"], np.nan)
    numbers["preference"] = _floats(table["preference"].cast(pa.float64()))
    outcome = _floats(table["outcome"].cast(pa.float64()))
    office = texts["office"]
    day = table["lodged_on"].cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)
    outcomes = Outcomes(
        day=day,
        office=office.codes.astype(np.int64),
        offices=office.words,
        inspected=~np.isnan(outcome),
        found=outcome == 1.0,
        revenue=np.nan_to_num(_floats(table["recovered"])),
    )
    return History(texts, numbers, table.num_rows), outcomes


def _numbered(column: Any) -> TextColumn:
    coded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return TextColumn(codes, tuple(coded.dictionary.to_pylist()))


def _floats(column: Any) -> Any:
    return column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
