"""Arrays, and the table that every estimator reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Panel:
    """Values of n Members over T periods of one length.

    `units`: n codes. `values`: (n, T), in the indicator's unit, no gaps (see `complete`). `starts`: (n,), the index of the first period
    that counts as after for that Member; T for one that never took part.
    """

    units: tuple[str, ...]
    values: Floats
    starts: Ints

    @property
    def periods(self) -> int:
        """T."""
        return int(self.values.shape[1])

    @property
    def first(self) -> int:
        """The index of the first period in which any Member counts as after; T where none does."""
        return int(self.starts.min(initial=self.periods))

    @property
    def taking_part(self) -> int:
        """How many Members took part."""
        return int((self.starts < self.periods).sum())

    @property
    def others(self) -> int:
        """How many never did."""
        return len(self.units) - self.taking_part


def complete(panel: Panel) -> tuple[Panel, tuple[str, ...]]:
    """The Members without a gap, and the codes of those left out. Nothing is filled in."""
    whole = np.asarray(~np.isnan(panel.values).any(axis=1), dtype=bool)
    left = tuple(code for code, kept in zip(panel.units, whole, strict=True) if not kept)
    kept = tuple(code for code, keep in zip(panel.units, whole, strict=True) if keep)
    return Panel(kept, panel.values[whole], panel.starts[whole]), left
