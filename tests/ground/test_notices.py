"""Notices: told with the act, said in the reader's language, mailed once outside quiet hours, and switched off by one click."""

from __future__ import annotations

import re
import smtplib
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from entrepot.ground.access.api import make_link
from entrepot.ground.journal.api import action, append
from entrepot.ground.keeping.api import WrittenOutsideAction
from entrepot.ground.notices import api, outbox
from entrepot.ground.notices.core import DELAYS, after_failure, after_quiet
from entrepot.ground.notices.models import Enclosure, Mail, Notice
from entrepot.ground.people.api import edit, merge
from entrepot.ground.work.api import move_clock, now, work_off
from entrepot.kernel.offers import NoticeKind
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.texts import Text

PLAIN, ESSENTIAL = "tests.plain", "tests.essential"
TITLE, BODY = (
    Text("%(who)s is nominated", {"who": "Pele"}),
    Text("The course begins on %(on)s.", {"on": datetime(2026, 6, 30, 1, tzinfo=UTC)}),
)


@pytest.fixture(autouse=True)
def known() -> None:
    api.introduce([NoticeKind(PLAIN, "Nominations", urgent=True), NoticeKind(ESSENTIAL, "Signing in", essential=True, urgent=True)])
    api.introduce([NoticeKind("tests.calm", "Reminders")])


@action
def tell(*, person: Any, at: datetime, kind: str = PLAIN, title: Text = TITLE, body: Text = BODY, **more: Any) -> Notice | None:
    """An act that tells someone."""
    append(by=SYSTEM, at=at, verb="tests.told", thing=person)
    return api.notify(by=SYSTEM, at=at, person=person, kind=kind, title=title, body=body, **more)


class Refusing(EmailBackend):
    """A mail server that answers as the test wants."""

    answer: Exception | None = None
    seen: list[str] = []

    def send_messages(self, messages: Any) -> int:
        """Refuse, or take them."""
        type(self).seen += [message.message()["Message-ID"] for message in messages]
        if self.answer:
            raise self.answer
        return super().send_messages(messages)


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[Refusing]:
    settings.MAIL_FOLDER = {"backend": f"{__name__}.Refusing"}
    monkeypatch.setattr(Refusing, "answer", None)
    monkeypatch.setattr(Refusing, "seen", [])
    return Refusing


MOMENTS = st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
ZONES = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})).map(ZoneInfo)


@given(MOMENTS, ZONES, st.times(), st.times())
def test_a_mail_never_goes_out_in_quiet_hours_and_waits_no_longer_than_them(at: datetime, zone: ZoneInfo, starts: time, ends: time) -> None:
    due = after_quiet(at, zone, starts, ends)
    assert at <= due <= at + timedelta(hours=26)
    assert due == at or due.astimezone(zone).time().replace(microsecond=0) >= ends.replace(microsecond=0) or _clocks_change(due, zone)
    clock = due.astimezone(zone).time()
    quiet = (clock >= starts or clock < ends) if starts > ends else starts <= clock < ends
    assert not quiet or _clocks_change(due, zone)


def _clocks_change(at: datetime, zone: ZoneInfo) -> bool:
    return (at - timedelta(days=1)).astimezone(zone).utcoffset() != (at + timedelta(days=1)).astimezone(zone).utcoffset()


def test_waits_grow_and_end() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    waits = [after_failure(at, attempt) for attempt in range(1, len(DELAYS) + 2)]
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[-1] is None


def test_a_notice_is_told_inside_an_action_only_and_goes_with_it(world: Any) -> None:
    with pytest.raises(WrittenOutsideAction):
        api.notify(by=SYSTEM, at=world.at, person=world.person("officer"), kind=PLAIN, title=TITLE, body=BODY)
    with pytest.raises(LookupError, match="no app offers"):
        tell(person=world.person("officer"), at=world.at, kind="tests.unknown")
    with pytest.raises(ValueError, match="path of this product"):
        tell(person=world.person("officer"), at=world.at, href="https://elsewhere.example/")


def test_it_stands_on_the_page_and_in_the_mail_in_the_persons_zone(world: Any) -> None:
    officer = world.person("officer")
    told = tell(person=officer, at=now(), href="/today/")
    assert told is not None
    browser = world.browser("officer")
    page = browser.get("/notices/").content.decode()
    assert "Pele is nominated" in page
    assert "unread" in page
    assert work_off() >= 1
    [message] = mail.outbox
    assert message.to == [officer.email]
    assert message.subject == "Pele is nominated"
    assert "30 June 2026 14:00 +13" in message.body
    assert "http://127.0.0.1:8000/today/" in message.body
    html, kind = message.alternatives[0]
    assert (kind, "Pele is nominated" in html) == ("text/html", True)
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    opened = browser.post(f"/notices/{told.uuid}/read/", {"open": "1"})
    assert opened["Location"] == "/today/"
    told.refresh_from_db()
    assert told.read_at
    assert world.browser("neighbour").post(f"/notices/{told.uuid}/read/").status_code == 404


