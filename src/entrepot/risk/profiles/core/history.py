"""Past declarations, laid out so that many profiles are tried on them at once.

Text columns are numbered once; for each the rows are kept in the order of its numbers, so that the rows of a value are a slice. Criteria
are then answered from the fewest rows upward: the rarest text condition gives the candidates, the others look only at those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from entrepot.risk.measures.core import Bools, Floats, Ints

from .criteria import All, AnyOf, Condition, Criteria, Not

Codes = npt.NDArray[np.int32]


@dataclass(slots=True)
class TextColumn:
    """`codes` (n,) number the `words`; -1 is missing. `order` and `starts` are made when first asked for."""

    codes: Codes
    words: tuple[str, ...]
    order: Codes | None = None
    starts: Ints | None = None
    counts: Ints | None = None

    def index(self) -> tuple[Codes, Ints, Ints]:
        """Rows ordered by code, where each code's slice begins, and how long it is; code -1 has the slice 0."""
        if self.order is None or self.starts is None or self.counts is None:
            self.counts = np.bincount(self.codes + 1, minlength=len(self.words) + 1)
            # Two bytes sort by radix in one pass where the codes fit, eight times as fast as four.
            small = (self.codes + 1).astype(np.uint16) if len(self.words) < 65_000 else self.codes
            self.order = np.argsort(small, kind="stable").astype(np.int32)
            self.starts = np.concatenate([[0], np.cumsum(self.counts)])
        return self.order, self.starts, self.counts

    def matching(self, condition: Condition) -> Ints:
        """The codes whose words meet the condition."""
        match condition.operator:
            case "in":
                wanted = set(condition.values)
                return np.array([code for code, word in enumerate(self.words) if word in wanted], dtype=np.int64)
            case "starts":
                return np.array([code for code, word in enumerate(self.words) if word.startswith(condition.values)], dtype=np.int64)
            case "contains":
                return np.array([c for c, word in enumerate(self.words) if any(part in word for part in condition.values)], dtype=np.int64)
            case _:
                return np.array([-1], dtype=np.int64)


@dataclass(slots=True)
class History:
    """Columns of n declarations: `texts` numbered, `numbers` as floats with nan for missing."""

    texts: dict[str, TextColumn]
    numbers: dict[str, Floats]
    count: int
    found: dict[Condition, tuple[Ints, int]] = field(default_factory=dict)

    @property
    def fields(self) -> Mapping[str, str]:
        """Which columns criteria may name, with their kind."""
        return {**dict.fromkeys(self.texts, "text"), **dict.fromkeys(self.numbers, "number")}

    def size(self, tree: Criteria) -> int:
        """About how many rows meet the criteria: exact for text conditions, the whole for numbers."""
        match tree:
            case Condition() if tree.field in self.texts:
                return self._codes(tree)[1]
            case All(parts):
                return min(self.size(part) for part in parts)
            case AnyOf(parts):
                return min(self.count, sum(self.size(part) for part in parts))
            case _:
                return self.count

    def _codes(self, condition: Condition) -> tuple[Ints, int]:
        if condition not in self.found:
            column = self.texts[condition.field]
            codes = column.matching(condition)
            counts = column.index()[2]
            self.found[condition] = (codes, int(counts[codes + 1].sum()))
        return self.found[condition]

    def rows(self, tree: Criteria, within: Ints | None = None) -> Ints:
        """The rows that meet the criteria, in order, of those `within` (all if None)."""
        match tree:
            case Condition():
                return self._condition(tree, within)
            case All(parts):
                for part in sorted(parts, key=self.size):
                    within = self.rows(part, within)
                    if not within.size:
                        break
                assert within is not None
                return within
            case AnyOf(parts):
                return np.unique(np.concatenate([self.rows(part, within) for part in parts]))
            case Not(part):
                inside = self.rows(part, within)
                if within is not None:
                    return np.setdiff1d(within, inside, assume_unique=True)
                out = np.ones(self.count, dtype=bool)
                out[inside] = False
                return np.flatnonzero(out)

    def _condition(self, condition: Condition, within: Ints | None) -> Ints:
        if condition.field in self.texts:
            return self._text(condition, within)
        values = self.numbers[condition.field]
        if within is None:
            return np.flatnonzero(compare(values, condition))
        return within[compare(values[within], condition)]

    def _text(self, condition: Condition, within: Ints | None) -> Ints:
        codes, size = self._codes(condition)
        column = self.texts[condition.field]
        if within is None or size < len(within) // 8:
            order, starts, _ = column.index()
            slices = [order[starts[code + 1] : starts[code + 2]] for code in codes]
            rows = np.sort(np.concatenate(slices)).astype(np.int64) if slices else np.array([], dtype=np.int64)
            return rows if within is None else np.intersect1d(rows, within, assume_unique=True)
        wanted = np.zeros(len(column.words) + 1, dtype=bool)
        wanted[codes + 1] = True
        return within[wanted[column.codes[within] + 1]]


def compare(values: Floats, condition: Condition) -> Bools:
    """Which of the numbers (n,) meet the condition; nan meets only `missing`."""
    match condition.operator, condition.values:
        case "missing", _:
            return np.isnan(values)
        case "lt", (limit,):
            return values < limit
        case "le", (limit,):
            return values <= limit
        case "gt", (limit,):
            return values > limit
        case "ge", (limit,):
            return values >= limit
        case _, (low, high):
            return (values >= low) & (values <= high)
        case _:
            raise AssertionError(condition)


def naive(history: History, tree: Criteria) -> Bools:
    """The same by looking at every row for every condition, (n,): the oracle, and what the indexed answer is timed against."""
    match tree:
        case Condition() if tree.field in history.texts:
            column = history.texts[tree.field]
            words = np.array([*column.words, None], dtype=object)[column.codes]
            return np.array([_holds(word, tree) for word in words], dtype=bool)
        case Condition():
            return compare(history.numbers[tree.field], tree)
        case All(parts):
            return np.logical_and.reduce([naive(history, part) for part in parts])
        case AnyOf(parts):
            return np.logical_or.reduce([naive(history, part) for part in parts])
        case Not(part):
            return ~naive(history, part)


def _holds(word: str | None, condition: Condition) -> bool:
    if word is None or condition.operator == "missing":
        return word is None and condition.operator == "missing"
    match condition.operator:
        case "in":
            return word in condition.values
        case "starts":
            return word.startswith(condition.values)
        case _:
            return any(part in word for part in condition.values)


def history_from(columns: Mapping[str, Any]) -> History:
    """Number the text columns and lay out the numbers, from columns (n,) of numpy: objects are text, the rest numbers."""
    texts: dict[str, TextColumn] = {}
    numbers: dict[str, Floats] = {}
    count = 0
    for name, column in columns.items():
        if isinstance(column, TextColumn):
            texts[name], count = column, len(column.codes)
        elif column.dtype == object:
            words = sorted({word for word in column if isinstance(word, str)})
            place = {word: code for code, word in enumerate(words)}
            texts[name] = TextColumn(np.array([place.get(word, -1) for word in column], dtype=np.int32), tuple(words))
            count = len(column)
        else:
            numbers[name], count = column.astype(np.float64), len(column)
    return History(texts, numbers, count)
