"""Stories of what changed: plans before looks, links and who backs them, verdicts on pages and papers, what is frozen."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document

from entrepot.capacity.impact import api as impact
from entrepot.capacity.impact.core import causal, returned
from entrepot.capacity.impact.enums import Grade, Method, Reason, Step, Verdict
from entrepot.capacity.impact.models import Finding, Link, Look, Plan, Story
from entrepot.capacity.impact.papers import Said, story_paper
from entrepot.capacity.impact.queries import design_of, digest_of, members_of, table_of, worth_of
from entrepot.capacity.impact.telling import body_of
from entrepot.capacity.training import api as training
from entrepot.capacity.training.models import Activity
from entrepot.ground.indicators import api as indicators
from entrepot.ground.indicators.core import following, span_of, span_text
from entrepot.ground.indicators.enums import Every
from entrepot.ground.indicators.models import Indicator, Value
from entrepot.ground.journal.models import Entry
from entrepot.ground.keeping.api import writing
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from entrepot.kernel.papers import Details, Heading, Listing, Para, Table
from entrepot.kernel.principals import SYSTEM
from entrepot.shell.papers import to_pdf, to_word

CODES = ("ATN", "ATS", "LAG", "REEF", "SAG", "MERI", "KALA", "DELT", "KARS", "HIGH", "STEP", "ORCH")


@pytest.fixture
def office(world: Any) -> dict[str, Any]:
    return {"by": world.principal("manager"), "at": world.at}


@pytest.fixture
def measured(world: Any, office: dict[str, Any]) -> Any:
    """An indicator with figures of all twelve Members for two years: the first six fall by five from a year ago."""
    about = {
        "title": "Hours to release",
        "definition": "Median hours.",
        "unit": "hours",
        "direction": "down",
        "every": "month",
        "source": "Log",
    }
    made = indicators.define(**office, place=world.place("PX"), code="HOURS", **about)
    rows: list[tuple[int, list[Any]]] = [(1, ["place", "period", "value"])]
    for number, code in enumerate(CODES):
        for step, day in enumerate(_months(world, 24)):
            wobble = ((7 * number + 5 * step) % 11) / 10
            rows.append(
                (len(rows) + 1, [code, span_text(day, Every.MONTH), f"{20 + number + wobble - 5 * (number < 6 and step >= 12):.1f}"])
            )
    indicators.take_file(by=SYSTEM, at=world.at, indicator=made.uuid, table=rows)
    for series in made.series.all():
        indicators.share(by=SYSTEM, at=world.at, uuid=series.uuid, on=True)
    return made


def _months(world: Any, count: int) -> list[Any]:
    last = following(span_of(world.at.date(), Every.MONTH), Every.MONTH, -1)
    return [following(last, Every.MONTH, step - count + 1) for step in range(count)]


@pytest.fixture
def story(office: dict[str, Any], measured: Any) -> Any:
    activity = Activity.objects.get(stage="followed_up")
    return impact.tell(
        **office, activity=activity.uuid, indicator=measured.uuid, title="Hours after the workshop", question="Are they fewer?"
    )


def _members(world: Any, part: int = 6, of: int = 12, since: int = 12) -> list[impact.Member]:
    day = _months(world, 24)[since]
    return [impact.Member(world.place(code), day if number < part else None) for number, code in enumerate(CODES[:of])]


PLAN: dict[str, Any] = {"method": Method.DIFFERENCES, "before": 12, "after": 12, "smallest": Decimal(2)}


@pytest.mark.row("R21.1", "R48.2", "R66.5")
def test_from_a_plan_to_a_verdict_to_a_frozen_story(world: Any, office: dict[str, Any], story: Any) -> None:
    assert impact.state_of(story).found.reasons == (Reason.NO_PLAN,)
    plan = impact.register(**office, story=story.uuid, members=_members(world), **PLAN)
    assert plan.digest == digest_of(plan.body)
    assert plan.known_after == 12 * 12, "these figures were here already, and the plan says so"
    assert plan.promise["least"] > 0
    finding = impact.open_analysis(**office, plan=plan.uuid)
    state = impact.state_of(story)
    assert state.verdict is Verdict.SHOWN
    assert state.found.estimate.value == pytest.approx(-5, abs=0.6)
    assert Look.objects.filter(story=story, plan=plan, by_uuid=office["by"].uuid).count() == 1
    assert impact.open_analysis(**office, plan=plan.uuid) == finding, "the same figures are not reckoned again"
    shown = impact.publish(**office, story=story.uuid)
    assert shown.digest == digest_of(shown.body)
    with pytest.raises(Conflict):
        impact.look(**office, story=story.uuid)
    text = world.browser("officer").get(f"/impact/stories/{story.uuid}/").content.decode()
    assert "Shown by comparison" in text
    assert "the activity made it" in text
    verbs = set(Entry.objects.filter(verb__startswith="impact.", at=world.at).values_list("verb", flat=True))
    assert verbs == {f"impact.{verb}" for verb in ("story.told", "plan.registered", "plan.opened", "story.published")}


def test_a_published_story_stays_as_it_was_and_a_changed_body_is_noticed(world: Any, office: dict[str, Any], story: Any) -> None:
    plan = impact.register(**office, story=story.uuid, members=_members(world), **PLAN)
    impact.open_analysis(**office, plan=plan.uuid)
    impact.publish(**office, story=story.uuid)
    address = f"/impact/stories/{story.uuid}/"
    before = world.browser("manager").get(address).content.decode()
    value = Value.objects.filter(series__indicator__code="HOURS", series__place__code="ATN").latest("starts_on")
    indicators.correct(by=SYSTEM, at=world.at, uuid=value.uuid, value=Decimal(900), n=None, reason="test", version=None)
    after = world.browser("manager").get(address).content.decode()
    assert re.sub(r"csrf\w+\W+\w+\W+\w+", "", after).count("Shown by comparison") == before.count("Shown by comparison") == 1
    with writing():
        Story.objects.filter(pk=story.pk).update(body={**Story.objects.get(pk=story.pk).body, "verdict": "ruled_out"})
    assert "behind the product" in world.browser("manager").get(address).content.decode()


@pytest.mark.row("R21.4")
def test_a_plan_after_a_look_answers_nothing_and_says_so(world: Any, office: dict[str, Any], story: Any) -> None:
    impact.look(**office, story=story.uuid)
    plan = impact.register(**office, story=story.uuid, members=_members(world), **PLAN)
    assert plan.looked_first
    impact.open_analysis(**office, plan=plan.uuid)
    state = impact.state_of(story)
    assert state.verdict is Verdict.CANNOT_TELL
    assert Reason.LOOKED_FIRST in state.found.reasons
    text = world.browser("manager").get(f"/impact/stories/{story.uuid}/").content.decode()
    assert "looked at before the plan" in text
    assert not Link.objects.filter(story=story, grade=Grade.COMPARED).exists()


def test_a_second_plan_after_the_first_was_opened_is_a_plan_after_a_look(world: Any, office: dict[str, Any], story: Any) -> None:
    first = impact.register(**office, story=story.uuid, members=_members(world), **{**PLAN, "smallest": Decimal(90)})
    impact.open_analysis(**office, plan=first.uuid)
    second = impact.register(**office, story=story.uuid, members=_members(world), **PLAN)
    assert (first.looked_first, second.looked_first, second.number) == (False, True, 2)
    assert impact.state_of(story).plan == second


def test_the_analysis_does_not_open_before_the_last_period_is_over(world: Any, office: dict[str, Any], story: Any) -> None:
    plan = impact.register(**office, story=story.uuid, members=_members(world, since=20), **{**PLAN, "before": 12, "after": 6})
    with pytest.raises(Conflict, match="last period"):
        impact.open_analysis(**office, plan=plan.uuid)
    assert not Finding.objects.filter(plan=plan).exists()
    assert not Look.objects.filter(story=story).exists()


def test_only_shared_figures_are_compared(world: Any, office: dict[str, Any], story: Any) -> None:
    series = story.indicator.series.get(place__code="ORCH")
    indicators.share(by=SYSTEM, at=world.at, uuid=series.uuid, on=False)
    plan = impact.register(**office, story=story.uuid, members=_members(world), **PLAN)
    impact.open_analysis(**office, plan=plan.uuid)
    found = impact.state_of(story).found
    assert found.left_out == ("ORCH",)
    assert found.estimate.others == 5


def test_thirty_persons_and_nobody_beside_them_cannot_tell(world: Any, office: dict[str, Any], story: Any) -> None:
    members = _members(world, part=1, of=1)
    plan = impact.register(**office, story=story.uuid, members=members, **{**PLAN, "method": Method.INTERRUPTED})
    impact.open_analysis(**office, plan=plan.uuid)
    state = impact.state_of(story)
    assert (state.verdict, state.found.reasons) == (Verdict.CANNOT_TELL, (Reason.NO_COMPARISON,))
    browser = world.browser("manager")
    answer = browser.get(f"/api/v1/impact/stories/{story.uuid}").json()
    assert any("nobody" in sentence for sentence in answer["sentences"])
    assert any("did not take part" in sentence for sentence in answer["wanted"])
    assert not any(causal(sentence) for sentence in [*answer["sentences"], *answer["wanted"], *answer["promise"]])


def test_a_title_or_question_that_says_beforehand_what_came_of_it_is_refused(office: dict[str, Any], measured: Any) -> None:
    activity = Activity.objects.get(stage="followed_up").uuid
    with pytest.raises(Invalid) as refused:
        impact.tell(**office, activity=activity, indicator=measured.uuid, title="Impact of the workshop", question="Was it because of it?")
    assert set(refused.value.faults) == {"title", "question"}


def test_a_plan_is_refused_in_words(world: Any, office: dict[str, Any], story: Any) -> None:
    for wrong, field in (
        ({"smallest": Decimal(0)}, "smallest"),
        ({"before": 0}, "before"),
        ({"after": 99}, "after"),
        ({"drift": Decimal(-1)}, "drift"),
        ({"members": [impact.Member(world.place("ATN"), None)]}, "members"),
        ({"members": _members(world)[:1] * 2}, "members"),
        ({"members": [impact.Member(world.place("ATN-1"), _months(world, 24)[12])]}, "members"),
        ({"method": Method.INTERRUPTED}, "members"),
    ):
        with pytest.raises(Invalid) as refused:
            impact.register(**office, story=story.uuid, **{"members": _members(world), **PLAN, **wrong})
        assert field in refused.value.faults, wrong
    assert not Plan.objects.filter(story=story).exists()


WORTH: dict[str, Any] = {"worth": Decimal("20"), "currency": "usd", "ground": "Storage saved in an hour, by the port's tariff."}


@pytest.mark.row("R21.1", "R21.4")
def test_a_shown_difference_is_put_in_money_over_what_was_spent(world: Any, office: dict[str, Any], story: Any) -> None:
    with writing():
        story.activity.budget.all().delete()
    line = training.add_budget_line(**office, uuid=story.activity.uuid, title="All of it", currency="USD", amount=Decimal(4000))
    plan = impact.register(**office, story=story.uuid, members=_members(world), **PLAN, **WORTH)
    assert plan.body["worth"] == {"amount": "20", "currency": "USD", "ground": WORTH["ground"]}
    assert Said(body_of(story)).money == [], "nothing is said before the analysis is opened"
    impact.open_analysis(**office, plan=plan.uuid)
    estimate = impact.state_of(story).found.estimate
    back = returned(impact.state_of(story).found, design_of(plan.body), worth_of(plan.body), 4000.0)
    # 20 USD for an hour less, at six Members, in each of twelve months.
    assert back.value == pytest.approx(-estimate.value * 20 * 6 * 12)
    assert (back.low, back.high) == pytest.approx((-estimate.high * 20 * 72, -estimate.low * 20 * 72))
    assert back.for_one == pytest.approx((back.value / 4000, back.low / 4000, back.high / 4000))
    planned = " ".join(Said(body_of(story)).money)
    assert "At the 6 Members that took part, over 12 periods, the difference comes to" in planned
    assert "was planned at 4,000 USD" in planned
    training.say_spent(**office, uuid=line.uuid, spent=Decimal(3600))
    shown = impact.publish(**office, story=story.uuid)
    training.say_spent(**office, uuid=line.uuid, spent=Decimal(1))
    page = world.browser("officer").get(f"/impact/stories/{story.uuid}/").content.decode()
    assert "The activity cost 3,600 USD: " in page, "as it was when the story was frozen"
    assert "20 USD at one Member in one period, for a difference of 1 hours: Storage saved" in page
    assert world.browser("officer").get(f"/api/v1/impact/stories/{story.uuid}").json()["money"] == Said(shown.body).money
    paper = to_pdf(story_paper(shown.body, invented=True))
    assert b"%PDF" in paper[:8]


def test_money_is_said_of_nothing_that_is_not_shown_and_of_one_currency_only(world: Any, office: dict[str, Any], story: Any) -> None:
    training.add_budget_line(**office, uuid=story.activity.uuid, title="Rooms", currency="FJD", amount=Decimal(100))
    plan = impact.register(**office, story=story.uuid, members=_members(world), **PLAN, **WORTH)
    impact.open_analysis(**office, plan=plan.uuid)
    said = Said(body_of(story)).money
    assert "What the activity cost is not known in USD alone: nothing is divided." in said
    assert not any("for each one" in sentence for sentence in said), "a part of the cost is in other money"
    late = impact.register(**office, story=story.uuid, members=_members(world), **PLAN, **WORTH)
    impact.open_analysis(**office, plan=late.uuid)
    assert late.looked_first
    assert Said(body_of(story)).money == ["Nothing is turned into money: no comparison shows a difference that could be."]


def test_a_worth_is_whole_or_refused(world: Any, office: dict[str, Any], story: Any) -> None:
    for wrong, field in (
        ({"worth": Decimal(0)}, "worth"),
        ({"worth": Decimal(-1)}, "worth"),
        ({"worth": None}, "worth"),
        ({"currency": "US"}, "currency"),
        ({"currency": "ÜSD"}, "currency"),
        ({"ground": " "}, "ground"),
        ({"ground": "x" * 301}, "ground"),
        ({"ground": "It is worth that because of the workshop."}, "ground"),
    ):
        with pytest.raises(Invalid) as refused:
            impact.register(**office, story=story.uuid, members=_members(world), **PLAN, **{**WORTH, **wrong})
        assert field in refused.value.faults, wrong
    with writing():
        Indicator.objects.filter(pk=story.indicator_id).update(direction="neither")
    with pytest.raises(Invalid) as refused:
        impact.register(**office, story=story.uuid, members=_members(world), **PLAN, **WORTH)
    assert "worth" in refused.value.faults
    assert not Plan.objects.filter(story=story).exists()
    assert "worth" not in impact.register(**office, story=story.uuid, members=_members(world), **PLAN).body


@pytest.mark.row("R21.4", "R48.2")
def test_a_link_is_as_strong_as_what_backs_it(world: Any, office: dict[str, Any], story: Any) -> None:
    link = impact.add_link(**office, story=story.uuid, step=Step.MOVED, place=world.place("ATN"), said="It is read out every month.")
    assert link.grade == Grade.CLAIMED
    with pytest.raises(Conflict, match="second person"):
        impact.back(**office, link=link.uuid, said="Yes")
    with pytest.raises(NotFound):
        impact.back(by=world.principal("neighbour"), at=world.at, link=link.uuid, said="Yes")
    impact.back(by=world.principal("coordinator"), at=world.at, link=link.uuid, said="I was there")
    link.refresh_from_db()
    assert link.grade == Grade.CORROBORATED
    months = [span_text(day, Every.MONTH) for day in _months(world, 24)]
    with pytest.raises(Invalid):
        impact.measure(**office, link=link.uuid, before=months[3], after="1999-01")
    impact.measure(**office, link=link.uuid, before=months[3], after=months[20])
    link.refresh_from_db()
    assert link.grade == Grade.MEASURED
    assert link.measured["before"]["period"] == months[3]
    plan = impact.register(**office, story=story.uuid, members=_members(world), **PLAN)
    impact.open_analysis(**office, plan=plan.uuid)
    link.refresh_from_db()
    assert link.grade == Grade.COMPARED


@pytest.mark.row("R61.3")
def test_what_is_published_holds_no_figure_of_a_member_and_no_word_it_has_not_backed(
    world: Any, office: dict[str, Any], story: Any
) -> None:
    months = [span_text(day, Every.MONTH) for day in _months(world, 24)]
    for code, said in (("ATN", "Atn says this."), ("HIGH", "High says that.")):
        link = impact.add_link(**office, story=story.uuid, step=Step.MOVED, place=world.place(code), said=said)
        impact.measure(**office, link=link.uuid, before=months[3], after=months[20])
        if code == "ATN":
            impact.back(by=world.principal("coordinator"), at=world.at, link=link.uuid, said="It is so")
    impact.back(by=world.principal("head"), at=world.at, link=link.uuid, said="The office is not the Member")
    figure = f"{Value.objects.get(series__indicator__code='HOURS', series__place__code='ATN', starts_on=_months(world, 24)[3]).value:.1f}"
    address = f"/impact/stories/{story.uuid}/"
    before = world.browser("manager").get(address).content.decode()
    assert "High says that." in before
    assert f"{figure} ({months[3]})" in before
    impact.publish(**office, story=story.uuid)
    for part in ("manager", "neighbour", "officer"):
        after = world.browser(part).get(address).content.decode()
        assert "Atn says this." in after
        assert "High says that." not in after
        assert "stand aside: 1" in after
        assert f"{figure} ({months[3]})" not in after
    assert "value" not in str(Story.objects.get(pk=story.pk).body["links"][0]["measured"])


def test_the_supervisor_of_whoever_did_it_may_back_a_link(world: Any, office: dict[str, Any], measured: Any) -> None:
    from entrepot.capacity.evaluation.models import ActionItem

    activity = Activity.objects.get(stage="followed_up")
    asked = {"title": "Hours", "question": "Are they fewer?"}
    told = impact.tell(**office, activity=activity.uuid, indicator=measured.uuid, **asked)
    item = ActionItem.objects.filter(nomination__activity=activity, nomination__person__email="officer@practice.example")[0]
    link = impact.add_link(**office, story=told.uuid, step=Step.DONE, place=world.place("ATN"), said="The list is used.", item=item.uuid)
    page = world.browser("supervisor").get("/today/").content.decode()
    assert "The list is used." in page
    assert world.browser("supervisor").post(f"/impact/links/{link.uuid}/", {"what_to_do": "back", "said": "Seen"}).status_code == 302
    link.refresh_from_db()
    assert link.grade == Grade.CORROBORATED
    with pytest.raises(Invalid):
        impact.add_link(**office, story=told.uuid, step=Step.DONE, place=world.place("HIGH"), said="Not theirs", item=item.uuid)


def test_nobody_but_the_office_tells_plans_or_looks(world: Any, office: dict[str, Any], story: Any) -> None:
    for part in ("coordinator", "officer", "centre", "head"):
        who = {"by": world.principal(part), "at": world.at}
        if part == "head":
            impact.register(**who, story=story.uuid, members=_members(world), **PLAN)
            continue
        with pytest.raises((NotAllowed, NotFound)):
            impact.register(**who, story=story.uuid, members=_members(world), **PLAN)
        with pytest.raises((NotAllowed, NotFound)):
            impact.look(**who, story=story.uuid)


def _words_of(paper: Any) -> list[str]:
    found = [paper.title, paper.over]
    for block in paper.blocks:
        match block:
            case Heading() | Para():
                found.append(block.text)
            case Listing():
                found += block.items
            case Details():
                found += [part for row in block.rows for part in row]
            case Table():
                found += [block.caption, *block.head, *(cell for row in block.rows for cell in row)]
    return found


@pytest.mark.row("R21.4")
@pytest.mark.row("R48.4")
def test_no_page_or_paper_speaks_of_cause_without_a_comparison_that_shows_it(world: Any) -> None:
    """Every story of the practice region, on its page and in its papers; what people are quoted with stands in quotation marks."""
    verdicts = set()
    for told in Story.objects.select_related("activity__region", "indicator"):
        body = told.body or body_of(told)
        verdicts.add(body["verdict"])
        page = world.browser("manager").get(f"/impact/stories/{told.uuid}/").content.decode()
        main = re.sub(r"<q\b.*?</q>", " ", page[page.index("<main") : page.index("</main>")], flags=re.DOTALL)
        words = [re.sub(r"\s+", " ", text) for text in re.sub(r"<[^>]*>", "\n", main).split("\n") if text.strip()]
        words += [re.sub(r"“[^”]*”", " ", text) for text in _words_of(story_paper(body, invented=True))]
        spoken = [text for text in words if causal(text)]
        if body["verdict"] in (Verdict.SHOWN, Verdict.OPPOSITE):
            assert spoken
        else:
            assert spoken == []
    assert verdicts == {Verdict.SHOWN, Verdict.CANNOT_TELL, Verdict.RULED_OUT}
    for address in ("/impact/", "/indicators/"):
        main = world.browser("manager").get(address).content.decode()
        assert not causal(re.sub(r"<[^>]*>", " ", main[main.index("<main") : main.index("</main>")]))


def test_the_practice_region_has_one_of_each_and_an_analysis_that_can_be_done_anew(world: Any) -> None:
    for told in Story.objects.all():
        plan = told.plans.get()
        assert plan.known_after == 0, "the figures from after came after the plan"
        assert not plan.looked_first
        from entrepot.capacity.impact.actions import _chance
        from entrepot.capacity.impact.core import packed, reckon
        from entrepot.capacity.impact.queries import design_of

        design, members = design_of(plan.body), members_of(plan.body)
        table = table_of(told.indicator, members, design, world.at.date())
        assert packed(reckon(table.panel, design, _chance(plan.digest))) == plan.findings.get().body


@pytest.mark.row("R48.3")
def test_papers_open_and_say_what_the_page_says(world: Any) -> None:
    told = Story.objects.get(published_at__isnull=False)
    paper = story_paper(told.body, invented=True, digest=told.digest, published="1 May 2026")
    assert to_pdf(paper).startswith(b"%PDF")
    text = "\n".join(p.text for p in Document(io.BytesIO(to_word(paper))).paragraphs)
    assert "Shown by comparison" in text
    assert told.digest in text
    answer = world.browser("officer").get(f"/impact/stories/{told.uuid}/story.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


@pytest.mark.row("R66.5")
def test_the_thread_carries_the_bead_to_those_who_may_read_it(world: Any) -> None:
    activity = Activity.objects.get(stage="followed_up")
    text = world.browser("manager").get(f"/programme/{activity.uuid}/").content.decode()
    assert "What changed" in text
    assert "Shown by comparison" in text
    images = Story.objects.get(indicator__code="IMAGE-HITS")
    theirs = world.browser("manager").get(f"/programme/{images.activity.uuid}/").content.decode()
    assert f"/impact/stories/{images.uuid}/" in theirs
    others = world.browser("officer").get(f"/programme/{images.activity.uuid}/").content.decode()
    assert f"/impact/stories/{images.uuid}/" not in others
    assert "Cannot tell" not in others


def test_a_plan_is_seen_then_written_on_the_page(world: Any, story: Any) -> None:
    browser = world.browser("manager")
    address = f"/impact/stories/{story.uuid}/plan/"
    form = browser.get(address).context["form"]
    sent = {name: field.initial if field.initial is not None else "" for name, field in form.fields.items()}
    day = span_text(_months(world, 24)[12], Every.MONTH)
    for number, code in enumerate(CODES):
        sent[f"part-{code}"] = "part" if number < 6 else "others"
        sent[f"since-{code}"] = day if number < 6 else ""
    sent |= {"method": "differences", "before": 12, "after": 12, "smallest": "2", "drift": ""}
    seen = browser.post(address, {**sent, "what_to_do": "see"})
    assert seen.status_code == 200
    assert "The least difference that this plan finds four times in five" in seen.content.decode()
    assert not Plan.objects.filter(story=story).exists(), "seeing is not writing"
    bad = browser.post(address, {**sent, "since-ATN": "soon", "what_to_do": "register"})
    assert bad.status_code == 422
    assert "Write the period as 2025-03" in bad.content.decode()
    assert browser.post(address, {**sent, "what_to_do": "register"}).status_code == 302
    assert browser.post(f"/impact/stories/{story.uuid}/open/").status_code == 302
    assert "Shown by comparison" in browser.get(f"/impact/stories/{story.uuid}/").content.decode()


def test_the_whole_walk_through_the_api(world: Any, measured: Any) -> None:
    browser = world.browser("manager")
    browser.get("/today/")
    activity = Activity.objects.get(stage="followed_up").uuid
    about = {"activity": str(activity), "indicator": str(measured.uuid), "title": "Hours", "question": "Are they fewer?"}
    told = browser.post("/api/v1/impact/stories", about, content_type="application/json")
    assert told.status_code == 201
    uuid = told.json()["uuid"]
    members = [{"place": m.place.code, "since": span_text(m.since, Every.MONTH) if m.since else ""} for m in _members(world)]
    plan = {"method": "differences", "before": 12, "after": 12, "smallest": 2, "members": members}
    wrong = {**plan, "members": [*members, {"place": "NOWHERE"}]}
    assert browser.post(f"/api/v1/impact/stories/{uuid}/plan", wrong, content_type="application/json").status_code == 422
    made = browser.post(f"/api/v1/impact/stories/{uuid}/plan", plan, content_type="application/json").json()
    found = browser.post(f"/api/v1/impact/plans/{made['uuid']}/open").json()
    assert found["verdict"] == "shown"
    link = {"step": "done", "place": "ATN", "said": "The list is used."}
    assert browser.post(f"/api/v1/impact/stories/{uuid}/links", link, content_type="application/json").json()["grade"] == "claimed"
    assert browser.post(f"/api/v1/impact/stories/{uuid}/publish").json()["published_at"]
    assert world.browser("officer").get(f"/api/v1/impact/stories/{uuid}").json()["verdict"] == "shown"


def test_lists_take_a_constant_number_of_queries(world: Any, office: dict[str, Any], story: Any) -> None:
    browser = world.browser("manager")
    for address in ("/impact/", f"/impact/stories/{story.uuid}/", "/indicators/", "/api/v1/impact/stories"):
        browser.get(address)
        with CaptureQueriesContext(connection) as few:
            browser.get(address)
        for number, code in enumerate(("ATN", "HIGH", "LAG")):
            impact.add_link(**office, story=story.uuid, step=Step.DONE, place=world.place(code), said=f"Said {number}")
        about = {"title": "T", "definition": "D", "unit": "h", "direction": "up", "every": "month", "source": "S"}
        more = indicators.define(**office, place=world.place("PX"), code=f"Q{address.count('/')}{len(address)}", **about)
        activity = Activity.objects.get(stage="closed").uuid
        impact.tell(**office, activity=activity, indicator=more.uuid, title="One more", question="Is it more?")
        with CaptureQueriesContext(connection) as many:
            browser.get(address)
        assert len(many) == len(few), address


def test_the_practice_region_takes_its_figures_and_stories_along(world: Any) -> None:
    from entrepot.desk import demo

    demo.remove(at=world.at + timedelta(hours=1))
    assert not Story.objects.exists()
    assert not Indicator.objects.filter(place__invented=True).exists()
