"""Guessing and asking too often: counted by account and by address apart, and nobody shuts another out."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client, override_settings

from entrepot.ground.access.api import make_token
from entrepot.ground.limits.api import guessing
from entrepot.ground.limits.models import Level
from entrepot.ground.people.demo import PASSWORD
from entrepot.ground.work.api import move_clock
from entrepot.kernel.errors import TooManyRequests
from tests.settings import PRODUCT_LIMITS

OFFICER, ANALYST = "officer@practice.example", "analyst@practice.example"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def as_shipped() -> Iterator[None]:
    """The limits that the product comes with."""
    with override_settings(LIMITS=PRODUCT_LIMITS):
        yield


def _limits(**rates: str) -> Any:
    return override_settings(LIMITS=PRODUCT_LIMITS | {name.replace("__", ".").replace("_", "-"): rate for name, rate in rates.items()})


def _from(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def _sign_in(client: Client, login: str = OFFICER, password: str = PASSWORD) -> Any:
    return client.post("/sign-in/", {"login": login, "password": password})


def _fail(client: Client, times: int, login: str = OFFICER) -> list[int]:
    return [_sign_in(client, login, "wrong").status_code for _ in range(times)]


def test_invented_names_lock_nobody_behind_the_same_address_out(world: Any) -> None:
    office = "203.0.113.1"
    assert {code for number in range(12) for code in _fail(_from(office), 1, f"nobody{number}@practice.example")} == {200}
    assert _sign_in(_from(office)).status_code == 302


def test_an_account_takes_six_wrong_passwords_and_says_for_how_long_to_wait(world: Any) -> None:
    stranger = _from("203.0.113.2")
    assert _fail(stranger, 6) == [200] * 6
    refused = _sign_in(stranger)
    assert _waits(refused, 50)
    assert _sign_in(_from("203.0.113.3")).status_code == 429, "the account is counted, wherever it is tried from"
    assert _sign_in(stranger, ANALYST).status_code == 302, "another account is not"
    move_clock(ahead=timedelta(seconds=51))
    assert _sign_in(_from("203.0.113.3")).status_code == 302


def test_an_account_that_is_none_is_refused_in_the_same_words_after_as_many_tries(world: Any) -> None:
    def told(login: str) -> list[tuple[int, bool, str]]:
        client, answers = _from("203.0.113.4"), []
        for _ in range(8):
            answer = _sign_in(client, login, "wrong")
            text = answer.content.decode().replace(login, "…")
            for chance in re.findall(r'(?:csrfmiddlewaretoken" value|nonce)="([^"]+)"', text):
                text = text.replace(chance, "…")
            answers.append((answer.status_code, "Retry-After" in answer.headers, re.sub(r"Wait \d+ seconds", "Wait …", text)))
        return answers

    assert told(OFFICER) == told("nobody.else@practice.example")


class Counting(MD5PasswordHasher):
    """A hash that counts how often it was made: what takes the time at sign-in."""

    algorithm = "counting"
    made = 0

    def encode(self, password: str, salt: str) -> str:
        """One more."""
        Counting.made += 1
        return super().encode(password, salt)


@override_settings(PASSWORD_HASHERS=["tests.ground.test_limits.Counting"])
def test_a_sign_in_takes_one_hash_whether_there_is_the_account_or_not(world: Any) -> None:
    person, never = world.person("officer"), world.person("analyst")
    person.set_password(PASSWORD)
    never.set_unusable_password()
    for one in (person, never):
        one.save(update_fields=["password"])

    def hashes(login: str) -> int:
        before = Counting.made
        assert _fail(_from("203.0.113.5"), 1, login) == [200]
        return Counting.made - before

    assert {hashes(login) for login in (OFFICER, ANALYST, "nobody@practice.example")} == {1}


def test_a_browser_in_which_the_account_signed_in_before_is_not_shut_out(world: Any) -> None:
    own, stranger = _from("203.0.113.6"), _from("203.0.113.6")
    assert _sign_in(own).status_code == 302
    own.post("/sign-out/")
    with _limits(failures__address="20/5m"):
        assert 429 in _fail(stranger, 30)
        assert 429 in _fail(stranger, 30, ANALYST), "the address as a whole is slowed too"
        assert _sign_in(own).status_code == 302


def test_it_has_a_count_of_its_own_like_any_other(world: Any) -> None:
    own = _from("203.0.113.7")
    assert _sign_in(own).status_code == 302
    own.post("/sign-out/")
    assert _fail(own, 7) == [200] * 6 + [429]
    assert _sign_in(_from("203.0.113.8")).status_code == 302, "which is nobody else's"


def test_the_mark_of_a_browser_is_its_accounts_its_passwords_and_nobody_elses_to_make(world: Any) -> None:
    own, other = _from("203.0.113.9"), _from("203.0.113.10")
    assert _sign_in(own).status_code == 302
    mark = own.cookies["signed_in_before"]
    assert (bool(mark["httponly"]), mark["samesite"], mark["max-age"] > 300 * 24 * 3600) == (True, "Lax", True)
    own.post("/sign-out/")
    assert _sign_in(other, ANALYST).status_code == 302
    other.post("/sign-out/")
    _fail(_from("203.0.113.11"), 7)
    assert _sign_in(other).status_code == 429, "another account's mark helps nobody"
    other.cookies["signed_in_before"] = str(mark.value)[:-2] + "xx"
    assert _sign_in(other).status_code == 429, "nor does one that is not ours"
    person = world.person("officer")
    person.set_password("another lagoon with herons")
    person.save(update_fields=["password"])
    assert _sign_in(own, password="another lagoon with herons").status_code == 429, "with a new password it is as good as none"


def test_who_tries_without_end_keeps_nobody_out_for_more_than_five_minutes(world: Any, at: datetime) -> None:
    """For twenty minutes two strangers try the account every ten seconds; whoever else comes meanwhile gets a try within five minutes."""

    def tries(address: str, moment: datetime) -> bool:
        try:
            with guessing("failures.account", OFFICER, address=address, at=moment):
                if address != "own":
                    raise ValueError
        except (TooManyRequests, ValueError):
            return False
        return True

    came: dict[int, int] = {}
    waiting = None
    guesses_before = Level.objects.count()
    for second in range(0, 1300, 10):
        moment = at + timedelta(seconds=second)
        for stranger in ("stranger", "other stranger"):
            tries(stranger, moment)
        if second in (100, 500, 900):
            waiting = second
        if waiting is not None and second % 20 == 0 and tries("own", moment):
            came[waiting] = second - waiting
            waiting = None
    assert len(came) == 3, came
    assert max(came.values()) <= 300
    assert Level.objects.count() - guesses_before < 10, "what is kept does not grow with the tries"


def test_a_try_is_counted_before_it_is_judged(db: None, at: datetime) -> None:
    def under_way() -> Any:
        return guessing("failures.account", "one", address="203.0.113.12", at=at)

    with ExitStack() as tries:
        for _ in range(6):
            tries.enter_context(under_way())
        with pytest.raises(TooManyRequests), under_way():
            pass
    with under_way():
        pass  # all six were right


@pytest.mark.skipif("sqlite" in connection.settings_dict["ENGINE"], reason="SQLite in memory has one writer; each write is one transaction")
@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_all_counted(at: datetime) -> None:
    begun, inside = threading.Barrier(12), []

    def tries() -> None:
        begun.wait()
        try:
            with guessing("failures.account", "one", address="203.0.113.12", at=at):
                inside.append(1)
                raise ValueError
        except (TooManyRequests, ValueError):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=tries) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(inside) == 6


def test_a_count_that_goes_while_it_is_wanted_is_begun_anew(db: None, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Level.objects.bulk_create

    def gone_at_once(*_given: Any, **_more: Any) -> None:
        monkeypatch.setattr(Level.objects, "bulk_create", real)  # it stood there, and who had its turn took it away

    monkeypatch.setattr(Level.objects, "bulk_create", gone_at_once)
    with guessing("failures.account", "one", address="203.0.113.13", at=at):
        pass


def _recovery_codes(person: Any) -> list[str]:
    return RecoveryCodes(Authenticator.objects.get(user=person, type="recovery_codes")).get_unused_codes()


def _waits(answer: Any, most: int) -> bool:
    """Whether it is refused for at most so many seconds, and says so in words."""
    seconds = int(answer["Retry-After"])
    wait = f"Wait {seconds} seconds" if seconds <= 90 else f"Wait {-(-seconds // 60)} minutes"
    return answer.status_code == 429 and 1 <= seconds <= most and f"{wait}, then try again." in answer.content.decode()


def test_the_second_step_cannot_be_guessed_without_end(world: Any) -> None:
    person = world.person("officer")
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    code = _recovery_codes(person)[0]
    thief = _from("203.0.113.13")
    assert _sign_in(thief)["Location"].startswith("/me/second-step/")
    answers = [thief.post("/me/second-step/authenticate/", {"code": "000000"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 6
    refused = thief.post("/me/second-step/authenticate/", {"code": code})
    assert _waits(refused, 50)
    elsewhere = _from("203.0.113.14")
    assert _sign_in(elsewhere).status_code == 302, "the password has a count of its own"
    assert elsewhere.post("/me/second-step/authenticate/", {"code": code}).status_code == 429
    move_clock(ahead=timedelta(seconds=51))
    assert elsewhere.post("/me/second-step/authenticate/", {"code": code})["Location"] == "/today/"


def test_a_browser_that_finished_the_second_step_before_is_not_shut_out_of_it(world: Any) -> None:
    person = world.person("officer")
    TOTP.activate(person, SECRET)
    own, thief = _from("203.0.113.15"), _from("203.0.113.16")
    _sign_in(own)
    assert "signed_in_before" not in own.cookies, "a password alone does not make a browser known"
    RecoveryCodes.activate(person)
    codes = _recovery_codes(person)
    assert own.post("/me/second-step/authenticate/", {"code": codes[0]})["Location"] == "/today/"
    own.post("/sign-out/")
    _sign_in(thief)
    assert thief.post("/me/second-step/authenticate/", {"code": "000000"}).status_code == 200
    assert [thief.post("/me/second-step/authenticate/", {"code": "000000"}).status_code for _ in range(6)][-1] == 429
    _sign_in(own)
    assert own.post("/me/second-step/authenticate/", {"code": codes[1]})["Location"] == "/today/"


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/me/again/", {"password": "wrong"}),
        ("/me/password/", {"oldpassword": "wrong", "password1": "a lagoon with herons", "password2": "a lagoon with herons"}),
        ("/me/second-step/reauthenticate/", {"code": "000000"}),
    ],
)
def test_who_sits_down_at_anothers_session_cannot_guess_either(world: Any, address: str, form: dict[str, str]) -> None:
    TOTP.activate(world.person("officer"), SECRET)
    session = world.browser("officer")
    answers = [session.post(address, form).status_code for _ in range(7)]
    assert answers == [200] * 6 + [429]


def test_an_address_is_slowed_over_all_accounts_and_the_network_of_a_subscriber_is_one_address(world: Any) -> None:
    with _limits(failures__address="10/5m"):
        answers = [_fail(_from(f"2001:db8:7:7::{number:x}"), 1, f"n{number}@practice.example")[0] for number in range(1, 13)]
        assert answers == [200] * 10 + [429] * 2
        refused = _sign_in(_from("2001:db8:7:7::ffff"))
        assert _waits(refused, 30)
        assert _sign_in(_from("2001:db8:7:8::1")).status_code == 302


def test_only_a_named_proxy_is_believed_about_who_comes(world: Any) -> None:
    def asks(peer: str, forwarded: str) -> int:
        return Client(REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded).get("/search/?q=x").status_code

    with _limits(search="2/m"), override_settings(PROXIES="10.9.0.0/16"):
        assert [asks("203.0.113.20", f"192.0.2.{number}") for number in range(3)] == [200, 200, 429], (
            "a header of one's own changes nothing"
        )
        assert [asks("10.9.0.1", f"192.0.2.{number}") for number in range(3)] == [200] * 3
        spoofed = [asks("10.9.0.1", f"192.0.2.{number}, 198.51.100.20, 10.9.3.4") for number in range(3)]
        assert spoofed == [200, 200, 429], "nor does what stands left of the last stranger"


def _bearer(world: Any, *scopes: str) -> dict[str, str]:
    person = world.person("manager")
    by = world.principal("manager")
    _, secret = make_token(by=by, at=world.at, person=person, name="mine", scopes=scopes, known_scopes=scopes)
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("api.address", "/api/v1/places"),
        ("search", "/api/v1/knowledge/search?q=risk"),
        ("search", "/search/?q=risk"),
        ("search", "/knowledge/?q=risk"),
        ("certificates", "/certificates/verify/?code=2222-2222-2222"),
        ("certificates", "/certificates/verify/2222-2222-2222/"),
        ("certificates", "/api/v1/certificates/verify/2222-2222-2222"),
        ("links", "/programme/seat/nothing-of-the-kind-nothing-of-the/"),
        ("links", "/me/join/nothing-of-the-kind-nothing-of-the/"),
        ("links", "/notices/off/nothing/"),
    ],
)
def test_what_is_asked_too_often_is_refused_in_its_own_form_with_the_time_to_wait(world: Any, name: str, path: str) -> None:
    client = _from(f"203.0.113.{30 + sum(path.encode()) % 200}")
    with override_settings(LIMITS=PRODUCT_LIMITS | {name: "3/m"}):
        answers = [client.get(path) for _ in range(4)]
    assert 429 not in [answer.status_code for answer in answers[:3]]
    refused = answers[-1]
    assert _waits(refused, 20)
    if path.startswith("/api/"):
        assert refused["Content-Type"] == "application/problem+json"
        assert refused.json()["type"] == "urn:entrepot:too-many-requests"
    assert _from("198.51.100.77").get(path).status_code != 429, "another address is not"


def test_a_token_has_a_limit_of_its_own_and_another_is_not_slowed_by_it(world: Any) -> None:
    mine, other = _bearer(world, "training:read"), _bearer(world, "needs:read")
    with _limits(api__token="3/m"):
        assert [Client().get("/api/v1/me", **mine).status_code for _ in range(4)] == [200] * 3 + [429]
        assert Client().get("/api/v1/me", **other).status_code == 200


def test_blanks_before_a_token_give_it_no_count_of_its_own(world: Any) -> None:
    token = _bearer(world, "training:read")["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    with _limits(api__token="3/m"):
        told = [Client().get("/api/v1/me", headers={"Authorization": "Bearer " + " " * n + token}).status_code for n in range(5)]
    assert told == [200] * 3 + [429] * 2


def test_sign_in_forms_are_limited_by_address(world: Any) -> None:
    with override_settings(LIMITS=PRODUCT_LIMITS | {"sign-in": "3/m"}):
        client = _from("203.0.113.25")
        assert _fail(client, 4) == [200] * 3 + [429]
        assert client.get("/sign-in/").status_code == 200, "looking at the page is not"


@pytest.mark.parametrize("login", [OFFICER, "nobody@practice.example"])
def test_a_forgotten_password_sends_three_mails_and_then_says_when_the_next_can_go(world: Any, login: str) -> None:
    answers = [_from(f"203.0.113.{number}").post("/password/forgotten/", {"email": login}) for number in range(4)]
    assert [answer.status_code for answer in answers[:3]] == [302] * 3
    assert _waits(answers[-1], 300)


def test_mails_for_forgotten_passwords_are_limited_by_address_too(world: Any) -> None:
    with _limits(mails__address="2/15m"):
        asks = [_from("203.0.113.26").post("/password/forgotten/", {"email": f"n{number}@practice.example"}) for number in range(3)]
    assert [answer.status_code for answer in asks] == [302, 302, 429]
    assert mail.outbox == []


@pytest.mark.parametrize("path", ["/programme/seat/{}/", "/certificates/verify/{}/", "/api/v1/certificates/verify/{}"])
def test_wrong_secrets_are_counted_by_address_over_all_processes(world: Any, path: str) -> None:
    client = _from("203.0.113.27")
    with _limits(failures__secret="4/5m"):
        answers = [client.get(path.format(f"wrong-{number}")).status_code for number in range(5)]
    assert answers[:4] in ([404] * 4, [410] * 4)
    assert answers[4] == 429
    assert Level.objects.exists(), "in the database"


def test_the_code_at_the_door_cannot_be_guessed_without_end(world: Any) -> None:
    from entrepot.capacity.training.models import Nomination

    seat = (
        Nomination.objects.filter(outcome="seat", activity__stage="confirmed", person__home__invented=True).select_related("person").first()
    )
    participant = Client()
    participant.force_login(seat.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = f"/programme/participant/{seat.uuid}/"
    answers = [participant.post(page, {"door": f"AAAA{number:02}"}) for number in range(11)]
    assert [answer.status_code for answer in answers[:10]] == [422] * 10
    assert _waits(answers[-1], 30)


def test_wrong_tokens_and_keys_are_refused_for_a_while_and_right_ones_never(world: Any) -> None:
    right = _bearer(world, "training:read")
    with _limits(failures__secret="3/5m"):
        office = _from("203.0.113.28")
        answers = [office.get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer ent_{number}") for number in range(4)]
        assert [answer.status_code for answer in answers] == [401] * 3 + [429]
        assert office.get("/api/v1/me", **right).status_code == 200
        key = "Basic " + base64.b64encode(b"rec_1:wrong").decode()
        refused = office.get("/xapi/statements", HTTP_AUTHORIZATION=key, HTTP_X_EXPERIENCE_API_VERSION="2.0.0")
        assert (refused.status_code, refused["X-Experience-API-Version"]) == (429, "2.0.0")
        assert int(refused["Retry-After"]) <= 100
        assert "too many" in json.loads(refused.content)["error"]


def test_what_is_counted_names_neither_an_account_nor_an_address(world: Any) -> None:
    _fail(_from("203.0.113.29"), 2)
    rows = json.dumps(list(Level.objects.values()), default=str)
    assert len(rows) > 100
    assert "officer" not in rows
    assert "203.0.113" not in rows


def test_levels_that_have_drained_are_removed(world: Any, at: datetime) -> None:
    from entrepot.ground.limits.tasks import clear

    _fail(_from("203.0.113.30"), 1)
    clear()
    assert Level.objects.exists()
    move_clock(ahead=timedelta(days=2))
    clear()
    assert not Level.objects.exists()


def test_a_subscriber_with_256_networks_gets_one_turn_and_nobody_else_waits_longer_for_it(db: None, at: datetime) -> None:
    """A household has 56 bits of IPv6: without a turn per site it took all turns, six times as many guesses, and kept others out."""

    def tried(address: str, after: int) -> bool:
        try:
            with guessing("failures.account", "someone", address=address, at=at + timedelta(seconds=after)):
                raise InterruptedError
        except TooManyRequests:
            return False
        except InterruptedError:
            return True

    guesses, others = 0, []
    for second in range(0, 1200, 2):
        guesses += tried(f"2001:db8:1:{second // 2 % 256:x}::/64", second)
        if second % 60 == 10:
            others.append(tried("203.0.113.9", second))
    assert guesses + sum(others) <= 6 + 1200 // 50 + 2 * 1200 // 300
    assert sum(others) >= 1200 // 360 - 1
