"""Making and ending tokens and links, and switching modules."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.ground.people.api import JOIN, RESET, AlreadySignsIn, person_rules, set_password
from entrepot.ground.people.enums import Backing
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

from .models import Link, Switch, Token
from .purposes import PURPOSES
from .queries import digest_of, invitation_for, signs_in
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
        # That of the request's beginning: with a new password meanwhile, the token is over before it is shown.
        credentials_version=person.credentials_version,
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
        person=person,
        made_by_id=by.person_id,
        credentials_version=person.credentials_version,
        purpose=purpose,
        thing=thing,
        digest=digest_of(secret),
        made_at=at,
        ends_at=at + timedelta(days=days),
        coded=not person.email and purpose not in (JOIN, RESET),
    )
    append(by=by, at=at, verb="access.link.made", thing=link, place=person.home.lineage, facts={"purpose": purpose, "thing": thing})
    return secret


@action
def invite(*, by: Principal, at: datetime, uuid: UUID) -> tuple[Any, str]:
    """Make the link by which someone who cannot sign in yet chooses a password; return the person and its secret.

    Raises `NotFound`, `NotAllowed`, `Conflict`; `AlreadySignsIn` where a password, passkey or second step is there to be set aside.
    """
    person = hold(person_rules.visible_to(by).select_related("home"), uuid)
    person_rules.require(by, "invite", person)
    if by.person_id == person.pk:
        raise NotAllowed(gettext_noop("You are signed in: you need no invitation."))
    if not person.is_active:
        raise NotFound
    if signs_in(person):
        raise AlreadySignsIn
    if not person.email:
        raise Conflict(gettext_noop("Add the person’s e-mail first: they sign in with it."))
    change(person, {"joins_by_invitation": False, "email_backed": person.email_backed or Backing.HOME}, version=None)
    return person, make_link(by=by, at=at, person=person, purpose=JOIN, thing=person.uuid)


@action
def join(*, by: Principal, at: datetime, link: Link, password: str) -> None:
    """Choose a first password by an invitation, which is used up. Raises `NotFound` if it does not count any more, `Invalid`."""
    person = hold(person_rules.visible_to(SYSTEM).select_related("home"), link.person.uuid)
    if invitation_for(link, person, at) is None:
        raise NotFound
    use_link(by=by, at=at, link=link)
    set_password(by=by, at=at, person=person, password=password)


@action
def reset_second_step(*, by: Principal, at: datetime, uuid: UUID) -> int:
    """Take a person's passkeys, app and recovery codes away, so that the password is enough until they set up others; return how many.

    For someone who has lost them. Raises `NotFound`, `NotAllowed`.
    """
    person = hold(person_rules.visible_to(by).select_related("home"), uuid)
    person_rules.require(by, "reset second step", person)
    taken, _ = Authenticator.objects.filter(user_id=person.pk).delete()
    if not taken:
        nothing_done()
        return 0
    append(by=by, at=at, verb="access.second_step.reset", thing=person, place=person.home.lineage)
    return taken


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
