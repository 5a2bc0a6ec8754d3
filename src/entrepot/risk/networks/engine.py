"""Alerts over a table of declarations, with identifiers that say nothing unless asked."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import numpy as np
import pyarrow as pa

from .core import Alert, borrowed, communities, links, rings, splits


def numbered(column: Any) -> tuple[Any, list[str]]:
    """Numbers (n,) for the texts of a column, -1 for missing, and the texts by number."""
    coded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, coded.dictionary.to_pylist()


def find_alerts(table: pa.Table, *, de_minimis: float = 150.0, window: int = 7, seed: int = 0) -> tuple[list[Alert], dict[str, list[str]]]:
    """All alerts of all rules on checked declarations, and the names behind their keys by kind."""
    importer, importers = numbered(table["importer"])
    names: dict[str, list[str]] = {"importer": importers}
    means = {}
    for kind in ("address", "phone", "payer"):
        means[kind], names[kind] = numbered(table[kind])
    day = table["lodged_on"].cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)
    value = np.nan_to_num(table["value"].to_numpy(zero_copy_only=False).astype(float))
    found = splits(means["payer"], day, value, limit=de_minimis, window=window)
    found += borrowed(importer, {kind: means[kind] for kind in ("phone", "payer")}, day)
    linked = links(importer, list(means.values()))
    label = communities(linked, seed=seed)
    names["community"] = [f"community {number}" for number in range(int(label.max()) + 1 if label.size else 0)]
    return found + rings(importer, label), names


def new_key() -> bytes:
    """A key for pseudonyms. Whoever has it can tie pseudonyms of two runs together, and try names."""
    return secrets.token_bytes(32)


def pseudonym(name: str, key: bytes) -> str:
    """A keyed digest of a name: the same name and key give the same twelve letters, and without the key nothing leads back.

    >>> pseudonym("I000001", b"k" * 32) == pseudonym("I000001", b"k" * 32) != pseudonym("I000001", b"j" * 32)
    True
    """
    return hashlib.blake2b(name.encode(), key=key, digest_size=6).hexdigest()
