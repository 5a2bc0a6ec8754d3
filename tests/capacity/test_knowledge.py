"""The Good Practices Collection: who clears, reviews, sees and uses, and what is found by whom."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from entrepot.capacity.competencies.models import Topic
from entrepot.capacity.knowledge import actions
from entrepot.capacity.knowledge.enums import Opinion, PracticeState, RetiredBecause, Sight, Worked
from entrepot.capacity.knowledge.finding import Wish, facets, find, ranked
from entrepot.capacity.knowledge.models import Practice, Question, Review, Round, Version
from entrepot.ground.documents.models import Document
from entrepot.ground.keeping.api import writing
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from entrepot.kernel.principals import NOBODY, SYSTEM
from tests.markup import flat

TEXT = {"title": "Quellmar lists", "problem": "Every shift asked anew.", "done": "One page at the counter.", "results": "Half the time."}
WORDS = "Their books of two half-years bear it out."


@pytest.fixture
def made(world: Any) -> Any:
    """Makes a practice of a Member, carried to a state."""

    def make(
        code: str = "ATN", *, state: str = "published", sight: Sight = Sight.PUBLIC, topic: str = "ORI", file: str = "", **values: Any
    ) -> Practice:
        at = world.at - timedelta(days=30)
        who: dict[str, Any] = {"by": SYSTEM, "at": at}
        practice = actions.draft(**who, place=world.place(code), topic=Topic.objects.get(code=topic), **TEXT | values)
        if file:
            actions.attach(**who, uuid=practice.uuid, title="The page", name=file, content=io.BytesIO(b"Quellmar page"))
        if state == "draft":
            return practice
        actions.clear(**who, uuid=practice.uuid, sight=sight)
        if state != "cleared":
            for part in ("head", "manager"):
                actions.review(by=world.principal(part), at=at, uuid=practice.uuid, opinion=Opinion.FIT, words=WORDS)
            actions.publish(**who, uuid=practice.uuid)
        practice.refresh_from_db()
        return practice

    return make


def test_two_reviewers_who_stand_apart_before_it_is_published(world: Any, made: Any) -> None:
    manager, head, other = (world.principal(part) for part in ("manager", "head", "seconded"))
    practice = actions.draft(by=manager, at=world.at, place=world.place("ATN"), topic=Topic.objects.get(code="ORI"), **TEXT)
    who: dict[str, Any] = {"at": world.at, "uuid": practice.uuid}
    with pytest.raises(NotAllowed):
        actions.review(by=head, **who, opinion=Opinion.FIT, words=WORDS)  # not cleared yet
    actions.clear(by=world.principal("coordinator"), **who)
    with pytest.raises(NotAllowed, match="did not write it"):
        actions.review(by=manager, **who, opinion=Opinion.FIT, words=WORDS)  # wrote it
    with pytest.raises(Invalid):
        actions.review(by=head, **who, opinion=Opinion.FIT, words="ok")
    actions.review(by=head, **who, opinion=Opinion.FIT, words=WORDS)
    with pytest.raises(Conflict, match="already"):
        actions.review(by=head, **who, opinion=Opinion.FIT, words=WORDS)
    with pytest.raises(Conflict, match="so far 1"):
        actions.publish(by=manager, **who)
    with pytest.raises(NotFound):
        actions.review(by=world.principal("neighbour"), **who, opinion=Opinion.FIT, words=WORDS)  # nobody has asked
    actions.review(by=other, **who, opinion=Opinion.FIT, words=WORDS)
    assert actions.publish(by=manager, **who).state == PracticeState.PUBLISHED


def test_a_reviewer_of_the_member_concerned_is_not_asked(world: Any, made: Any) -> None:
    practice = made(state="cleared")
    for part in ("supervisor", "officer"):
        with pytest.raises(NotAllowed):
            actions.ask_review(by=world.principal("manager"), at=world.at, uuid=practice.uuid, people=[world.person(part)])
    asked = actions.ask_review(by=world.principal("manager"), at=world.at, uuid=practice.uuid, people=[world.person("neighbour")])
    assert len(asked) == 1
    page = world.browser("neighbour").get(f"/knowledge/{practice.uuid}/")
    assert "Give this review" in page.content.decode()
    assert "Review a practice: Quellmar lists" in world.browser("neighbour").get("/today/").content.decode()
    assert world.browser("trainer").get(f"/knowledge/{practice.uuid}/").status_code == 404


@pytest.mark.row("R39.2")
def test_changes_asked_send_it_back_and_the_reviewer_sees_what_changed(world: Any, made: Any) -> None:
    practice = made(state="cleared")
    neighbour, coordinator = world.principal("neighbour"), world.principal("coordinator")
    actions.ask_review(by=world.principal("manager"), at=world.at, uuid=practice.uuid, people=[world.person("neighbour")])
    actions.review(by=neighbour, at=world.at, uuid=practice.uuid, opinion=Opinion.CHANGES, words="Say how many certificates a month.")
    practice.refresh_from_db()
    assert (practice.state, practice.cleared_at) == (PracticeState.DRAFT, None)
    assert world.browser("neighbour").get(f"/knowledge/{practice.uuid}/").status_code == 404, "a draft is the Member's again"
    told = world.browser("coordinator").get("/notices/").content.decode()
    assert "Changes asked: Quellmar lists" in told
    values = {"results": "Half the time, at 140 certificates a month."}
    actions.edit(by=coordinator, at=world.at, uuid=practice.uuid, values=values, version=practice.version)
    actions.clear(by=coordinator, at=world.at, uuid=practice.uuid)
    page = flat(world.browser("neighbour").get(f"/knowledge/{practice.uuid}/"))
    assert "What changed since you last read it" in page
    assert "140 certificates" in page[page.index("<ins>") : page.index("</ins>")]
    assert Review.objects.filter(practice=practice, number=2, opinion="").count() == 1, "asked again without anyone's doing"
    versions = world.browser("coordinator").get(f"/knowledge/{practice.uuid}/versions/").content.decode()
    assert "140 certificates" in versions
    assert [v.number for v in Version.objects.filter(practice=practice).order_by("number")] == [1, 2]


def test_a_text_changed_after_the_review_is_reviewed_again(world: Any, made: Any) -> None:
    practice = made(state="cleared")
    who: dict[str, Any] = {"at": world.at, "uuid": practice.uuid}
    for part in ("head", "manager"):
        actions.review(by=world.principal(part), **who, opinion=Opinion.FIT, words=WORDS)
    actions.edit(by=world.principal("coordinator"), **who, values={"results": "A tenth of the time."}, version=None)
    with pytest.raises(Conflict, match="so far 0"):
        actions.publish(by=world.principal("manager"), **who)


def _attach(world: Any, part: str, practice: Practice, name: str = "page.txt") -> Document:
    content = io.BytesIO(b"What the Member never saw")
    found: Document = actions.attach(by=world.principal(part), at=world.at, uuid=practice.uuid, title="Annex", name=name, content=content)
    practice.refresh_from_db()
    return found


@pytest.mark.parametrize("act", ["attach", "detach"])
def test_files_of_others_than_the_member_take_its_clearance_back(world: Any, made: Any, act: str) -> None:
    practice = made(state="cleared", file="page.txt")
    if act == "attach":
        _attach(world, "manager", practice, "other.txt")
    else:
        document = Document.objects.get(about=practice.uuid)
        actions.detach(by=world.principal("manager"), at=world.at, uuid=practice.uuid, document=document.uuid)
        practice.refresh_from_db()
    assert (practice.state, practice.cleared_at) == (PracticeState.DRAFT, None)
    assert "Clear a practice for publication" in world.browser("coordinator").get("/notices/").content.decode()


def test_files_that_the_member_changes_after_the_review_are_reviewed_again(world: Any, made: Any) -> None:
    practice = made(state="cleared", file="page.txt")
    for part in ("head", "manager"):
        actions.review(by=world.principal(part), at=world.at, uuid=practice.uuid, opinion=Opinion.FIT, words=WORDS)
    document = _attach(world, "coordinator", practice, "other.txt")
    assert practice.state == PracticeState.CLEARED
    with pytest.raises(Conflict, match="so far 0"):
        actions.publish(by=world.principal("manager"), at=world.at, uuid=practice.uuid)
    number = practice.number
    actions.detach(by=world.principal("coordinator"), at=world.at, uuid=practice.uuid, document=document.uuid)
    practice.refresh_from_db()
    assert practice.number == number + 1, "those asked again were asked of other files"


def test_a_file_that_is_refused_takes_nothing_back(world: Any, made: Any) -> None:
    practice = made(state="cleared")
    with pytest.raises(Invalid):
        _attach(world, "manager", practice, "page.exe")
    practice.refresh_from_db()
    assert practice.state == PracticeState.CLEARED


SEEN = {
    (Sight.PUBLIC, ""): True,
    (Sight.PUBLIC, "neighbour"): True,
    (Sight.REGION, ""): False,
    (Sight.REGION, "neighbour"): True,
    (Sight.REGION, "partner"): True,
    (Sight.OWN, ""): False,
    (Sight.OWN, "neighbour"): False,
    (Sight.OWN, "centre"): False,
    (Sight.OWN, "officer"): True,
    (Sight.OWN, "manager"): True,
}


@pytest.mark.row("R39.2")
@pytest.mark.parametrize(("sight", "part", "seen"), [(*key, seen) for key, seen in SEEN.items()])
def test_it_is_seen_as_far_as_its_member_says_on_every_path(world: Any, made: Any, sight: Sight, part: str, seen: bool) -> None:
    practice = made(sight=sight, file="page.txt")
    file = Document.objects.get(about=practice.uuid)
    browser = world.browser(part)
    for address in (f"/knowledge/{practice.uuid}/", f"/api/v1/knowledge/practices/{practice.uuid}"):
        assert (browser.get(address).status_code == 200) is seen, address
    for address in (f"/knowledge/{practice.uuid}/files/{file.uuid}/", f"/api/v1/knowledge/practices/{practice.uuid}/files/{file.uuid}"):
        answer = browser.get(address)
        assert (answer.status_code == 200) is seen, address
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert browser.get(f"/documents/{file.uuid}/file/").status_code in (302, 403, 404), "no way round through documents"
    for address in (
        "/knowledge/?q=quellmar",
        "/search/?q=quellmar",
        "/knowledge/practices.csv?q=quellmar",
        "/api/v1/knowledge/search?q=quellmar",
    ):
        assert ("Quellmar" in browser.get(address).content.decode()) is seen, address
    counted = browser.get("/api/v1/knowledge/search?q=quellmar").json()
    assert counted["n"] == int(seen)
    assert bool(counted["topics"]) is bool(counted["members"]) is seen, "facets count what is seen and nothing else"
    rows = browser.get("/api/v1/knowledge/practices?size=200").json()["rows"]
    assert any(row["uuid"] == str(practice.uuid) for row in rows) is seen


@pytest.mark.row("R39.2")
def test_clearance_withdrawn_takes_it_out_of_sight_at_once(world: Any, made: Any) -> None:
    practice = made(file="page.txt")
    file = Document.objects.get(about=practice.uuid)
    neighbour = world.browser("neighbour")
    actions.adopt(
        by=world.principal("neighbour"), at=world.at, uuid=practice.uuid, place=world.place("HIGH"), worked=Worked.YES, result="Fine."
    )
    assert neighbour.get(f"/knowledge/{practice.uuid}/").status_code == 200
    answer = world.browser("coordinator").post(f"/knowledge/{practice.uuid}/withdraw/", {"words": "The law has changed; zyxwords."})
    assert answer.status_code == 302
    for part in ("", "neighbour", "centre", "partner"):
        browser = world.browser(part)
        for address in (
            f"/knowledge/{practice.uuid}/",
            f"/knowledge/{practice.uuid}/files/{file.uuid}/",
            f"/api/v1/knowledge/practices/{practice.uuid}",
        ):
            assert browser.get(address).status_code in ((302, 404) if not part else (404,)), (part, address)
        for address in (
            "/knowledge/",
            "/knowledge/?state=retired",
            "/search/?q=quellmar",
            "/knowledge/practices.csv",
            "/api/v1/knowledge/search?q=quellmar",
        ):
            assert "Quellmar" not in browser.get(address).content.decode(), (part, address)
    page = world.browser("manager").get(f"/knowledge/{practice.uuid}/").content.decode()
    assert "zyxwords" in page
    told = neighbour.get("/notices/").content.decode()
    assert "taken back" in told
    assert "zyxwords" not in told


@pytest.mark.row("R39.2")
def test_a_retired_practice_stays_readable_with_its_reason_and_out_of_the_collection(world: Any, made: Any) -> None:
    practice = made()
    form = {"because": RetiredBecause.FAILED, "words": "Two Members tried it; neither kept it."}
    assert world.browser("manager").post(f"/knowledge/{practice.uuid}/retire/", {"because": "failed", "words": ""}).status_code == 422
    assert world.browser("manager").post(f"/knowledge/{practice.uuid}/retire/", form).status_code == 302
    browser = world.browser()
    assert "neither kept it" in browser.get(f"/knowledge/{practice.uuid}/").content.decode()
    assert "Quellmar" not in browser.get("/knowledge/").content.decode()
    assert "Quellmar" in browser.get("/knowledge/?state=retired").content.decode()


def test_renewed_it_waits_two_more_years(world: Any, made: Any) -> None:
    practice = made()
    before = practice.review_by
    later = world.at + timedelta(days=700)
    titles = [str(item.title) for item in _work(world.principal("head", days=740), world.at + timedelta(days=740))]
    assert "Look again at a practice: Quellmar lists" in titles
    actions.renew(by=world.principal("head"), at=later, uuid=practice.uuid)
    practice.refresh_from_db()
    assert practice.review_by > before


def _work(principal: Any, at: Any) -> list[Any]:
    from entrepot.capacity.knowledge.offers import OFFERS

    return [item for source in OFFERS.work for item in source(principal, at.date())]


@pytest.mark.row("R39.4")
def test_use_by_others_is_told_with_its_result_and_the_line_of_descent(world: Any, made: Any) -> None:
    practice = made()
    who: dict[str, Any] = {"by": world.principal("neighbour"), "at": world.at}
    actions.adopt(**who, uuid=practice.uuid, place=world.place("HIGH"), worked=Worked.NO, result="No printer at Upper Gate.")
    practice.refresh_from_db()
    assert practice.used == 1
    actions.adopt(**who, uuid=practice.uuid, place=world.place("HIGH"), worked=Worked.PARTLY, result="With a printer it works.")
    practice.refresh_from_db()
    assert practice.used == 1, "the newer answer counts, once"
    with pytest.raises(Invalid):
        actions.adopt(
            by=world.principal("coordinator"), at=world.at, uuid=practice.uuid, place=world.place("ATN"), worked=Worked.YES, result="x"
        )
    page = world.browser("neighbour").get(f"/knowledge/new/?from={practice.uuid}").content.decode()
    assert "Every shift asked anew." in page
    ours = actions.draft(**who, place=world.place("HIGH"), topic=practice.topic, parent=practice.uuid, **TEXT | {"title": "Ours"})
    assert "Ours" in world.browser("neighbour").get(f"/knowledge/{practice.uuid}/").content.decode()
    assert "Ours" not in world.browser("coordinator").get(f"/knowledge/{practice.uuid}/").content.decode(), "a draft of a neighbour"
    assert practice.title in world.browser("neighbour").get(f"/knowledge/{ours.uuid}/").content.decode()


def test_a_question_is_answered_here_and_no_address_or_name_is_shown(world: Any, made: Any) -> None:
    practice = made()
    asker = world.browser("neighbour")
    asker.post(f"/knowledge/{practice.uuid}/ask/", {"text": "Who ticks the page at night?"})
    question = Question.objects.get(practice=practice)
    for part, seen in (("", False), ("centre", False), ("coordinator", True), ("neighbour", True), ("manager", True)):
        page = world.browser(part).get(f"/knowledge/{practice.uuid}/").content.decode()
        assert ("ticks the page at night" in page) is seen, part
    assert (
        world.browser("manager").post(f"/knowledge/questions/{question.uuid}/answer/", {"answer": "The shift leader."}).status_code == 403
    )
    assert "Answer a question" in world.browser("coordinator").get("/today/").content.decode()
    world.browser("coordinator").post(f"/knowledge/questions/{question.uuid}/answer/", {"answer": "The shift leader."})
    page = world.browser().get(f"/knowledge/{practice.uuid}/").content.decode()
    assert "The shift leader." in page
    assert "Highpass Customs" in page
    assert "Dorji" not in page
    assert "@" not in page
    answer = world.browser().post(f"/knowledge/{practice.uuid}/ask/", {"text": "And who am I?"})
    assert "Sign in to ask." in answer.content.decode()
    assert Question.objects.filter(practice=practice).count() == 1
    actions.withdraw(by=world.principal("coordinator"), at=world.at, uuid=practice.uuid, words="No longer.")
    assert world.browser("centre").get(f"/api/v1/knowledge/practices/{practice.uuid}/questions").status_code == 404


@pytest.mark.parametrize("contact", ["sina@practice.example", "Call +676 555 12 34", "0066 2 667 6000"])
def test_a_contact_is_a_function_and_not_an_address(world: Any, contact: str) -> None:
    with pytest.raises(Invalid) as caught:
        actions.draft(by=SYSTEM, at=world.at, place=world.place("ATN"), topic=Topic.objects.first(), **TEXT, contact=contact)
    assert "contact" in caught.value.faults


@pytest.mark.row("R39.1", "R43.1", "R43.2", "R43.3", "R43.4")
def test_a_technology_case_says_what_failed_and_what_its_claims_rest_on(world: Any, made: Any) -> None:
    case = {
        "kind": "technology",
        "system": "A reader of number plates.",
        "supplier": "vendor",
        "data": "Pictures of plates.",
        "cost_class": "low",
        "failed": "Rain.",
        "claims": [{"claim": "Nine of ten read", "source": "Log of the gate", "dated": "2025-06"}, {"claim": "Drivers like it"}],
        "demonstration": "/programme/",
    }
    with pytest.raises(Invalid) as caught:
        made(**{**case, "failed": ""})
    assert set(caught.value.faults) == {"failed"}
    one, two = made(**case), made("HIGH", **case | {"title": "Another reader"})
    page = world.browser().get(f"/knowledge/{one.uuid}/").content.decode()
    assert "Log of the gate" in page
    assert page.count("the Member’s own statement") == 1
    assert 'href="/programme/"' in page, "where it can be tried here"
    both = world.browser().get(f"/knowledge/compare/?p={one.uuid}&p={two.uuid}").content.decode()
    assert "Another reader" in both
    assert both.count("Rain.") == 2
    for bad in (
        {"claims": [{"claim": "x", "source": "y"}]},
        {"claims": [{"claim": "x", "dated": "soon"}]},
        {"demonstration": "//elsewhere.example"},
    ):
        with pytest.raises(Invalid):
            made(**case | bad)


@pytest.mark.row("R25.1", "R25.2", "R25.3", "R25.4")
def test_centres_tell_before_a_meeting_and_what_they_tell_becomes_a_practice(world: Any) -> None:
    region, centre = world.place("PX"), world.place("RTC-SAG")
    day = world.at.date()
    values = {"title": "Heads of centres", "meeting_on": day + timedelta(days=30), "due_on": day + timedelta(days=20)}
    one = actions.open_round(by=world.principal("manager"), at=world.at, region=region, **values)
    assert "Tell your initiatives for Heads of centres" in world.browser("centre").get("/today/").content.decode()
    told = {"title": "Roleplay at the counter", "purpose": "Officers freeze.", "results": "They ask sooner."}
    with pytest.raises(NotAllowed):
        actions.tell(by=world.principal("trainer"), at=world.at, round=one.uuid, place=centre, values=told)
    late = world.at + timedelta(days=14)
    with writing():
        Round.objects.exclude(pk=one.pk).delete()
    assert actions.remind(at=late) == 2, "both accredited centres, a week before"
    assert actions.remind(at=late + timedelta(days=1)) == 0
    initiative = actions.tell(by=world.principal("centre"), at=late, round=one.uuid, place=centre, values=told)
    assert actions.remind(at=world.at + timedelta(days=22)) == 1, "the other one is late"
    page = world.browser("neighbour").get(f"/knowledge/rounds/{one.uuid}/").content.decode()
    assert "1 of 2 centres have told" in page
    assert "Roleplay at the counter" in page
    assert world.browser().get(f"/knowledge/rounds/{one.uuid}/").status_code in (302, 404)
    actions.ask(by=world.principal("neighbour"), at=late, uuid=initiative.uuid, text="For how many officers?")
    question = Question.objects.get(initiative=initiative)
    world.browser("centre").post(f"/knowledge/questions/{question.uuid}/answer/", {"answer": "Twelve at a time."})
    assert "Twelve at a time." in world.browser("coordinator").get(f"/knowledge/rounds/{one.uuid}/").content.decode()
    practice = actions.promote(by=world.principal("centre"), at=late, uuid=initiative.uuid, topic=Topic.objects.get(code="TRM"))
    assert (practice.place.code, practice.state, practice.title) == ("SAG", "draft", "Roleplay at the counter")
    with pytest.raises(Conflict):
        actions.promote(by=world.principal("manager"), at=late, uuid=initiative.uuid, topic=practice.topic)


SCRIPTS = {
    "th": ("รายการตรวจถิ่นกำเนิดที่เคาน์เตอร์", "ถิ่นกำเนิด"),
    "zh": ("柜台上的原产地核对单", "核对单"),
    "ja": ("窓口の原産地確認表", "確認表"),
    "lo": ("ລາຍການກວດສອບແຫຼ່ງກຳເນີດ", "ກວດສອບ"),
    "km": ("បញ្ជីត្រួតពិនិត្យប្រភពដើម", "ប្រភពដើម"),
    "ar": ("قائمة التحقّق من المنشأ عند الشبّاك", "التحقق"),
    "fr": ("Une liste d’origine au guichet, vérifiée", "verifiee"),
    "vi": ("Danh mục kiểm tra xuất xứ", "kiem tra"),
    "ko": ("창구의 원산지 확인표를 쓰다", "확인표"),
    "bn": ("কাউন্টারে উৎস যাচাই তালিকা", "যাচাই"),
    "dz": ("དངོས་ཟོག་འབྱུང་ཁུངས་ཐོ་གཞུང་", "འབྱུང་ཁུངས"),
}


@pytest.mark.row("R39.3")
@pytest.mark.parametrize("language", SCRIPTS)
def test_it_is_found_in_every_script_of_the_region(world: Any, made: Any, language: str) -> None:
    title, words = SCRIPTS[language]
    practice = made(title=title, language=language)
    found = world.browser().get("/api/v1/knowledge/search", {"q": words, "language": language}).json()
    assert str(practice.uuid) in [row["uuid"] for row in found["rows"]]
    assert found["n"] == Practice.objects.filter(language=language, title__contains=title).count() + (language == "th")
    assert title in world.browser().get("/search/", {"q": words}).content.decode()
    assert world.browser().get("/api/v1/knowledge/search", {"q": words + "zzqq", "language": language}).json()["n"] == 0


def test_a_translation_is_found_and_read_once_the_member_has_cleared_it(world: Any, made: Any) -> None:
    practice = made()
    values = {"title": "柜台清单", "problem": "每班都要重新询问。", "done": "柜台上放一页纸。", "results": "时间减半。"}
    made_by_office = actions.translate(by=world.principal("manager"), at=world.at, uuid=practice.uuid, language="zh", values=values)
    assert made_by_office.cleared_at is None
    browser = world.browser()
    assert browser.get("/api/v1/knowledge/search?q=柜台清单").json()["n"] == 0
    assert "柜台清单" not in browser.get(f"/knowledge/{practice.uuid}/?language=zh").content.decode()
    actions.clear_translation(by=world.principal("coordinator"), at=world.at, uuid=made_by_office.uuid)
    assert browser.get("/api/v1/knowledge/search?q=柜台清单").json()["rows"][0]["languages"] == ["en", "zh"]
    page = browser.get(f"/knowledge/{practice.uuid}/?language=zh").content.decode()
    assert '<h1 lang="zh" dir="auto">柜台清单</h1>' in page
    with pytest.raises(Invalid):
        actions.translate(by=SYSTEM, at=world.at, uuid=practice.uuid, language="xx", values=values)


def test_a_word_in_one_language_finds_what_is_written_in_another_and_says_so(world: Any, made: Any) -> None:
    practice = made(title="A list about the rules of origin, quellmar")
    for words in ("原产地规则", "règles d'origine", "قواعد المنشأ", "กฎว่าด้วยถิ่นกำเนิดสินค้า"):
        found = world.browser().get("/api/v1/knowledge/search", {"q": words}).json()
        assert str(practice.uuid) in [row["uuid"] for row in found["rows"]], words
        assert any("rules of origin" in others for others in found["meanings"].values())


def test_counts_by_facet_are_those_of_what_each_would_show(world: Any, made: Any) -> None:
    made()
    made("HIGH", topic="VAL")
    made("HIGH", kind="technology", system="x", supplier="open", data="x", cost_class="none", failed="x")
    principal = world.principal("neighbour")
    counted = facets(find(principal, Wish("quellmar")))
    assert counted.n == 3
    for code, _, n in counted.topics:
        assert facets(find(principal, Wish("quellmar", topic=code))).n == n
    for code, _, n in counted.members:
        assert len(ranked(find(principal, Wish("quellmar", member=code)), 50)) == n
    for code, n in counted.kinds:
        assert facets(find(principal, Wish("quellmar", kind=code))).n == n
    assert facets(find(principal, Wish("quellmar", used="no"))).n == counted.n - counted.used


@pytest.mark.row("R39.3")
def test_similar_administrations_are_those_alike_in_two_things_and_says_in_which(world: Any, made: Any) -> None:
    made("ATS", title="Quellmar of a neighbour in the isles")
    made("MERI", title="Quellmar of a large one")
    page = world.browser("coordinator").get("/knowledge/", {"like": str(world.place("ATN").uuid), "q": "quellmar"}).content.decode()
    assert "Quellmar of a neighbour in the isles" in page
    assert "the same sub-region" in page
    assert "the same sort of line" in page
    assert "Quellmar of a large one" not in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/knowledge/?q=" + "x" * 101, 422),
        ("/knowledge/?q=%F0%9F%90%9F", 200),
        ("/knowledge/?q=%25%27%22%3B--", 200),
        ("/knowledge/?skip=minus", 422),
        ("/knowledge/?like=nobody", 404),
        ("/knowledge/?state=withdrawn", 404),
        ("/knowledge/compare/?p=x", 404),
        ("/api/v1/knowledge/search?skip=-1", 422),
    ],
)
def test_bad_input_is_answered_in_words(world: Any, address: str, status: int) -> None:
    assert world.browser("officer").get(address).status_code == status


def test_the_table_holds_no_formula(world: Any, made: Any) -> None:
    made(title="=HYPERLINK(1) quellmar")
    rows = list(csv.reader(io.StringIO(world.browser().get("/knowledge/practices.csv?q=quellmar").content.decode("utf-8-sig"))))
    assert rows[1][8] == "'=HYPERLINK(1) quellmar"


def test_a_stale_edit_shows_both_sides_and_loses_nothing(world: Any, made: Any) -> None:
    practice = made(state="draft")
    browser = world.browser("coordinator")
    form = {**TEXT, "topic": practice.topic_id, "language": "en", "version": practice.version}
    actions.edit(by=world.principal("manager"), at=world.at, uuid=practice.uuid, values={"results": "Theirs."}, version=None)
    answer = browser.post(f"/knowledge/{practice.uuid}/edit/", form | {"results": "Mine."})
    assert answer.status_code == 422
    assert "Mine." in answer.content.decode()
    assert "Theirs." in answer.content.decode()


def test_a_persons_words_go_with_them(world: Any, made: Any) -> None:
    from entrepot.capacity.knowledge.offers import OFFERS

    practice = made()
    person = world.person("neighbour")
    actions.ask(by=world.principal("neighbour"), at=world.at, uuid=practice.uuid, text="Zyxwia asks?")
    assert OFFERS.person is not None
    assert json.dumps(OFFERS.person.export(person.pk), default=str).count("Zyxwia") == 1
    with writing():
        OFFERS.person.erase(person.pk, world.at)
    assert not Question.objects.filter(text__contains="Zyxwia").exists()


def test_what_nobody_may_do_is_refused(world: Any, made: Any) -> None:
    practice = made(state="draft")
    with pytest.raises(NotFound):
        actions.clear(by=world.principal("neighbour"), at=world.at, uuid=practice.uuid)
    with pytest.raises(NotAllowed):
        actions.clear(by=world.principal("manager"), at=world.at, uuid=practice.uuid)
    with pytest.raises(NotFound):
        actions.withdraw(by=NOBODY, at=world.at, uuid=practice.uuid, words="x")
    published = made()
    with pytest.raises(NotAllowed):
        actions.withdraw(by=world.principal("manager"), at=world.at, uuid=published.uuid, words="x")


@pytest.mark.parametrize(
    "address",
    ["/knowledge/", "/knowledge/?q=quellmar", "/knowledge/practices.csv", "/api/v1/knowledge/practices", "/api/v1/knowledge/search"],
)
def test_every_list_takes_the_same_queries_however_many_there_are(world: Any, made: Any, address: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(address).status_code == 200
        return len(caught)

    browser = world.browser("coordinator")
    made()
    browser.get(address)
    before = queries()
    for _ in range(3):
        made("HIGH")
    assert queries() == before <= 20
