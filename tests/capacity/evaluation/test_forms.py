"""Building a form, answering it on a page, in another language and by workbook, and its versions."""

from __future__ import annotations

import io
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from entrepot.capacity.evaluation import actions, core
from entrepot.capacity.evaluation.core import Question
from entrepot.capacity.evaluation.enums import FormKind
from entrepot.capacity.evaluation.models import Ask, Form
from entrepot.capacity.evaluation.queries import Given
from entrepot.capacity.evaluation.web.forms import QuestionsForm
from entrepot.capacity.training.enums import Stage
from entrepot.ground.limits.core import Throttle
from entrepot.kernel.errors import Conflict, Invalid, StaleEdit, TooManyRequests
from tests.settings import PRODUCT_LIMITS

from .stage import Hall, hall

KINDS = (
    Question("useful", "Was it useful?", "scale"),
    Question("why", "Why not?", "text", shown_if="useful", shown_for=(1, 2)),
    Question("again", "Again?", "choice", options=("yes", "later", "never")),
    Question("parts", "Which parts?", "several", options=("talks", "cases", "walks"), needed=False),
    Question("each", "How was each?", "matrix", rows=("talks", "cases")),
    Question("hours", "Hours saved?", "number", least=0, most=100, unit="h", needed=False),
    Question("since", "Since when?", "date", needed=False),
    Question("told", "Did you tell others?", "yes"),
)
WHOLE: dict[str, Any] = {
    "useful": "4",
    "again": "1",
    "parts": ["0", "2"],
    "each": {"0": "3", "1": "5"},
    "hours": "2,5",
    "since": "2026-01-05",
    "told": "no",
}
KEPT = {"useful": 4, "again": 1, "parts": [0, 2], "each": {"0": 3, "1": 5}, "hours": 2.5, "since": "2026-01-05", "told": False}


def test_each_kind_of_question_is_read_strictly() -> None:
    assert core.checked_answers(KINDS, WHOLE) == KEPT
    wrong = {"useful": "6", "again": "3", "parts": ["7"], "each": {"0": "3"}, "hours": "101", "since": "soon", "told": "perhaps", "x": "1"}
    with pytest.raises(Invalid) as refused:
        core.checked_answers(KINDS, wrong)
    assert set(refused.value.faults) == set(wrong)
    with pytest.raises(Invalid) as missing:
        core.checked_answers(KINDS, {})
    assert set(missing.value.faults) == {"useful", "again", "each", "told"}, "what is optional or not asked may be left out"


@pytest.mark.parametrize("text", ["1,500", "12,000", "1.500"])
def test_a_number_that_could_mean_two_things_is_asked_again(text: str) -> None:
    worth = (Question("worth", "Worth?", "number", unit="USD"),)
    with pytest.raises(Invalid) as asked:
        core.checked_answers(worth, {"worth": text})
    assert str(asked.value.faults["worth"]).startswith(f"“{text}” can mean ")
    assert core.checked_answers(worth, {"worth": "1,500,000"}) == {"worth": 1_500_000.0}
    assert core.checked_answers(worth, {"worth": 1.234}) == {"worth": 1.234}, "a number of JSON or of a workbook's cell is itself"


@settings(max_examples=60, deadline=None)
@given(value=st.floats(0, 1e12))
def test_a_kept_number_is_shown_so_that_sending_it_again_changes_nothing(value: float) -> None:
    question = Question("worth", "Worth?", "number")
    kept = core.checked_answers((question,), {"worth": value})
    shown = QuestionsForm(questions=(question,), answers=kept)["worth"].value()
    assert core.checked_answers((question,), {"worth": shown}) == kept
    assert kept["worth"] == pytest.approx(value, rel=1e-14)


def test_words_are_kept_whole_or_refused() -> None:
    why = (Question("why", "Why?", "text"),)
    assert core.checked_answers(why, {"why": " one\r\ntwo\u200e "}) == {"why": "one\ntwo"}
    for text in ("x" * 2001, "bell\x07"):
        with pytest.raises(Invalid):
            core.checked_answers(why, {"why": text})


def test_a_question_is_asked_only_where_its_branch_leads() -> None:
    with pytest.raises(Invalid) as refused:
        core.checked_answers(KINDS, WHOLE | {"useful": "2"})
    assert set(refused.value.faults) == {"why"}
    kept = core.checked_answers(KINDS, WHOLE | {"why": "typed, then thought better of it"})
    assert "why" not in kept, "what was not asked is not kept"


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([q.key for q in KINDS]), st.one_of(st.none(), st.integers(), st.text(max_size=9), st.lists(st.integers()))
    )
)
def test_whatever_is_sent_is_kept_as_it_should_be_or_refused_in_words(given_: dict[str, Any]) -> None:
    with suppress(Invalid):
        kept = core.checked_answers(KINDS, given_)
        assert core.checked_answers(KINDS, {**kept, "told": "yes" if kept["told"] else "no"}) == kept, "reading twice is reading once"


