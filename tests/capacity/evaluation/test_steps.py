"""Between two looks at figures that move nobody's answer can be worked out: they move by five people at least, or not at all."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.capacity.evaluation import actions
from entrepot.capacity.evaluation.core import read_questions, stepped
from entrepot.capacity.evaluation.enums import FormKind
from entrepot.capacity.evaluation.models import Ask, Form
from entrepot.capacity.evaluation.queries import Given, report_body
from entrepot.capacity.training.enums import Stage
from entrepot.ground.keeping.api import writing

from .stage import Hall, hall

HOUR = timedelta(hours=1)
PARTS = ("centre", "trainer", "vicechair")
acts = st.lists(st.tuples(st.integers(0, 17), st.integers(1, 5)), max_size=60)


@given(acts, st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_two_looks_differ_by_nobody_or_by_five(told: list[tuple[int, int]], workshop: bool) -> None:
    """People answer and amend in any order; whoever looks after each act, and once it has ended, sees five people move or none."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    looks: list[dict[int, int]] = [{}]
    for person, value in told:
        first.setdefault(person, value)
        last[person] = value
        looks.append(_look(first, last, workshop=workshop, ended=False))
    looks.append(_look(first, last, workshop=workshop, ended=True))
    for before, after in pairwise(looks):
        moved = sum(before.get(one) != after.get(one) for one in before.keys() | after.keys())
        assert moved == 0 or moved >= 5 or len(after) < 5, (before, after)


def _look(first: dict[int, int], last: dict[int, int], *, workshop: bool, ended: bool) -> dict[int, int]:
    people = list(first)
    found = stepped([first[one] for one in people], [last[one] for one in people], of=18 if workshop else None, ended=ended)
    return {people[at]: value for at, value in found.items()}


def _answers(form: Form, value: int) -> dict[str, Any]:
    others = {"yes": "yes", "choice": 0, "several": [0], "number": 1, "text": "x"}
    questions = [question for question in read_questions(form.questions) if question.kind == "scale" or question.needed]
    return {question.key: others.get(question.kind, value) for question in questions}


def _react(found: Hall, nomination: Any, values: dict[str, Any], hours: int) -> None:
    who = found.as_(nomination.person)
    actions.answer_form(by=who, at=found.at + hours * HOUR, nomination=nomination.uuid, kind=FormKind.REACTION, given=values)


def _shown(world: Any, part: str, found: Hall, page: str) -> str:
    """The figures of a page, without markup; how many answered moves with each."""
    return _plain(" ".join(re.findall(r"<tbody>.*?</tbody>", _page(world, part, found, page), re.DOTALL)[:1]))


def _page(world: Any, part: str, found: Hall, page: str) -> str:
    return str(world.browser(part).get(f"/evaluation/activities/{found.activity.uuid}/{page}").content.decode())


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.mark.parametrize("page", ["answers/", "silence/reaction/"])
def test_two_looks_at_answers_that_come_in_give_no_one_answer_away(world: Any, page: str) -> None:
    found = hall(world, members=6, each=2, stage=Stage.DELIVERED)
    form = Form.objects.get(activity=found.activity, kind=FormKind.REACTION)
    people = list(found.activity.nominations.select_related("person").order_by("pk"))
    for hours, one in enumerate(people[:5]):
        _react(found, one, _answers(form, 4), hours)
    before = {part: _shown(world, part, found, page) for part in (*PARTS, "manager")}
    assert "4.00" in before["centre"]
    _react(found, people[5], _answers(form, 1), 6)
    _react(found, people[0], _answers(form, 2), 7)
    for part in PARTS:
        assert _shown(world, part, found, page) == before[part], part
    assert _shown(world, "manager", found, page) != before["manager"], "the office may read each answer"
    for hours, one in enumerate(people[6:10], 8):
        _react(found, one, _answers(form, 1), hours)
    assert _shown(world, "centre", found, page) == before["centre"], "two are to come, and would be left over"
    for hours, one in enumerate(people[10:], 13):
        _react(found, one, _answers(form, 1), hours)
    with writing():
        found.activity.stage = Stage.CLOSED
        found.activity.save()
    (_, mean), *_ = report_body(found.activity)["figures"]["reactions"]
    assert (mean["n"], mean["value"]) == (12, pytest.approx((2 + 4 * 4 + 7) / 12)), "at the end nobody is left over"


def test_no_second_mean_tells_the_one_answer_of_a_small_part(world: Any) -> None:
    """Ten men and four women; one man answers. The plain mean and one weighted for gender are two equations for what he said."""
    found = hall(world, members=7, each=2, stage=Stage.DELIVERED)
    form = Form.objects.get(activity=found.activity, kind=FormKind.REACTION)
    people = list(found.activity.nominations.select_related("person").order_by("pk"))
    with writing():
        for at, one in enumerate(people):
            one.person.gender, one.years = "F" if at < 4 else "M", 3
            one.person.save()
            one.save()
    for hours, (at, value) in enumerate([(0, 4), (1, 3), (2, 5), (3, 4), (9, 2)]):
        _react(found, people[at], _answers(form, value), hours)
    assert "2.57" in _shown(world, "manager", found, "silence/reaction/"), "the office may read each answer"
    for part in PARTS:
        text = _shown(world, part, found, "silence/reaction/")
        assert "3.60" in text, part
        assert "2.57" not in text, f"{part}: (10a + 4b) / 14 beside (a + 4b) / 5 is a"


