"""From a person, a token or a link to the principal that asks."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import F, Model

from entrepot.ground.keeping.api import Rules
from entrepot.ground.people.api import in_force, may_sign_in, person_rules
from entrepot.ground.region.api import place_rules, terms_begun
from entrepot.kernel.errors import DomainError, NotFound
from entrepot.kernel.lineages import region_of
from entrepot.kernel.principals import SYSTEM, Grant, Principal, PrincipalKind
from entrepot.kernel.roles import ROLES, Reach, Role
from entrepot.kernel.texts import gettext_noop

from .codes import CodeNeeded, asks_for_code
from .models import Link, Switch, Token
from .purposes import PURPOSES

M = TypeVar("M", bound=Model)


def digest_of(secret: str) -> str:
    """What is kept of a token or link."""
    return hashlib.sha256(secret.encode()).hexdigest()


def principal_for(person: Any, at: datetime, *, scopes: Iterable[str] | None = None) -> Principal:
    """The principal that this person is at this moment: postings in force, turned into grants; nothing for who may not sign in."""
    if not person.is_active:
        return Principal(PrincipalKind.PERSON, person.uuid, None)
    home, off = _home(person)
    if not may_sign_in(person):
        return Principal(PrincipalKind.PERSON, person.uuid, None)
    day = at.date()
    postings = in_force(day).filter(person_id=person.pk).select_related("place")
    grants: list[Grant] = []
    for posting in postings:
        grants += _grants(Role(posting.role), posting.place.lineage, posting.place_id, day)
    return Principal(
        PrincipalKind.PERSON,
        person.uuid,
        person_id=person.pk,
        home=home,
        grants=tuple(grants),
        scopes=None if scopes is None else frozenset(scopes),
        off=off,
        day=day,
    )


def _home(person: Any) -> tuple[str, frozenset[str]]:
    """The lineage of a person's home, and the modules switched off there. Asked on every request: one query, which leaves
    the home on the person."""
    rows = list(place_rules.visible_to(SYSTEM).filter(pk=person.home_id).annotate(module_off=F("switches__module")))
    person.home = rows[0]
    return rows[0].lineage, frozenset(row.module_off for row in rows if row.module_off)


def without(module: str) -> Any:
    """The keys of the places that have switched a module off, as a subquery."""
    return Switch.objects.filter(module=module).values("place_id")


def _grants(role: Role, lineage: str, place_id: int, day: date) -> list[Grant]:
    match ROLES[role].reach:
        case Reach.PLACE:
            return [Grant(role, lineage)]
        case Reach.REGION:
            return [Grant(role, region_of(lineage))]
        case Reach.TERM:
            return _term_grants(role, lineage, place_id, day)


def _term_grants(role: Role, lineage: str, place_id: int, day: date) -> list[Grant]:
    reach = region_of(lineage)
    return [Grant(role, reach, within=None if day in period else period) for period in terms_begun(place_id, day)]


def principal_for_token(secret: str, at: datetime) -> Principal:
    """The principal behind an API token. Raises `NotFound` for one that is unknown, ended or revoked."""
    good = Token.objects.filter(revoked_at__isnull=True, ends_at__gt=at, credentials_version=F("person__credentials_version"))
    token = good.select_related("person__home").filter(digest=digest_of(secret)).first()
    if token is None or not token.person.is_active:
        raise NotFound
    return principal_for(token.person, at, scopes=token.scopes)


def link_for(secret: str, *, purpose: str | Collection[str], at: datetime) -> Link:
    """The link behind a secret, good now for this purpose or one of these, while its person still is what it was given for.

    Raises `NotFound`: why is nobody's business but its sender's.
    """
    purposes = [purpose] if isinstance(purpose, str) else list(purpose)
    link = (
        Link.objects.select_related("person__home")
        .filter(digest=digest_of(secret), purpose__in=purposes, used_at__isnull=True, ends_at__gt=at, person__is_active=True)
        .first()
    )
    if link is None or link.purpose not in PURPOSES or not PURPOSES[link.purpose].held(link.person, link.thing, at):
        raise NotFound
    return link


def title_behind(secret: str, at: datetime) -> str | None:
    """What a preview shows of a link that is good now, whatever its purpose: an activity's title, or nothing. None for one that is not."""
    try:
        link = link_for(secret, purpose=PURPOSES.keys(), at=at)
    except NotFound:
        return None
    return PURPOSES[link.purpose].title(link.thing)


def signs_in(person: Any) -> bool:
    """Whether the person has a password, or a passkey or second step that one would be set beside."""
    return bool(person.has_usable_password()) or Authenticator.objects.filter(user_id=person.pk).exists()


def invitation_for(link: Link, person: Any, at: datetime) -> Link | None:
    """The link, if it still counts as an invitation of `person`: they cannot sign in yet, their address is the one it was made for, and
    whoever had it made may still invite them, whatever roles they were given meanwhile."""
    if not person.is_active or link.credentials_version != person.credentials_version or signs_in(person):
        return None
    if link.made_by is None:
        return link  # had made by the installation's operator
    return link if person_rules.may(principal_for(link.made_by, at), "invite", person) else None


def principal_for_link(link: Link) -> Principal:
    """The principal that a link stands for: the person's uuid, the one purpose as its scope, the one thing. It holds no roles."""
    return Principal(PrincipalKind.LINK, link.person.uuid, None, scopes=frozenset({link.purpose}), thing=link.thing)


class LinkGone(DomainError):
    """The link is not good any more: used, replaced by a newer one, over its time, or its person no longer what it was given for."""

    code = "link-gone"
    status = 410
    message = gettext_noop(
        "This link has been used, was replaced by a newer one, its time is over, or someone else answers now. "
        "Nothing was changed; ask for a new one."
    )


@dataclass(frozen=True, slots=True)
class Arrival(Generic[M]):
    """Someone who came to a record: signed in, or by a link (`link` is then set and may be used up when the purpose is met)."""

    by: Principal
    record: M
    link: Link | None = None


def arrive(
    principal: Principal, key: str, *, purpose: str | Collection[str], rules: Rules[M], at: datetime, related: Iterable[str] = ()
) -> Arrival[M]:
    """Whoever comes to an address that ends with a record's uuid (signed in) or with a link's secret (for this purpose, or one of these).

    Raises `NotFound` for what the principal may not see, `LinkGone` for a link that is not good any more, `CodeNeeded`
    for one that went to a mailbox of several, until the person's short code was given.
    """
    try:
        uuid, link, by = UUID(key), None, principal
    except ValueError:
        try:
            link = link_for(key, purpose=purpose, at=at)
        except NotFound:
            raise LinkGone from None
        if asks_for_code(link, principal):
            raise CodeNeeded from None
        by = principal_for_link(link)
        uuid = link.thing
    found = rules.visible_to(by).select_related(*related).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return Arrival(by, found, link)
