"""Passwords walked to their end: chosen first, changed, forgotten; what ends with them, and which address they go with."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings as product
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from entrepot.ground.access.actions import reset_second_step
from entrepot.ground.access.api import make_token, principal_for
from entrepot.ground.journal.models import Entry
from entrepot.ground.keeping.api import writing
from entrepot.ground.people import api
from entrepot.ground.people.demo import PASSWORD
from entrepot.ground.people.models import Person
from entrepot.ground.people.rules import RESET
from entrepot.ground.people.web.browsers import known_browser
from entrepot.ground.work.api import work_off
from entrepot.kernel.errors import Conflict, NotAllowed, StaleEdit
from entrepot.kernel.principals import SYSTEM, Principal, PrincipalKind

NEW = "a lagoon with three herons"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    """Limits on how often one may ask are counted in the cache, which no rollback empties."""
    cache.clear()


def _signed_in(address: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": address, "password": password})
    return client


def _is_in(client: Client) -> bool:
    return client.get("/today/").status_code == 200


def _link(address: str) -> str:
    """The link in the mail to this address."""
    mail.outbox.clear()
    answer = Client().post("/password/forgotten/", {"email": address})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/password/forgotten/sent/")
    work_off()
    return "".join(re.findall(re.escape(product.ADDRESS) + r"(/password/new/\S+)", "".join(str(one.body) for one in mail.outbox)))


def _choose(client: Client, link: str, password: str = NEW) -> Any:
    return client.post(client.get(link).headers["Location"], {"password1": password, "password2": password})


def _code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


def test_a_password_is_changed_and_this_session_alone_goes_on(world: Any) -> None:
    here, elsewhere = _signed_in("officer@practice.example"), _signed_in("officer@practice.example")
    scopes = ["people:read"]
    who: dict[str, Any] = {"by": world.principal("officer"), "at": world.at, "person": world.person("officer")}
    _, secret = make_token(**who, name="mine", scopes=scopes, known_scopes=scopes)
    program: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert Client().get("/api/v1/me", **program).status_code == 200
    link = _link("officer@practice.example")
    wrong = here.post("/me/password/", {"oldpassword": "not this one", "password1": NEW, "password2": NEW})
    assert wrong.status_code == 200
    assert _is_in(elsewhere)
    answer = here.post("/me/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    assert _is_in(here)
    assert not _is_in(elsewhere), "every other session ends"
    assert Client().get("/api/v1/me", **program).status_code == 401, "so does each token"
    assert "ended" in here.get("/me/").content.decode()
    assert "Location" not in Client().get(link).headers, "and a link that was asked for before"
    assert not _is_in(_signed_in("officer@practice.example"))
    assert _is_in(_signed_in("officer@practice.example", NEW))
    entry = Entry.objects.get(verb="people.password.changed")
    assert (entry.thing_uuid, entry.by_uuid) == (world.person("officer").uuid,) * 2
    assert "officer@" not in str(entry.content)


def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail_once(world: Any) -> None:
    elsewhere = _signed_in("officer@practice.example")
    link, visitor = _link("Officer@Practice.Example"), Client()
    assert _choose(visitor, link).headers["Location"] == "/password/new/done/"
    assert visitor.get("/password/new/done/").status_code == 200
    assert not _is_in(visitor), "the link signs nobody in"
    assert not _is_in(elsewhere)
    assert _is_in(_signed_in("officer@practice.example", NEW))
    assert "Location" not in Client().get(link).headers, "it works once"
    entry = Entry.objects.get(verb="people.password.reset")
    assert (entry.by_kind, entry.thing_uuid) == ("link", world.person("officer").uuid)


def test_a_link_that_several_spend_at_once_is_spent_by_the_first(world: Any) -> None:
    person = world.person("officer")
    by = Principal(PrincipalKind.LINK, person.uuid, scopes=frozenset({RESET}), thing=person.uuid)
    meant = [Person.objects.get(pk=person.pk) for _ in range(2)]
    api.reset_password(by=by, at=world.at, person=meant[0], password=NEW)
    with pytest.raises(Conflict, match="used"):
        api.reset_password(by=by, at=world.at, person=meant[1], password=NEW + " and more")
    assert _is_in(_signed_in("officer@practice.example", NEW))
    assert Entry.objects.filter(verb="people.password.reset").count() == 1


def test_a_new_password_by_link_leaves_the_second_step_in_place(world: Any) -> None:
    TOTP.activate(world.person("officer"), SECRET)
    visitor = Client()
    assert _choose(visitor, _link("officer@practice.example")).status_code == 302
    half = _signed_in("officer@practice.example", NEW)
    assert not _is_in(half)
    assert half.get("/me/second-step/authenticate/").status_code == 200
    half.post("/me/second-step/authenticate/", {"code": _code()})
    assert _is_in(half)


def test_a_sign_in_that_waits_for_its_second_step_ends_with_the_old_password(world: Any) -> None:
    TOTP.activate(world.person("officer"), SECRET)
    half = _signed_in("officer@practice.example")
    assert half.get("/me/second-step/authenticate/").status_code == 200
    assert _choose(Client(), _link("officer@practice.example")).status_code == 302
    half.post("/me/second-step/authenticate/", {"code": _code()})
    assert not _is_in(half)


def test_who_waits_at_a_second_step_that_is_taken_away_signs_in_anew(world: Any) -> None:
    """They lost their phone, stand at that page, and ask the administrator to help."""
    person = world.person("officer")
    TOTP.activate(person, SECRET)
    half = _signed_in("officer@practice.example")
    assert half.get("/me/second-step/authenticate/").status_code == 200
    reset_second_step(by=SYSTEM, at=world.at, uuid=person.uuid)
    assert half.get("/me/second-step/authenticate/", follow=True).redirect_chain == [("/sign-in/", 302)]
    half.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    assert _is_in(half)


def test_who_signs_in_without_a_password_sets_one(world: Any) -> None:
    newcomer = api.register(by=SYSTEM, at=world.at, home=world.place("ATN"), full_name="Ana", email="ana@practice.example")
    browser = Client()
    browser.force_login(newcomer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get("/me/password/").headers["Location"] == "/me/password/set/"
    assert browser.post("/me/password/set/", {"password1": NEW, "password2": NEW}).status_code == 302
    assert _is_in(browser)
    assert _is_in(_signed_in("ana@practice.example", NEW))
    assert Entry.objects.filter(verb="people.password.set", thing_uuid=newcomer.uuid).exists()


@pytest.mark.parametrize("way", ["edited by the coordinator", "edited by the API", "edited by the person", "merged", "erased"])
def test_a_former_address_neither_signs_in_nor_gets_mail(world: Any, way: str) -> None:
    was = "officer@practice.example"
    person = world.person("officer")
    asked_before = _link(was)
    who = {"edited by the coordinator": "coordinator", "edited by the API": "coordinator"}.get(way, "officer")
    match way:
        case "merged":
            twin = api.register(by=SYSTEM, at=world.at, home=world.place("ATN"), full_name="Pele", email="now@practice.example")
            api.merge(by=world.principal("coordinator"), at=world.at, keep=twin.uuid, drop=person.uuid)
        case "erased":
            api.erase(by=world.principal("officer"), at=world.at, uuid=person.uuid)
        case "edited by the API":
            body = {"version": person.version, "email": "now@practice.example"}
            answer = world.browser(who).patch(f"/api/v1/people/{person.uuid}", body, content_type="application/json")
            assert answer.status_code == 200
        case _:
            sent = {"full_name": "Pele", "language": "en", "email": "now@practice.example", "version": person.version}
            browser = _signed_in(f"{who}@practice.example")
            browser.post("/me/again/", {"password": PASSWORD})
            assert browser.post(f"/people/{person.uuid}/edit/", sent).status_code == 302
    assert "Location" not in Client().get(asked_before).headers
    assert not _is_in(_signed_in(was))
    assert _link(was) == ""
    if way.startswith("edited"):
        assert _is_in(_signed_in("now@practice.example"))
        assert _link("NOW@practice.example")


def test_who_gives_a_person_another_address_ends_what_the_old_one_opened(world: Any) -> None:
    open_before, person = _signed_in("officer@practice.example"), world.person("officer")
    api.edit(by=world.principal("coordinator"), at=world.at, uuid=person.uuid, values={"email": "now@practice.example"}, version=None)
    assert not _is_in(open_before)
    again = _signed_in("now@practice.example")
    api.edit(by=principal_for(person, world.at), at=world.at, uuid=person.uuid, values={"email": "mine@practice.example"}, version=None)
    assert _is_in(again), "one's own change leaves one signed in"


def test_no_page_of_allauth_notes_an_address_beside_ours(world: Any) -> None:
    browser = _signed_in("officer@practice.example")
    _choose(Client(), _link("officer@practice.example"))
    browser = _signed_in("officer@practice.example", NEW)
    browser.post("/me/again/", {"password": NEW})
    for page in ("", "password/", "second-step/", "second-step/totp/activate/", "second-step/webauthn/add/", "sessions/"):
        assert browser.get(f"/me/{page}").status_code == 200, page
    browser.post("/sign-up/", {"email": "officer@practice.example", "password1": NEW})
    browser.post("/me/sessions/")
    assert not EmailAddress.objects.exists()


def test_nobody_learns_which_addresses_are_known(world: Any) -> None:
    for address, fields in (
        ("/password/forgotten/", lambda email: {"email": email}),
        ("/sign-in/", lambda email: {"login": email, "password": "a wrong password"}),
        ("/sign-up/", lambda email: {"email": email, "password1": NEW}),
    ):
        told = []
        for email in ("officer@practice.example", "nobody@practice.example"):
            answer = Client().post(address, fields(email))
            shown = re.sub(r'value="\w{64}"|nonce="[^"]+"|Wait \d+', "", answer.content.decode()).replace(email, "…")
            told.append((answer.status_code, answer.headers.get("Location"), shown))
        assert told[0] == told[1], address
    assert [one.to for one in mail.outbox] == [["officer@practice.example"]]


class Counting(MD5PasswordHasher):
    """The tests' fast hasher, which counts how often it is asked."""

    algorithm = "counting"
    asked = 0

    def encode(self, password: str, salt: str) -> str:
        """As usual."""
        Counting.asked += 1
        return super().encode(password, salt)


