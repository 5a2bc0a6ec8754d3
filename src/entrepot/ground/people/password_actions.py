"""Choosing and changing passwords: actions, each with what it ends."""

from __future__ import annotations

from datetime import datetime

from entrepot.ground.journal.api import action, append
from entrepot.ground.keeping.api import hold
from entrepot.kernel.errors import Conflict, NotAllowed
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import gettext_noop

from .enums import Backing
from .models import Person
from .rules import JOIN, RESET


class AlreadySignsIn(Conflict):
    """The person has a password or a second step: an invitation would set both aside."""

    code = "already-signs-in"
    message = gettext_noop(
        "This person can sign in already, so an invitation is not possible. If the password is forgotten, they can ask for a new one "
        "on the sign-in page."
    )


class SetAnew(Conflict):
    """Another password was chosen after the link, or the old password, had been found right."""

    message = gettext_noop("The password was set anew meanwhile, so that what led here is used up. Nothing was changed.")


@action
def set_password(*, by: Principal, at: datetime, person: Person, password: str) -> Person:
    """Choose a first password: by an invitation, or signed in otherwise. Its strength has been checked by the form.

    Raises `NotAllowed`, `AlreadySignsIn`, `SetAnew`.
    """
    held = _hold_account(person)
    if not (by.came_for(JOIN, held.uuid) or _is_self(by, held)):
        raise NotAllowed
    if held.has_usable_password():
        raise AlreadySignsIn
    return _new_password(held, password, "people.password.set", by=by, at=at)


@action
def change_password(*, by: Principal, at: datetime, person: Person, password: str) -> Person:
    """Change one's own password, signed in; the old one has been asked for by the form. Raises `NotAllowed`, `SetAnew`."""
    held = _hold_account(person)
    if not _is_self(by, held):
        raise NotAllowed(gettext_noop("Everyone changes their own password, signed in."))
    return _new_password(held, password, "people.password.changed", by=by, at=at)


@action
def reset_password(*, by: Principal, at: datetime, person: Person, password: str) -> Person:
    """Choose a new password by the link that was sent to the person's own address: so it is theirs. Raises `NotAllowed`, `SetAnew`."""
    held = _hold_account(person)
    if not by.came_for(RESET, held.uuid):
        raise NotAllowed
    if held.email == person.email:  # that for which the link was found good, and not one that was written down at this moment
        held.email_backed = Backing.PROVED
    return _new_password(held, password, "people.password.reset", by=by, at=at)


def _hold_account(person: Person) -> Person:
    """The account, locked, and still with the credentials for which a link or an old password counted: several may come at once."""
    held = hold(Person.objects.filter(is_active=True).select_related("home"), person.uuid)
    if held.credentials_version != person.credentials_version:
        raise SetAnew
    return held


def _is_self(by: Principal, person: Person) -> bool:
    return by.person_id == person.pk and by.scopes is None


def _new_password(held: Person, password: str, verb: str, *, by: Principal, at: datetime) -> Person:
    """Write it; what was given out under the old one is over with it."""
    held.set_password(password)
    held.credentials_version += 1
    held.save(update_fields=["password", "credentials_version", "email_backed"])
    append(by=by, at=at, verb=verb, thing=held, place=held.home.lineage)
    return held
