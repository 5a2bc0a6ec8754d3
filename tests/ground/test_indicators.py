"""Indicators: who enters and sees, files taken whole or not at all, corrections that keep what was, what is hidden, what is drawn."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from entrepot.ground.indicators import api as indicators
from entrepot.ground.indicators.core import Told, hidden, read_figure, read_span, span_text, spans_between
from entrepot.ground.indicators.enums import Direction, Every
from entrepot.ground.indicators.models import Former, Series, Value
from entrepot.ground.keeping.api import writing
from entrepot.ground.region.models import Place
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, StaleEdit
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.sheets import read_table

ABOUT: dict[str, Any] = {
    "title": "Certificates settled in a week",
    "definition": "Share of origin certificates in doubt that are settled within seven days.",
    "unit": "%",
    "direction": Direction.UP,
    "every": Every.MONTH,
    "source": "The refusal book",
}


@pytest.fixture
def made(world: Any) -> Any:
    return indicators.define(by=world.principal("manager"), at=world.at, place=world.place("PX"), code="settled", **ABOUT)


def _enter(world: Any, made: Any, part: str = "coordinator", code: str = "ATN", period: str = "2025-03", **more: Any) -> Any:
    given = {"value": Decimal("61.5"), **more}
    day = read_span(period, Every(made.every))
    return indicators.enter(by=world.principal(part), at=world.at, indicator=made.uuid, place=world.place(code), starts_on=day, **given)


def _take(world: Any, made: Any, text: str, part: str = "coordinator", **more: Any) -> Any:
    return indicators.take_file(by=world.principal(part), at=world.at, indicator=made.uuid, table=read_table(text.encode()), **more)


@pytest.mark.row("R21.1", "R61.3")
@pytest.mark.row("R48.1")
def test_values_are_their_members_until_shared_with_the_office(world: Any, made: Any) -> None:
    value = _enter(world, made)
    manager, coordinator, neighbour = (world.principal(part) for part in ("manager", "coordinator", "neighbour"))
    assert indicators.value_rules.may(coordinator, "view", value)
    assert not indicators.value_rules.may(manager, "view", value)
    indicators.share(by=coordinator, at=world.at, uuid=value.series.uuid, on=True)
    value = Value.objects.select_related("series__place").get(pk=value.pk)
    assert indicators.value_rules.may(manager, "view", value)
    assert not indicators.value_rules.may(neighbour, "view", value)
    indicators.share(by=coordinator, at=world.at, uuid=value.series.uuid, on=False)
    assert not indicators.value_rules.visible_to(manager).filter(series__indicator=made).exists()


def test_nobody_enters_for_a_neighbour_and_the_office_enters_nothing(world: Any, made: Any) -> None:
    for part in ("neighbour", "manager", "officer", "analyst"):
        with pytest.raises((NotAllowed, NotFound)):
            _enter(world, made, part)
    assert not Series.objects.filter(indicator=made).exists(), "a refused entry leaves nothing behind"


def test_a_members_own_definition_is_hidden_from_its_neighbours(world: Any) -> None:
    own = indicators.define(by=world.principal("coordinator"), at=world.at, place=world.place("ATN"), code="own", **ABOUT)
    assert indicators.indicator_rules.may(world.principal("coordinator"), "edit", own)
    assert not indicators.indicator_rules.may(world.principal("neighbour"), "view", own)
    assert world.browser("neighbour").get(f"/indicators/{own.uuid}/").status_code == 404
    with pytest.raises(NotAllowed):
        indicators.define(by=world.principal("coordinator"), at=world.at, place=world.place("HIGH"), code="theirs", **ABOUT)
    with pytest.raises(NotAllowed):
        indicators.define(by=world.principal("coordinator"), at=world.at, place=world.place("PX"), code="all", **ABOUT)


def test_a_switched_off_module_closes_the_pages_and_the_actions(world: Any, made: Any) -> None:
    from entrepot.ground.access.api import turn

    known = {"indicators"}
    turn(by=world.principal("coordinator"), at=world.at, place=world.place("ATN"), module="indicators", on=False, known_modules=known)
    browser = world.browser("coordinator")
    assert browser.get("/indicators/").status_code == 403
    assert 'href="/indicators/"' not in browser.get("/region/").content.decode()
    assert "/indicators/" not in browser.get("/search/?q=doubt").content.decode()
    assert "/indicators/" in world.browser("neighbour").get("/search/?q=doubt").content.decode()
    with pytest.raises((NotAllowed, NotFound)):
        _enter(world, made)


def test_a_period_holds_one_value_and_a_correction_keeps_the_former(world: Any, made: Any) -> None:
    value = _enter(world, made)
    with pytest.raises(Conflict):
        _enter(world, made)
    who = {"by": world.principal("coordinator"), "at": world.at}
    with pytest.raises(Invalid):
        indicators.correct(**who, uuid=value.uuid, value=Decimal(70), n=None, reason=" ", version=value.version)
    done = indicators.correct(**who, uuid=value.uuid, value=Decimal(70), n=None, reason="A page was missing", version=value.version)
    with pytest.raises(StaleEdit):
        indicators.correct(**who, uuid=value.uuid, value=Decimal(71), n=None, reason="late", version=value.version - 1)
    former = Former.objects.get(of=done)
    assert (former.value, former.reason, former.entered_by) == (Decimal("61.5"), "A page was missing", world.person("coordinator").uuid)
    text = world.browser("coordinator").get(f"/indicators/values/{value.uuid}/").content.decode()
    assert "A page was missing" in text
    assert "61.5" in text


FILE = "place;period;value;n;note\nATN;2025-01;60,5;40;\nATN;2025-02;1 061,25;;counted twice\n"


@pytest.mark.row("R21.4")
def test_the_same_file_twice_changes_nothing(world: Any, made: Any) -> None:
    assert _take(world, made, FILE) == indicators.Taken(2, 0, 0)
    before = list(Value.objects.values())
    assert _take(world, made, FILE) == indicators.Taken(0, 0, 2)
    assert list(Value.objects.values()) == before
    with pytest.raises(indicators.BadRows) as refused:
        _take(world, made, FILE.replace("60,5", "61"))
    assert "holds 60.5 already" in str(refused.value.rows[0].text)
    assert _take(world, made, FILE.replace("60,5", "61"), correcting=True, reason="recount") == indicators.Taken(0, 1, 1)
    assert Former.objects.get(of__series__indicator=made).value == Decimal("60.5")


def test_what_is_exported_is_taken_back_as_it_was(world: Any, made: Any) -> None:
    for period, value in (("2025-01", "-5.25"), ("2025-02", "1.234"), ("2025-03", "12345678.9"), ("2025-04", "0")):
        _enter(world, made, period=period, value=Decimal(value), note="- one\nand more")
    content = world.browser("coordinator").get(f"/indicators/{made.uuid}/values.csv").content
    table = read_table(content)
    again = indicators.take_file(by=world.principal("coordinator"), at=world.at, indicator=made.uuid, table=table)
    assert again == indicators.Taken(0, 0, 4)


BAD = """place,period,value,n,note
ATN,2025-01,60,,
HIGH,2025-01,60,,
NOWHERE,2025-01,60,,
ATN,March,60,,
ATN,2025-03,"1,234",,
ATN,2025-04,many,,
ATN,2999-01,60,,
ATN,2025-01,61,,
ATN,2025-06,=1+1,,
ATN,2025-07,5,minus one,
"""


def test_each_bad_row_is_named_in_words_and_nothing_is_taken(world: Any, made: Any) -> None:
    with pytest.raises(indicators.BadRows) as refused:
        _take(world, made, BAD)
    said = {fault.number: str(fault.text) for fault in refused.value.rows}
    assert set(said) == set(range(3, 12)), "every row but the first is at fault"
    assert said[3] == "HIGH is no place of yours."
    assert "Write the period as 2025-03" in said[5]
    assert said[6] == "“1,234” can mean 1234 or 1.234. Write 1234 or 1.2340."
    assert "row 2 already" in said[9]
    assert "formula" in said[10]
    assert not Value.objects.filter(series__indicator=made).exists()


def test_a_workbook_is_read_as_a_csv_is_and_the_page_names_the_rows(world: Any, made: Any) -> None:
    book = Workbook()
    sheet = book.active
    for row in (["Value", "Period", "Place"], [60.5, date(2025, 1, 1), "atn"], [12, "2025-02", "ATN"]):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    browser = world.browser("coordinator")
    sent = SimpleUploadedFile("values.xlsx", file.getvalue())
    assert browser.post(f"/indicators/{made.uuid}/file/", {"file": sent}).status_code == 302
    assert sorted(Value.objects.filter(series__indicator=made).values_list("value", flat=True)) == [Decimal(12), Decimal("60.5")]
    answer = browser.post(f"/indicators/{made.uuid}/file/", {"file": SimpleUploadedFile("values.csv", BAD.encode())})
    assert answer.status_code == 422
    assert "HIGH is no place of yours." in answer.content.decode()
    for content, words in (
        (b"PK\x03\x04broken", "not an Excel workbook"),
        (b"\x00\x01\x02", "neither an Excel"),
        (b"a,b\n1,2\n", "titles"),
    ):
        answer = browser.post(f"/indicators/{made.uuid}/file/", {"file": SimpleUploadedFile("values.xlsx", content)})
        assert answer.status_code == 422
        assert words in answer.content.decode()


@pytest.mark.row("R48.3")
def test_what_is_exported_is_taken_back_unchanged(world: Any, made: Any) -> None:
    _take(world, made, FILE)
    exported = world.browser("coordinator").get(f"/indicators/{made.uuid}/values.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(exported)))
    assert [(row["place"], row["period"], row["value"]) for row in rows] == [("ATN", "2025-01", "60.5"), ("ATN", "2025-02", "1061.25")]
    assert _take(world, made, exported) == indicators.Taken(0, 0, 2)
    blank = world.browser("coordinator").get(f"/indicators/{made.uuid}/form.csv").content.decode("utf-8-sig")
    assert {row["place"] for row in csv.DictReader(io.StringIO(blank))} == {"ATN", "ATN-1"}


@pytest.mark.row("R61.3")
def test_nothing_about_fewer_than_five_people_leaves_its_place(world: Any) -> None:
    about = {**ABOUT, "title": "Officers certified"}
    made = indicators.define(by=world.principal("manager"), at=world.at, place=world.place("PX"), code="people", about_people=True, **about)
    with pytest.raises(Invalid):
        _enter(world, made)
    few = _enter(world, made, value=Decimal("33.25"), n=4)
    _enter(world, made, value=Decimal("44.75"), n=5, period="2025-04")
    indicators.share(by=world.principal("coordinator"), at=world.at, uuid=few.series.uuid, on=True)
    for address in (f"/indicators/{made.uuid}/", f"/indicators/{made.uuid}/values.csv", f"/api/v1/indicators/{made.uuid}/values"):
        own = world.browser("coordinator").get(address).content.decode()
        office = world.browser("manager").get(address).content.decode()
        assert "33.25" in own, address
        assert "44.75" in own, address
        assert "33.25" not in office, address
        assert "44.75" in office, address
    rows = world.browser("manager").get(f"/api/v1/indicators/{made.uuid}/values").json()["rows"]
    assert [(row["value"], row["n"], row["hidden"]) for row in rows] == [(None, None, True), (44.75, 5, False)]
    assert indicators.figures(made, [world.place("ATN").pk]) == {(world.place("ATN").pk, date(2025, 4, 1)): 44.75}


def test_an_office_that_is_not_shared_is_not_reckoned_from_what_is(world: Any) -> None:
    about = {**ABOUT, "title": "Officers certified"}
    made = indicators.define(by=world.principal("manager"), at=world.at, place=world.place("PX"), code="people", about_people=True, **about)
    member = world.place("ATN")
    with writing():
        about = {"kind": "office", "parent": member, "invented": True}
        large, small = (Place.objects.create(code=n, name=n, lineage=f"{member.lineage}{n}/", **about) for n in ("ATN-X1", "ATN-X2"))
    who = {"by": world.principal("coordinator"), "at": world.at}
    entered = [
        indicators.enter(**who, indicator=made.uuid, place=place, starts_on=date(2025, 3, 1), value=Decimal(n), n=n)
        for place, n in ((member, 30), (large, 27), (small, 3))
    ]
    for one in entered[:2]:
        indicators.share(**who, uuid=one.series.uuid, on=True)
    rows = world.browser("manager").get(f"/api/v1/indicators/{made.uuid}/values").json()["rows"]
    assert {row["place"]: row["n"] for row in rows} == {"ATN": 30, "ATN-X1": None}, "30 - 27 would be the three"
    page = world.browser("manager").get(f"/indicators/{made.uuid}/values.csv").content.decode()
    assert ",27," not in page
    assert indicators.figures(made, [member.pk, large.pk]) == {(member.pk, date(2025, 3, 1)): 30.0}


@settings(max_examples=150, deadline=None)
@given(counts=st.lists(st.integers(1, 12), min_size=1, max_size=6), unentered=st.integers(0, 9))
def test_an_office_that_nobody_entered_is_not_what_is_left_of_its_place(counts: list[int], unentered: int) -> None:
    rows = [Told(f"o{at}", f"P/M/O{at}/", 1, n) for at, n in enumerate(counts)]
    away = hidden([*rows, Told("all", "P/M/", 1, sum(counts) + unentered)])
    unknown = unentered + sum(row.n or 0 for row in rows if row.key in away)
    assert "all" in away or unknown == 0 or unknown >= 5, "the place less what is shown"


@settings(max_examples=150, deadline=None)
@given(counts=st.lists(st.integers(0, 12), min_size=1, max_size=6), whole=st.booleans())
def test_no_hidden_figure_can_be_reckoned_from_those_shown(counts: list[int], whole: bool) -> None:
    rows = [Told(f"o{at}", f"P/M/O{at}/", 1, n) for at, n in enumerate(counts)]
    if whole:
        rows.append(Told("all", "P/M/", 1, sum(counts)))
    away = hidden(rows)
    assert all(row.key in away for row in rows if row.n is not None and row.n < 5)
    offices = [row.n for row in rows if row.key != "all" and row.key in away and row.n]
    if whole and "all" not in away:
        assert len(offices) != 1, "one unknown and one sum is an equation"
        assert not offices or sum(offices) >= 5, "what is left of the sum is about these few together"


def test_figures_are_read_as_people_write_them() -> None:
    wanted = {"1 234,5": "1234.5", "12.50": "12.5", "-3": "-3", "0": "0", "1\u202f000": "1000", "2,5": "2.5", "0,125": "0.125"}
    assert {text: f"{read_figure(text).normalize():f}" for text in wanted} == wanted
    assert read_figure("٣٫٥".replace("٫", ".")) == Decimal("3.5"), "digits of other scripts"
    assert read_figure("1.234.567") == 1_234_567
    for text in ("1,234", "1.234", "12 34", "five", "", "True", "1e400", "9" * 14, "nan", "inf"):
        with pytest.raises(ValueError, match=r".*"):
            read_figure(text)


@given(day=st.dates(date(1950, 1, 1), date(2150, 1, 1)), every=st.sampled_from(list(Every)))
def test_periods_are_read_back_as_they_are_written(day: date, every: Every) -> None:
    first = spans_between(day, day, every)[0]
    assert first <= day
    assert read_span(span_text(first, every), every) == first


def test_the_page_draws_values_beside_their_table_and_asks_in_constant_queries(
    world: Any, made: Any, django_assert_max_num_queries: Any
) -> None:
    browser, address = world.browser("coordinator"), f"/indicators/{made.uuid}/"
    assert "No value is here yet." in browser.get(address).content.decode()
    _take(world, made, FILE)
    text = browser.get(address).content.decode()
    assert text.count('<svg class="chart-') == 2
    assert "1061.25" in text
    assert "2025-02" in text
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    _take(
        world,
        made,
        "place,period,value\n" + "".join(f"ATN-1,2024-{month:02},{month}\nATN,2024-{month:02},{month}\n" for month in range(1, 13)),
    )
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(many) == len(few)


def test_a_definition_out_of_use_takes_no_values_and_keeps_those_it_has(world: Any, made: Any) -> None:
    _enter(world, made)
    who = {"by": world.principal("manager"), "at": world.at}
    indicators.retire(**who, uuid=made.uuid)
    with pytest.raises(Conflict):
        _enter(world, made, period="2025-04")
    assert Value.objects.filter(series__indicator=made).count() == 1
    indicators.retire(**who, uuid=made.uuid, back=True)
    _enter(world, made, period="2025-04")
    with pytest.raises(Invalid):
        indicators.edit(**who, uuid=made.uuid, values={"every": "year"}, version=None)


def test_programs_enter_and_correct_through_the_api(world: Any, made: Any) -> None:
    browser = world.browser("coordinator")
    browser.get("/today/")
    address = f"/api/v1/indicators/{made.uuid}/values"
    body = {"rows": [{"place": "ATN", "period": "2025-01", "value": 3.5}, {"place": "ATN", "period": "2025-02", "value": 4}]}
    assert browser.post(address, body, content_type="application/json").json() == {"new": 2, "corrected": 0, "same": 0}
    assert browser.post(address, body, content_type="application/json").json() == {"new": 0, "corrected": 0, "same": 2}
    body["rows"][0]["place"] = "HIGH"
    refused = browser.post(address, body, content_type="application/json")
    assert refused.status_code == 422
    assert "HIGH is no place of yours." in refused.content.decode()
    first = browser.get(address).json()["rows"][0]
    fix = {"version": first["version"], "value": 3.25, "reason": "recount"}
    fixed = browser.post(f"/api/v1/indicators/values/{first['uuid']}/correct", fix, content_type="application/json").json()
    assert fixed["value"] == 3.25
    assert browser.get(f"/api/v1/indicators/values/{first['uuid']}/formers").json()[0]["value"] == 3.5
    assert world.browser("neighbour").get(f"/api/v1/indicators/values/{first['uuid']}/formers").json() == []
    assert browser.post(f"/api/v1/indicators/values/{uuid4()}/correct", fix, content_type="application/json").status_code == 404


def test_the_system_may_take_a_file_for_many_places(world: Any, made: Any) -> None:
    rows = "place,period,value\n" + "".join(f"{code},2025-01,1\n" for code in ("ATN", "HIGH", "LAG"))
    taken = indicators.take_file(by=SYSTEM, at=world.at, indicator=made.uuid, table=read_table(rows.encode()))
    assert taken.new == 3