def test_forms_of_the_first_version_are_read() -> None:
    old = [{"key": "useful", "text": "Useful?", "kind": "scale", "options": [], "right": None, "needed": True}]
    assert core.read_questions(old) == (Question("useful", "Useful?", "scale"),)


def test_every_form_of_the_library_is_sound() -> None:
    for template in core.LIBRARY:
        before: list[Question] = []
        for question in template.questions:
            core.checked_question(question, before, [other.key for other in before])
            before.append(question)
        core.checked_order(template.questions)
        assert template.kind in {kind.value for kind in FormKind}
    officer, supervisor = core.DEFAULTS["officer"], core.DEFAULTS["supervisor"]
    assert [q.key for q in officer] == [q.key for q in supervisor], "their answers stand side by side"
    sections = [q.section for q in core.DEFAULTS["member"]]
    assert list(dict.fromkeys(sections)) == list(core.SECTIONS), "the survey has the report's parts, in its order"


def _begun(found: Hall, world: Any, kind: FormKind = FormKind.TRAINER, code: str = "") -> Form:
    return actions.begin_form(by=world.principal("manager"), at=found.at, activity=found.activity.uuid, kind=kind, code=code)


@pytest.mark.row("R21.1")
def test_a_form_is_built_question_by_question(world: Any) -> None:
    found, browser = hall(world, members=1, each=1), world.browser("manager")
    page = f"/evaluation/activities/{found.activity.uuid}/forms/"
    assert "Learner: what I hope for" in browser.get(page).content.decode()
    made = browser.post(page, {"kind": "trainer", "from": "trainer"})
    form = Form.objects.get(activity=found.activity, kind="trainer")
    assert made["Location"] == f"/evaluation/forms/{form.uuid}/"
    add = f"/evaluation/forms/{form.uuid}/question/"
    sent = {"version": form.version, "text": "What tired them?", "kind": "several", "options": "heat\nlight", "needed": "on"}
    assert browser.post(add, sent | {"options": "heat"}).status_code == 422
    assert browser.post(add, sent).status_code == 302
    form.refresh_from_db()
    assert form.questions[-1] == {
        "key": "what_tired_them",
        "text": "What tired them?",
        "kind": "several",
        "needed": True,
        "options": ["heat", "light"],
    }
    branch = {"version": form.version, "text": "How hot?", "kind": "number", "unit": "°C", "shown_if": "what_tired_them", "shown_for": "1"}
    assert browser.post(add, branch).status_code == 302
    form.refresh_from_db()
    keys = [q["key"] for q in form.questions]
    assert form.questions[-1]["shown_for"] == [0], "the first answer, as it stands on the page"
    before_its_ground = browser.post(made["Location"], {"do": "up", "key": "how_hot", "version": form.version}, follow=True)
    assert "depends on a question that would come after it" in before_its_ground.content.decode()
    browser.post(made["Location"], {"do": "copy", "key": "ready", "version": form.version})
    browser.post(made["Location"], {"do": "down", "key": "ready"})
    form.refresh_from_db()
    assert [q["key"] for q in form.questions][:2] == ["ready_2", "ready"]
    assert (
        "Another question depends" in browser.post(made["Location"], {"do": "drop", "key": "what_tired_them"}, follow=True).content.decode()
    )
    browser.post(made["Location"], {"do": "drop", "key": "ready_2"})
    form.refresh_from_db()
    assert [q["key"] for q in form.questions] == keys
    preview = browser.get(f"/evaluation/forms/{form.uuid}/preview/").content.decode()
    assert "What tired them?" in preview
    assert 'data-if="what_tired_them"' in preview
    with pytest.raises(StaleEdit):
        actions.add_question(
            by=world.principal("manager"), at=found.at, uuid=form.uuid, values={"text": "Late", "kind": "text"}, version=form.version - 1
        )


