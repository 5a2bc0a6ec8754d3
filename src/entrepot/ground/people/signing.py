"""What sign-in keeps of a person in tables of its own: sessions, addresses, second factors. A machine's store, with its own trail."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import reduce
from importlib import import_module
from operator import or_
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db.models import Q


def forget(person_id: int, addresses: Collection[str] = ()) -> None:
    """Sign a person out everywhere and forget how they signed in, and whoever began to with one of these addresses. What `limits` counts of
    failures holds digests only."""
    _end_sessions(person_id, addresses)
    for model in (UserSession, EmailAddress, Authenticator):
        model.objects.filter(user_id=person_id).delete()
    if addresses:
        EmailAddress.objects.filter(reduce(or_, (Q(email__iexact=address) for address in addresses))).delete()


def kept_of(person_id: int) -> dict[str, Any]:
    """What sign-in keeps of a person, for them: no secret is among it."""
    sessions = UserSession.objects.filter(user_id=person_id).order_by("created_at")
    return {
        "addresses": list(EmailAddress.objects.filter(user_id=person_id).values("email", "verified", "primary")),
        "second_factors": list(Authenticator.objects.filter(user_id=person_id).values("type", "created_at", "last_used_at")),
        "sessions": list(sessions.values("ip", "user_agent", "created_at", "last_seen_at")),
    }


def _end_sessions(person_id: int, addresses: Collection[str]) -> None:
    # A session holds whose it is, and the address of a sign-in that was begun, packed: it is looked into.
    store = import_module(settings.SESSION_ENGINE).SessionStore
    sessions = store.get_model_class().objects
    mine = set(UserSession.objects.filter(user_id=person_id).values_list("session_key", flat=True))
    for key, packed in sessions.values_list("session_key", "session_data").iterator(chunk_size=500):
        held = store().decode(packed)
        told = json.dumps(held, default=str).lower() if addresses else ""
        if str(held.get(SESSION_KEY, "")) == str(person_id) or any(address.lower() in told for address in addresses):
            mine.add(key)
    sessions.filter(session_key__in=mine).delete()
