"""Setting up, running and stopping relays."""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from uuid import UUID

from django.db import close_old_connections

from entrepot.ground.work.api import now
from entrepot.kernel.errors import NotFound
from entrepot.kernel.principals import SYSTEM

from ..actions.relays import make_relay, stop_relay
from ..enums import Direction
from ..exchange.relaying import run
from ..models import Relay
from .asking import key_of, said, store_of


@said
def make(options: argparse.Namespace) -> int:
    """Set up a relay; its secret comes by the standard input, so that no list of processes shows it."""
    secret = getpass.getpass("secret: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    relay = make_relay(
        by=SYSTEM,
        at=now(),
        store=store_of(options),
        direction=Direction(options.what),
        name=options.name,
        endpoint=options.endpoint,
        user=options.user,
        secret=secret,
        key=key_of(options.key) if options.key else None,
    )
    print(relay.uuid)
    return 0


@said
def carry(options: argparse.Namespace) -> int:
    """Carry what waits, once or again and again. Ends with 1 where a relay failed, or something could not be carried."""
    while True:
        failed = 0
        for relay in Relay.objects.filter(stopped_at__isnull=True).select_related("store__place", "key").order_by("pk"):
            before = relay.refused
            carried = run(relay, now())
            refused = relay.refused - before
            failed += bool(relay.last_error or refused)
            wrong = [*([f"{refused} not carried, the last {relay.last_refusal}"] if refused else []), relay.last_error]
            print("; ".join([f"{relay.name}: {carried} carried", *filter(None, wrong)]), flush=True)
        if not options.every:
            return 1 if failed else 0
        time.sleep(options.every)
        close_old_connections()


@said
def listed(_options: argparse.Namespace) -> int:
    """Each relay in a line."""
    for relay in Relay.objects.select_related("store__place").order_by("pk"):
        left_out = f"not all was carried, the last {relay.last_refusal}" if relay.refused else "well"
        state = "stopped" if relay.stopped_at else relay.last_error or left_out
        counts = f"{relay.carried:,} carried, {relay.refused:,} refused"
        print(f"{relay.uuid}  {relay.direction:8} {relay.store.place.code:10} {counts}  {relay.name}: {state}")
    return 0


@said
def stop(options: argparse.Namespace) -> int:
    """End a relay."""
    try:
        uuid = UUID(options.uuid)
    except ValueError:
        raise NotFound from None
    stop_relay(by=SYSTEM, at=now(), uuid=uuid)
    return 0
