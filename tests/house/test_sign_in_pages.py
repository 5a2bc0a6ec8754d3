"""allauth's own pages, walked role by role by people who have just signed in: each sets up, sees and removes their own second step only."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from entrepot.ground.people.demo import PASSWORD

from .test_access_matrix import FRESH, PARTS, required_nonce, routes

# address: (status without a second step, with an app and recovery codes)
WANTED: dict[str, tuple[int, int]] = {
    "account_set_password": (302, 302),  # there is a password: it is changed, not set
    "mfa_authenticate": (302, 302),  # no sign-in is under way
    "mfa_reauthenticate": (302, 200),
    "mfa_activate_totp": (200, 302),
    "mfa_deactivate_totp": (404, 200),
    "mfa_view_recovery_codes": (404, 200),
    "mfa_generate_recovery_codes": (200, 200),  # without a second step it says that one comes first
    "mfa_download_recovery_codes": (404, 200),
    "mfa_add_webauthn": (200, 200),
    "mfa_login_webauthn": (302, 302),  # signed in already
    "mfa_reauthenticate_webauthn": (302, 302),
}


def _fresh(part: str) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"login": f"{part}@practice.example", "password": PASSWORD})
    assert answer.status_code == 302, part
    assert client.post("/me/again/", {"password": PASSWORD}).status_code == 302, part
    return client


def test_every_address_that_asks_for_a_fresh_sign_in_is_walked() -> None:
    assert set(WANTED) | {"mfa_remove_webauthn", "mfa_edit_webauthn"} == set(FRESH)


@pytest.mark.parametrize("part", PARTS)
def test_each_role_sets_up_and_sees_its_own_second_step_only(world: Any, part: str) -> None:
    person, other = world.person(part), world.person("officer" if part != "officer" else "observer")
    browser, addresses = _fresh(part), routes()
    keys = [Authenticator.objects.create(user=user, type="webauthn", data={"name": "Key"}) for user in (person, other)]
    mine, theirs = (
        {
            name: browser.get(addresses[name].replace("<int:pk>", str(key.pk))).status_code
            for name in ("mfa_remove_webauthn", "mfa_edit_webauthn")
        }
        for key in keys
    )
    assert mine == {"mfa_remove_webauthn": 200, "mfa_edit_webauthn": 200}
    assert set(theirs.values()) == {404}
    for key in keys:
        key.delete()
    before = {name: browser.get(addresses[name]).status_code for name in WANTED}
    assert before == {name: without for name, (without, _) in WANTED.items()}
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)
    answers = {name: browser.get(addresses[name]) for name in WANTED}
    assert sum(len(required_nonce(answer)) for answer in answers.values()) > 8
    after = {name: answer.status_code for name, answer in answers.items()}
    assert after == {name: having for name, (_, having) in WANTED.items()}
    codes = set(RecoveryCodes(Authenticator.objects.get(user=person, type="recovery_codes")).get_unused_codes())
    shown = browser.get("/me/second-step/recovery-codes/").content.decode()
    assert all(code in shown for code in codes)
