"""Whatever waits for a person anywhere stands on their first page, on every day of two years, for every role.

CI looks at the first days and a sample of the later ones; `TODAY_DAYS=all` looks at every one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from entrepot.capacity.community.models import Fellow
from entrepot.capacity.evaluation.enums import LATER, OF_PARTICIPANT
from entrepot.capacity.evaluation.models import ActionItem, Ask, Taught
from entrepot.capacity.evaluation.rules import ask_rules
from entrepot.capacity.knowledge.models import Review
from entrepot.capacity.training import api as training
from entrepot.capacity.training.core import following
from entrepot.capacity.training.enums import Stage
from entrepot.capacity.training.models import Activity, Nomination
from entrepot.capacity.training.rules import invitation_rules, nomination_rules, offer_rules
from entrepot.desk.gathered import jobs
from entrepot.ground.access.api import principal_for
from entrepot.ground.work.api import move_clock, now, tick, work_off

PARTS = (
    *("head", "manager", "admin", "vicechair", "pastvicechair", "centre", "trainer", "coordinator"),
    *("neighbour", "supervisor", "officer", "analyst", "partner", "observer"),
)
SAMPLE = (0, 2, 3, 60, 300)
"""Days ahead that CI looks at: before, at and after the practice region's workshop, its seats in selection, and its follow-up."""
OPEN = (Stage.INVITATION, Stage.SELECTION)


def _days() -> Iterator[int]:
    yield from range(731) if os.environ.get("TODAY_DAYS") == "all" else SAMPLE


def _hrefs(page: str) -> set[str]:
    listed = re.search(r'<ul class="asks">(.*?)</ul>', page, re.DOTALL)
    return set(re.findall(r'<a href="([^"#?]+)', listed[1])) if listed else set()


def _duties(browser: Any, seat: Nomination) -> Iterator[str]:
    """What a participant's own page shows as not done yet."""
    page = browser.get(f"/programme/participant/{seat.uuid}/").content.decode()
    listed = re.search(r'<ul class="asks">(.*?)</ul>', page, re.DOTALL)
    for row in re.findall(r"<li>.*?</li>", listed[1] if listed else "", re.DOTALL):
        if not re.search(r'class="chip ok\b', row):
            yield re.findall(r'href="([^"#?]+)', row)[0]


def _waiting(browser: Any, person: Any, at: datetime) -> set[str]:
    """The pages on which something is asked of this person now, found from the records and the rules, not from what rooms offer."""
    who = principal_for(person, at)
    found = {
        f"/programme/invitations/{i.uuid}/"
        for i in invitation_rules.visible_to(who, "answer").filter(state="sent", activity__stage__in=OPEN)
    }
    asked = nomination_rules.visible_to(who, "release").filter(
        release="asked", withdrawn_at__isnull=True, activity__stage__in=[*OPEN, Stage.CONFIRMED]
    )
    found |= {f"/programme/release/{n.uuid}/" for n in asked if n.supervisor_id in (person.pk, None)}
    found |= {f"/programme/seat/{o.nomination.uuid}/" for o in offer_rules.visible_to(who, "answer").filter(answer="open")}
    for ask in ask_rules.visible_to(who, "answer").filter(answered_at__isnull=True).select_related("form__activity"):
        if ask.form.kind not in OF_PARTICIPANT and (ask.form.kind not in LATER or ask.form.activity.stage == Stage.CLOSED):
            found.add(f"/evaluation/answer/{ask.uuid}/")
    seats = Nomination.objects.filter(person=person, outcome="seat", withdrawn_at__isnull=True).select_related("activity")
    day = at.astimezone(ZoneInfo(person.time_zone or person.home.time_zone or "UTC")).date()
    for seat in seats:
        found |= set(_duties(browser, seat))
        first, after = seat.activity.starts_on, seat.activity.ends_on
        if seat.activity.stage == Stage.CONFIRMED and first and after and first <= day < after:
            found.add(f"/programme/participant/{seat.uuid}/")
    found |= {f"/evaluation/taught/{t.uuid}/" for t in Taught.objects.filter(person=person, confirmed__isnull=True)}
    found |= {f"/community/groups/{f.group.uuid}/" for f in Fellow.objects.filter(person=person, belonging="asked").select_related("group")}
    due = ActionItem.objects.filter(nomination__person=person, state__in=["planned", "started"], due_on__lte=day)
    found |= {f"/evaluation/plan/{item.nomination.uuid}/" for item in due.select_related("nomination")}
    open_reviews = Review.objects.filter(person=person, said_at__isnull=True, practice__state="cleared")
    return found | {f"/knowledge/{review.practice.uuid}/" for review in open_reviews.select_related("practice")}