@pytest.mark.row("R21.1")
def test_an_answered_form_is_frozen_and_its_next_version_stays_comparable(world: Any) -> None:
    found = hall(world, members=2, each=4, stage=Stage.CONFIRMED)
    form = Form.objects.get(activity=found.activity, kind="reaction")
    people = list(found.activity.nominations.select_related("person").order_by("pk"))
    given = {"useful": "4", "clear": "4", "practice": "3", "pace": "3", "arrangements": "5"}

    def answer(nomination: Any, values: dict[str, Any]) -> Ask:
        who: dict[str, Any] = {"by": found.as_(nomination.person), "at": found.at, "nomination": nomination.uuid}
        return actions.answer_form(**who, kind=FormKind.REACTION, given=values)

    for nomination in people[:4]:
        assert answer(nomination, given).form == form
    form.refresh_from_db()
    old = list(form.questions)
    manager: dict[str, Any] = {"by": world.principal("manager"), "at": found.at}
    second = actions.edit_question(**manager, uuid=form.uuid, key="useful", values={"text": "What I learned helps me in my work"})
    assert (second.number, second.questions[0]["key"]) == (2, "useful"), "a wording that is mended keeps its identity"
    third = actions.edit_question(**manager, uuid=second.uuid, key="pace", values={"text": "It was too fast"}, new_meaning=True)
    assert third.pk == second.pk, "nobody has answered version 2 yet"
    assert third.questions[3]["key"] == "pace", "so that its meaning may still change in place"
    for nomination in people[4:7]:
        answer(nomination, {**given, "useful": "2"})
    fourth = actions.edit_question(**manager, uuid=third.uuid, key="pace", values={"text": "It was too slow"}, new_meaning=True)
    fifth = actions.edit_question(**manager, uuid=fourth.uuid, key="clear", values={"kind": "yes"})
    assert [q["key"] for q in fifth.questions][:4] == ["useful", "clear", "practice", "pace_2"], "not yet answered: still the same question"
    answer(people[7], {**{k: v for k, v in given.items() if k not in ("pace", "clear")}, "pace_2": "1", "clear": "yes"})
    form.refresh_from_db()
    assert form.questions == old, "what was answered stays as it was asked"
    with pytest.raises(Conflict):
        actions.drop_question(**manager, uuid=form.uuid, key="pace")
    sums = {question.key: tally for question, tally in Given(found.activity, whole=True).tallies(FormKind.REACTION, of=8)}
    assert (sums["useful"].n, sums["useful"].of, sums["useful"].total) == (8, 8, 4 * 4 + 3 * 2 + 4)
    assert (sums["pace"].n, sums["pace"].of) == (7, 7), "whoever was asked another version was not asked this"
    assert (sums["pace_2"].n, sums["pace_2"].of) == (1, 1)


def test_open_questions_move_to_the_next_version(world: Any) -> None:
    found = hall(world, members=1, each=3)
    actions.follow_up(at=found.at, activity=found.activity.uuid)
    asks = list(Ask.objects.filter(form__activity=found.activity, form__kind="officer").select_related("person").order_by("pk"))
    given = {"applied": 3, "alone": 3, "office": "yes", "taught": "no"}
    actions.answer_ask(by=found.as_(asks[0].person), at=found.at, uuid=asks[0].uuid, given=given)
    kept = actions.add_question(
        by=world.principal("manager"), at=found.at, uuid=asks[0].form.uuid, values={"text": "Why?", "kind": "text", "needed": False}
    )
    for ask in asks:
        ask.refresh_from_db()
    assert [ask.form.number for ask in asks] == [1, 2, 2]
    assert kept.number == 2


@pytest.mark.row("R21.2")
def test_a_form_is_answered_in_the_language_that_the_answerer_picks(world: Any) -> None:
    from entrepot.capacity.training.models import Nomination

    seat = Nomination.objects.get(activity__stage="confirmed", person__email="officer@practice.example", outcome="seat")
    Ask.objects.filter(nomination=seat, form__kind="expect")._raw_delete("default")
    browser, page = world.browser("officer"), f"/evaluation/form/expect/{seat.uuid}/"
    assert "Que voulez-vous savoir faire" not in browser.get(page).content.decode()
    french = browser.get(page + "?in=fr").content.decode()
    assert "Que voulez-vous savoir faire" in french
    assert 'lang="fr"' in french
    sent = {"hope": "Ouvrir le bon colis", "sure": "2", "support": "yes", "language": "fr"}
    assert browser.post(page, sent).status_code == 302
    ask = Ask.objects.get(nomination=seat, form__kind="expect")
    assert (ask.language, ask.answers["hope"], ask.answers["support"]) == ("fr", "Ouvrir le bon colis", True)


