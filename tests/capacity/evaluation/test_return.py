"""The fifth level: what an activity cost, what people say its results are worth, and one over the other, as claimed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.capacity.evaluation import actions
from entrepot.capacity.evaluation.core import Question, Tally, claims
from entrepot.capacity.evaluation.models import Ask
from entrepot.capacity.evaluation.papers import report_paper
from entrepot.capacity.evaluation.queries import Given, figures, report_body
from entrepot.capacity.training import api as training
from entrepot.capacity.training.core import outlays
from entrepot.ground.journal.models import Entry
from entrepot.ground.keeping.api import writing
from entrepot.kernel.disclosure import FEWEST
from entrepot.kernel.errors import Invalid, NotAllowed, NotFound
from entrepot.kernel.papers import Table

from .stage import Hall, hall
from .test_survey import MEMBER

_AMOUNTS = st.lists(st.floats(0, 1e9), max_size=40)
_QUESTIONS = [
    Question("worth", "?", "number", unit="USD"),
    Question("worth_2", "?", "number", unit="USD"),
    Question("worth_3", "?", "number", unit="FJD"),
    Question("worth", "?", "number", unit="h"),
    Question("worth", "?", "text", unit="USD"),
    Question("hours", "?", "number", unit="USD"),
]


@given(st.lists(st.tuples(st.sampled_from(_QUESTIONS), _AMOUNTS), max_size=6), st.integers(0, 50))
def test_claims_are_sums_of_five_figures_at_least_to_one_question(said: list[tuple[Question, list[float]]], of: int) -> None:
    tallies = []
    for question, amounts in said:
        tally = Tally(of=of)
        for amount in amounts:
            tally.add(question, amount)
        tallies.append((question, tally))
    money = [(question, amounts) for question, amounts in said if question in _QUESTIONS[:3] and amounts]
    found = claims(tallies)
    assert [claim.currency for claim in found] == [question.unit for question, _ in money], "hours, and words, are no money"
    for claim, (_, amounts) in zip(found, money, strict=True):
        assert (claim.n, claim.of) == (len(amounts), of)
        assert claim.total == (pytest.approx(sum(amounts)) if len(amounts) >= FEWEST else None)
        assert claim.against(None) is None
        assert claim.against(0.0) is None
        if claim.total is not None:
            assert claim.against(4.0) == pytest.approx(sum(amounts) / 4)


_MONEY = st.decimals(0, 10**7, places=2)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["USD", "FJD"]), _MONEY, st.none() | _MONEY), max_size=12))
def test_outlays_add_up_and_are_spent_only_when_every_line_is(lines: list[tuple[str, Decimal, Decimal | None]]) -> None:
    for outlay in outlays(lines):
        mine = [line for line in lines if line[0] == outlay.currency]
        assert outlay.planned == sum(planned for _, planned, _ in mine)
        spent = [paid for *_, paid in mine]
        assert outlay.spent == (None if None in spent else sum(filter(None, spent)))
        assert outlay.known == (outlay.planned if outlay.spent is None else outlay.spent)


def _budget(world: Any, found: Hall, *amounts: str, currency: str = "USD") -> list[Any]:
    by = world.principal("manager")
    about: dict[str, Any] = {"uuid": found.activity.uuid, "title": "Travel", "currency": currency, "source": "Partner fund"}
    return [training.add_budget_line(by=by, at=found.at, amount=Decimal(amount), **about) for amount in amounts]


def _answer(found: Hall, worth: list[int | None]) -> None:
    """The Members answer in their order, with that worth, or without one."""
    actions.follow_up(at=found.at, activity=found.activity.uuid)
    asks = Ask.objects.filter(form__activity=found.activity, form__kind="member").select_related("person").order_by("place__code")
    for ask, amount in zip(asks, worth, strict=False):
        more = {} if amount is None else {"worth": amount, "basis": "Counted by the port"}
        actions.answer_ask(by=found.as_(ask.person), at=found.at, uuid=ask.uuid, given=MEMBER | more)


@pytest.mark.row("R21.1", "R21.4")
def test_what_members_claim_is_set_against_what_was_spent(world: Any) -> None:
    found = hall(world, members=8, each=1)
    first, second = _budget(world, found, "9000", "3000")
    _answer(found, [1000, 2000, None, 3000, 4000, 8000])
    known = figures(found.activity)["return"]
    assert known["outlays"] == [{"currency": "USD", "planned": "12000.00", "spent": None}]
    claim = known["claims"][0]
    assert (claim["who"], claim["currency"], claim["n"], claim["of"], claim["total"]) == ("member", "USD", 5, 8, 18_000)
    assert claim["for_one"] == 1.5, "over what was planned, while it is not known what was spent"
    who: dict[str, Any] = {"by": world.principal("manager"), "at": found.at}
    training.say_spent(**who, uuid=first.uuid, spent=Decimal(8000))
    training.say_spent(**who, uuid=second.uuid, spent=Decimal(1000))
    assert figures(found.activity)["return"]["claims"][0]["for_one"] == 2
    page = world.browser("manager").get(f"/evaluation/activities/{found.activity.uuid}/answers/").content.decode()
    assert "9,000 USD spent of 12,000 USD planned" in page
    assert "18,000 USD" in page
    report = actions.publish_report(**who, activity=found.activity.uuid)
    training.say_spent(**who, uuid=second.uuid, spent=Decimal(2500))
    paper = report_paper(report.body, invented=True)
    table = next(b for b in paper.blocks if isinstance(b, Table) and b.head[0] == "Who says so")
    assert table.rows == (("administrations", "18,000 USD", "5 of 8", "2.00"),), "a published report stays as it was"
    older = {**report.body, "figures": {name: kept for name, kept in report.body["figures"].items() if name != "return"}}
    assert not any(isinstance(b, Table) and b.head[0] == "Who says so" for b in report_paper(older, invented=True).blocks)


@pytest.mark.row("R21.4")
def test_four_figures_are_not_added_up_and_other_money_is_not_divided(world: Any) -> None:
    found = hall(world, members=6, each=1)
    _budget(world, found, "5000", currency="FJD")
    _answer(found, [100, 200, 300, 400])
    four = figures(found.activity)["return"]["claims"][0]
    assert (four["n"], four["total"], four["for_one"]) == (4, None, None)
    assert "not said, under five" in world.browser("manager").get(f"/evaluation/activities/{found.activity.uuid}/answers/").content.decode()
    ask = Ask.objects.select_related("person").filter(form__activity=found.activity, form__kind="member", answered_at__isnull=True)[0]
    actions.answer_ask(by=found.as_(ask.person), at=found.at, uuid=ask.uuid, given=MEMBER | {"worth": 500})
    five = figures(found.activity)["return"]["claims"][0]
    assert (five["n"], five["total"], five["for_one"]) == (5, 1500, None), "no rate between currencies is ours to choose"
    assert report_body(found.activity)["figures"]["return"]["claims"][0]["total"] == 1500


def test_a_claim_stays_in_the_currency_that_it_was_made_in(world: Any) -> None:
    found = hall(world, members=11, each=1)
    _answer(found, [100] * 5)
    form = found.activity.forms.get(kind="member")
    who: dict[str, Any] = {"by": world.principal("manager"), "at": found.at}
    changed = actions.edit_question(**who, uuid=form.uuid, key="worth", values={"unit": "FJD"})
    assert changed.pk != form.pk, "what was answered stays as it was asked"
    for ask in Ask.objects.select_related("person").filter(form__activity=found.activity, form__kind="member", answered_at__isnull=True):
        with writing():
            ask.form = changed
            ask.save()
        key = next(q["key"] for q in changed.questions if q["key"].startswith("worth"))
        actions.answer_ask(by=found.as_(ask.person), at=found.at, uuid=ask.uuid, given=MEMBER | {key: 7})
    said = figures(found.activity, Given(found.activity, whole=True))["return"]["claims"]
    assert [(claim["currency"], claim["n"], claim["total"]) for claim in said] == [("FJD", 6, 42), ("USD", 5, 500)]


def test_a_changed_meaning_is_not_added_to_what_was_said_before(world: Any) -> None:
    found = hall(world, members=6, each=1)
    _answer(found, [1000, 2000, 3000, 2500, 2500])
    form = found.activity.forms.get(kind="member")
    who: dict[str, Any] = {"by": world.principal("manager"), "at": found.at}
    values = {"text": "What are they worth in all the years to come?"}
    changed = actions.edit_question(**who, uuid=form.uuid, key="worth", values=values, new_meaning=True)
    ask = Ask.objects.select_related("person").get(form__activity=found.activity, form__kind="member", answered_at__isnull=True)
    with writing():
        ask.form = changed
        ask.save()
    actions.answer_ask(by=found.as_(ask.person), at=found.at, uuid=ask.uuid, given=MEMBER | {"worth_2": 7777})
    said = figures(found.activity)["return"]["claims"]
    assert sorted((claim["n"], claim["total"]) for claim in said if claim["total"]) == [(5, 11_000)]
    assert [(claim["n"], claim["total"]) for claim in said if not claim["total"]] == [(1, None)], "the sixth cannot be worked out"


def test_a_cost_in_two_currencies_is_not_divided_by_a_part_of_it(world: Any) -> None:
    found = hall(world, members=5, each=1)
    _budget(world, found, "1000")
    _budget(world, found, "900000", currency="EUR")
    _answer(found, [1000, 2000, 3000, 4000, 9000])
    assert figures(found.activity)["return"]["claims"][0]["for_one"] is None


def test_who_may_say_what_was_spent(world: Any) -> None:
    found = hall(world, members=1, each=1)
    (line,) = _budget(world, found, "700.50")
    for part in ("coordinator", "neighbour", "officer"):
        with pytest.raises(NotFound):
            training.say_spent(by=world.principal(part), at=found.at, uuid=line.uuid, spent=Decimal(1))
        assert world.browser(part).get(f"/programme/budget/{line.uuid}/spent/").status_code == 404
        assert world.browser(part).get(f"/api/v1/training/activities/{found.activity.uuid}/budget").json() == []
    with pytest.raises(NotAllowed):
        training.say_spent(by=world.principal("centre"), at=found.at, uuid=line.uuid, spent=Decimal(1))
    with pytest.raises(Invalid):
        training.say_spent(by=world.principal("manager"), at=found.at, uuid=line.uuid, spent=Decimal(-1))
    browser, address = world.browser("manager"), f"/programme/budget/{line.uuid}/spent/"
    assert "Planned: 700.50 USD" in browser.get(address).content.decode()
    assert browser.post(address, {"spent": "-3"}).status_code == 422
    assert browser.post(address, {"spent": "many"}).status_code == 422
    assert browser.post(address, {"spent": "801.25"}).status_code == 302
    page = browser.get(f"/programme/{found.activity.uuid}/").content.decode()
    assert "spent 801.25" in page
    assert "over" in page
    shown = browser.get(f"/api/v1/training/activities/{found.activity.uuid}/budget").json()
    assert [(row["amount"], row["spent"]) for row in shown] == [("700.50", "801.25")]
    sent = browser.put(f"/api/v1/training/budget/{line.uuid}/spent", {"spent": None}, content_type="application/json")
    assert sent.json()["spent"] is None
    entries = Entry.objects.filter(verb="training.budget.spent", thing_uuid=line.uuid).order_by("pk")
    assert [entry.facts["spent"] for entry in entries] == ["801.25", None]
