"""A rate, and how full its bucket is: what was used drains evenly, and what does not fit has to wait."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

UNITS = {"s": 1, "m": 60, "h": 3600}
_RATE = re.compile(r"(\d{1,9})/(\d{0,6})([smh])")
SKEW = 60.0
"""Seconds by which clocks of several machines may differ. A mark further ahead was made before a clock was set back: it is forgotten."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, and `burst` more in the course of `seconds`."""

    burst: int
    seconds: float

    @classmethod
    def read(cls, text: str) -> Rate | None:
        """A rate as settings write it; None for no limit.

        >>> Rate.read("6/5m"), Rate.read("20/s"), Rate.read("off")
        (Rate(burst=6, seconds=300), Rate(burst=20, seconds=1), None)
        """
        if text == "off":
            return None
        found = _RATE.fullmatch(text)
        if found is None or not int(found[1]) or found[2] == "0":
            msg = f"“{text}” is not a limit. Write a number and a time, such as 6/5m or 20/s, or off."
            raise ValueError(msg)
        return cls(int(found[1]), int(found[2] or 1) * UNITS[found[3]])

    def level(self, level: float, at: float, now: float) -> float:
        """What is left in the bucket at `now` of the level that it had `at`.

        >>> Rate(6, 300).level(6, 0, 100), Rate(6, 300).level(6, 1000, 0)
        (4.0, 0.0)
        """
        passed = now - at if now >= at - SKEW else self.seconds
        return max(0.0, level - max(0.0, passed) * self.burst / self.seconds)

    def wait(self, level: float) -> float:
        """Seconds until one more fits.

        >>> Rate(6, 300).wait(5), Rate(6, 300).wait(6)
        (0.0, 50.0)
        """
        return max(0.0, (level + 1 - self.burst) * self.seconds / self.burst)


def read_rates(defaults: Mapping[str, str], text: str) -> dict[str, str]:
    """The limits by name, with what a setting such as `api.token=60/m search=off` changes. Raises `ValueError` for what is neither.

    >>> read_rates({"api.token": "1200/m", "search": "240/m"}, "search=off")
    {'api.token': '1200/m', 'search': 'off'}
    """
    found = dict(defaults)
    for part in text.replace(",", " ").split():
        name, _, rate = part.partition("=")
        if name not in found:
            msg = f"There is no limit “{name}”; there are {', '.join(sorted(found))}."
            raise ValueError(msg)
        Rate.read(rate)
        found[name] = rate
    return found


class Throttle:
    """Buckets in memory, the least used of them forgotten once there are `most`. Exact within one process."""

    def __init__(self, most: int = 20_000) -> None:
        self.most = most
        self._levels: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, rate: Rate, key: tuple[str, str], now: float) -> float:
        """Use one of what the rate allows and return 0; or use nothing and return the seconds to wait."""
        with self._lock:
            level, at = self._levels.get(key, (0.0, now))
            level = rate.level(level, at, now)
            wait = rate.wait(level)
            self._levels[key] = (level if wait else level + 1, now)
            self._levels.move_to_end(key)
            if len(self._levels) > self.most:
                self._levels.popitem(last=False)
        return wait

    def wait(self, rate: Rate, key: tuple[str, str], now: float) -> float:
        """Seconds until one more fits; nothing is used."""
        with self._lock:
            level, at = self._levels.get(key, (0.0, now))
        return rate.wait(rate.level(level, at, now))
