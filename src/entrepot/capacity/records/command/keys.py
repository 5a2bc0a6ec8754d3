"""Making, listing, rotating and revoking keys."""

from __future__ import annotations

import argparse
from datetime import timedelta

from entrepot.ground.work.api import now
from entrepot.kernel.principals import SYSTEM

from ..actions.keys import Issued, make_key, revoke_key, rotate_key
from ..enums import Scope
from ..models import Key
from ..queries import site
from .asking import key_of, place_of, said


def _print(issued: Issued, endpoint: str) -> int:
    print(f"endpoint  {(endpoint or site()).rstrip('/')}/xapi\nkey       {issued.key.key}\nsecret    {issued.secret}")
    return 0


@said
def make(options: argparse.Namespace) -> int:
    """Give a client a key."""
    issued = make_key(by=SYSTEM, at=now(), place=place_of(options), name=options.name, scopes=options.scope or [Scope.ALL])
    return _print(issued, options.endpoint)


@said
def listed(_options: argparse.Namespace) -> int:
    """Each key in a line."""
    for key in Key.objects.select_related("place").order_by("place__lineage", "made_at"):
        state = (
            f"revoked {key.revoked_at:%Y-%m-%d}"
            if key.revoked_at
            else f"used {key.last_used_at:%Y-%m-%d}"
            if key.last_used_at
            else "unused"
        )
        print(f"{key.key}  {key.place.lineage:24} {state:18} {','.join(key.scopes):24} {key.name}")
    return 0


@said
def rotate(options: argparse.Namespace) -> int:
    """Give a key a new secret."""
    key = key_of(options.key)
    return _print(rotate_key(by=SYSTEM, at=now(), uuid=key.uuid, overlap=timedelta(hours=options.hours)), "")


@said
def revoke(options: argparse.Namespace) -> int:
    """End a key."""
    revoke_key(by=SYSTEM, at=now(), uuid=key_of(options.key).uuid)
    return 0
