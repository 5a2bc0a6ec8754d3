"""Publications: compiled from what was cleared, frozen, corrected when something is taken back; and nobody worked out of their figures."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from docx import Document as Word
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from entrepot.capacity.knowledge import api as knowledge
from entrepot.capacity.knowledge.enums import Opinion, Sight
from entrepot.capacity.knowledge.models import Practice
from entrepot.capacity.publications import actions
from entrepot.capacity.publications.core import digest_of_edition, digest_of_part
from entrepot.capacity.publications.enums import SeriesKind
from entrepot.capacity.publications.figures import answers, cell_of, told_elsewhere
from entrepot.capacity.publications.models import Counting, Edition, Fetch, Publication, Series
from entrepot.capacity.publications.queries import sound
from entrepot.capacity.training.models import Activity
from entrepot.ground.keeping.api import writing
from entrepot.kernel.disclosure import FEWEST, Cell, Guard, solved
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from entrepot.kernel.principals import SYSTEM
from tests.markup import flat


@pytest.fixture
def made(world: Any) -> Any:
    """Publishes a number of a series of the practice region, in English unless told otherwise."""

    def make(*practices: Any, activities: Any = (), forewords: dict[str, str] | None = None, **more: Any) -> Publication:
        who: dict[str, Any] = {"by": world.principal("head"), "at": world.at}
        series = Series.objects.get(code="px-good-practice")
        words = forewords or {"en": "Read it slowly."}
        one = actions.make(**who, series=series.uuid, title="A number of ours", forewords=words, **more)
        values = {"title": one.title, "forewords": words, **({"reach": more["reach"]} if "reach" in more else {})}
        chosen = [practice.uuid for practice in practices]
        actions.compose(**who, uuid=one.uuid, values=values, practices=chosen, activities=[a.uuid for a in activities], version=None)
        actions.publish(**who, uuid=one.uuid)
        one.refresh_from_db()
        return one

    return make


def _practices(n: int = 4) -> list[Practice]:
    return list(Practice.objects.filter(state="published", sight="public", place__invented=True).order_by("id")[:n])


def _counts(edition: Edition) -> dict[str, list[str]]:
    table = next(block for part in edition.parts if part["key"] == "tables" for block in part["blocks"] if block["kind"] == "table")
    return {row[0]: row[1:] for row in table["rows"]}


@pytest.mark.row("R40.1", "R40.2", "R39.4")
def test_it_is_compiled_frozen_and_read_in_every_form_under_one_address(world: Any, made: Any, tmp_path: Path) -> None:
    one = made(*_practices(), forewords={"en": "Read it slowly.", "th": "อ่านช้า ๆ"})
    address = f"/publications/px-good-practice/{one.number}/"
    browser = world.browser()
    page = browser.get(address).content.decode()
    for practice in _practices():
        assert practice.place.name in page
    assert "Read it slowly." in page
    assert "อ่านช้า ๆ" in browser.get(address + "?language=th").content.decode()
    edition = Edition.objects.get(publication=one, language="en")
    assert sound(edition)
    assert edition.digest in page
    counted = _counts(edition)
    assert counted["All"][0] == "4"
    assert sum(int(row[0]) for topic, row in counted.items() if topic != "All") == 4
    made_pdf = browser.get(f"{address}1/en.pdf")
    assert made_pdf.content.startswith(b"%PDF")
    file = tmp_path / "report.pdf"
    file.write_bytes(made_pdf.content)
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    assert "Contents" in text
    assert re.search(r"Foreword[\s.\u2060]*3", text), "the contents say on which page"
    assert "pdfuaid:part" in made_pdf.content.decode("latin-1") or b"StructTreeRoot" in made_pdf.content
    word = Word(io.BytesIO(browser.get(f"{address}1/en.docx").content))
    assert any(p.style.name == "Heading 1" and p.text == "Foreword" for p in word.paragraphs)
    whole = browser.get(f"/api/v1/publications/publications/{one.uuid}/editions/1/en").json()
    assert digest_of_edition(whole["head"], [part["digest"] for part in whole["parts"]]) == whole["digest"]
    assert all(digest_of_part(part) == part["digest"] for part in whole["parts"])


def test_a_frozen_edition_stays_as_it_was_and_says_when_it_was_touched(world: Any, made: Any) -> None:
    practice = _practices(1)[0]
    one = made(practice)
    address = f"/publications/px-good-practice/{one.number}/"
    before = world.browser().get(address).content.decode()
    with writing():
        Practice.objects.filter(pk=practice.pk).update(title="Renamed", results="Other")
    after = world.browser().get(address).content.decode()
    assert before[before.index("<article") : before.index("</article>")] == after[after.index("<article") : after.index("</article>")]
    edition = one.editions.get()
    parts = edition.parts
    parts[1]["blocks"][1]["text"] = "Two hundred practices."
    with writing():
        Edition.objects.filter(pk=edition.pk).update(parts=parts)
    assert "changed behind the product’s back" in world.browser().get(address).content.decode()


@pytest.mark.row("R39.2", "R40.4")
def test_clearance_withdrawn_after_publication_corrects_every_edition_and_counts_anew(world: Any, made: Any) -> None:
    gone = next(p for p in _practices(20) if p.adoptions.exists())
    others = [p for p in _practices(6) if p != gone][:3]
    one = made(gone, *others, forewords={"en": "One.", "th": "หนึ่ง"})
    title, before = gone.title, _counts(one.editions.get(language="en"))
    knowledge.withdraw(by=SYSTEM, at=world.at, uuid=gone.uuid, words="The law has changed.")
    first, second = (one.editions.get(language="en", ordinal=n) for n in (1, 2))
    assert {(e.ordinal, e.language) for e in one.editions.all()} == {(1, "en"), (1, "th"), (2, "en"), (2, "th")}
    after = _counts(second)
    uses = gone.adoptions.count()
    assert int(after["All"][0]) == int(before["All"][0]) - 1
    assert sum(map(int, after["All"][1:])) == sum(map(int, before["All"][1:])) - uses
    assert sum(int(row[0]) for topic, row in after.items() if topic != "All") == int(after["All"][0])
    assert sound(first), "what is left still proves what it was"
    assert sound(second)
    assert second.change
    address = f"/publications/px-good-practice/{one.number}/"
    for part in ("", "neighbour", "head"):
        browser = world.browser(part)
        for path in (address, f"{address}1/en/", f"{address}2/en/", f"{address}1/th/"):
            text = browser.get(path).content.decode()
            assert title not in text, (part, path)
            assert gone.done[:40] not in text, (part, path)
        assert title not in str(browser.get(f"/api/v1/publications/publications/{one.uuid}/editions/1/en").json())
    old = world.browser().get(f"{address}1/en/").content.decode()
    assert "superseded" in old
    assert "its Member has taken back" in old
    assert second.change in world.browser().get(address).content.decode()
    assert title.encode() not in world.browser().get(f"{address}1/en.docx").content
    assert "A corrected edition is out" in world.browser("head").get("/notices/").content.decode()
    unaffected = Publication.objects.get(series__code="px-good-practice", number=1)
    assert unaffected.editions.count() <= 3


def test_the_practice_regions_first_number_was_corrected_by_itself(world: Any) -> None:
    one = Publication.objects.get(series__code="px-good-practice", number=1)
    assert [e.ordinal for e in one.editions.order_by("ordinal")] == [1, 2]
    assert "watch list" not in world.browser().get("/publications/px-good-practice/1/1/en/").content.decode()
    two = Publication.objects.get(series__code="px-good-practice", number=2)
    entries = [p for p in two.editions.get(language="en").parts if p["key"].startswith("practice-")]
    assert len(entries) >= 12


def test_a_sight_narrowed_after_publication_takes_it_out_too(world: Any, made: Any) -> None:
    practice = _practices(1)[0]
    one = made(practice, *_practices(3)[1:])
    who: dict[str, Any] = {"by": SYSTEM, "at": world.at, "uuid": practice.uuid}
    knowledge.reopen(**who)
    assert one.editions.count() == 1
    knowledge.clear(**who, sight=Sight.REGION)
    assert one.editions.count() == 2
    assert practice.title not in world.browser().get(f"/publications/px-good-practice/{one.number}/1/en/").content.decode()


def test_only_what_was_cleared_that_far_can_be_compiled(world: Any, made: Any) -> None:
    for practice in (Practice.objects.filter(state="draft").first(), Practice.objects.filter(sight="region", state="published").first()):
        with pytest.raises(Invalid) as caught:
            made(practice)
        assert "practices" in caught.value.faults
    with pytest.raises(Conflict):
        made()


def test_a_later_edition_says_what_changed_and_the_number_keeps_its_address(world: Any, made: Any) -> None:
    one = made(*_practices(2))
    who: dict[str, Any] = {"by": world.principal("manager"), "at": world.at, "uuid": one.uuid}
    with pytest.raises(Invalid) as caught:
        actions.publish(**who)
    assert set(caught.value.faults) == {"change"}
    actions.publish(**who, change_said="A misprint on page three.")
    address = f"/publications/px-good-practice/{one.number}/"
    assert "A misprint on page three." in world.browser().get(address).content.decode()
    assert "superseded" in world.browser().get(f"{address}1/en/").content.decode()


@pytest.mark.row("R40.3")
def test_fetches_are_counted_by_administration_and_seen_by_the_office(world: Any, made: Any) -> None:
    one = made(*_practices(2))
    address = f"/publications/px-good-practice/{one.number}/"
    for part, times in (("coordinator", 2), ("officer", 1), ("neighbour", 1), ("", 3)):
        for _ in range(times):
            assert world.browser(part).get(f"{address}1/en.docx").status_code == 200
    counted = {(f.place.code if f.place else "", f.form): f.n for f in Fetch.objects.filter(edition__publication=one)}
    assert counted == {("ATN", "docx"): 3, ("HIGH", "docx"): 1, ("", "docx"): 3}
    assert "Fetched, by administration" in world.browser("head").get(address).content.decode()
    for part in ("", "coordinator", "centre"):
        assert "Fetched, by administration" not in world.browser(part).get(address).content.decode()


@pytest.mark.parametrize(("part", "status"), [("", 302), ("coordinator", 404), ("centre", 404)])
def test_what_is_composed_is_the_offices(world: Any, part: str, status: int) -> None:
    who: dict[str, Any] = {"by": world.principal("head"), "at": world.at}
    series = Series.objects.get(code="px-good-practice")
    one = actions.make(**who, series=series.uuid, title="Zyxwia Quellmar", forewords={"en": "Secret."})
    browser = world.browser(part)
    for address in (
        f"/publications/px-good-practice/{one.number}/",
        f"/publications/make/{one.uuid}/",
        f"/publications/make/{one.uuid}/preview/",
    ):
        assert browser.get(address).status_code == status, address
    for address in ("/publications/", "/publications/px-good-practice/", "/search/?q=quellmar", "/api/v1/publications/publications"):
        assert "Quellmar" not in browser.get(address).content.decode()
    assert "being composed" in world.browser("head").get("/publications/").content.decode()


def test_the_year_says_what_each_figure_rests_on(world: Any) -> None:
    year = world.at.year - 1
    page = world.browser().get(f"/publications/px-year/{year}/").content.decode()
    assert "What the network did" in page
    assert "What did not work" in page
    assert "records of attendance" in page
    edition = Edition.objects.get(publication__series__code="px-year")
    figures = next(block for part in edition.parts for block in part["blocks"] if block["kind"] == "figures")["rows"]
    assert all(note for _, _, note in figures)
    held = Activity.objects.filter(region__code="PX", starts_on__year=year, stage__in=("delivered", "closed", "followed_up")).count()
    assert figures[0][0] == str(held)


@pytest.mark.parametrize(
    "values",
    [{"code": "A b"}, {"code": "px-year"}, {"title": ""}, {"code": "x"}],
)
def test_bad_series_are_refused_in_words(world: Any, values: dict[str, str]) -> None:
    given_ = {"code": "px-new", "title": "New", "kind": SeriesKind.PRACTICES} | values
    with pytest.raises(Invalid):
        actions.begin_series(by=world.principal("head"), at=world.at, region=world.place("PX"), **given_)
    with pytest.raises(NotAllowed):
        actions.begin_series(
            by=world.principal("coordinator"), at=world.at, region=world.place("PX"), code="px-new", title="N", kind=SeriesKind.ANNUAL
        )


# --- nobody is worked out -------------------------------------------------------------------------------------------------------------


class Adversary:
    """Holds every figure ever published and tries to say of some group of people how many they are, where they are fewer than five.

    It knows nothing of how the guard works. For each group that no figure divides it asks a linear program for the least and the most
    that the group can be; the same for what is left of one figure when another that lies within it is taken away.
    """

    def __init__(self, cells: list[Cell]) -> None:
        atoms = sorted(set().union(*(cell.atoms for cell in cells)))
        columns: dict[tuple[bool, ...], list[str]] = {}
        for atom in atoms:
            columns.setdefault(tuple(atom in cell.atoms for cell in cells), []).append(atom)
        self.groups = [frozenset(group) for group in columns.values()]
        self.table = np.array([[float(group <= cell.atoms) for group in self.groups] for cell in cells])
        self.values = np.array([cell.value for cell in cells], dtype=float)
        self.cells = cells

    def bounds(self, wanted: np.ndarray) -> tuple[float, float]:
        """The least and the most that the groups marked in `wanted` can be together."""
        low = linprog(wanted, A_eq=self.table, b_eq=self.values, bounds=(0, None), method="highs")
        high = linprog(-wanted, A_eq=self.table, b_eq=self.values, bounds=(0, None), method="highs")
        assert low.success
        return low.fun, -high.fun if high.success else float("inf")

    def works_out(self) -> set[frozenset[str]]:
        """Groups under five whose number is certain."""
        tried = [np.eye(len(self.groups))[index] for index in range(len(self.groups))]
        rows = list(self.table)
        tried += rows + [b - a for a in rows for b in rows if (b - a >= 0).all() and (b - a).any()]
        found = set()
        for wanted in tried:
            low, high = self.bounds(wanted)
            if high - low < 1e-6 and low < FEWEST - 1e-6:
                found.add(frozenset().union(*(group for group, mark in zip(self.groups, wanted, strict=True) if mark)))
        return found


def test_the_adversary_finds_what_is_there_to_find() -> None:
    whole, part = Cell(frozenset("abc"), 12), Cell(frozenset("ab"), 9)
    assert Adversary([whole, part]).works_out() == {frozenset("c")}
    square = [Cell(frozenset("ab"), 5), Cell(frozenset("cd"), 5), Cell(frozenset("ac"), 10)]
    assert Adversary(square).works_out() >= {frozenset("b"), frozenset("d")}, "only because nothing is less than nothing"
    assert solved(square) >= {frozenset("b"), frozenset("d")}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_sequence_of_tables_that_the_guard_admits_gives_a_small_group_away(data: st.DataObject) -> None:
    """Random people in random tables, published one after the other with every total, as editions come: the adversary gets nowhere."""
    members = "ABCDE"[: data.draw(st.integers(2, 5))]
    parts = ("uses", "else", "silent")
    people = {f"x|{m}|{p}": data.draw(st.integers(0, 12)) for m in members for p in parts}
    guard = Guard([])
    for _ in range(data.draw(st.integers(1, 3), label="editions")):
        let = [m for m in members if data.draw(st.booleans())]
        atoms = {key: n for key, n in people.items() if key.split("|")[1] in let}
        for wanted in (("uses", "else"), ("uses",), parts):
            for member in ("", *let):
                cell = cell_of(atoms, parts=wanted, member=member)
                if guard.admits(cell):
                    assert cell.value >= FEWEST
    if guard.cells:
        assert Adversary(guard.cells).works_out() == set()


def _published() -> list[Cell]:
    found: list[Cell] = []
    for cells in Edition.objects.values_list("cells", flat=True):
        for cell in cells:
            one = Cell(frozenset(cell["atoms"]), cell["value"])
            if one not in found:
                found.append(one)
    return found


@pytest.mark.row("R40.2")
def test_nothing_published_lets_a_small_group_be_worked_out_even_after_members_take_their_word_back(world: Any, made: Any) -> None:
    """Real tables over real answers: published, then Members take their officers' answers out one by one, and let them in again."""
    whole = Activity.objects.get(stage="followed_up")
    other = Activity.objects.filter(stage="closed").first()
    assert other
    asked = {code for key in answers([whole, other], cleared=False) for code in [key.split("|")[1]]}
    for activity in (whole, other):
        for code in asked:
            if activity.invitations.filter(place__code=code).exists():
                actions.let_count(by=SYSTEM, at=world.at, place=world.place(code), activity=activity.uuid)
    one = made(*_practices(2), activities=[whole, other])
    before = _published()
    assert before, "something is said at all"
    assert all(cell.value >= FEWEST for cell in before)
    for number, code in enumerate(sorted(asked)[:4]):
        for activity in (whole, other):
            if Counting.objects.filter(place__code=code, activity=activity).exists():
                actions.stop_counting(by=SYSTEM, at=world.at + timedelta(days=number), place=world.place(code), activity=activity.uuid)
    assert one.editions.count() > 2
    actions.publish(by=world.principal("head"), at=world.at + timedelta(days=9), uuid=one.uuid, change_said="Counted once more.")
    cells, elsewhere = _published(), told_elsewhere([whole, other])
    assert Adversary(cells).works_out() == set()
    # The activities' own reports say more (they are the evaluation room's): beside them too, editions give nothing away that they do not.
    known = Adversary(elsewhere).works_out()
    together = Adversary(cells + elsewhere).works_out()
    assert all(any(group <= before for before in known) for group in together)
    text = world.browser().get(f"/publications/px-good-practice/{one.number}/").content.decode()
    assert "withheld" in text or "Months after the workshops" not in text


