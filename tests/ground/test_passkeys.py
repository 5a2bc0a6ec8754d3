"""Signing in by a passkey alone: the key has to have asked who holds it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from typing import Any

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from entrepot.ground.people.demo import PASSWORD

FLAG = AuthenticatorData.FLAG
ALONE = "/me/second-step/webauthn/login/"
TOUCHED, ASKED = FLAG.UP, FLAG.UP | FLAG.UV
"""What a key says of whoever answered: that they touched it; that it also knows them."""
_HERE = hashlib.sha256(b"testserver").digest()


class Key:
    """A security key of somebody."""

    def __init__(self, person: Any) -> None:
        self.person, self.id, self._key = person, os.urandom(16), ec.generate_private_key(ec.SECP256R1())
        public = AttestedCredentialData.create(Aaguid(bytes(16)), self.id, ES256.from_cryptography_key(self._key.public_key()))  # type: ignore[no-untyped-call]
        shown = AttestationObject.create("none", AuthenticatorData.create(_HERE, FLAG.AT | TOUCHED, 0, public), {})
        made = self._said("webauthn.create", bytes(16), attestationObject=websafe_encode(shown))
        Authenticator.objects.create(user=person, type="webauthn", data={"name": "Key", "credential": made})

    def answer(self, page: str, flags: AuthenticatorData.FLAG) -> dict[str, str]:
        """The form that a browser sends for the question on a page."""
        found = re.search(r'"challenge":\s*"([^"]+)"', page.replace("&quot;", '"'))
        assert found, page
        client = CollectedClientData.create("webauthn.get", websafe_decode(found[1]), "http://testserver")
        data = AuthenticatorData.create(_HERE, flags, 1)
        signature = self._key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        whose = websafe_encode(user_pk_to_url_str(self.person).encode())
        parts = {"authenticatorData": websafe_encode(data), "signature": websafe_encode(signature), "userHandle": whose}
        return {"credential": json.dumps(self._said("webauthn.get", websafe_decode(found[1]), **parts))}

    def _said(self, kind: str, challenge: bytes, **parts: str) -> dict[str, Any]:
        client = CollectedClientData.create(kind, challenge, "http://testserver")
        name = websafe_encode(self.id)
        said = {"clientDataJSON": websafe_encode(client), **parts}
        return {"id": name, "rawId": name, "type": "public-key", "response": said, "clientExtensionResults": {"credProps": {"rk": False}}}


def _asked(client: Client) -> str:
    return client.get(ALONE, HTTP_X_REQUESTED_WITH="XMLHttpRequest").content.decode()


def _is_in(client: Client) -> bool:
    return client.get("/today/").status_code == 200


@pytest.mark.parametrize(("flags", "gets_in"), [(TOUCHED, False), (ASKED, True)])
def test_a_passkey_alone_signs_in_where_it_knows_who_holds_it(world: Any, flags: AuthenticatorData.FLAG, gets_in: bool) -> None:
    key, browser = Key(world.person("coordinator")), Client()
    browser.post(ALONE, key.answer(_asked(browser), flags))
    assert _is_in(browser) is gets_in


def test_the_question_of_ones_own_second_step_lets_nobody_in_with_anothers_key_alone(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found, browser = Key(world.person("coordinator")), Client()
    Key(world.person("officer"))
    step = browser.post("/sign-in/", {"login": "officer@practice.example", "password": PASSWORD})
    question = browser.get(step.headers["Location"]).content.decode()
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 16 * 60)  # until the sign-in that waits is over
    browser.post(ALONE, found.answer(question, TOUCHED))
    assert not _is_in(browser)


def test_the_second_step_itself_is_content_with_a_touch(world: Any) -> None:
    key, browser = Key(world.person("officer")), Client()
    step = browser.post("/sign-in/", {"login": "officer@practice.example", "password": PASSWORD}).headers["Location"]
    browser.post(step, key.answer(browser.get(step).content.decode(), TOUCHED))
    assert _is_in(browser)


def test_outside_a_demo_no_key_of_an_invented_person_signs_in(world: Any, settings: Any) -> None:
    key, browser = Key(world.person("coordinator")), Client()
    settings.DEMO = False
    browser.post(ALONE, key.answer(_asked(browser), ASKED))
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize(
    "sent",
    [
        '{"id": "\\ud800"}',
        '{"response": {"userHandle": ["a"]}, "id": {}}',
        '{"rawId": 1, "response": []}',
        '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30", "authenticatorData": ""}}',
        "[1]",
        "7",
    ],
)
def test_an_answer_that_no_key_gives_is_wrong_and_no_fault_of_ours(world: Any, sent: str) -> None:
    browser = Client(raise_request_exception=False)
    _asked(browser)
    assert browser.post(ALONE, {"credential": sent}).status_code == 302
    assert not _is_in(browser)
