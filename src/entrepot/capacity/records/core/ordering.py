"""The order of statements: positions, and the token that says where a reader stands.

A *position* is the instant at which a statement was stored, in microseconds since 1970, made unique: it orders, it pages, it partitions,
and `stored` is read from it. `since` and `until` are therefore comparisons of positions.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

Position = int
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
LAST: Position = 2**63 - 1


def from_instant(at: datetime) -> Position:
    """The position of an instant.

    >>> from_instant(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC))
    1000005
    """
    return (at - _EPOCH) // _MICRO


def instant_of(position: Position) -> datetime:
    """The instant of a position."""
    return _EPOCH + position * _MICRO


def stamp(position: Position) -> str:
    """The position as a time stamp of six decimal places.

    >>> stamp(1000005)
    '1970-01-01T00:00:01.000005Z'
    """
    return instant_of(position).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def write_more(parameters: Mapping[str, str], after: Position) -> str:
    """The token for what follows `after` under the same parameters."""
    return base64.urlsafe_b64encode(msgspec.json.encode([dict(parameters), after])).decode().rstrip("=")


def read_more(token: str) -> tuple[dict[str, str], Position]:
    """What `write_more` wrote. Raises `ValueError` for anything else."""
    try:
        data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        parameters, after = msgspec.json.decode(data, type=tuple[dict[str, str], int])
    except (binascii.Error, msgspec.MsgspecError, UnicodeError):
        parameters, after = {}, -1
    if not 0 <= after <= LAST:
        msg = "this is not a token that a previous answer gave"
        raise ValueError(msg)
    return parameters, after