def test_a_language_is_offered_once_every_question_is_said_in_it(world: Any) -> None:
    found = hall(world, members=1, each=1)
    form = _begun(found, world, code="trainer")
    browser, page = world.browser("manager"), f"/evaluation/forms/{form.uuid}/in/fr/"
    keys = [q["key"] for q in form.questions]
    assert browser.post(page, {"version": form.version, f"{keys[0]}:text": "Prêts"}).status_code == 302
    form.refresh_from_db()
    assert core.languages(core.read_questions(form.questions)) == []
    assert browser.post(page, {"version": form.version, **{f"{key}:text": f"fr {key}" for key in keys}}).status_code == 302
    form.refresh_from_db()
    assert core.languages(core.read_questions(form.questions)) == ["fr"]
    assert f"fr {keys[0]}" in browser.get(f"/evaluation/forms/{form.uuid}/preview/?in=fr").content.decode()


def test_a_form_is_said_in_a_language_that_the_pages_do_not_know(world: Any) -> None:
    found = hall(world, members=1, each=1)
    form = _begun(found, world, code="trainer")
    browser, page = world.browser("manager"), f"/evaluation/forms/{form.uuid}/in/tpi/"
    sent = {f"{q['key']}:text": f"tpi {q['key']}" for q in form.questions}
    assert browser.post(page, {"version": form.version, **sent}).status_code == 302
    shown = browser.get(f"/evaluation/forms/{form.uuid}/preview/?in=tpi")
    assert shown.status_code == 200
    assert "Tok Pisin" in shown.content.decode()


@pytest.mark.row("R21.1")
def test_what_was_hoped_for_stands_beside_what_came(world: Any) -> None:
    found = hall(world, members=1, each=6, stage=Stage.CONFIRMED)
    _begun(found, world, FormKind.EXPECT, "expect")
    Form.objects.filter(activity=found.activity, kind="reaction")._raw_delete("default")
    _begun(found, world, FormKind.REACTION, "reaction_long")
    early = found.at - timedelta(days=265)
    for number, nomination in enumerate(found.activity.nominations.select_related("person").order_by("pk")):
        who: dict[str, Any] = {"by": found.as_(nomination.person), "nomination": nomination.uuid}
        hope = {"hope": f"hope {number}", "sure": 2, "support": "yes"}
        actions.answer_form(**who, at=early, kind=FormKind.EXPECT, given=hope)
        if number == 0:
            page = world.browser("manager").get(f"/evaluation/activities/{found.activity.uuid}/answers/").content.decode()
            assert "hope 0" not in page, "fewer than five: not shown"
        came: dict[str, Any] = dict.fromkeys(("useful", "clear", "practice", "pace", "arrangements", "sure"), 4)
        came |= {"sessions": {str(row): 4 for row in range(4)}}
        came |= {"hope_met": number % 5 + 1} if number else {}
        actions.answer_form(**who, at=found.at, kind=FormKind.REACTION, given=came)
    assert sorted(Given(found.activity, whole=True).hopes_met(), key=lambda row: row[0])[:2] == [("hope 0", None), ("hope 1", 2)]
    page = world.browser("manager").get(f"/evaluation/activities/{found.activity.uuid}/answers/").content.decode()
    assert "hope 3" in page
    assert "Officer H00" not in page, "no name beside what someone hoped for"


def _filled(content: bytes, **answers: Any) -> io.BytesIO:
    """The workbook with these answers by key; `item` is how each item stands."""
    book = load_workbook(io.BytesIO(content))
    for row in book["Answers"].iter_rows(min_row=4):
        if row[3].value in answers:
            row[2].value = answers[row[3].value]
    if "Actions" in book.sheetnames:
        for row in book["Actions"].iter_rows(min_row=4):
            row[2].value, row[4].value = answers.get("item", row[2].value), answers.get("note")
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "answers.xlsx"
    return file


