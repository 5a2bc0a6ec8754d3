"""What people say the results are worth, added up and set against what the activity cost. Claimed, never measured."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from entrepot.kernel.disclosure import FEWEST

from .library import WORTH
from .questions import Question
from .tally import Tally

_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Claim:
    """What the results are said to be worth in a year, in one currency (ISO 4217): `total` over the `n` who gave a figure, of the `of` who
    were asked. Under five figures there is no total; for those who gave none nothing is added."""

    currency: str
    n: int
    of: int
    total: float | None

    def against(self, cost: float | None) -> float | None:
        """For each one it cost, how much is claimed in a year: total ÷ `cost`, of the same currency; None where either is not known.

        >>> Claim("USD", 6, 9, 45_000.0).against(30_000)
        1.5
        """
        return None if self.total is None or not cost else self.total / cost


def asks_worth(question: Question) -> bool:
    """Whether a question is the one for what the results are worth in a year, in whatever version: a number whose unit is a currency.

    >>> asks_worth(Question("worth_2", "?", "number", unit="FJD")), asks_worth(Question("worth", "?", "number", unit="h"))
    (True, False)
    """
    return re.sub(r"_\d+$", "", question.key) == WORTH and question.kind == "number" and bool(_CURRENCY.fullmatch(question.unit))


def claims(tallies: Iterable[tuple[Question, Tally]]) -> list[Claim]:
    """What each question for the worth came to, of those that anyone answered. A question whose meaning was changed is another one, so that
    no figure is over both, and none tells what one answer was.

    >>> found = Tally(of=8)
    >>> for amount in (100, 100, 100, 100, 50): found.add(Question("worth", "?", "number"), amount)
    >>> claims([(Question("worth", "?", "number", unit="USD"), found)])
    [Claim(currency='USD', n=5, of=8, total=450.0)]
    """
    asked = [(question.unit, tally) for question, tally in tallies if asks_worth(question) and tally.n]
    return [Claim(currency, tally.n, tally.of, tally.total if tally.n >= FEWEST else None) for currency, tally in asked]