ASKED = {
    "/password/forgotten/": lambda email: {"email": email},
    "/sign-in/": lambda email: {"login": email, "password": "a wrong password"},
}


@pytest.mark.parametrize("address", ASKED)
def test_the_same_work_is_done_whether_an_address_is_known_or_not(world: Any, settings: Any, address: str) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    settings.EMAIL_BACKEND = "entrepot.ground.notices.backend.OutboxBackend"
    officer, left = world.person("officer"), world.person("observer")
    officer.set_password(PASSWORD)
    left.set_password(PASSWORD)
    with writing():
        officer.save(update_fields=["password"])
        left.is_active = False
        left.save(update_fields=["password", "is_active"])
    api.edit(by=SYSTEM, at=world.at, uuid=officer.uuid, values={"contact_email": "desk@practice.example"}, version=None)
    without = api.register(by=SYSTEM, at=world.at, home=officer.home, full_name="Without", email="without@practice.example")
    assert not without.has_usable_password()
    done = {}
    for name in ("officer", "nobody", "observer", "desk", "without"):
        asked = Counting.asked
        with CaptureQueriesContext(connection) as queries:
            answer = Client().post(address, ASKED[address](f"{name}@practice.example"))
        work = [re.split(" WHERE | VALUES | SET ", query["sql"])[0] for query in queries.captured_queries]
        read_or_written = [one for one in work if one.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]
        done[name] = (answer.status_code, Counting.asked - asked, read_or_written)
    assert done["officer"][2], "something was looked up"
    assert {name: one for name, one in done.items() if one != done["officer"]} == {}