@pytest.mark.row("R22.2", "R23.2", "R21.2")
def test_a_workbook_answers_whole_or_not_at_all(world: Any) -> None:
    found = hall(world, members=1, each=1)
    nomination = found.activity.nominations.get()
    item = actions.plan_item(
        by=found.as_(nomination.person), at=found.at, nomination=nomination.uuid, what="A list", due_on=found.at.date()
    )
    actions.follow_up(at=found.at, activity=found.activity.uuid)
    ask = Ask.objects.get(form__activity=found.activity, form__kind="officer")
    browser = world.browser()
    browser.force_login(nomination.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    content = browser.get(f"/evaluation/answer/{ask.uuid}/workbook.xlsx").content
    send = f"/evaluation/answer/{ask.uuid}/workbook/"
    good: dict[str, Any] = {
        "applied": 4,
        "alone": 5,
        "office": "yes",
        "taught": "No",
        "effect": "Fewer disputes",
        "item": "done",
        "note": "In use",
    }
    for wrong, said in (
        ({"applied": 9}, "Choose one of the answers offered"),
        ({"office": None}, "Please answer this"),
        ({"effect": "=1+1"}, "formula"),
        ({"item": "finished"}, "Choose one of the answers in the list"),
        ({"item": "dropped"}, "Say why it was dropped"),
    ):
        answer = browser.post(send, {"file": _filled(content, **good | wrong)})
        assert (answer.status_code, said in answer.content.decode()) == (422, True), wrong
        ask.refresh_from_db()
        item.refresh_from_db()
        assert (ask.answered_at, item.state) == (None, "planned"), "nothing is half taken"
    other = io.BytesIO(b"no workbook")
    other.name = "x.xlsx"
    assert "not an Excel workbook" in browser.post(send, {"file": other}).content.decode()
    assert browser.post(send, {"file": _filled(content, **good)}).status_code == 200
    ask.refresh_from_db()
    item.refresh_from_db()
    assert (ask.answers["applied"], ask.answers["taught"], item.state) == (4, False, "done")
    version, updates = ask.version, item.updates.count()
    assert browser.post(send, {"file": _filled(content, **good)}).status_code == 200
    ask.refresh_from_db()
    assert (ask.version, item.updates.count(), ask.amendments.count()) == (version, updates, 0), "twice changes nothing"


def test_a_workbook_of_another_question_or_an_older_version_is_refused(world: Any) -> None:
    found = hall(world, members=1, each=2)
    actions.follow_up(at=found.at, activity=found.activity.uuid)
    first, second = Ask.objects.filter(form__activity=found.activity, form__kind="officer").select_related("person", "form").order_by("pk")
    browser = world.browser()
    browser.force_login(first.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    content = browser.get(f"/evaluation/answer/{first.uuid}/workbook.xlsx").content
    others = world.browser()
    others.force_login(second.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert (
        "belongs to something else"
        in others.post(f"/evaluation/answer/{second.uuid}/workbook/", {"file": _filled(content)}).content.decode()
    )
    given = {"applied": 3, "alone": 3, "office": "yes", "taught": "no"}
    actions.answer_ask(by=found.as_(second.person), at=found.at, uuid=second.uuid, given=given)
    actions.add_question(
        by=world.principal("manager"), at=found.at, uuid=first.form.uuid, values={"text": "Why?", "kind": "text", "needed": False}
    )
    assert "The form has changed" in browser.post(f"/evaluation/answer/{first.uuid}/workbook/", {"file": _filled(content)}).content.decode()


def test_trainers_and_sponsors_are_asked_by_address_all_or_none(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = hall(world, members=1, each=1)
    form = _begun(found, world, FormKind.SPONSOR, "sponsor")
    manager: dict[str, Any] = {"by": world.principal("manager"), "at": found.at, "form": form.uuid}
    with pytest.raises(Invalid):
        actions.ask_others(**manager, emails=["partner@practice.example", "nobody@nowhere.example"])
    assert not form.asks.exists()
    monkeypatch.setattr("entrepot.ground.limits.requests._throttles", defaultdict(Throttle))
    with override_settings(LIMITS=PRODUCT_LIMITS | {"addresses": "1/24h"}):
        with pytest.raises(Invalid):
            actions.ask_others(**manager, emails=["nobody@nowhere.example"])
        for email in ("partner@practice.example", "somebody@nowhere.example"):  # the known is answered as the unknown is
            with pytest.raises(TooManyRequests):
                actions.ask_others(**manager, emails=[email])
    assert not form.asks.exists()
    assert actions.ask_others(**manager, emails=[" Partner@Practice.example"]) == 1
    assert actions.ask_others(**manager, emails=["partner@practice.example"]) == 0
    ask = form.asks.get()
    page = world.browser("partner").get(f"/evaluation/answer/{ask.uuid}/")
    assert page.status_code == 200
    assert b"What it was worth" in page.content or b"what it was worth" in page.content
    sent = {"aim": "4", "seen": "no", "again": "0", "worth": "1200,5"}
    assert world.browser("partner").post(f"/evaluation/answer/{ask.uuid}/", sent).status_code == 200
    ask.refresh_from_db()
    assert ask.answers == {"aim": 4, "seen": False, "again": 0, "worth": 1200.5}
