"""Setting relays up and stopping them; and the entries of what was moved by file."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Invalid, NotAllowed
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from ..enums import Direction
from ..exchange.relaying import seal
from ..models import Key, Relay, Store
from ..rules import relay_rules, store_rules


@action
def make_relay(
    *,
    by: Principal,
    at: datetime,
    store: Store,
    direction: Direction,
    name: str,
    endpoint: str,
    user: str,
    secret: str,
    key: Key | None = None,
) -> Relay:
    """Set up a relay between `store` and another record store. A pulling one keeps in the name of `key`. Raises `Invalid`, `NotAllowed`."""
    if not store_rules.may(by, "relay", store):
        raise NotAllowed
    faults: dict[str, Text | str] = {}
    address = urlsplit(endpoint)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in ("127.0.0.1", "localhost", "::1")):
        faults["endpoint"] = gettext_noop("The other store’s address begins with https:// (http:// on this machine only).")
    if not name.strip() or Relay.objects.filter(store=store, name=name.strip()).exists():
        faults["name"] = gettext_noop("Give the relay a name that the store does not have yet.")
    if direction is Direction.PULL and (key is None or key.store_id != store.pk or key.revoked_at):
        faults["key"] = gettext_noop("Say in the name of which key of this store the statements are kept.")
    if faults:
        raise Invalid(faults)
    relay = Relay.objects.create(
        store=store,
        direction=direction,
        name=name.strip()[:80],
        endpoint=endpoint.rstrip("/"),
        user=user,
        sealed_secret=seal(secret),
        key=key if direction is Direction.PULL else None,
        made_at=at,
    )
    append(by=by, at=at, verb="records.relay.made", thing=relay, place=store.place.lineage, facts={"direction": direction})
    return relay


@action
def stop_relay(*, by: Principal, at: datetime, uuid: UUID) -> Relay:
    """Stop a relay for good; stopping it again changes nothing."""
    relay = hold(relay_rules.visible_to(by).select_related("store__place"), uuid)
    relay_rules.require(by, "stop", relay)
    if relay.stopped_at:
        nothing_done()
        return relay
    change(relay, {"stopped_at": at, "sealed_secret": b""}, version=None)
    append(by=by, at=at, verb="records.relay.stopped", thing=relay, place=relay.store.place.lineage)
    return relay


@action
def note_moved(*, by: Principal, at: datetime, store: Store, verb: str, facts: dict[str, Any]) -> None:
    """Write down that statements were exported or imported by file: one act, one entry, with its counts."""
    append(by=by, at=at, verb=f"records.statements.{verb}", thing=store, place=store.place.lineage, facts=facts)