def test_being_asked_a_question_tells_no_other_answer(world: Any) -> None:
    """A question for those alone who answered low: how many answered it moves with each of them, and figures move by five."""
    found = hall(world, members=8, each=2, stage=Stage.DELIVERED)
    form = Form.objects.get(activity=found.activity, kind=FormKind.REACTION)
    first = read_questions(form.questions)[0].key
    why = {"text": "Why so low?", "kind": "text", "shown_if": first, "shown_for": (1, 2), "needed": False}
    actions.add_question(by=world.principal("centre"), at=found.at, uuid=form.uuid, values=why)
    people = list(found.activity.nominations.select_related("person").order_by("pk"))

    def asked_why(*, whole: bool) -> list[int]:
        rows = Given(found.activity, whole=whole).tallies(FormKind.REACTION, of=16)
        return [tally.n for question, tally in rows if question.shown_if]

    looks = []
    for hours, (one, value) in enumerate(zip(people, (4, 1, 2, 1, 1, 1, 1, 4, 4, 4), strict=False)):
        _react(found, one, {**_answers(form, value), **({"why_so_low": "Too fast"} if value < 3 else {})}, hours)
        looks += asked_why(whole=False)
        if hours < 4:
            assert re.search(r"Why so low\?\D+0 of 16", _plain(_page(world, "centre", found, "answers/")))
    assert looks == [0] * 9 + [5], "the fifth low answer, the sixth that came, brings nothing by itself"
    assert asked_why(whole=True) == [6]


def test_the_report_and_the_page_keep_the_same_few_back(world: Any) -> None:
    found = hall(world, members=6, each=2, stage=Stage.DELIVERED)
    form = Form.objects.get(activity=found.activity, kind=FormKind.REACTION)
    for hours, one in enumerate(found.activity.nominations.select_related("person").order_by("pk")[:8]):
        _react(found, one, _answers(form, 4 if hours < 5 else 1), hours)
    with writing():
        found.activity.stage = Stage.CLOSED
        found.activity.save()
    figures = report_body(found.activity)["figures"]
    assert {mean["n"] for _, mean in figures["reactions"]} == {5}
    assert round(figures["reaction"]["value"] * figures["reaction"]["n"]) == 8, "how many answered is said"
    assert {mean.n for _, mean in Given(found.activity, whole=True).scale_means(FormKind.REACTION, of=12)} == {8}
    assert "4.00" in _shown(world, "vicechair", found, "answers/")


def test_what_was_amended_is_told_as_it_was_until_the_end(world: Any) -> None:
    found = hall(world, members=3, each=4)
    actions.follow_up(at=found.at, activity=found.activity.uuid)
    asks = list(
        Ask.objects.filter(form__activity=found.activity, form__kind=FormKind.OFFICER).select_related("form", "person").order_by("-pk")
    )

    def answer(ask: Ask, value: int, hours: int) -> None:
        actions.answer_ask(by=found.as_(ask.person), at=found.at + hours * HOUR, uuid=ask.uuid, given=_answers(ask.form, value))

    def told() -> Any:
        return Given(found.activity).scale_means(FormKind.OFFICER, of=12)

    for hours, ask in enumerate(asks[:5]):
        answer(ask, 4, hours)
    before = told()
    answer(asks[2], 1, 6)
    answer(asks[5], 1, 7)
    answer(asks[2], 2, 8)
    assert told() == before


def test_a_compilation_made_anew_moves_for_the_chair_as_the_pages_do(world: Any) -> None:
    found = hall(world, members=6, each=2)
    actions.follow_up(at=found.at, activity=found.activity.uuid)
    asks = list(
        Ask.objects.filter(form__activity=found.activity, form__kind=FormKind.OFFICER).select_related("form", "person").order_by("pk")
    )
    period = {"from_on": found.activity.closed_at.date(), "to_on": found.activity.closed_at.date() + timedelta(days=1)}

    def looks() -> dict[str, list[str]]:
        made = actions.request_compilation(by=world.principal("manager"), at=found.at, region=found.region, **period)
        actions.compile_follow_up(at=found.at, uuid=made.uuid)
        files = {part: world.browser(part).get(f"/evaluation/years/{made.uuid}.csv").content.decode() for part in ("manager", "vicechair")}
        page = world.browser("vicechair").get(f"/evaluation/years/{made.uuid}/").content.decode()
        assert page.count("<b>4.00</b>") == files["vicechair"].count(",4.0,"), "page and file say the same"
        return {part: [row for row in text.splitlines() if ",officer," in row and "responses" not in row] for part, text in files.items()}

    for hours, ask in enumerate(asks[:5]):
        actions.answer_ask(by=found.as_(ask.person), at=found.at + hours * HOUR, uuid=ask.uuid, given=_answers(ask.form, 4))
    before = looks()
    assert before["vicechair"] == before["manager"] != []
    actions.answer_ask(by=found.as_(asks[5].person), at=found.at + 6 * HOUR, uuid=asks[5].uuid, given=_answers(asks[5].form, 1))
    after = looks()
    assert after["vicechair"] == before["vicechair"]
    assert after["manager"] != before["manager"]


def test_the_journal_tells_nobody_of_a_place_whose_answer_came(world: Any) -> None:
    found = hall(world, members=6, each=1, stage=Stage.DELIVERED)
    form = Form.objects.get(activity=found.activity, kind=FormKind.REACTION)
    one = found.activity.nominations.select_related("person").order_by("pk")[5]
    for value in (4, 5):
        _react(found, one, _answers(form, value), value)
    for part in ("vicechair", "centre", "coordinator"):
        rows = world.browser(part).get("/api/v1/journal?size=50").json()["rows"]
        assert not [row for row in rows if row["by_uuid"] == str(one.person.uuid)], part
