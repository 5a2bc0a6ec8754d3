"""Adding up answers one at a time, so that a million need no more room than one: n, mean and interval, and how often each was chosen."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from entrepot.kernel.disclosure import FEWEST

from .figures import Figure, wilson
from .questions import SCALE, Question


@dataclass(slots=True)
class Tally:
    """The answers to one question so far. `of` counts those who were asked it, `chosen` how often each option, row or yes was."""

    n: int = 0
    of: int = 0
    total: float = 0.0
    squares: float = 0.0
    chosen: Counter[str] = field(default_factory=Counter)

    def add(self, question: Question, answer: Any) -> None:
        """One more answer. Words are counted, not kept."""
        self.n += 1
        match question.kind:
            case "scale" | "number":
                self.total += answer
                self.squares += answer * answer
                if question.kind == "scale":
                    self.chosen[str(answer)] += 1
            case "yes" | "choice":
                self.chosen[str(int(answer))] += 1
            case "several":
                self.chosen.update(map(str, answer))
            case "matrix":
                self.chosen.update(f"{row}:{value}" for row, value in answer.items())

    def add_up(self, other: Tally) -> None:
        """The answers of another group of people as well; how many were asked is counted apart."""
        self.n += other.n
        self.total += other.total
        self.squares += other.squares
        self.chosen += other.chosen

    def mean(self) -> Figure:
        """The mean of a scale or number with ±1.96·s/√n; no value under five answers.

        >>> tally = Tally(of=6)
        >>> for value in (4, 4, 5, 3, 4): tally.add(Question("a", "?", "scale"), value)
        >>> tally.mean().value
        4.0
        """
        if self.n < FEWEST:
            return Figure(None, self.n, self.of)
        mean = self.total / self.n
        variance = max(0.0, (self.squares - self.n * mean * mean) / (self.n - 1))
        half = 1.959963984540054 * math.sqrt(variance / self.n)
        return Figure(mean, self.n, self.of, mean - half, mean + half)

    def shares(self, options: int) -> list[Figure]:
        """For each of `options` answers the share that chose it, with Wilson's interval; no value under five answers."""
        if self.n < FEWEST:
            return [Figure(None, self.n, self.of)] * options
        return [
            Figure(hits / self.n, self.n, self.of, *wilson(hits, self.n)) for hits in (self.chosen[str(index)] for index in range(options))
        ]

    def row_means(self, rows: int) -> list[Figure]:
        """For each row of a matrix the mean with its n."""
        found = []
        for row in range(rows):
            values = Counter({value: self.chosen[f"{row}:{value}"] for value in range(1, SCALE + 1)})
            n, total = values.total(), sum(value * count for value, count in values.items())
            part = Tally(n, self.of, total, sum(value * value * count for value, count in values.items()))
            found.append(part.mean())
        return found
