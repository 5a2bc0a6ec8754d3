"""The activity report agrees with raw attendance and says no small cell to those who may not see people; a brief tells one story."""

from __future__ import annotations

import csv
import io
import subprocess
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.capacity.knowledge.models import Adoption
from entrepot.capacity.reporting.api import Wanted, brief, member_for, report
from entrepot.capacity.reporting.core import Head, counted, halves_over, sums, totalled
from entrepot.capacity.reporting.core.totals import ALL, GENDERS
from entrepot.capacity.reporting.papers import report_paper, said
from entrepot.capacity.training.models import Activity
from entrepot.ground.keeping.api import writing
from entrepot.ground.people.models import Posting
from entrepot.kernel.disclosure import determined, suppress
from entrepot.kernel.errors import NotFound
from entrepot.kernel.papers import Table
from entrepot.kernel.roles import Role
from entrepot.shell.papers import to_pdf, to_word

DAY = timedelta(days=1)
TAUGHT = "('delivered','closed','followed_up')"
RAW = f"""
    SELECT a.code, count(DISTINCT n.id), count(DISTINCT n.person_id)
    FROM training_activity a
    JOIN region_place r ON r.id = a.region_id AND r.lineage LIKE 'PX/%%'
    JOIN training_nomination n ON n.activity_id = a.id AND n.outcome = 'seat'
    JOIN training_attendance t ON t.nomination_id = n.id
    WHERE a.stage IN {TAUGHT} AND a.starts_on >= %s AND a.starts_on < %s
    GROUP BY a.code
"""


def _wanted(world: Any, **more: Any) -> Wanted:
    day = world.at.date()
    return Wanted(day - timedelta(days=900), day, **more)