def test_the_same_key_tells_once(world: Any) -> None:
    officer, supervisor = world.person("officer"), world.person("supervisor")
    assert tell(person=officer, at=now(), key="k") is not None
    assert tell(person=officer, at=now(), key="k") is None
    assert tell(person=supervisor, at=now(), key="k") is not None
    assert Mail.objects.filter(notice__key="k").count() == 2


@pytest.mark.parametrize("why", ["erased", "inactive", "no address", "bounced", "switched off"])
def test_no_mail_to_those_who_cannot_or_will_not_have_it(world: Any, why: str) -> None:
    officer = world.person("officer")
    told = tell(person=officer, at=now())
    assert told is not None
    principal = world.principal("officer")
    match why:
        case "erased":
            world.browser("officer", fresh=True).post(f"/erase/{officer.uuid}/")
        case "inactive":
            merge(by=world.principal("admin"), at=now(), keep=world.officer_of("ATN").uuid, drop=officer.uuid)
        case "no address":
            edit(by=principal, at=now(), uuid=officer.uuid, values={"email": ""}, version=None)
        case "bounced":
            api.bounced(by=SYSTEM, at=now(), person=officer, address=officer.email)
        case "switched off":
            wishes = api.wishes_of(officer)
            hours = {"quiet_from": wishes.quiet_from, "quiet_to": wishes.quiet_to}
            api.wish(by=principal, at=now(), person=officer, silenced=[PLAIN], version=None, **hours)
    work_off()
    # Others are written to: whoever is erased gives a seat back, which goes on.
    assert not [one for one in mail.outbox if "officer@practice.example" in one.to or "Bayu" in one.subject]
    assert not Mail.objects.filter(notice=told.pk, state="waiting").exists()
    officer.refresh_from_db()
    again = tell(person=officer, at=now())
    assert (again is None) == (why in ("erased", "inactive"))
    assert again is None or not Mail.objects.filter(notice=again).exists()


def test_quiet_hours_hold_back_what_is_not_urgent(world: Any) -> None:
    officer = world.person("officer")
    night = datetime(2026, 5, 1, 10, tzinfo=UTC)  # 23:00 on Tongatapu
    calm, urgent = tell(person=officer, at=night, kind="tests.calm"), tell(person=officer, at=night)
    assert Mail.objects.get(notice=calm).due_at == datetime(2026, 5, 1, 18, tzinfo=UTC)
    assert Mail.objects.get(notice=urgent).due_at == night


def test_a_failing_server_is_tried_again_with_the_same_message_id_and_then_given_up(world: Any, server: type[Refusing]) -> None:
    server.answer = smtplib.SMTPServerDisconnected("gone")
    told = tell(person=world.person("officer"), at=now(), files=[api.File("a.ics", "text/calendar", b"BEGIN")])
    for delay in (timedelta(0), *DELAYS[:2]):
        move_clock(ahead=delay + timedelta(seconds=1))
        work_off()
    assert len(server.seen) == 3
    server.answer = None
    move_clock(ahead=DELAYS[2])
    work_off()
    row = Mail.objects.get(notice=told)
    assert (row.state, row.attempts, len(set(server.seen)), len(server.seen)) == ("sent", 3, 1, 4)
    assert [name for name, _, _ in mail.outbox[0].attachments] == ["a.ics"]
    assert not Enclosure.objects.filter(mail=row).exists()
    server.answer = TimeoutError()
    lost = tell(person=world.person("officer"), at=now())
    for delay in (timedelta(0), *DELAYS):
        move_clock(ahead=delay + timedelta(seconds=1))
        work_off()
    assert Mail.objects.get(notice=lost).state == "given_up"


def test_an_address_that_the_server_does_not_know_counts_as_bounced(world: Any, server: type[Refusing]) -> None:
    officer = world.person("officer")
    server.answer = smtplib.SMTPRecipientsRefused({officer.email: (550, b"no such user")})
    told = tell(person=officer, at=now())
    work_off()
    assert Mail.objects.get(notice=told).state == "dropped"
    assert api.wishes_of(officer).bounced == officer.email
    assert "came back" in world.browser("officer").get("/notices/settings/").content.decode()
    again = tell(person=officer, at=now())
    assert not Mail.objects.filter(notice=again).exists()


@pytest.mark.parametrize("ready", [{"to": "x@customs.example\u200f"}, {"to": "x@" + "ü" * 70 + ".example"}, {"subject": "two\nlines"}])
def test_a_mail_that_can_never_be_made_ends_with_its_reason_and_holds_up_nothing(world: Any, ready: Any) -> None:
    whole = {"to": "y@customs.example", "subject": "Hello", "plain": "x"}
    stuck = outbox.post(at=now(), due=now(), **whole | ready)
    other = outbox.post(at=now(), due=now(), **whole)
    work_off()
    stuck.refresh_from_db()
    other.refresh_from_db()
    assert (stuck.state, stuck.ended_at is None, stuck.to) == ("dropped", False, "")
    assert "no mail can be made of it" in stuck.error
    assert "customs.example" not in stuck.error
    assert other.state == "sent"
    move_clock(ahead=timedelta(days=2))
    work_off()
    assert [one.to for one in mail.outbox] == [["y@customs.example"]]


