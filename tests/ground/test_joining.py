"""Who is registered by a link or a token cannot make an account of that: a first password comes by a keeper's invitation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from entrepot.capacity.training.models import Invitation
from entrepot.desk.gathered import movers, readiers
from entrepot.ground.access.api import invite, make_link, make_token
from entrepot.ground.people.api import merge, register
from entrepot.ground.people.models import Person
from entrepot.kernel.principals import SYSTEM

ADDRESS = "somebody@elsewhere.example"
NOMINEE = {"full_name": "Mal Lory", "email": ADDRESS, "rank": 90, "post": "Clerk", "language_level": "B2"}


def _by_link(world: Any, invitation: Invitation) -> Any:
    secret = make_link(by=SYSTEM, at=world.at, person=world.person("coordinator"), purpose="training.nominate", thing=invitation.uuid)
    sent = {**NOMINEE, "what": "nominate", "years": 1, "consent": "on"}
    return Client().post(reverse("training:invitation", args=[secret]), sent)


def _by_token(world: Any, invitation: Invitation) -> Any:
    scopes = ["training:read", "training:write"]
    person, by = world.person("coordinator"), world.principal("coordinator")
    _, secret = make_token(by=by, at=world.at, person=person, name="sync", scopes=scopes, known_scopes=scopes)
    address, body = f"/api/v1/training/invitations/{invitation.uuid}/nominations", json.dumps({**NOMINEE, "consent": True})
    return Client().post(address, body, content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {secret}")


def _asks_for_a_password() -> int:
    mail.outbox.clear()
    assert Client().post(reverse("account_reset_password"), {"email": ADDRESS}).status_code == 302
    return len([one for one in mail.outbox if ADDRESS in one.to])


@pytest.mark.parametrize("nominate", [_by_link, _by_token])
def test_a_link_or_a_token_to_nominate_makes_nobody_who_can_sign_in(world: Any, nominate: Any) -> None:
    invitation = Invitation.objects.filter(place__code="ATN", sent_at__isnull=False, activity__stage="invitation").first()
    assert nominate(world, invitation).status_code in (201, 302)
    made = Person.objects.get(email=ADDRESS)
    assert _asks_for_a_password() == 0
    page = world.browser("coordinator").get(reverse("people:person", args=[made.uuid])).content.decode()
    assert "signs in only once you have made an invitation" in page
    invite(by=world.principal("coordinator"), at=world.at, uuid=made.uuid)
    assert _asks_for_a_password() == 1


def test_whom_a_coordinator_nominates_signed_in_may_ask_for_a_first_password(world: Any) -> None:
    invitation = Invitation.objects.filter(place__code="ATN", sent_at__isnull=False, activity__stage="invitation").first()
    sent = {**NOMINEE, "what": "nominate", "years": 1, "consent": "on"}
    assert world.browser("coordinator").post(reverse("training:invitation", args=[invitation.uuid]), sent).status_code == 302
    assert _asks_for_a_password() == 1


@pytest.mark.parametrize("signed_in_once", [False, True])
def test_a_record_that_a_link_made_brings_no_sign_in_to_the_one_it_is_merged_into(world: Any, signed_in_once: bool) -> None:
    invitation = Invitation.objects.filter(place__code="ATN", sent_at__isnull=False, activity__stage="invitation")[0]
    assert _by_link(world, invitation).status_code == 302
    by = world.principal("coordinator")
    kept = register(by=by, at=world.at, home=world.person("coordinator").home, full_name="Mal Lory")
    if signed_in_once:  # under an address that was taken away since
        kept.set_password("a lagoon with three herons")
        kept.save(update_fields=["password"])
    merge(by=by, at=world.at, keep=kept.uuid, drop=Person.objects.get(email=ADDRESS).uuid, movers=movers(), before=readiers())
    assert _asks_for_a_password() == 0
    if signed_in_once:
        assert not Person.objects.filter(email=ADDRESS).exists()
        return
    invite(by=by, at=world.at, uuid=kept.uuid)
    assert _asks_for_a_password() == 1