def test_answers_count_only_where_their_member_lets_them(world: Any, made: Any) -> None:
    whole = Activity.objects.get(stage="followed_up")
    with writing():
        Counting.objects.all().delete()
    assert answers([whole], cleared=True) == {}
    one = made(*_practices(2), activities=[whole])
    assert not any(part["key"] == "follow-up" for part in one.editions.get().parts)
    with pytest.raises(NotAllowed):
        actions.let_count(by=world.principal("manager"), at=world.at, place=world.place("ATN"), activity=whole.uuid)
    with pytest.raises(NotAllowed):
        actions.let_count(by=world.principal("neighbour"), at=world.at, place=world.place("ATN"), activity=whole.uuid)
    browser = world.browser("coordinator")
    assert browser.post("/publications/counting/", {"activity": str(whole.uuid), "let": "1"}).status_code == 302
    assert {key.split("|")[1] for key in answers([whole], cleared=True)} <= {"ATN"}
    with pytest.raises(NotFound):
        actions.stop_counting(by=world.principal("neighbour"), at=world.at, place=world.place("HIGH"), activity=whole.uuid)


def test_reviewers_of_a_compiled_practice_are_not_named(world: Any, made: Any) -> None:
    page = flat(world.browser().get("/publications/px-good-practice/2/"))
    assert "Reyes-Tan" not in page
    assert Opinion.FIT not in re.findall(r'class="chip[^"]*">(\w+)', page)
