"""Making and ending tokens and links, and switching modules."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Invalid, NotAllowed
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

from .models import Link, Switch, Token
from .purposes import PURPOSES
from .queries import digest_of
from .rules import token_rules

LONGEST = timedelta(days=366)


@action
def make_token(
    *, by: Principal, at: datetime, person: Any, name: str, scopes: Collection[str], known_scopes: Collection[str], days: int = 90
) -> tuple[Token, str]:
    """Make a token for oneself and return it with its secret, which is shown this once. Raises `Invalid`."""
    if by.person_id != person.pk or by.scopes is not None:
        raise NotAllowed(gettext_noop("A token is made by its own person, signed in."))
    faults = {}
    if not name.strip():
        faults["name"] = gettext_noop("Say what the token is for.")
    if not scopes or set(scopes) - set(known_scopes):
        faults["scopes"] = gettext_noop("Choose at least one of the scopes offered.")
    if not 1 <= days <= LONGEST.days:
        faults["days"] = gettext_noop("A token lasts from one day to one year.")
    if faults:
        raise Invalid(faults)
    secret = "ent_" + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=person,
        name=name.strip()[:80],
        digest=digest_of(secret),
        scopes=sorted(scopes),
        made_at=at,
        ends_at=at + timedelta(days=days),
    )
    append(by=by, at=at, verb="access.token.made", thing=token, place=by.home, facts={"scopes": token.scopes, "ends_at": token.ends_at})
    return token, secret


@action
def revoke_token(*, by: Principal, at: datetime, uuid: UUID) -> Token:
    """End a token now. Revoking it again changes nothing."""
    token = hold(token_rules.visible_to(by).select_related("person__home"), uuid)
    token_rules.require(by, "revoke", token)
    if token.revoked_at:
        nothing_done()
        return token
    change(token, {"revoked_at": at}, version=None)
    append(by=by, at=at, verb="access.token.revoked", thing=token, place=token.person.home.lineage)
    return token


@action
def make_link(*, by: Principal, at: datetime, person: Any, purpose: str, thing: UUID, days: int = 14) -> str:
    """Make a link for one person and purpose, and return its secret; earlier unused ones for the same end now."""
    purpose = PURPOSES[purpose].code
    Link.objects.filter(person=person, purpose=purpose, thing=thing, used_at__isnull=True).update(used_at=at)
    secret = secrets.token_urlsafe(24)
    link = Link.objects.create(
        person=person, purpose=purpose, thing=thing, digest=digest_of(secret), made_at=at, ends_at=at + timedelta(days=days)
    )
    append(by=by, at=at, verb="access.link.made", thing=link, place=person.home.lineage, facts={"purpose": purpose, "thing": thing})
    return secret


@action
def end_links(*, by: Principal, at: datetime, purpose: str, thing: UUID) -> int:
    """End every link that is still good for this purpose and thing, whoever has it: what it opened has passed to someone else."""
    links = list(Link.objects.select_related("person__home").filter(purpose=purpose, thing=thing, used_at__isnull=True))
    for link in links:
        change(link, {"used_at": at}, version=None)
        append(by=by, at=at, verb="access.link.ended", thing=link, place=link.person.home.lineage, facts={"purpose": purpose})
    nothing_done()
    return len(links)


@action
def use_link(*, by: Principal, at: datetime, link: Link) -> None:
    """Use a link up, in the transaction of the act it was made for."""
    held = Link.objects.select_for_update(of=("self",)).select_related("person__home").get(pk=link.pk)
    if held.used_at:
        raise Invalid({}, gettext_noop("This link has been used already."))
    change(held, {"used_at": at}, version=None)
    append(by=by, at=at, verb="access.link.used", thing=held, place=held.person.home.lineage, facts={"purpose": held.purpose})


@action
def turn(*, by: Principal, at: datetime, place: Any, module: str, on: bool, known_modules: Collection[str]) -> None:
    """Switch a module on or off for a Member."""
    if not by.holds(Role.NATIONAL_COORDINATOR, over=place.lineage) or not by.scoped("switches:write"):
        raise NotAllowed(gettext_noop("A Member’s own coordinator switches its modules."))
    if module not in known_modules:
        raise Invalid({"module": gettext_noop("There is no such module.")})
    found = Switch.objects.filter(place=place, module=module).first()
    if on == (found is None):
        nothing_done()
        return
    switch = found or Switch.objects.create(place=place, module=module)
    append(
        by=by, at=at, verb="access.module.on" if on else "access.module.off", thing=switch, place=place.lineage, facts={"module": module}
    )
    if on:
        switch.delete()
