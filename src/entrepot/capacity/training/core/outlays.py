"""What an activity costs: planned, and spent once it is known of every line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Outlay:
    """Money of one currency (three letters, ISO 4217): `planned` over all lines; `spent` None while it is not known of one of them."""

    currency: str
    planned: Decimal
    spent: Decimal | None

    @property
    def known(self) -> Decimal:
        """What it cost as far as is known: spent, or else planned."""
        return self.planned if self.spent is None else self.spent

    @property
    def over(self) -> bool:
        """Whether more was spent than planned."""
        return self.spent is not None and self.spent > self.planned


def outlays(lines: Iterable[tuple[str, Decimal, Decimal | None]]) -> list[Outlay]:
    """Lines of (currency, planned, spent) added up by currency. Currencies are not turned into each other: no rate is ours to choose.

    >>> outlays([("USD", Decimal(100), Decimal(90)), ("USD", Decimal(50), None)])
    [Outlay(currency='USD', planned=Decimal('150'), spent=None)]
    """
    found: dict[str, Outlay] = {}
    for currency, planned, spent in lines:
        so_far = found.get(currency, Outlay(currency, Decimal(0), Decimal(0)))
        whole = None if so_far.spent is None or spent is None else so_far.spent + spent
        found[currency] = Outlay(currency, so_far.planned + planned, whole)
    return [found[currency] for currency in sorted(found)]
