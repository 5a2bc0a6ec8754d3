"""A look-up table: what was found before for the same tuple of values, smoothed towards coarser tuples. The baseline of all baselines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from entrepot.risk.measures.core import Floats

from .model import Matrix, Training, logit

Cells = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LookUp:
    """Levels from the coarsest to the finest; each has the columns it looks at, its keys in order, and hits and counts for each key.

    The rate at a level is `(hits + k × rate above) / (count + k)`, so that a tuple never seen gets the rate of the coarser one. `edges`
    turn each column's values into cells: the number of edges at or below the value, missing counting as -1.
    """

    names: tuple[str, ...]
    columns: tuple[int, ...]
    edges: tuple[Floats, ...]
    levels: tuple[int, ...]
    keys: tuple[Cells, ...]
    hits: tuple[Floats, ...]
    counts: tuple[Floats, ...]
    base: float
    smoothing: float
    kind: ClassVar[str] = "lookup"

    def cells(self, values: Matrix) -> Cells:
        """Cell numbers (n, columns)."""
        return cells_of(values, self.columns, self.edges)

    def rate(self, values: Matrix) -> Floats:
        """Smoothed rates (n,)."""
        cells = self.cells(values)
        rate = np.full(len(values), self.base)
        for width, keys, hits, counts in zip(self.levels, self.keys, self.hits, self.counts, strict=True):
            place = find(keys, cells[:, :width])
            seen = place >= 0
            n = np.where(seen, counts[place], 0.0)
            h = np.where(seen, hits[place], 0.0)
            rate = (h + self.smoothing * rate) / (n + self.smoothing)
        return rate

    def margin(self, values: Matrix) -> Floats:
        """Log odds (n,)."""
        return logit(self.rate(values))

    def contributions(self, values: Matrix) -> Floats:
        """(n, k): the tuple works as a whole, so what it adds is shared equally by its columns."""
        parts = np.zeros(values.shape)
        gain = (self.margin(values) - logit(self.base)) / max(1, len(self.columns))
        parts[:, list(self.columns)] = gain[:, None]
        return parts

    def state(self) -> dict[str, Any]:
        """Plain lists."""
        return {
            "names": list(self.names),
            "columns": list(self.columns),
            "edges": [edge.tolist() for edge in self.edges],
            "levels": list(self.levels),
            "keys": [key.tolist() for key in self.keys],
            "hits": [hit.tolist() for hit in self.hits],
            "counts": [count.tolist() for count in self.counts],
            "base": self.base,
            "smoothing": self.smoothing,
        }


def cells_of(values: Matrix, columns: tuple[int, ...], edges: tuple[Floats, ...]) -> Cells:
    """Cell numbers (n, columns) for values (n, k)."""
    made = np.empty((len(values), len(columns)), dtype=np.int64)
    for place, (column, edge) in enumerate(zip(columns, edges, strict=True)):
        value = values[:, column].astype(np.float64)
        made[:, place] = np.where(np.isnan(value), -1, np.searchsorted(edge, value, side="right"))
    return made


def _rows(cells: Cells) -> npt.NDArray[np.void]:
    # Shifted to be non-negative and big-endian, so that bytes compare as numbers do.
    block = np.ascontiguousarray((cells + 1).astype(">i8"))
    return block.view(np.dtype((np.void, block.shape[1] * 8))).ravel()


def find(keys: Cells, cells: Cells) -> Cells:
    """Where each row of `cells` stands among the ordered rows of `keys`, -1 where it does not, (n,)."""
    if not len(keys):
        return np.full(len(cells), -1, dtype=np.int64)
    ordered, wanted = _rows(keys), _rows(cells)
    place = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return np.where(ordered[place] == wanted, place, -1)


def fit_lookup(
    training: Training, columns: tuple[int, ...], *, levels: tuple[int, ...] = (), bins: int = 0, smoothing: float = 0.5
) -> LookUp:
    """Count hits by tuple. `bins` cuts each column at its quantiles; 0 keeps every value apart. `levels` are numbers of leading columns.

    Cost: a sort of the rows for each level. Oracle: a dictionary filled row by row.
    """
    edges = []
    for column in columns:
        value = training.values[:, column].astype(np.float64)
        value = value[np.isfinite(value)]
        cut = np.unique(np.quantile(value, np.linspace(0, 1, bins + 1)[1:-1])) if bins and value.size else np.unique(value)
        edges.append(cut)
    cells = cells_of(training.values, columns, tuple(edges))
    weight = training.weights
    keys: list[Cells] = []
    hits: list[Floats] = []
    counts: list[Floats] = []
    levels = levels or (len(columns),)
    for width in levels:
        unique, inverse = np.unique(cells[:, :width], axis=0, return_inverse=True)
        inverse = inverse.ravel()
        keys.append(unique)
        hits.append(np.bincount(inverse, weight * training.labels, len(unique)).astype(np.float64))
        counts.append(np.bincount(inverse, weight, len(unique)).astype(np.float64))
    base = float((weight * training.labels).sum() / weight.sum())
    return LookUp(training.names, columns, tuple(edges), levels, tuple(keys), tuple(hits), tuple(counts), base, smoothing)
