"""Limits on how often something is asked for. In the memory of this process: of several, each allows as much."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.conf import settings

from entrepot.kernel.errors import TooManyRequests

from .core import Network, Rate, Throttle, client_of, networks, whole

# One for each limit: of one that anybody can fill with names at will (tokens that are none), no slow one forgets what it counted.
_throttles: defaultdict[str, Throttle] = defaultdict(Throttle)
_read = lru_cache(maxsize=256)(Rate.read)


def rate_of(name: str) -> Rate | None:
    """The rate of a limit, None where there is none."""
    return _read(settings.LIMITS[name])


@cache
def _networks(text: str) -> tuple[Network, ...]:
    return networks(text)


def client_address(request: Any) -> str:
    """The address that a request comes from. What a header says of it counts only from proxies that are named in the settings."""
    return client_of(request.META.get("REMOTE_ADDR") or "", request.META.get("HTTP_X_FORWARDED_FOR", ""), _networks(settings.PROXIES))


def counted_address(request: Any) -> str:
    """The address as it is counted."""
    return whole(client_address(request))


def require_room(name: str, subject: str, *, at: datetime) -> None:
    """Raise `TooManyRequests` where nothing is left of a limit; nothing is counted. For what only counts once it is known what came of it,
    and must not tell by its being counted."""
    rate = rate_of(name)
    wait = _throttles[name].wait(rate, (name, subject), at.timestamp()) if rate else 0
    if wait:
        raise TooManyRequests(wait)


def limit(name: str, subject: str, *, at: datetime) -> None:
    """Count one request of `subject` against a limit. Raises `TooManyRequests`."""
    rate = rate_of(name)
    wait = _throttles[name].take(rate, (name, subject), at.timestamp()) if rate else 0
    if wait:
        raise TooManyRequests(wait)
