"""What `access` contributes: what it holds about a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from entrepot.ground.people.api import JOIN, RESET
from entrepot.kernel.offers import NavOffer, Offers, PersonData, Section, Switchable
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

from .models import Link, ShortCode, Token


def _export(person_id: int) -> Mapping[str, Any]:
    tokens = Token.objects.filter(person_id=person_id).order_by("made_at")
    links = Link.objects.filter(person_id=person_id).order_by("made_at")
    return {
        "tokens": list(tokens.values("name", "scopes", "made_at", "ends_at", "revoked_at")),
        "links": list(links.values("purpose", "made_at", "ends_at", "used_at")),
    }


def _erase(person_id: int, at: datetime) -> None:
    Token.objects.filter(person_id=person_id).update(name="—", revoked_at=at)
    Link.objects.filter(person_id=person_id, used_at__isnull=True).update(used_at=at)
    ShortCode.objects.filter(person_id=person_id).delete()


def _merge(dropped: int, kept: int, at: datetime) -> None:
    """The keys of a record that is over are over with it (`credentials_version`), and do not act for the other one. A link opens one thing,
    which is the kept one's now, and is asked at each use whether it still is: the pass in someone's mail goes on."""
    Token.objects.filter(person_id=dropped, revoked_at__isnull=True).update(revoked_at=at)
    Link.objects.filter(person_id=dropped, purpose__in=[JOIN, RESET], used_at__isnull=True).update(used_at=at)
    Link.objects.filter(made_by=dropped).update(made_by=kept)
    ShortCode.objects.filter(person_id=dropped).delete()
    for model in (Token, Link):
        model.objects.filter(person_id=dropped).update(person_id=kept)


def _coordinates(principal: Principal) -> bool:
    return bool(principal.reaches(Role.NATIONAL_COORDINATOR))


OFFERS = Offers(
    nav=[NavOffer(Section.REGION, gettext_noop("Modules"), "desk:switches", _coordinates, order=90)],
    person=PersonData(_export, _erase, _merge),
    switches=[Switchable("api", gettext_noop("Programs that act for your people (API tokens)"), frozenset({"api"}))],
)
