"""Opening a store, and giving clients keys to it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold, writing
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Invalid, NotAllowed
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from ..enums import Scope
from ..models import Key, Store
from ..queries import Client
from ..rules import key_rules, store_rules

DEFAULT_SCOPES = (Scope.ALL,)


@dataclass(frozen=True, slots=True)
class Issued:
    """A key and its secret, which is shown this once."""

    key: Key
    secret: str


def digest_of(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so that nobody can try them out and a fast digest is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def holder_of(place: Any) -> Any:
    """The place whose store an office's records go into: its Member; any other place has a store of its own."""
    while place.kind == "office" and place.parent is not None:
        place = place.parent
    return place


def store_of(*, by: Principal, at: datetime, place: Any) -> Store:
    """The store that records of `place` go into, opened where there is none yet; part of the action that needs it."""
    holder = holder_of(place)
    store, made = Store.objects.get_or_create(place=holder)
    if made:
        append(by=by, at=at, verb="records.store.opened", thing=store, place=holder.lineage)
    return store


@action
def make_key(*, by: Principal, at: datetime, place: Any, name: str, scopes: Collection[str] = DEFAULT_SCOPES) -> Issued:
    """Give a client a key for `place`. Raises `Invalid`, `NotAllowed`."""
    place_rules.require(by, "view", place)
    known = {scope.value for scope in Scope}
    faults: dict[str, Text | str] = {}
    if not name.strip() or any(ord(char) < 32 for char in name):
        faults["name"] = gettext_noop("Say in a few words on one line which client the key is for.")
    if not scopes or set(scopes) - known:
        faults["scopes"] = Text(gettext_noop("Choose from: %(known)s."), {"known": ", ".join(sorted(known))})
    if faults:
        raise Invalid(faults)
    store = store_of(by=by, at=at, place=place)
    if not store_rules.may(by, "make keys", store):
        raise NotAllowed(gettext_noop("You make keys for your own administration or centre only."))
    secret = secrets.token_urlsafe(32)
    key = Key.objects.create(
        store=store,
        place=place,
        name=name.strip()[:80],
        key=f"rec_{secrets.token_hex(10)}",
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        made_at=at,
    )
    append(by=by, at=at, verb="records.key.made", thing=key, place=place.lineage, facts={"scopes": key.scopes})
    return Issued(key, secret)


@action
def rotate_key(*, by: Principal, at: datetime, uuid: UUID, overlap: timedelta = timedelta(0)) -> Issued:
    """Give a key a new secret; the old one is good for `overlap` more (at most a week). Raises `NotFound`, `NotAllowed`, `Invalid`."""
    if not timedelta(0) <= overlap <= timedelta(days=7):
        raise Invalid({"hours": gettext_noop("The old secret stays good for at most 168 hours.")})
    key = hold(key_rules.visible_to(by).select_related("place"), uuid)
    key_rules.require(by, "rotate", key)
    if key.revoked_at:
        raise Invalid({"key": gettext_noop("This key is revoked; make a new one.")})
    secret = secrets.token_urlsafe(32)
    until = at + overlap if overlap else None
    previous = key.digest if overlap else ""
    change(key, {"digest": digest_of(secret), "previous_digest": previous, "previous_until": until}, version=None)
    append(by=by, at=at, verb="records.key.rotated", thing=key, place=key.place.lineage, facts={"previous_until": until})
    return Issued(key, secret)


@action
def revoke_key(*, by: Principal, at: datetime, uuid: UUID) -> Key:
    """End a key now. What it brought stays. Revoking it again changes nothing."""
    key = hold(key_rules.visible_to(by).select_related("place"), uuid)
    key_rules.require(by, "revoke", key)
    if key.revoked_at:
        nothing_done()
        return key
    change(key, {"revoked_at": at, "previous_digest": "", "previous_until": None}, version=None)
    append(by=by, at=at, verb="records.key.revoked", thing=key, place=key.place.lineage)
    return key


def note_use(key: Client, at: datetime) -> None:
    """Note that a key was used, to within ten minutes: the key's own trail, not an act of a person's."""
    if key.last_used_at is None or at - key.last_used_at > timedelta(minutes=10):
        with writing():
            Key.objects.filter(pk=key.pk).update(last_used_at=at)
