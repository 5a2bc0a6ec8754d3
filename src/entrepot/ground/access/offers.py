"""What `access` contributes: what it holds about a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from entrepot.kernel.offers import NavOffer, Offers, PersonData, Section, Switchable
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

from .models import Link, Token


def _export(person_id: int) -> Mapping[str, Any]:
    tokens = Token.objects.filter(person_id=person_id).order_by("made_at")
    return {"tokens": [{"name": t.name, "scopes": t.scopes, "made_at": t.made_at, "ends_at": t.ends_at} for t in tokens]}


def _erase(person_id: int, at: datetime) -> None:
    Token.objects.filter(person_id=person_id).update(name="—", revoked_at=at)
    Link.objects.filter(person_id=person_id, used_at__isnull=True).update(used_at=at)


def _merge(_dropped: int, _kept: int) -> None:
    """Nothing moves: the keys of a record that is over are over with it (`credentials_version`), and do not act for the other one."""


def _coordinates(principal: Principal) -> bool:
    return bool(principal.reaches(Role.NATIONAL_COORDINATOR))


OFFERS = Offers(
    nav=[NavOffer(Section.REGION, gettext_noop("Modules"), "desk:switches", _coordinates, order=90)],
    person=PersonData(_export, _erase, _merge),
    switches=[Switchable("api", gettext_noop("Programs that act for your people (API tokens)"), frozenset({"api"}))],
)