def _rows(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@pytest.mark.row("R24.1", "R24.3")
def test_figures_reconcile_with_raw_attendance_and_are_the_same_each_time(world: Any) -> None:
    wanted = _wanted(world, guarded=False)
    made = report(world.principal("manager"), wanted)
    raw = {code: n for code, n, _ in _rows(RAW, wanted.start, wanted.end)}
    assert {line.activity.code: line.attended for line in made.lines} == raw
    assert made.totals.n == sum(raw.values()) > 20
    assert sum(group.n for group in made.totals.groups["member"]) == made.totals.n
    assert sum(group.n for group in made.totals.groups["sub_region"]) == made.totals.n
    assert sum(n for n in made.totals.genders) == made.totals.n
    seconds = 0.0
    for activity in Activity.objects.filter(code__in=raw).prefetch_related("sessions__attendances"):
        for session in activity.sessions.all():
            seconds += (session.ends_at - session.starts_at).total_seconds() * len(session.attendances.all())
    assert made.hours == pytest.approx(seconds / 3600, abs=0.01)
    assert report(world.principal("manager"), wanted).digest == made.digest
    assert report(world.principal("manager"), _wanted(world, guarded=False, mode="online")).digest != made.digest


@pytest.mark.row("R24.1")
@pytest.mark.parametrize("name", ["member", "centre", "mode", "topic", "source"])
def test_each_filter_keeps_exactly_what_it_says(world: Any, name: str) -> None:
    whole = report(world.principal("manager"), _wanted(world, guarded=False))
    line = whole.lines[0]
    value = {
        "member": world.place("ATN"),
        "centre": line.activity.host,
        "mode": line.activity.mode,
        "topic": line.activity.competency.topic,
        "source": line.sources[0],
    }[name]
    made = report(world.principal("manager"), _wanted(world, guarded=False, **{name: value}))
    kept = {
        "member": lambda one: one.activity.nominations.filter(invitation__place=value, outcome="seat", attendances__isnull=False).exists(),
        "centre": lambda one: one.activity.host == value,
        "mode": lambda one: one.activity.mode == value,
        "topic": lambda one: one.activity.competency.topic == value,
        "source": lambda one: value in one.sources,
    }[name]
    assert {one.activity.pk for one in made.lines} == {one.activity.pk for one in whole.lines if kept(one)}
    assert made.lines
    if name == "member":
        assert {group.name for group in made.totals.groups["member"]} == {"Atoll North Customs"}


@pytest.mark.row("R24.2")
def test_the_chair_reads_no_small_cell_and_a_coordinator_only_the_own_people(world: Any) -> None:
    reports = _of_the_chair(world)
    assert sum(len(made.lines) for made in reports) > 1
    for chair in reports:
        assert all(n is None or n == 0 or n >= 5 for n in _cells(chair))
        assert all(line.attended is None or line.attended >= 5 for line in chair.lines)
    own = report(world.principal("coordinator"), _wanted(world, guarded=False))
    assert {group.name for group in own.totals.groups["member"]} == {"Atoll North Customs"}
    assert own.planned == (), "money is the office's and the host's"
    for part in ("officer", "supervisor", "analyst", "partner", "observer"):
        with pytest.raises(NotFound):
            report(world.principal(part), _wanted(world))


def _of_the_chair(world: Any) -> list[Any]:
    return [report(world.principal("vicechair"), Wanted(*half)) for half in halves_over(world.at.date())]


def _cells(made: Any) -> list[int | None]:
    return [n for kind in made.totals.groups.values() for group in kind for n in (group.n, *group.genders)]


@pytest.mark.row("R24.2")
def test_no_two_reports_of_the_chair_can_be_subtracted(world: Any) -> None:
    """Half-years that are over hold each activity once at most; nothing else is told, on the page, as a file, or to a program."""
    codes = [line.activity.code for made in _of_the_chair(world) for line in made.lines]
    assert len(codes) == len(set(codes)) > 1
    chair, api, page = world.browser("vicechair"), "/api/v1/reports/activities", "/reports/activities"
    (start, end), (earlier, _) = halves_over(world.at.date())[:2]
    whole = f"start={start}&end={end - DAY}"
    for query in ("", whole, f"start={earlier}&end={start - DAY}"):
        assert chair.get(f"{api}?{query}").status_code == 200, query
    for query in (
        *(f"start={start}&end={end - 2 * DAY}", f"start={start + DAY}&end={end - DAY}", f"start={earlier}&end={end - DAY}"),
        *(f"start={end}&end={end + 200 * DAY}", f"start={start}", f"{whole}&mode=online", f"{whole}&mode=in_person"),
    ):
        answer = chair.get(f"{api}?{query}")
        assert answer.status_code == (200 if query == f"start={start}" else 422), query
        assert answer.status_code == 200 or "one half-year that has ended" in answer.content.decode()
    shown = chair.get(f"{page}/?{whole}&mode=online").content.decode()
    made = report(world.principal("vicechair"), Wanted(start, end))
    assert made.digest[:16] in shown
    for form in ("/", ".csv", ".pdf"):
        answer = chair.get(f"{page}{form}?start={start + DAY}&end={end - DAY}")
        assert answer.status_code == 422, form
        assert "one half-year that has ended" in answer.content.decode(), form
    assert "Mode" not in chair.get(f"{page}/").content.decode().split("</details>")[0]


@pytest.mark.row("R24.2")
def test_a_posting_at_one_centre_opens_that_centres_people_to_the_chair_and_no_others(world: Any) -> None:
    before = [made for made in _of_the_chair(world) if made.lines]
    host = before[0].lines[0].activity.host
    assert {line.activity.host for made in before for line in made.lines} == {host} != {world.place("RTC-SAG")}
    for place, open_ in ((world.place("RTC-SAG"), False), (host, True)):
        with writing():
            Posting.objects.create(person=world.person("vicechair"), role=Role.TRAINER, place=place, from_on=world.at.date() - DAY)
        after = [made for made in _of_the_chair(world) if made.lines]
        if open_:
            assert all(None not in _cells(made) and not made.totals.unsaid for made in after)
        else:
            assert [_cells(made) for made in after] == [_cells(made) for made in before]
            assert any(None in _cells(made) for made in after)


SUB_REGIONS = {"A": "N", "B": "N", "C": "S", "D": "S"}


def _head(activity: int, member: str, gender: str, n: int) -> Head:
    return Head(activity, member, SUB_REGIONS[member], gender, n, "PQP"[activity - 1])


people = st.builds(_head, st.integers(1, 3), st.sampled_from("ABCD"), st.sampled_from(GENDERS), st.integers(1, 9))
heads = st.lists(people, max_size=24)


@given(heads)
@settings(max_examples=80, deadline=None)
def test_whoever_knows_the_people_of_one_activity_is_told_no_few_of_the_others(rows: list[Head]) -> None:
    cells, own = counted(rows), counted(row for row in rows if row.activity == 1)
    made = totalled(rows, guard=suppress, own={1})
    for kind, groups in made.groups.items():
        for group in groups:
            for gender, n in zip((ALL, *GENDERS), (group.n, *group.genders), strict=False):
                rest = cells[kind, group.name, gender] - own[kind, group.name, gender]
                assert n is None or rest == 0 or rest >= 5
    assert all(group.n == own["activity", 1, ALL] for group in made.groups["activity"] if group.name == 1)


@pytest.mark.row("R24.2")
@given(heads)
@settings(max_examples=150, deadline=None)
def test_no_cell_under_five_is_said_nor_follows_from_those_that_are(rows: list[Head]) -> None:
    cells = counted(rows)
    guarded = totalled(rows, guard=suppress)
    said = {("total", "", ALL): guarded.n, **{("total", "", g): n for g, n in zip(GENDERS, guarded.genders, strict=True)}}
    for kind, groups in guarded.groups.items():
        for group in groups:
            said[kind, group.name, ALL] = group.n
            said |= {(kind, group.name, g): n for g, n in zip(GENDERS, group.genders, strict=False)}
    for key, n in said.items():
        assert n is None or n == cells[key], key
        assert n is None or n == 0 or n >= 5, key
    hidden = {key for key, n in said.items() if n is None}
    assert all(cells[key] > 0 for key in hidden), "a nought tells of nobody"
    assert all(cells[key] >= 5 for key in determined(hidden, sums(cells))), "what can be worked out tells of five at least"
    assert totalled(rows).unsaid == 0


@pytest.mark.row("R24.1", "R24.4")
def test_pages_and_files_say_the_same(world: Any) -> None:
    browser = world.browser("manager")
    day = world.at.date()
    query = f"start={day - timedelta(days=900)}&end={day}"
    page = browser.get(f"/reports/activities/?{query}").content.decode()
    made = report(world.principal("manager"), Wanted(day - timedelta(days=900), day + timedelta(days=1), guarded=False))
    assert made.digest[:16] in page
    shown, told = (browser.get(f"/reports/activities/?{query}{more}").content.decode() for more in ("", "&passed_on=on"))
    assert told.count(">·<") > shown.count(">·<") == 0
    rows = list(csv.reader(io.StringIO(browser.get(f"/reports/activities.csv?{query}").content.decode("utf-8-sig"))))
    assert [(row[0], row[9]) for row in rows[1:]] == [(line.activity.code, str(line.attended)) for line in made.lines]
    for form, magic in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        assert browser.get(f"/reports/activities.{form}?{query}").content.startswith(magic), form
    api = browser.get(f"/api/v1/reports/activities?{query}").json()
    until = report(world.principal("manager"), Wanted(day - timedelta(days=900), day + timedelta(days=1), guarded=False))
    assert (api["digest"], api["participations"]) == (until.digest, until.totals.n)


def test_the_paper_draws_what_the_page_draws(world: Any) -> None:
    day = world.at.date()
    made = report(world.principal("manager"), Wanted(day - timedelta(days=900), day + timedelta(days=1), guarded=True))
    paper = report_paper(made, invented=True)
    tables = {block.caption: block for block in paper.blocks if isinstance(block, Table) and block.bars}
    counts = [group.n for group in made.totals.groups["member"]]
    assert None in counts, "a bar would tell what the figure does not"
    most = max(n for n in counts if n)
    assert tables["By Member"].bars == pytest.approx([*((n or 0) / most for n in counts), 0], abs=0.001), "and none beside the sum"
    assert {"By host", "By topic"} <= set(tables)
    word = Document(io.BytesIO(to_word(paper)))
    table = next(one for one in word.tables if one.rows[0].cells[0].text == "Member")
    assert table.rows[0].cells[1].text == tables["By Member"].beside
    painted = [row.cells[1].paragraphs[0]._p.xpath(".//w:shd") for row in table.rows[1:]]
    indents = [row.cells[1].paragraphs[0].paragraph_format.right_indent for row in table.rows[1:]]
    assert [bool(marks) for marks in painted] == [share > 0 for share in tables["By Member"].bars]
    longest = {indent for indent, share in zip(indents, tables["By Member"].bars, strict=True) if share == 1}
    assert longest == {0}
    assert [row.cells[2].text for row in table.rows[1:-1]] == [said(n) for n in counts]
    assert to_pdf(paper).startswith(b"%PDF")


def test_a_period_that_cannot_be_is_said_in_words_and_nothing_typed_is_lost(world: Any) -> None:
    browser = world.browser("manager")
    answer = browser.get("/reports/activities/?start=2026-05-01&end=2026-01-01")
    assert answer.status_code == 422
    assert "The end comes before the beginning" in answer.content.decode()
    assert "2026-05-01" in answer.content.decode()
    assert browser.get("/reports/activities/?start=1800-01-01&end=2026-01-01").status_code == 422
    assert browser.get("/reports/activities.csv?start=never&end=2026-01-01").status_code == 422
    assert browser.get("/api/v1/reports/activities?start=2026-05-01&end=2026-01-01").status_code == 422
    empty = browser.get("/reports/activities/?start=2001-01-01&end=2001-12-31").content.decode()
    assert "No activity of this kind was taught" in empty


@pytest.mark.row("R66.4")
def test_a_brief_tells_needs_seats_actions_adoptions_and_what_did_not_work(world: Any) -> None:
    office = world.principal("manager")
    tried = Adoption.objects.filter(worked="no", place__invented=True).select_related("place", "practice").first()
    assert tried
    told = brief(office, tried.place, world.at)
    lines = {part.title: part for part in told.parts}
    assert tried.practice.title in {line.what.split(" (")[0] for line in lines["Tried, and did not work"].lines}
    atoll = brief(office, world.place("ATN"), world.at)
    parts = {part.title: part for part in atoll.parts}
    assert parts["What it needs"].n == world.place("ATN").needs.filter(state="open").count() > 0
    for part in (*told.parts, *atoll.parts):
        for line in part.lines:
            assert line.source
            assert world.browser("manager").get(line.href).status_code == 200, line.href


@pytest.mark.row("R66.4")
def test_a_brief_is_two_pages_on_paper(world: Any) -> None:

    content = world.browser("manager").get(f"/reports/members/{world.place('ATN').uuid}/brief.pdf").content
    try:
        said = subprocess.run(["pdfinfo", "-"], input=content, capture_output=True, check=True).stdout.decode()
    except FileNotFoundError:
        pytest.skip("no pdfinfo on this machine")
    pages = next(int(line.split()[1]) for line in said.splitlines() if line.startswith("Pages"))
    assert pages <= 2


def test_a_brief_is_for_the_office_and_the_member_itself(world: Any) -> None:
    atoll = world.place("ATN")
    assert member_for(world.principal("coordinator"), atoll.uuid) == atoll
    for part in ("neighbour", "officer", "centre", "vicechair", "observer", "partner"):
        with pytest.raises(NotFound):
            member_for(world.principal(part), atoll.uuid)
    page = world.browser("coordinator").get("/reports/members/").content.decode()
    assert "Highpass" not in page


def test_reports_take_the_same_queries_however_many_activities(world: Any) -> None:
    counts = []
    for days in (200, 900):
        day = world.at.date()
        with CaptureQueriesContext(connection) as caught:
            report(world.principal("manager"), Wanted(day - timedelta(days=days), day))
        counts.append(len(caught))
    assert counts[0] == counts[1] < 20
