"""Certificates: codes as people type them, and what happens to one that says something wrong."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from entrepot.capacity.credentials import actions
from entrepot.capacity.credentials.core import new_code, read_code
from entrepot.capacity.credentials.models import Certificate
from entrepot.capacity.training.models import Attendance
from entrepot.ground.keeping.api import writing
from entrepot.kernel.errors import Conflict, Invalid


@pytest.fixture
def certificate(world: Any) -> Any:
    """One that holds."""
    return Certificate.objects.filter(revoked_at__isnull=True, nomination__person__erased_at__isnull=True).order_by("id")[0]


def _correct_name(certificate: Any, name: str) -> Any:
    person = certificate.nomination.person
    with writing():
        person.full_name, person.latin_name = name, ""
        person.save()
    return person


@given(st.integers(0, 10**9), st.text(alphabet=" -\u2010\u2011\u2012\u2013\u2014\u2212\u00a0._/", max_size=20), st.booleans())
def test_a_genuine_code_is_read_however_it_is_typed(seed: int, between: str, low: bool) -> None:
    code = new_code(random.Random(seed))
    rows = random.Random(seed + 1)
    typed = "".join(char + (rows.choice(between) if between and rows.random() < 0.5 else "") for char in code.replace("-", ""))
    assert read_code(typed.lower() if low else typed) == code
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code.replace("-", ""))
    assert read_code(wide) == code


@pytest.mark.row("R17.4")
@pytest.mark.parametrize("between", ["", " ", "–", "—", " - "])
def test_the_page_and_the_api_find_a_certificate_however_its_code_is_typed(world: Any, certificate: Any, between: str) -> None:
    typed = certificate.code.replace("-", between).lower()
    shown = world.browser("").get("/certificates/verify/", {"code": typed}, follow=True)
    assert (shown.status_code, "This certificate is genuine" in shown.content.decode()) == (200, True)
    assert world.browser("").get(f"/certificates/verify/{typed}/", follow=True).status_code == 200
    assert world.browser("").get(f"/api/v1/certificates/verify/{typed}").json()["code"] == certificate.code


def test_a_wrong_letter_is_told_and_what_was_typed_is_kept(world: Any, certificate: Any) -> None:
    wrong = certificate.code[:-1] + ("2" if certificate.code[-1] != "2" else "3")
    shown = world.browser("").get("/certificates/verify/", {"code": wrong})
    assert shown.status_code == 422
    assert wrong in shown.content.decode()
    assert world.browser("").get(f"/certificates/verify/{wrong}/").status_code == 404
    assert world.browser("").get(f"/api/v1/certificates/verify/{wrong}").status_code == 404


@pytest.mark.row("R17.4")
def test_a_certificate_with_a_misspelt_name_is_revoked_and_issued_again_in_one_step(world: Any, certificate: Any) -> None:
    _correct_name(certificate, "Ana Tuivaga")
    done = world.browser("manager").post(f"/certificates/{certificate.uuid}/replace/", {"reason": "The name was misspelt"}, follow=True)
    assert "Ana Tuivaga" in done.content.decode()
    certificate.refresh_from_db()
    made = certificate.replaced_by
    assert (made.holder, made.hours, made.code != certificate.code) == ("Ana Tuivaga", certificate.hours, True)
    assert certificate.reason == "The name was misspelt"
    old = world.browser("").get(f"/certificates/verify/{certificate.code}/").content.decode()
    assert "This certificate was revoked" in old
    assert made.code in old
    assert "This certificate is genuine" in world.browser("").get(f"/certificates/verify/{made.code}/").content.decode()
    assert world.browser("").get(f"/api/v1/certificates/verify/{certificate.code}").json()["replaced_by"] == made.code
    pdf = world.browser("manager").get(f"/certificates/of/{certificate.nomination.uuid}.pdf")
    assert made.code in pdf["Content-Disposition"], "the holder's paper is the one that holds"


def test_one_that_was_revoked_before_can_be_replaced_once(world: Any, certificate: Any) -> None:
    manager = world.principal("manager")
    actions.revoke(by=manager, at=world.at, uuid=certificate.uuid, reason="The name was misspelt")
    _correct_name(certificate, "Ana Tuivaga")
    activity = certificate.nomination.activity
    assert actions.issue(by=manager, at=world.at, activity=activity) == [], "closing again does not undo a revocation"
    browser = world.browser("manager")
    address = f"/api/v1/certificates/{certificate.uuid}/replace"
    assert browser.post(address, "{}", content_type="application/json").status_code == 201
    again = browser.post(address, json.dumps({"reason": "x"}), content_type="application/json")
    assert (again.status_code, "already" in again.json()["title"]) == (409, True)
    assert Certificate.objects.filter(nomination=certificate.nomination, revoked_at__isnull=True).count() == 1


def test_one_that_was_revoked_keeps_its_day_and_its_reason(world: Any, certificate: Any) -> None:
    manager = world.principal("manager")
    actions.revoke(by=manager, at=world.at, uuid=certificate.uuid, reason="Issued by mistake")
    with pytest.raises(Conflict, match="revoked already"):
        actions.revoke(by=manager, at=world.at + timedelta(days=30), uuid=certificate.uuid, reason="The attendance was forged")
    certificate.refresh_from_db()
    assert (certificate.reason, certificate.revoked_at) == ("Issued by mistake", world.at)


def test_replacing_one_that_holds_needs_a_reason_and_loses_nothing_without(world: Any, certificate: Any) -> None:
    with pytest.raises(Invalid):
        actions.replace(by=world.principal("manager"), at=world.at, uuid=certificate.uuid)
    certificate.refresh_from_db()
    assert certificate.revoked_at is None


def test_what_is_not_earned_any_more_is_not_issued_again(world: Any, certificate: Any) -> None:
    with writing():
        Attendance.objects.filter(nomination=certificate.nomination).delete()
    with pytest.raises(Conflict, match="attendance"):
        actions.replace(by=world.principal("manager"), at=world.at, uuid=certificate.uuid, reason="Was not there")
    certificate.refresh_from_db()
    assert certificate.revoked_at is None, "the whole is one step"


@pytest.mark.parametrize("part", ["officer", "coordinator", "neighbour", "centre", "analyst"])
def test_only_the_regional_office_replaces(world: Any, certificate: Any, part: str) -> None:
    answer = world.browser(part).post(f"/certificates/{certificate.uuid}/replace/", {"reason": "x"})
    assert answer.status_code in (403, 404)
    assert Certificate.objects.get(pk=certificate.pk).revoked_at is None


def test_the_database_holds_one_valid_certificate_of_a_nomination(world: Any, certificate: Any) -> None:
    values = {
        name: getattr(certificate, name) for name in ("nomination", "holder", "title", "version_label", "hours", "starts_on", "last_on")
    }
    with pytest.raises(IntegrityError), transaction.atomic(), writing():
        Certificate.objects.create(code="AAAA-AAAA-AAAA", issued_at=world.at + timedelta(days=1), **values)
