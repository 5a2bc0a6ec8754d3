"""Whether attendance earns a certificate."""

from __future__ import annotations

SHARE = 0.8
"""The share of the agenda's hours that has to be attended."""


def earns(attended: float, offered: float) -> bool:
    """Whether `attended` hours of the `offered` ones are enough.

    >>> earns(12.8, 16.0), earns(12.0, 16.0), earns(0, 0)
    (True, False, False)
    """
    return offered > 0 and attended >= SHARE * offered - 1e-9
