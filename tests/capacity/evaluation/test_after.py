"""What people do back home: plans that are overdue or done, colleagues taught, and a briefing to take along."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation
from docx import Document

from entrepot.capacity.evaluation import actions
from entrepot.capacity.evaluation.enums import ItemState
from entrepot.capacity.evaluation.models import ActionItem, Ask, Lesson, Taught
from entrepot.capacity.training.enums import Stage
from entrepot.ground.keeping.api import writing
from entrepot.ground.notices.models import Notice
from entrepot.ground.work.api import move_clock, work_off
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .stage import DAY, Hall, hall


def _planned(found: Hall, *, due: int = -10) -> list[ActionItem]:
    made = found.at - 200 * DAY
    return [
        actions.plan_item(
            by=found.as_(nomination.person),
            at=made,
            nomination=nomination.uuid,
            what="A list",
            owner="The shift",
            due_on=(found.at + due * DAY).date(),
        )
        for nomination in found.activity.nominations.select_related("person").order_by("pk")
    ]


@pytest.mark.row("R23.1", "R23.3")
def test_owner_and_coordinators_are_told_once_of_what_is_overdue(world: Any) -> None:
    found = hall(world, members=1, each=2)
    first, second = _planned(found)
    actions.update_item(by=found.as_(second.nomination.person), at=found.at, uuid=second.uuid, state=ItemState.DONE)
    told = actions.tell_overdue(at=found.at)
    assert told >= 1
    people = set(Notice.objects.filter(kind="evaluation.overdue", key=f"overdue:{first.uuid}").values_list("person__full_name", flat=True))
    assert people == {"Officer H00 1", "Coordinator H00 0", "Coordinator H00 1"}
    assert not Notice.objects.filter(key=f"overdue:{second.uuid}").exists(), "what is done is not overdue"
    assert actions.tell_overdue(at=found.at) == 0
    with pytest.raises(Invalid):
        actions.update_item(by=found.as_(first.nomination.person), at=found.at, uuid=first.uuid, state=ItemState.DROPPED)
    with pytest.raises(NotFound):
        actions.update_item(by=world.principal("neighbour"), at=found.at, uuid=first.uuid, state=ItemState.DONE)


@pytest.mark.row("R23.4")
def test_the_share_completed_is_counted_by_topic_on_the_page_and_as_csv(world: Any) -> None:
    found = hall(world, members=2, each=5)
    for number, item in enumerate(_planned(found)):
        if number < 4:
            at = item.made_at + (30 + 60 * number) * DAY
            actions.update_item(by=found.as_(item.nomination.person), at=at, uuid=item.uuid, state=ItemState.DONE)
    page = world.browser("manager").get("/evaluation/plans/").content.decode()
    assert "Kaplan and Meier" in page
    text = world.browser("manager").get("/evaluation/plans.csv").content.decode("utf-8-sig")
    rows = {(row["topic"], row["months"]): row for row in csv.DictReader(io.StringIO(text))}
    mine = rows["Customs valuation", "6"]
    assert (mine["items"], mine["people"], mine["watched_that_long"]) == ("10", "10", "10")
    assert float(mine["share"]) == pytest.approx(3 / 10), "30, 90 and 150 days; 210 is later"
    assert rows["Customs valuation", "12"]["share"] == "", "nobody has been watched a year"
    own = world.browser("officer").get("/evaluation/plans.csv").content.decode("utf-8-sig")
    assert all(row["share"] == "" for row in csv.DictReader(io.StringIO(own))), "one person's own plan is no share"


def test_going_back_from_done_takes_its_day_back(world: Any) -> None:
    found = hall(world, members=1, each=1)
    (item,) = _planned(found)
    by = found.as_(item.nomination.person)
    actions.update_item(by=by, at=found.at, uuid=item.uuid, state=ItemState.DONE)
    actions.update_item(by=by, at=found.at, uuid=item.uuid, state=ItemState.STARTED)
    item.refresh_from_db()
    assert item.done_at is None


@pytest.mark.row("R22.3")
def test_an_officer_confirms_the_items_with_the_answer_and_attaches_evidence(world: Any) -> None:
    found = hall(world, members=1, each=2)
    item, others = _planned(found)
    actions.follow_up(at=found.at, activity=found.activity.uuid)
    ask = Ask.objects.get(nomination=item.nomination, form__kind="officer")
    browser = world.browser()
    browser.force_login(item.nomination.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = f"/evaluation/answer/{ask.uuid}/"
    assert f"item-{item.uuid}-state" in browser.get(page).content.decode(), "pre-loaded"
    sent = {"applied": "4", "alone": "4", "office": "yes", "taught": "no", f"item-{item.uuid}-state": "dropped"}
    refused = browser.post(page, sent)
    assert (refused.status_code, "Say why it was dropped" in refused.content.decode()) == (422, True)
    ask.refresh_from_db()
    assert ask.answered_at is None
    proof = io.BytesIO(b"date,refusals\n2026-01-01,3\n")
    proof.name = "refusals.csv"
    sent |= {f"item-{item.uuid}-state": "done", f"item-{item.uuid}-note": "At the counter", f"item-{item.uuid}-file": proof}
    assert browser.post(page, sent | {f"item-{others.uuid}-state": "done"}).status_code == 200
    item.refresh_from_db()
    others.refresh_from_db()
    assert (item.state, others.state) == ("done", "planned"), "another officer's item is not on this page"
    shown = world.browser()
    shown.force_login(found.coordinators[found.members[0].pk][0], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "refusals.csv" in shown.get(f"/evaluation/items/{item.uuid}/").content.decode()
    assert "refusals.csv" not in world.browser("manager").get(f"/evaluation/items/{item.uuid}/").content.decode(), (
        "it is kept by the Member"
    )


def _confirm_link(address: str) -> str:
    found = [message for message in mail.outbox if message.to == [address] and "/evaluation/taught/" in str(message.body)]
    match = re.search(r"https?://[^/\s]+(/evaluation/taught/\S+)", str(found[-1].body))
    assert match
    return match.group(1)


@pytest.mark.row("R66.3")
def test_a_colleague_confirms_and_nobody_else_can(world: Any) -> None:
    found = hall(world, members=1, each=3)
    place = found.members[0]
    teller, colleague, third = found.activity.nominations.select_related("person").order_by("pk")
    with writing():
        for nomination in (colleague, third):
            nomination.attendances.all().delete()
    emails = [colleague.person.email, third.person.email, teller.person.email, "coordinator@practice.example", "nobody@nowhere.example"]
    who: dict[str, Any] = {"at": found.at, "what": "The three questions", "on": found.at.date()}
    lesson, asked = actions.tell_lesson(by=found.as_(teller.person), nomination=teller.uuid, claimed=9, emails=emails, **who)
    assert asked == 2, "known colleagues of the same home: not oneself, not a neighbour, not a stranger"
    taught = Taught.objects.get(lesson=lesson, person=colleague.person)
    with pytest.raises((NotFound, NotAllowed)):
        actions.confirm_taught(by=found.as_(teller.person), at=found.at, uuid=taught.uuid, yes=True)
    with pytest.raises((NotFound, NotAllowed)):
        actions.confirm_taught(by=found.as_(found.coordinators[place.pk][0]), at=found.at, uuid=taught.uuid, yes=True)
    move_clock(ahead=timedelta(days=1))
    work_off()
    link = _confirm_link(colleague.person.email)
    assert b"The three questions" in Client().get(link).content
    assert Client().post(link, {"yes": "1"}).status_code == 302
    taught.refresh_from_db()
    assert taught.confirmed is True
    on = found.at.date().isoformat()
    assert Client().post(link, {"what": "The same, to the night shift", "on": on, "claimed": "4"}).status_code == 302
    assert Lesson.objects.get(after=taught).claimed == 4
    denied = _confirm_link(third.person.email)
    assert Client().post(denied, {"yes": "0"}).status_code == 200
    assert Client().get(denied).status_code == 410, "said no: the link is done with"
    page = world.browser("manager").get(f"/evaluation/activities/{found.activity.uuid}/reach/").content.decode()
    assert "9 told, 1 confirmed" in page
    assert "4 told, 0 confirmed" in page
    assert colleague.person.full_name not in page, "who confirmed is shown to nobody"
    outside = world.browser("neighbour").get(f"/evaluation/activities/{found.activity.uuid}/reach/").content.decode()
    assert teller.person.full_name not in outside
    assert "1 confirmed" not in outside, "fewer than five, to those who may not see the people"


def test_one_person_asks_so_many_colleagues_in_a_day_and_tells_so_many_lessons(world: Any, monkeypatch: Any) -> None:
    found = hall(world, members=1, each=4)
    teller, *colleagues = found.activity.nominations.select_related("person").order_by("pk")
    emails = [one.person.email for one in colleagues]
    monkeypatch.setattr(actions.teaching, "MOST", 5)
    monkeypatch.setattr(actions.teaching, "LESSONS_A_DAY", 3)

    def told(at: Any) -> int:
        who: dict[str, Any] = {"by": found.as_(teller.person), "nomination": teller.uuid, "emails": emails}
        return int(actions.tell_lesson(at=at, what="The same again", on=found.at.date(), claimed=3, **who)[1])

    assert [told(found.at) for _ in range(3)] == [3, 2, 0], "no more than one lesson’s colleagues are written to"
    with pytest.raises(Conflict):
        told(found.at)
    assert told(found.at + 2 * DAY) == 3


def test_an_answer_is_not_changed_without_end(world: Any, monkeypatch: Any) -> None:
    found = hall(world, members=1, each=2)
    officer = found.activity.nominations.select_related("person").order_by("pk")[0].person
    actions.follow_up(at=found.at, activity=found.activity.uuid)
    ask = Ask.objects.get(nomination__person=officer, form__kind="officer")
    monkeypatch.setattr(actions.answering, "MOST_AMENDMENTS", 2)

    def answer(applied: int) -> None:
        given = {"applied": str(applied), "alone": "4", "office": "yes", "taught": "no"}
        actions.answer_ask(by=found.as_(officer), at=found.at, uuid=ask.uuid, given=given)

    for applied in (1, 2, 3):
        answer(applied)
    with pytest.raises(Conflict):
        answer(4)
    answer(3)


def test_what_the_only_officer_of_a_member_did_is_told_to_nobody_outside(world: Any) -> None:
    found = hall(world, members=3, each=1)
    one = found.activity.nominations.select_related("person").order_by("pk")[0]
    who: dict[str, Any] = {"at": found.at, "what": "The three questions", "on": found.at.date(), "emails": ()}
    actions.tell_lesson(by=found.as_(one.person), nomination=one.uuid, claimed=12, **who)
    address = f"/evaluation/activities/{found.activity.uuid}/reach/"
    assert "12 told, 0 confirmed" in world.browser("manager").get(address).content.decode()
    outside = re.sub(r"<[^>]+>", "", Client().get(address).content.decode())
    assert "12" not in re.findall(r"\d+", outside.partition("were there")[2].partition("steps")[0])
    assert "told, 0 confirmed" not in outside, "that the others taught nobody is theirs too"


def test_the_journal_tells_that_a_colleague_answered_and_not_what(world: Any) -> None:
    found = hall(world, members=1, each=3)
    teller, *colleagues = [nomination.person for nomination in found.activity.nominations.select_related("person").order_by("pk")]
    who: dict[str, Any] = {"at": found.at, "what": "The three questions", "on": found.at.date(), "claimed": 2}
    emails = [colleague.email for colleague in colleagues]
    actions.tell_lesson(by=found.as_(teller), nomination=found.activity.nominations.get(person=teller).uuid, emails=emails, **who)
    move_clock(ahead=timedelta(days=1))
    work_off()
    for colleague, yes in zip(colleagues, "10", strict=True):
        assert Client().post(_confirm_link(colleague.email), {"yes": yes}).status_code in (200, 302)
    assert set(Taught.objects.filter(person__in=colleagues).values_list("confirmed", flat=True)) == {True, False}
    reader = Client()
    reader.force_login(found.coordinators[found.members[0].pk][0], backend="allauth.account.auth_backends.AuthenticationBackend")
    rows = reader.get("/api/v1/journal?size=200").json()["rows"]
    told = [[(row["verb"], row["facts"]) for row in rows if row["by_uuid"] == str(colleague.uuid)] for colleague in colleagues]
    assert told[0] == told[1] == [("evaluation.lesson.answered", {})]


@pytest.mark.row("R66.3")
def test_the_briefing_takes_twenty_minutes_and_comes_in_the_officers_language(world: Any) -> None:
    from entrepot.capacity.evaluation.briefing import SCRIPT, briefing, letter

    found = hall(world, members=1, each=1)
    _planned(found, due=40)
    nomination = found.activity.nominations.get()
    assert sum(minutes for minutes, _ in SCRIPT) == 20
    browser = world.browser()
    browser.force_login(nomination.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = browser.get(f"/evaluation/brief/{nomination.uuid}/").content.decode()
    assert "Minute 18 to 20" in page
    assert browser.get(f"/evaluation/brief/{nomination.uuid}/briefing.pdf").content.startswith(b"%PDF-")
    word = browser.get(f"/evaluation/brief/{nomination.uuid}/letter.docx").content
    document = Document(io.BytesIO(word))
    text = "\n".join([p.text for p in document.paragraphs] + [c.text for t in document.tables for r in t.rows for c in r.cells])
    assert "Supervisor H00 0" in text
    assert "A list" in text
    nomination.person.language = "en-xa"
    with translation.override("en"):
        assert briefing(nomination).language == letter(nomination).language == "en-xa", "the officer's, whatever the reader's is"
    nomination.person.language = "tlh"
    assert briefing(nomination).language == "en", "where there are no texts, the source's"


def test_a_plan_is_updated_by_workbook_all_or_none(world: Any) -> None:
    from openpyxl import load_workbook

    found = hall(world, members=1, each=1)
    (item,) = _planned(found)
    nomination = found.activity.nominations.get()
    browser = world.browser()
    browser.force_login(nomination.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    book = load_workbook(io.BytesIO(browser.get(f"/evaluation/plan/{nomination.uuid}/workbook.xlsx").content))
    book["Actions"]["C4"], book["Actions"]["E4"] = "done", "Since May"
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "plan.xlsx"
    assert browser.post(f"/evaluation/plan/{nomination.uuid}/workbook/", {"file": file}).status_code == 302
    item.refresh_from_db()
    assert (item.state, item.updates.get().note) == ("done", "Since May")


def test_an_endorsement_link_opens_the_plan_and_nothing_else(world: Any) -> None:
    found = hall(world, members=1, each=1, stage=Stage.CONFIRMED)
    _planned(found)
    nomination = found.activity.nominations.select_related("supervisor").get()
    actions.ask_endorsement(by=found.as_(nomination.person), at=found.at, nomination=nomination.uuid)
    move_clock(ahead=timedelta(days=1))
    work_off()
    sent = [message for message in mail.outbox if message.to == [nomination.supervisor.email]]
    match = re.search(r"https?://[^/\s]+(/evaluation/plan/(\S+)/)", str(sent[-1].body))
    assert match
    assert Client().get(match.group(1)).status_code == 200
    for address in (
        f"/programme/participant/{match.group(2)}/",
        f"/evaluation/brief/{match.group(2)}/",
        f"/evaluation/answer/{match.group(2)}/",
    ):
        assert Client().get(address).status_code == 410
    refused = Client().post(match.group(1), {"what_to_do": "plan", "what": "Mine", "due_on": "2030-01-01"})
    assert refused.status_code == 422
    assert nomination.items.count() == 1, "a supervisor plans nothing for an officer"
    assert Client().post(match.group(1), {"what_to_do": "endorse"}).status_code == 302
    assert nomination.items.get().endorsed_at
