"""Deadlines run on the Member's day: by every clock from UTC−11 to UTC+14, and over changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.capacity.training.core import Deadline, end_of, zone_named
from entrepot.capacity.training.models import Activity, Invitation, Nomination
from entrepot.ground.journal.models import Entry
from entrepot.ground.region.actions import edit_place
from entrepot.ground.work.api import move_clock, now, work_off
from entrepot.kernel.principals import SYSTEM

from .walking import Walk

ZONES = (
    *("Pacific/Pago_Pago", "Pacific/Rarotonga", "Pacific/Marquesas", "America/St_Johns", "UTC", "Asia/Tehran", "Asia/Kathmandu"),
    *("Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Tongatapu", "Pacific/Apia", "Pacific/Kiritimati"),
    *("America/Havana", "Africa/Cairo", "Asia/Beirut", "America/Asuncion", "America/Santiago"),  # whose clocks change at midnight
)
days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
zones = st.sampled_from(ZONES).map(ZoneInfo)


@settings(max_examples=300, deadline=None)
@given(day=days, zone=zones, minutes=st.integers(-3 * 1440, 3 * 1440))
def test_something_sent_is_on_time_exactly_while_the_members_calendar_shows_the_day(day: date, zone: ZoneInfo, minutes: int) -> None:
    sent = datetime.combine(day, datetime.min.time(), UTC) + timedelta(days=1, minutes=minutes)
    assert Deadline(day, zone).passed(sent) == (sent.astimezone(zone).date() > day)


@settings(max_examples=200, deadline=None)
@given(day=days, zone=zones)
def test_days_follow_each_other_without_a_gap_and_none_is_shorter_than_its_clock_allows(day: date, zone: ZoneInfo) -> None:
    ends, following = end_of(day, zone), end_of(day + timedelta(days=1), zone)
    assert timedelta(hours=22) < following - ends < timedelta(hours=26)
    assert (ends - timedelta(microseconds=1)).astimezone(zone).date() == day
    assert ends.astimezone(zone).date() == day + timedelta(days=1)


@settings(max_examples=100, deadline=None)
@given(day=days, zone=zones)
def test_the_words_say_which_clock(day: date, zone: ZoneInfo) -> None:
    said = str(Deadline(day, zone).until)
    assert day.isoformat() in said
    assert "UTC" in said
    assert zone.key == "UTC" or zone.key.rpartition("/")[2].replace("_", " ") in said


def test_a_name_that_is_no_zone_is_taken_as_utc_and_says_so() -> None:
    assert str(Deadline(date(2026, 12, 9), zone_named("Pacific/Nowhere")).until) == "until the end of 2026-12-09 (UTC)"
    assert str(Deadline(date(2026, 12, 9), zone_named("")).until) == "until the end of 2026-12-09 (UTC)"


def _put_in(world: Any, zone: str) -> None:
    edit_place(by=SYSTEM, at=world.at, uuid=world.place("ATN").uuid, values={"time_zone": zone}, version=None)


def _invited_in(world: Any, zone: str) -> tuple[Walk, str, datetime]:
    """A walk, the invitation of a Member in this zone, and the first moment that is too late there."""
    _put_in(world, zone)
    walk = Walk(world)
    invitation = walk.invited("ATN")["ATN"]
    held = Invitation.objects.select_related("activity", "place").get(uuid=invitation)
    assert held.deadline
    return walk, invitation, held.deadline.ends_at


@pytest.mark.parametrize("zone", ["Pacific/Rarotonga", "Pacific/Tongatapu", ""])
def test_a_nomination_is_late_from_the_end_of_the_members_own_day_on(world: Any, zone: str) -> None:
    walk, invitation, too_late = _invited_in(world, zone)
    move_clock(ahead=too_late - now() - timedelta(minutes=2))
    assert walk.nominate("coordinator", invitation, 1, full_name="Losa", email="losa@practice.example")["late"] is False
    assert "marked late" not in world.browser("coordinator").get(f"/programme/invitations/{invitation}/").content.decode()
    move_clock(ahead=timedelta(minutes=3))
    assert walk.nominate("coordinator", invitation, 2, full_name="Sione", email="sione@practice.example")["late"] is True
    page = world.browser("coordinator").get(f"/programme/invitations/{invitation}/").content.decode()
    assert "marked late" in page
    assert ("Rarotonga (UTC−10)" if zone == "Pacific/Rarotonga" else "Tongatapu (UTC+13)" if zone else "(UTC)") in page


def test_the_office_need_not_wait_longer_and_cannot_close_before_the_last_members_day_is_over(world: Any) -> None:
    walk, _, too_late = _invited_in(world, "Pacific/Pago_Pago")
    move_clock(ahead=too_late - now() - timedelta(minutes=2))
    assert "deadline has not passed" in walk.advance("selection", wanted=409)["title"]
    move_clock(ahead=timedelta(minutes=3))
    walk.advance("selection")


def test_the_mail_says_by_whose_clock_the_day_ends(world: Any) -> None:
    _invited_in(world, "Pacific/Rarotonga")
    move_clock(ahead=timedelta(days=1))
    work_off()
    [asked] = [message for message in mail.outbox if message.subject.startswith("Please nominate")]
    assert "in Rarotonga (UTC−10)" in asked.body


def test_whoever_is_nominated_again_after_the_deadline_is_late(world: Any) -> None:
    walk, invitation, too_late = _invited_in(world, "Pacific/Rarotonga")
    first = walk.nominate("coordinator", invitation, 1, full_name="Losa", email="losa@practice.example")
    browser = world.browser("coordinator")
    browser.post(f"/programme/invitations/{invitation}/", {"what": "withdraw", "nomination": first["uuid"]})
    move_clock(ahead=too_late - now() + timedelta(minutes=1))
    again = walk.nominate("coordinator", invitation, 1, full_name="Losa", email="losa@practice.example")
    assert (again["uuid"], again["late"], again["withdrawn"]) == (first["uuid"], True, False)
    kept = Nomination.objects.get(uuid=first["uuid"])
    assert kept.first_submitted_at
    assert kept.first_submitted_at < too_late <= kept.submitted_at
    changed = walk.nominate("coordinator", invitation, 1, full_name="Losa", email="losa@practice.example", post="Team lead")
    assert changed["late"] is True, "a correction changes nothing about that"


def test_a_correction_after_the_deadline_does_not_make_late(world: Any) -> None:
    walk, invitation, too_late = _invited_in(world, "Pacific/Rarotonga")
    walk.nominate("coordinator", invitation, 1, full_name="Losa", email="losa@practice.example")
    move_clock(ahead=too_late - now() + timedelta(minutes=1))
    assert walk.nominate("coordinator", invitation, 1, full_name="Losa", email="losa@practice.example", post="Lead")["late"] is False


def test_the_deadline_of_one_member_is_extended_journaled_and_told(world: Any) -> None:
    _put_in(world, "Pacific/Rarotonga")
    walk = Walk(world)
    invitations = walk.invited("ATN", "HIGH")
    day = Activity.objects.get(uuid=walk.activity).nominate_by
    assert day
    path = f"/training/invitations/{invitations['ATN']}/deadline"
    walk.send("coordinator", "post", path, {"nominate_by": str(day + timedelta(days=5))}, wanted=403)
    earlier = walk.send("manager", "post", path, {"nominate_by": str(day)}, wanted=422)
    assert "Choose a day after" in earlier["faults"]["nominate_by"]
    too_far = walk.send("manager", "post", path, {"nominate_by": str(day + timedelta(days=300))}, wanted=422)
    assert list(too_far["faults"]) == ["nominate_by"]

    move_clock(ahead=end_of(day, ZoneInfo("Pacific/Rarotonga")) - now() + timedelta(hours=1))
    late = walk.nominate("coordinator", invitations["ATN"], 1, full_name="Losa", email="losa@practice.example")
    assert late["late"] is True
    until = walk.send("manager", "post", path, {"nominate_by": str(day + timedelta(days=5))})["nominate_until"]
    assert datetime.fromisoformat(until) == end_of(day + timedelta(days=5), ZoneInfo("Pacific/Rarotonga"))
    assert [n["late"] for n in walk.nominations()] == [False], "what was sent within the new time is late no more"
    entry = Entry.objects.get(verb="training.deadline.extended")
    assert (str(entry.thing_uuid), entry.facts) == (invitations["ATN"], {"nominate_by": str(day + timedelta(days=5))})
    assert "deadline has not passed" in walk.advance("selection", wanted=409)["title"], "ATN has not said that these are all"

    mail.outbox.clear()
    move_clock(ahead=timedelta(days=1))
    work_off()
    [told] = [message for message in mail.outbox if message.subject.startswith("More time to nominate")]
    assert "Rarotonga (UTC−10)" in told.body
    assert "coordinator@" in told.to[0]
    page = world.browser("manager").get(f"/programme/{walk.activity}/").content.decode()
    assert "Rarotonga (UTC−10)" in page
    form = world.browser("manager").get(f"/programme/invitations/{invitations['HIGH']}/extend/").content.decode()
    assert "until the end of" in form, "it says what holds so far"
    posted = world.browser("manager").post(
        f"/programme/invitations/{invitations['HIGH']}/extend/", {"nominate_by": str(day + timedelta(days=2))}
    )
    assert posted.status_code == 302
