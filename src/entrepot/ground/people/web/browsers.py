"""Browsers in which an account signed in before. What strangers get wrong elsewhere does not shut the account out of them.

A long-lived cookie that no script reads says so: signed, and bound to the person and to their password as it is now, and over
when someone else gives them another address. It opens nothing.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from allauth.account.signals import user_logged_in
from django.conf import settings
from django.core import signing
from django.dispatch import receiver
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = settings.COOKIE_PREFIX + "signed_in_before"
SALT = "entrepot.people.browser"
AGE = timedelta(days=365)
MOST = 5
"""Accounts that one browser is remembered for; a shared machine forgets the one that is longest ago."""


def _password_of(person: Any) -> str:
    return salted_hmac(SALT, f"{person.uuid} {person.password} {person.credentials_version}").hexdigest()[:32]


def _read(request: Any) -> list[list[str]]:
    """(person's uuid, browser's own number, digest of the password state) of each account, latest first."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return []
    return [list(map(str, entry)) for entry in found]


def has_known(request: Any) -> bool:
    """Whether anyone signed in here before."""
    return COOKIE in request.COOKIES and bool(_read(request))


def known_browser(request: Any, person: Any) -> str:
    """The number of this browser if the person signed in here before with the password that they have now; else empty."""
    for uuid, number, password in _read(request):
        if uuid == str(person.uuid) and constant_time_compare(password, _password_of(person)):
            return number
    return ""


@receiver(user_logged_in)
def remember(request: Any, response: Any, user: Any, **_: Any) -> None:
    """After a sign-in with all its steps: remember it in the browser."""
    others = [entry for entry in _read(request) if entry[0] != str(user.uuid)]
    entries = [[str(user.uuid), known_browser(request, user) or secrets.token_hex(8), _password_of(user)], *others[: MOST - 1]]
    response.set_cookie(
        COOKIE, signing.dumps(entries, salt=SALT), max_age=AGE, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
