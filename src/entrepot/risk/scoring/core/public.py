"""The public customs data as numbers: its look-up tuple, and encodings that a model may learn from without seeing a row's own label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from entrepot.risk.measures.core import Floats, Ints

Texts = Mapping[str, npt.NDArray[Any]]
TUPLE = ("HS6 Code", "Country of Departure", "Country of Origin", "Tax Rate", "Tax Type", "Net Mass")
"""With price by mass, the columns that the data's generator glued to both labels."""
ENCODED: dict[str, tuple[str, ...]] = {
    "hs6": ("HS6 Code",),
    "hs4": ("HS4",),
    "chapter": ("HS2",),
    "departure": ("Country of Departure",),
    "origin": ("Country of Origin",),
    "route": ("Country of Departure", "Country of Origin"),
    "tax_type": ("Tax Type",),
    "tax_rate": ("Tax Rate",),
    "hs6_origin": ("HS6 Code", "Country of Origin"),
    "hs4_origin": ("HS4", "Country of Origin"),
    "chapter_tax": ("HS2", "Tax Type"),
    "hs6_tax": ("HS6 Code", "Tax Type", "Tax Rate"),
}
NEEDED = (*TUPLE, "Item Price", "Date", "Fraud", "Critical Fraud", "Importer ID", "Declarant ID")


def tuples(columns: Texts) -> Ints:
    """Each row's look-up tuple as a number from 0, (n,): equal tuples, equal numbers. Price by mass is rounded to two digits."""
    price, mass = columns["Item Price"].astype(float), columns["Net Mass"].astype(float)
    unit = np.round(price / np.maximum(mass, 1e-9), 2).astype(str)
    return joint([*(columns[name] for name in TUPLE), unit])


def joint(parts: list[npt.NDArray[Any]]) -> Ints:
    """Number the distinct combinations of several columns (n,) from 0."""
    number = np.zeros(len(parts[0]), dtype=np.int64)
    for part in parts:
        _, code = np.unique(part, return_inverse=True)
        _, number = np.unique(number * (int(code.max()) + 1) + code.ravel(), return_inverse=True)
        number = number.ravel()
    return number


def categories(columns: Texts) -> dict[str, Ints]:
    """The numbered combinations of `ENCODED`."""
    hs6 = columns["HS6 Code"].astype(str)
    whole = {**columns, "HS4": hs6.astype("<U4"), "HS2": hs6.astype("<U2")}
    return {name: joint([whole[part] for part in parts]) for name, parts in ENCODED.items()}


def plain_numbers(columns: Texts) -> dict[str, Floats]:
    """What needs no label: logarithms of mass, price and price by mass, tax rate, day of week and of month."""
    price, mass = columns["Item Price"].astype(float), columns["Net Mass"].astype(float)
    days = columns["Date"].astype("datetime64[D]")
    return {
        "log_mass": np.log1p(mass),
        "log_price": np.log1p(price),
        "log_unit": np.log1p(price) - np.log1p(mass),
        "rate": columns["Tax Rate"].astype(float),
        "weekday": ((days.astype(np.int64) + 3) % 7).astype(float),
        "day": (days - days.astype("datetime64[M]")).astype(float),
    }


def encode(category: Ints, labels: Floats, train: Ints, groups: Ints, *, folds: int = 5, smoothing: float = 20.0) -> Floats:
    """Smoothed rate of each category, (n,): `(hits + s × base) / (count + s)`.

    For a row of `train` the counts leave out its own fold, and folds part by `groups`, so that neither its own label nor one of its tuple
    enters. For all other rows they are those of the whole of `train`. Source: Micci-Barreca, SIGKDD Explorations 3 (2001). Oracle: by hand.
    """
    base = float(labels[train].mean())
    size = int(category.max()) + 1
    out = np.full(len(category), base)
    hits, counts = _counts(category, labels, train, size)
    rest = np.ones(len(category), dtype=bool)
    rest[train] = False
    out[rest] = ((hits + smoothing * base) / (counts + smoothing))[category[rest]]
    # A multiplicative hash scatters the groups over the folds without a generator, the same for every column.
    inner = ((groups[train].astype(np.uint64) * np.uint64(2654435761)) % np.uint64(2**32)) % np.uint64(folds)
    for fold in range(folds):
        own = train[inner == fold]
        less_hits, less_counts = _counts(category, labels, own, size)
        out[own] = ((hits - less_hits + smoothing * base) / (counts - less_counts + smoothing))[category[own]]
    return out


def _counts(category: Ints, labels: Floats, rows: Ints, size: int) -> tuple[Floats, Floats]:
    return np.bincount(category[rows], labels[rows], size).astype(np.float64), np.bincount(category[rows], minlength=size).astype(
        np.float64
    )


def disjoint_folds(groups: Ints, rng: np.random.Generator, folds: int = 5) -> Ints:
    """A fold for each row, (n,), such that no group stands in two; groups are dealt out at random, the largest first, to the emptiest."""
    sizes = np.bincount(groups)
    load = np.zeros(folds)
    fold_of = np.zeros(len(sizes), dtype=np.int64)
    order = rng.permutation(len(sizes))
    for group in order[np.argsort(-sizes[order], kind="stable")]:
        fold_of[group] = int(load.argmin())
        load[fold_of[group]] += sizes[group]
    return fold_of[groups]


def table_rate(groups: Ints, labels: Floats, train: Ints, prior: Floats, *, smoothing: float = 0.5) -> Floats:
    """The look-up: `(hits + s × prior) / (count + s)` over the rows of `train` with the same tuple, (n,).

    With the general rate as `prior` it is the plain dictionary; with a model's probabilities it is the blend, which gives the model's
    answer where a tuple was never seen and the dictionary's where it was seen often. Oracle: sums by hand.
    """
    hits, counts = _counts(groups, labels, train, int(groups.max()) + 1)
    return np.asarray((hits[groups] + smoothing * prior) / (counts[groups] + smoothing))
