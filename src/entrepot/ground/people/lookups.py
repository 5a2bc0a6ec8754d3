"""Being told that an address is known here, or that it is not: for a few addresses a day (the limit `addresses`), and for none after those.

Whoever may register or ask people by their addresses would else learn of any address whether it signs in somebody at another Member.
"""

from __future__ import annotations

from datetime import datetime

from entrepot.ground.limits.api import limit, require_room
from entrepot.kernel.principals import Principal


def require_lookups(by: Principal, at: datetime) -> None:
    """Before an address is looked up: raise `TooManyRequests` where the principal has been told of as many as they may, whatever this one
    would bring. The same person counts once, signed in and by a link."""
    if not by.is_system:
        require_room("addresses", str(by.uuid), at=at)


def count_lookup(by: Principal, at: datetime) -> None:
    """An address was looked up, and the answer tells something. Raises `TooManyRequests`."""
    if not by.is_system:
        limit("addresses", str(by.uuid), at=at)
