"""A survey to 35 Members and 900 people of whom two in five answer, with all that happens on the way, reckoned anew from raw rows."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from statsmodels.stats.proportion import proportion_confint

from entrepot.capacity.evaluation import actions
from entrepot.capacity.evaluation.models import Amendment, Ask, Compilation
from entrepot.capacity.evaluation.queries import cleared_answers, silence
from entrepot.capacity.training.models import Activity, Nomination
from entrepot.ground.work.api import move_clock, now, work_off
from entrepot.kernel.errors import Conflict, Invalid

from .stage import DAY, Hall, hall

SIZES = [pytest.param(7, 9, id="63 people"), pytest.param(35, 900 // 35 + 1, id="900 people", marks=pytest.mark.slow)]


def _rows(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _answer_some(found: Hall, chance: random.Random) -> None:
    """Two in five answer, a quarter of them after their day."""
    asks = Ask.objects.filter(form__activity=found.activity, form__kind__in=("officer", "supervisor"), answered_at__isnull=True)
    for ask in asks.select_related("person", "form").order_by("pk"):
        if chance.random() < 0.4:
            at = found.at + (40 * DAY if chance.random() < 0.25 else 5 * DAY)
            given: dict[str, Any] = {"applied": chance.randint(1, 5), "alone": chance.randint(2, 5), "office": chance.choice(("yes", "no"))}
            given["taught"] = "no"
            seconds = chance.choice((None, 60, 200))
            actions.answer_ask(by=found.as_(ask.person, at), at=at, uuid=ask.uuid, given=given, seconds=seconds)


MEMBER: dict[str, Any] = {
    "answered_by": [0],
    "taken": [0, 1],
    "taken_what": "Two shifts briefed",
    "applied": 4,
    "effect": "no",
    "faster": 3,
    "project": "no",
}


def _answer_for_members(found: Hall) -> dict[str, set[str]]:
    """Two in five Members answer once; the first twice, by two coordinators; some clear, one takes it back, one amends what it cleared."""
    at, expected = found.at + 6 * DAY, {}
    asks = Ask.objects.filter(form__activity=found.activity, form__kind="member").select_related("place", "person").order_by("pk")
    for number, ask in enumerate(list(asks)[: max(4, len(found.members) * 2 // 5)]):
        first, second = found.coordinators[ask.place_id]
        given = MEMBER | {"applied": 1 + number % 5}
        actions.answer_ask(by=found.as_(first), at=at, uuid=ask.uuid, given=given)
        keys = {"taken_what"} | ({"applied"} if number % 2 else set())
        actions.clear_answers(by=found.as_(first), at=at, uuid=ask.uuid, keys=keys)
        expected[ask.place.name] = keys
        if number == 0:
            actions.answer_ask(by=found.as_(second), at=at + DAY, uuid=ask.uuid, given=given | {"taken_what": "Three shifts briefed"})
            expected[ask.place.name] = keys - {"taken_what"}
        if number == 1:
            actions.clear_answers(by=found.as_(second), at=at + DAY, uuid=ask.uuid, keys=())
            expected[ask.place.name] = set()
    return expected


@pytest.mark.row("R22.1", "R22.2", "R22.4", "R21.2", "R21.4")
@pytest.mark.parametrize(("members", "each"), SIZES)
def test_a_survey_comes_to_the_right_figures(world: Any, members: int, each: int) -> None:
    found, chance = hall(world, members=members, each=each), random.Random(4)
    asked = actions.follow_up(at=found.at, activity=found.activity.uuid)
    assert asked == members * each * 2 + members
    assert actions.follow_up(at=found.at, activity=found.activity.uuid) == 0, "nobody is asked twice"
    _answer_some(found, chance)
    expected = _answer_for_members(found)
    again = Ask.objects.get(form__activity=found.activity, form__kind="member", place=found.members[0])
    assert again.answers["taken_what"] == "Three shifts briefed"
    amendment = Amendment.objects.get(ask=again)
    assert (amendment.before["taken_what"], amendment.by_uuid) == ("Two shifts briefed", found.coordinators[found.members[0].pk][1].uuid)

    day = found.at.date()
    made = actions.request_compilation(
        by=world.principal("manager"), at=found.at, region=found.region, from_on=day - timedelta(days=255), to_on=day - timedelta(days=245)
    )
    steps: list[tuple[int, int]] = []
    from entrepot.capacity.evaluation import compiled

    body = compiled.compile_body(made, found.at, lambda done, of: steps.append((done, of)))
    assert steps[0][0] == 0
    assert steps[-1][0] == steps[-1][1] > 0
    _compare(body, found)
    texts = defaultdict(set)
    for row in cleared_answers(Activity.objects.filter(pk=found.activity.pk)):
        texts[row.member_name].add(row.question)
    assert texts == {name: keys for name, keys in expected.items() if keys}, "what was cleared, and nothing that was taken back or amended"
    _compare_silence(found)


_RAW = (
    "SELECT f.kind, a.answers, p.code, a.answered_at, a.due_on FROM evaluation_ask a JOIN evaluation_form f ON f.id=a.form_id "
    "LEFT JOIN region_place p ON p.id=a.place_id WHERE f.activity_id=%s"
)


def _compare(body: dict[str, Any], found: Hall) -> None:
    raw = [(kind, _json(answers), code, at, due) for kind, answers, code, at, due in _rows(_RAW, found.activity.pk)]
    answered = [row for row in raw if row[3]]
    assert body["answers"] == sum(len(row[1]) for row in answered)
    activity = next(row for row in body["activities"] if row["code"] == "PX-HALL")
    for kind in ("officer", "supervisor", "member"):
        mine = [row for row in raw if row[0] == kind]
        late = [row for row in mine if row[3] and str(row[3])[:10] > str(row[4])]
        assert activity[kind] == {"asked": len(mine), "answered": sum(bool(row[3]) for row in mine), "late": len(late)}
    assert activity["officer"]["late"] > 0
    for member in body["members"]:
        if member["code"].startswith("H") and member["code"] != "HIGH":
            mine = [row for row in raw if row[2] == member["code"] and row[0] == "officer"]
            assert member["officer"]["asked"] == len(mine)
            assert member["officer"]["answered"] == sum(bool(row[3]) for row in mine)
    for row in body["questions"]:
        values = [answers[row["key"]] for kind, answers, *_ in answered if kind == row["kind"] and row["key"] in answers]
        assert row["n"] == len(values), row["key"]
        assert row["of"] == sum(one[0] == row["kind"] for one in raw)
        if row["is"] == "scale" and len(values) >= 5:
            mean, half = np.mean(values), 1.959963984540054 * np.std(values, ddof=1) / np.sqrt(len(values))
            assert (row["mean"]["value"], row["mean"]["low"], row["mean"]["high"]) == pytest.approx((mean, mean - half, mean + half))
        if row["is"] == "yes" and len(values) >= 5:
            share = row["shares"][0][1]
            assert share["value"] == pytest.approx(np.mean(values))
            assert (share["low"], share["high"]) == pytest.approx(proportion_confint(sum(values), len(values), method="wilson"))
        if row["is"] == "several" and len(values) >= 5:
            for index, (_, share) in enumerate(row["shares"]):
                assert share["value"] == pytest.approx(np.mean([index in value for value in values]))


def _compare_silence(found: Hall) -> None:
    from entrepot.capacity.evaluation.enums import FormKind

    by, leanings = silence(found.activity, FormKind.OFFICER, open_cells=True)
    sql = (
        "SELECT p.gender, n.years, a.answers, a.answered_at, r.name FROM evaluation_ask a JOIN evaluation_form f ON f.id=a.form_id "
        "JOIN training_nomination n ON n.id=a.nomination_id JOIN people_person p ON p.id=n.person_id "
        "JOIN region_place r ON r.id=a.place_id "
        "WHERE f.activity_id=%s AND f.kind='officer'"
    )
    rows = [(g, "0-4" if y < 5 else "5-14" if y < 15 else "15+", _json(a), bool(at), m) for g, y, a, at, m in _rows(sql, found.activity.pk)]
    for name, place in (("gender", 0), ("years", 1), ("member", 4)):
        for one in by[name]:
            mine = [row for row in rows if row[place] == one.part]
            assert (one.asked, one.answered) == (len(mine), sum(row[3] for row in mine))
    applied = next(row for row in leanings if row.question.key == "applied")
    said = [row[2]["applied"] for row in rows if row[3]]
    silent = len(rows) - len(said)
    assert applied.bounds
    assert applied.bounds.low == pytest.approx((sum(said) + silent) / len(rows))
    assert applied.bounds.high == pytest.approx((sum(said) + 5 * silent) / len(rows))
    chance = {part: np.mean([row[3] for row in rows if row[:2] == part]) for part in {row[:2] for row in rows}}
    weights = [1 / chance[row[:2]] for row in rows if row[3]]
    assert applied.weighted.mean.value == pytest.approx(np.average(said, weights=weights))


def _link(address: str) -> str:
    found = [message for message in mail.outbox if message.to == [address] and "/evaluation/answer/" in str(message.body)]
    match = re.search(r"https?://[^/\s]+(/evaluation/answer/\S+)", str(found[-1].body))
    assert match
    return match.group(1)


@pytest.mark.row("R22.1", "R22.2")
def test_a_new_supervisor_is_asked_and_the_old_link_is_dead(world: Any) -> None:
    found = hall(world, members=1, each=2)
    place = found.members[0]
    old, new = found.supervisors[place.pk]
    actions.follow_up(at=found.at, activity=found.activity.uuid)
    move_clock(ahead=timedelta(days=1))
    work_off()
    before = _link(old.email)
    assert Client().get(before).status_code == 200
    ask = Ask.objects.filter(form__activity=found.activity, form__kind="supervisor").order_by("pk").last()
    assert ask
    other = world.browser("coordinator").post(f"/evaluation/asks/{ask.uuid}/hand-over/", {"email": new.email})
    assert other.status_code == 404, "another Member's coordinator"
    by = found.as_(found.coordinators[place.pk][0])
    with pytest.raises(Invalid):
        actions.hand_over(by=by, at=now(), uuid=ask.uuid, email="manager@practice.example")
    actions.hand_over(by=by, at=now(), uuid=ask.uuid, email=new.email)
    move_clock(ahead=timedelta(days=1))
    work_off()
    assert Client().get(before).status_code == 410
    assert Client().get(_link(new.email)).status_code == 200
    ask.refresh_from_db()
    assert (ask.person, Nomination.objects.get(pk=ask.nomination_id).supervisor) == (new, new)
    answered = {"applied": "3", "alone": "3", "office": "yes", "taught": "no"}
    assert Client().post(_link(new.email), answered).status_code == 200
    with pytest.raises(Conflict):
        actions.hand_over(by=by, at=now(), uuid=ask.uuid, email=old.email)


@pytest.mark.row("R66.1")
def test_a_member_past_its_ceiling_waits_or_is_asked_with_a_reason(world: Any) -> None:
    from entrepot.capacity.evaluation.core import CEILING
    from entrepot.capacity.evaluation.models import Form
    from entrepot.capacity.evaluation.queries import burdens
    from entrepot.ground.keeping.api import writing

    found = hall(world, members=2, each=6)
    heavy, light = found.members
    with writing():
        Form.objects.filter(activity=found.activity, kind="officer").update(seconds=80 * 60)
        found.activity.nominations.filter(invitation__place=light, rank__gt=2).update(outcome="out")
    with pytest.raises(actions.OverBurdened) as refused:
        actions.follow_up(by=world.principal("manager"), at=found.at, activity=found.activity.uuid)
    assert heavy.name in str(refused.value)
    assert light.name not in str(refused.value)
    assert not Ask.objects.filter(form__activity=found.activity, form__kind="officer").exists()
    assert actions.follow_up(at=found.at, activity=found.activity.uuid) == 2 * 2 + 1, "by itself, the one that can bear it is asked"
    assert burdens(found.region, found.at.date())[light.pk].minutes < CEILING
    assert heavy.pk not in burdens(found.region, found.at.date())
    page = world.browser("manager").post(
        f"/evaluation/activities/{found.activity.uuid}/ask-now/", {"reason": "The report is due"}, follow=True
    )
    assert "13 people are asked" in page.content.decode()
    assert set(Ask.objects.filter(place=heavy).values_list("despite", flat=True)) == {"The report is due"}
    now_asked = burdens(found.region, found.at.date())[heavy.pk]
    assert now_asked.over
    shown = world.browser("manager").get("/evaluation/burden/").content.decode()
    assert "past the ceiling" in shown
    ask = Ask.objects.filter(place=heavy, form__kind="officer").select_related("person")[0]
    given = {"applied": 3, "alone": 3, "office": "yes", "taught": "no"}
    actions.answer_ask(by=found.as_(ask.person), at=found.at, uuid=ask.uuid, given=given, seconds=120)
    after = burdens(found.region, found.at.date())[heavy.pk]
    assert after.minutes == pytest.approx(now_asked.minutes - 80 + 2), "measured takes the place of estimated"
    assert after.measured == pytest.approx(2)


@pytest.mark.row("R22.4")
def test_compiling_goes_by_the_queue_and_shows_on_its_page(world: Any) -> None:
    browser = world.browser("manager")
    made = browser.post("/evaluation/years/", {"from_on": "2020-07-01", "to_on": "2020-08-01"})
    assert made.status_code == 302
    waiting = browser.get(made["Location"]).content.decode()
    assert "Being compiled" in waiting
    work_off()
    found = Compilation.objects.get(from_on="2020-07-01")
    assert found.ended_at
    assert found.body["activities"] == []
    assert "No activity was closed" in browser.get(made["Location"]).content.decode()
    assert world.browser("coordinator").get(made["Location"]).status_code == 404


@pytest.mark.row("R22.1")
def test_a_members_question_passes_to_the_coordinator_of_the_day(world: Any) -> None:
    found = hall(world, members=1, each=1)
    place = found.members[0]
    first, second = found.coordinators[place.pk]
    actions.follow_up(at=found.at, activity=found.activity.uuid)
    ask = Ask.objects.get(form__activity=found.activity, form__kind="member")
    assert ask.person == first
    with pytest.raises(Invalid):
        actions.hand_over(by=found.as_(first), at=found.at, uuid=ask.uuid, email=found.supervisors[place.pk][0].email)
    actions.hand_over(by=found.as_(first), at=found.at, uuid=ask.uuid, email=second.email)
    ask.refresh_from_db()
    assert ask.person == second
    actions.answer_ask(by=found.as_(first), at=found.at, uuid=ask.uuid, given=MEMBER)
    assert Ask.objects.filter(form__activity=found.activity, form__kind="member").count() == 1, "whoever of them answers, it is one answer"
