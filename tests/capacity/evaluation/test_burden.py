"""The burden of a Member is that of everything that is asked of its people, by whichever room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from entrepot.capacity.competencies.models import Topic
from entrepot.capacity.evaluation.core import quarter_of
from entrepot.capacity.evaluation.models import Ask, Taught
from entrepot.capacity.evaluation.queries import burdens
from entrepot.capacity.knowledge import actions as knowledge
from entrepot.capacity.knowledge.models import Practice, Question, Review, Translation
from entrepot.capacity.training.models import Invitation, Nomination
from entrepot.ground.indicators import api as indicators
from entrepot.ground.indicators.enums import Every

ABOUT: dict[str, Any] = {"title": "Hours", "definition": "Median.", "unit": "h", "direction": "down", "source": "Log"}
TEXT = {"title": "A list", "problem": "Every shift asked anew.", "done": "One page.", "results": "Half the time."}


def _parts(world: Any, code: str) -> dict[str, float]:
    found = burdens(world.place("PX"), world.at.date()).get(world.place(code).pk)
    return dict(found.parts) if found else {}


@pytest.mark.row("R66.1")
def test_each_room_adds_what_it_asks_and_what_one_begins_oneself_is_not_asked(world: Any) -> None:
    who: dict[str, Any] = {"by": world.principal("manager"), "at": world.at}
    before, place = _parts(world, "ATN"), world.place("ATN")
    topic = Topic.objects.get(code="ORI")
    drafted = knowledge.draft(**who, place=place, topic=topic, **TEXT)
    mine: dict[str, Any] = {"by": world.principal("coordinator"), "at": world.at}
    knowledge.draft(**mine, place=place, topic=topic, **{**TEXT, "title": "Our own"})
    knowledge.translate(**who, uuid=drafted.uuid, language="fr", values=TEXT)
    after = _parts(world, "ATN")
    grown = {what: minutes - before.get(what, 0) for what, minutes in after.items() if minutes != before.get(what, 0)}
    assert grown == {"practices to clear": 4, "translations to clear": 4}
    found = burdens(place.parent.parent if place.parent.kind != "region" else place.parent, world.at.date())[place.pk]
    assert found.minutes == pytest.approx(sum(after.values()))
    shown = world.browser("coordinator").get("/api/v1/evaluation/burden").json()
    assert [row["name"] for row in shown] == [place.name], "a neighbour's burden is not one's own business"
    assert {part["what"]: part["minutes"] for part in shown[0]["parts"]} == pytest.approx(after)
    page = world.browser("manager").get("/evaluation/burden/").content.decode()
    assert "practices to clear" in page


def test_figures_count_by_the_periods_that_come_to_be_asked_for(world: Any) -> None:
    who: dict[str, Any] = {"by": world.principal("manager"), "at": world.at}
    before = _parts(world, "ATN").get("figures to enter", 0)
    for every, code in ((Every.MONTH, "M"), (Every.QUARTER, "Q")):
        made = indicators.define(**who, place=world.place("PX"), code=f"BURDEN-{code}", every=every, **ABOUT)
        start = world.at.date().replace(year=world.at.year - 1, month=1, day=1)
        mine: dict[str, Any] = {"by": world.principal("coordinator"), "at": world.at}
        indicators.enter(**mine, indicator=made.uuid, place=world.place("ATN"), starts_on=start, value=Decimal(3))
    assert _parts(world, "ATN")["figures to enter"] - before == 3 * (3 + 1), "three months and one quarter"


def test_the_whole_is_what_is_counted_from_the_rows(world: Any) -> None:
    quarter = quarter_of(world.at.date())
    begins, ends = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (quarter.start, quarter.end) if day)

    def within(at: Any) -> bool:
        return at is not None and begins <= at < ends

    counted = burdens(world.place("PX"), world.at.date())
    assert counted
    for code in ("ATN", "HIGH", "SAG", "DELT", "KARS"):
        place = world.place(code)
        times = {
            "invitations": sum(within(i.sent_at) for i in Invitation.objects.filter(place=place)),
            "officers to release": sum(
                within(n.submitted_at) for n in Nomination.objects.filter(invitation__place=place, supervisor__isnull=False)
            ),
            "practices to review": sum(within(r.asked_at) for r in Review.objects.filter(person__home=place)),
            "questions to answer": sum(within(q.at) for q in Question.objects.filter(practice__place=place)),
            "lessons to confirm": sum(within(t.asked_at) for t in Taught.objects.filter(person__home=place)),
        }
        minutes = {"invitations": 6, "officers to release": 1, "practices to review": 15, "questions to answer": 5, "lessons to confirm": 1}
        found = dict(counted[place.pk].parts) if place.pk in counted else {}
        assert {what: found.get(what, 0) for what in times} == {what: n * minutes[what] for what, n in times.items()}, code
        asks = Ask.objects.filter(place=place).select_related("form")
        seconds = sum(ask.seconds or ask.form.seconds for ask in asks if within(ask.asked_at))
        assert found.get("forms", 0) == pytest.approx(seconds / 60)
    assert not Practice.objects.filter(drafted_at__gt=ends + timedelta(days=1)).exists()
    assert not Translation.objects.filter(at__gt=ends + timedelta(days=1)).exists()