def test_a_signed_links_secret_is_in_the_mail_only_and_wiped_once_it_is_out(world: Any) -> None:
    officer = world.person("officer")
    secret = make_link(by=world.principal("coordinator"), at=now(), person=officer, purpose="people.join", thing=officer.uuid)
    told = tell(person=officer, at=now(), kind=ESSENTIAL, href=f"/me/join/{secret}/", instead="/me/")
    assert told is not None
    assert told.href == "/me/"
    assert secret not in world.browser("officer").get("/notices/").content.decode()
    assert secret in Mail.objects.get(notice=told).href
    work_off()
    assert secret in mail.outbox[0].body
    row = Mail.objects.get(notice=told)
    assert (row.state, row.href, row.plain) == ("sent", "", "")


def test_one_click_switches_a_kind_off_and_an_essential_kind_has_no_such_link(world: Any) -> None:
    officer = world.person("officer")
    tell(person=officer, at=now())
    tell(person=officer, at=now(), kind=ESSENTIAL)
    work_off()
    plain, essential = sorted(mail.outbox, key=lambda message: "List-Unsubscribe" not in message.extra_headers)
    assert "List-Unsubscribe" not in essential.extra_headers
    address = re.sub(r"^<http://[^/]+|>$", "", plain.extra_headers["List-Unsubscribe"])
    visitor = Client(enforce_csrf_checks=True)
    assert visitor.get(address).status_code == 200
    assert api.wishes_of(officer).silenced == [], "opening the page changes nothing"
    assert visitor.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert api.wishes_of(officer).silenced == [PLAIN]
    assert visitor.post(address[:-6] + "aaaaa/").status_code == 404


def test_what_one_wants_by_mail_is_said_on_a_page_and_survives_bad_input(world: Any) -> None:
    browser = world.browser("officer")
    assert browser.post("/notices/settings/", {"quiet_from": "25:00", "quiet_to": "06:00"}).status_code == 422
    wanted = {"quiet_from": "21:30", "quiet_to": "06:00", "mailed": [PLAIN]}
    assert browser.post("/notices/settings/", wanted).status_code == 302
    wishes = api.wishes_of(world.person("officer"))
    assert (wishes.quiet_from, PLAIN in wishes.silenced, "tests.calm" in wishes.silenced) == (time(21, 30), False, True)
    assert browser.post("/notices/settings/", {**wanted, "quiet_from": "22:00", "version": 1}).status_code == 422, "a stale edit"


@pytest.mark.parametrize("known_address", [True, False])
def test_a_forgotten_password_goes_through_the_outbox(world: Any, settings: Any, known_address: bool) -> None:
    settings.EMAIL_BACKEND = "entrepot.ground.notices.backend.OutboxBackend"
    address = "officer@practice.example" if known_address else "nobody@practice.example"
    answer = Client().post("/password/forgotten/", {"email": address})
    assert answer.status_code == 302, "the same answer either way"
    assert mail.outbox == []
    assert Mail.objects.filter(notice=None, state="waiting").count() == known_address
    work_off()
    assert [message.to for message in mail.outbox] == ([[address]] if known_address else [])
    assert not Mail.objects.filter(notice=None).exclude(to="", plain="").exists()


def test_a_demo_with_a_mail_server_writes_to_nobody(world: Any, settings: Any) -> None:
    settings.MAIL_TRANSPORT = {"backend": "nowhere.at.all"}
    tell(person=world.person("officer"), at=now())
    work_off()
    assert len(mail.outbox) == 1


def test_reading_through_the_api(world: Any) -> None:
    browser = world.browser("officer")
    tell(person=world.person("officer"), at=now())
    [row] = browser.get("/api/v1/notices?size=1").json()["rows"]
    assert (row["title"], row["read_at"]) == ("Pele is nominated", None)
    assert browser.post(f"/api/v1/notices/{row['uuid']}/read").json()["read_at"]
    assert world.browser("neighbour").post(f"/api/v1/notices/{row['uuid']}/read").status_code == 404


def test_merging_moves_notices_and_erasing_removes_them(world: Any) -> None:
    officer, twin = world.person("officer"), world.officer_of("ATN")
    tell(person=twin, at=now(), key="a")
    tell(person=officer, at=now(), key="a")
    tell(person=twin, at=now(), key="b")
    answer = world.browser("coordinator").post("/merge/", {"keep": officer.uuid, "drop": twin.uuid})
    assert answer.status_code == 302
    assert sorted(Notice.objects.filter(person=officer, key__in=["a", "b"]).values_list("key", flat=True)) == ["a", "b"]
    world.browser("officer", fresh=True).post(f"/erase/{officer.uuid}/")
    assert not Notice.objects.filter(person=officer).exists()