def test_a_contact_address_gets_no_link_to_a_password(world: Any) -> None:
    api.edit(by=SYSTEM, at=world.at, uuid=world.person("officer").uuid, values={"contact_email": "desk@practice.example"}, version=None)
    assert _link("desk@practice.example") == ""


def test_an_address_in_letters_of_its_own_signs_in(world: Any) -> None:
    person = world.person("officer")
    api.edit(by=SYSTEM, at=world.at, uuid=person.uuid, values={"email": "pele@customs-ตัวอย่าง.example"}, version=None)
    assert _is_in(_signed_in("Pele@customs-ตัวอย่าง.EXAMPLE"))
    assert _link("pele@customs-ตัวอย่าง.example")


def test_a_password_is_nobody_elses_to_set(world: Any) -> None:
    person = world.person("officer")
    for by in (world.principal("admin"), world.principal("officer", scopes=["people:write"]), SYSTEM):
        for act in (api.change_password, api.reset_password, api.set_password):
            with pytest.raises(NotAllowed):
                act(by=by, at=world.at, person=person, password=NEW)
    assert _is_in(_signed_in("officer@practice.example"))


def test_passkeys_and_codes_stay_with_a_changed_password(world: Any) -> None:
    TOTP.activate(world.person("officer"), SECRET)
    browser = world.browser("officer")
    assert browser.post("/me/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}).status_code == 302
    assert Authenticator.objects.filter(user=world.person("officer")).count() == 1
    assert not _is_in(_signed_in("officer@practice.example", NEW))


@pytest.mark.parametrize("password", ["customs-training-2026", "Entrep0t!Entrep0t", "NationalCoordinator1", "WCO-Academy-Autumn"])
def test_a_password_of_this_products_own_words_is_refused(world: Any, password: str) -> None:
    here = _signed_in("officer@practice.example")
    answer = here.post("/me/password/", {"oldpassword": PASSWORD, "password1": password, "password2": password})
    assert answer.status_code == 200
    assert "would try first" in answer.content.decode()
    assert not _is_in(_signed_in("officer@practice.example", password))


def test_seeds_of_a_second_step_are_kept_encrypted_and_fit_no_other_key(world: Any, settings: Any) -> None:
    person = world.person("officer")
    app = TOTP.activate(person, SECRET)
    codes = RecoveryCodes.activate(person)
    first = codes.get_unused_codes()[0]
    for kept in Authenticator.objects.filter(user=person):
        assert SECRET not in str(kept.data)
        assert {name: value for name, value in kept.data.items() if name in ("secret", "seed") and not value.startswith("gAAAA")} == {}
    key = product.SECRET_KEY
    settings.SECRET_KEY = "another key altogether"
    assert not app.validate_code(_code())
    assert first not in codes.get_unused_codes()
    settings.SECRET_KEY = key
    assert app.validate_code(_code())
    assert not app.validate_code(_code()), "a code is good once"
    assert codes.validate_code(first)
    assert not codes.validate_code(first)
    old = TOTP(Authenticator(user=person, type="totp", data={"secret": "MFRGGZDFMZTWQ2LK"}))
    assert old.validate_code(format_hotp_value(hotp_value("MFRGGZDFMZTWQ2LK", next(yield_hotp_counters_from_time()))))


def test_the_link_in_the_mail_leads_to_the_operators_address_whatever_host_it_was_asked_at(world: Any) -> None:
    mail.outbox.clear()
    Client(HTTP_HOST="testserver:6666").post("/password/forgotten/", {"email": "officer@practice.example"})
    work_off()
    [sent] = mail.outbox
    assert "testserver" not in f"{sent.subject} {sent.body}"
    assert f"{product.ADDRESS}/password/new/" in str(sent.body)


@pytest.mark.parametrize("name", ["email", "contact_email"])
def test_who_sits_down_at_anothers_session_does_not_get_their_mail(world: Any, name: str) -> None:
    """By a new address one gets a link to a new password, and so the account for good."""
    browser, person = _signed_in("officer@practice.example"), world.person("officer")
    before = (person.email, person.contact_email)
    whole = {"full_name": person.full_name, "language": "en", "email": person.email, "contact_email": person.contact_email}
    answer = browser.post(f"/people/{person.uuid}/edit/", {**whole, name: "thief@practice.example"})
    assert answer.headers["Location"].startswith("/me/again/?next=%2Fpeople%2F")
    body = {"version": person.version, name: "thief@practice.example"}
    assert browser.patch(f"/api/v1/people/{person.uuid}", body, content_type="application/json").status_code == 403
    person.refresh_from_db()
    assert (person.email, person.contact_email) == before
    assert browser.post(f"/people/{person.uuid}/edit/", {**whole, "latin_name": "Pele"}).headers["Location"] == f"/people/{person.uuid}/"
    browser.post("/me/again/", {"password": PASSWORD})
    assert browser.post(f"/people/{person.uuid}/edit/", {**whole, name: "mine@practice.example"}).status_code == 302
    person.refresh_from_db()
    assert getattr(person, name) == "mine@practice.example"


def test_a_stale_edit_does_not_tell_which_addresses_there_are(world: Any) -> None:
    mine = world.person("officer")
    for email in ("neighbour@practice.example", "nobody@practice.example"):
        with pytest.raises(StaleEdit):
            api.edit(by=principal_for(mine, world.at), at=world.at, uuid=mine.uuid, values={"email": email}, version=mine.version + 7)


def test_a_browser_is_forgotten_when_someone_else_gives_another_address(world: Any) -> None:
    browser, person = _signed_in("officer@practice.example"), world.person("officer")
    request = RequestFactory().get("/", headers={"cookie": "; ".join(f"{one.key}={one.coded_value}" for one in browser.cookies.values())})
    assert known_browser(request, person)
    api.edit(by=world.principal("coordinator"), at=world.at, uuid=person.uuid, values={"email": "now@practice.example"}, version=None)
    person.refresh_from_db()
    assert not known_browser(request, person)