def _move_on(world: Any, at: datetime) -> None:
    """The office takes each activity whose day has come one step further, whatever still blocks it."""
    manager = principal_for(world.person("manager"), at)
    for activity in Activity.objects.filter(region__code="PX").exclude(stage__in=["design", "cancelled", "followed_up"]):
        to = following(Stage(activity.stage))
        over = activity.ends_on and activity.ends_on < at.date()
        if activity.stage == Stage.INVITATION and activity.nominate_by and activity.nominate_by < at.date():
            training.advance(by=manager, at=at, uuid=activity.uuid, to=to, skip="They were asked twice")
        elif activity.stage == Stage.SELECTION and activity.starts_on and activity.starts_on - timedelta(days=7) <= at.date():
            training.decide(by=manager, at=at, uuid=activity.uuid)
            training.advance(by=manager, at=at, uuid=activity.uuid, to=to, skip="Decided")
        elif activity.stage in (Stage.CONFIRMED, Stage.DELIVERED) and over:
            training.advance(by=manager, at=at, uuid=activity.uuid, to=to, skip="It took place")


def test_whatever_waits_for_anyone_stands_on_their_first_page_and_every_task_opens(world: Any) -> None:
    start: date = now().date()
    people = {part: (world.person(part), world.browser(part)) for part in PARTS}
    lost: dict[tuple[str, str], set[str]] = {}
    shut: dict[tuple[str, str], list[str]] = {}
    opened: set[tuple[str, str]] = set()
    asked = 0
    for days in _days():
        ahead = start + timedelta(days=days) - now().date()
        if ahead:
            move_clock(ahead=ahead)
            tick(jobs())
            work_off()
            _move_on(world, now())
        for part, (person, browser) in people.items():
            if not browser.session.get("_auth_user_id"):
                browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
            page = browser.get("/today/").content.decode()
            tasks, waits = _hrefs(page), _waiting(browser, person, now())
            asked += len(waits)
            if waits - tasks:
                lost[part, str(now().date())] = waits - tasks
            assert not (waits and "Nothing waits for you" in page), (part, now())
            fresh = [href for href in tasks if (part, href) not in opened]
            refused = [href for href in fresh if browser.get(href).status_code != 200]
            opened |= {(part, href) for href in fresh}
            if refused:
                shut[part, str(now().date())] = refused
    assert (lost, shut) == ({}, {})
    assert asked > 30, "the days looked at ask something"


def test_an_officer_sees_the_workshop_of_today_and_the_answer_that_is_overdue(world: Any) -> None:
    seat = Nomination.objects.get(activity__stage="confirmed", person=world.person("officer"), outcome="seat")
    browser = world.browser("officer")
    move_clock(
        ahead=datetime.combine(seat.activity.starts_on or now().date(), datetime.min.time(), now().tzinfo) - now() + timedelta(hours=3)
    )
    page = browser.get("/today/").content.decode()
    assert "Nothing waits for you" not in page
    assert f"Today: “{seat.activity.title}”" in page
    trainer = world.browser("trainer").get("/today/").content.decode()
    assert f"Today you teach: “{seat.activity.title}”" in trainer


def test_what_can_be_answered_no_more_is_called_overdue_nowhere(world: Any) -> None:
    gone = Ask.objects.filter(form__activity__stage="followed_up", form__kind="officer", answered_at__isnull=True)
    assert gone.exists()
    shown = world.browser("manager").get("/api/v1/evaluation/overdue").json()
    assert {row["uuid"] for row in shown} & {str(ask.uuid) for ask in gone} == set()


def test_where_no_supervisor_is_named_the_coordinator_is_asked_to_release(world: Any) -> None:
    from tests.capacity.walking import Walk

    walk = Walk(world)
    invitation = walk.invited("ATN")["ATN"]
    made = walk.nominate("coordinator", invitation, 1, full_name="Losa", email="losa@practice.example")
    assert f"/programme/release/{made['uuid']}/" in _hrefs(world.browser("coordinator").get("/today/").content.decode())
    assert made["uuid"] not in world.browser("neighbour").get("/today/").content.decode()


@pytest.mark.parametrize("part", ["coordinator", "neighbour"])
def test_a_coordinator_is_told_how_many_follow_up_answers_of_the_member_are_overdue(world: Any, part: str) -> None:
    move_clock(ahead=timedelta(days=400))
    who = principal_for(world.person(part), now())
    n = (
        ask_rules.visible_to(who)
        .filter(answered_at__isnull=True, form__kind__in=LATER, due_on__lt=now().date(), form__activity__stage="closed")
        .count()
    )
    browser = world.browser(part)
    browser.force_login(world.person(part), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert ("/evaluation/overdue/" in _hrefs(browser.get("/today/").content.decode())) == bool(n)
