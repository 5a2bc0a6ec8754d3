"""Limits on guessing. Each try is counted before it is known to be wrong, so that many at once count too, and taken back if right.

Two counts, apart: of the account, and of the address that it is tried from. In a browser in which that account signed in before, neither
counts, but the browser's own. So a stranger's failures slow down strangers: who waits in front of an account that others try without
end gets a turn after `TURN` at the latest (see `_turn`).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from entrepot.kernel.errors import TooManyRequests

from .core import site
from .models import Level
from .requests import rate_of

TURN = timedelta(minutes=5)
KEPT = timedelta(days=1)


def _key(name: str, subject: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"limits {name} {subject}".encode(), hashlib.sha256).hexdigest()


def _held(key: str, at: datetime) -> Level:
    """The level, locked until the transaction ends; begun anew where somebody takes away the one that stood there (`_turn`, `clear`)."""
    held = None
    while held is None:
        Level.objects.bulk_create([Level(key=key, at=at)], ignore_conflicts=True)
        held = Level.objects.select_for_update().filter(key=key).first()
    return held


def take(name: str, subject: str, *, at: datetime) -> float:
    """Use one of what a limit allows and return 0; or use nothing and return the seconds to wait."""
    rate = rate_of(name)
    if rate is None:
        return 0
    with transaction.atomic():
        held = _held(_key(name, subject), at)
        level = rate.level(held.level, held.at.timestamp(), at.timestamp())
        wait = rate.wait(level)
        if not wait:
            held.level, held.at = level + 1, at
            held.save(update_fields=["level", "at"])
    return wait


def give_back(name: str, subject: str, *, at: datetime) -> None:
    """Take a use back: it was no failure."""
    if rate_of(name) is None:
        return
    with transaction.atomic():
        held = _held(_key(name, subject), at)
        held.level = max(0.0, held.level - 1)
        held.save(update_fields=["level"])


def _turn(name: str, subject: str, address: str, *, at: datetime) -> bool:
    """Whether this address has waited for its turn at an account that others keep busy.

    The first refusal is noted; the first try after `TURN` goes through, whatever others have done meanwhile. A limit of its own bounds
    how many such turns there are, so that a thousand addresses do not get a thousand guesses;
    of IPv6 a whole site waits as one.
    """
    key = _key("turn", f"{name} {subject} {site(address)}")
    with transaction.atomic():
        held = _held(key, at)
        waited = at - held.at
        if not timedelta() <= waited <= 3 * TURN:
            held.at = at
            held.save(update_fields=["at"])
        if waited < TURN or waited > 3 * TURN:
            return False
        held.delete()
    return not take("failures.turns", f"{name} {subject}", at=at)


@contextmanager
def guessing(name: str, subject: str, *, address: str, browser: str = "", at: datetime) -> Iterator[None]:
    """Count what happens inside as a failure of `subject` unless it ends well. Raises `TooManyRequests` before anything is tried.

    `browser` names a browser that is known to be the subject's own; it has a count of its own instead of the account's and the address's.
    Without a subject the address alone is counted.
    """
    taken: list[tuple[str, str]] = []
    counts = [("failures.address", address), (name, subject)] if subject else [("failures.address", address)]
    if browser:
        counts = [("failures.browser", f"{name} {subject} {browser}")]
    for count in counts:
        wait = take(*count, at=at)
        if not wait:
            taken.append(count)
        elif browser or count[0] == "failures.address" or not _turn(name, subject, address, at=at):
            for one in taken:
                give_back(*one, at=at)
            raise TooManyRequests(wait)
    yield
    for count in taken:
        give_back(*count, at=at)


def count_wrong(name: str, subject: str, *, at: datetime) -> None:
    """Count a wrong secret that is too long to be guessed. Raises `TooManyRequests` where there were many; right ones are never refused."""
    wait = take(name, subject, at=at)
    if wait:
        raise TooManyRequests(wait)


def clear(*, at: datetime) -> int:
    """Remove levels that have long drained, and return how many."""
    return Level.objects.filter(at__lt=at - KEPT).delete()[0]
