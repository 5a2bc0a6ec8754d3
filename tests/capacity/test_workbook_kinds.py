"""Workbooks as people's programs and habits make them: no row is lost, every fault is told at once where it is, nothing changes unasked."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from typing import Any

from django.db import connection
from openpyxl import load_workbook

from entrepot.capacity.training import actions, workbook
from entrepot.capacity.training.models import Nomination
from tests.markup import flat

from .test_workbook import HEAD, _filled, _row, _send, invited

__all__ = ["invited"]
SHEET = "xl/worksheets/sheet1.xml"
SUPERVISOR = "supervisor@practice.example"


def _other(n: int, **change: Any) -> list[Any]:
    return _row(**{"rank": n, "full_name": f"Losa {n} Case", "family_name": "Case", "email": f"case{n}@customs.example", **change})


def _faults(answer: Any) -> list[tuple[str, ...]]:
    """Row, column and words of each fault on the page."""
    assert answer.status_code == 422, answer.content.decode()[-3000:]
    section = flat(answer).split('class="card faults"')[-1].split("</section>")[0]
    return [tuple(re.findall(r"<td[^>]*>(.*?)</td>", row)) for row in re.findall(r"<tr><td.*?</tr>", section)]


def _told(walk: Any, answer: Any, invitation: Any) -> str:
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return str(walk.told.get(f"/programme/invitations/{invitation.uuid}/").content.decode())


def _sent(walk: Any, invitation: Any, *rows: list[Any], change: Callable[[Any], None] | None = None) -> Any:
    walk.told = walk.world.browser("coordinator")
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("back.xlsx", _filled(invitation, *rows, change=change))
    return walk.told.post(f"/programme/invitations/{invitation.uuid}/", {"what": "workbook", "file": file})


def test_all_faults_come_at_once_with_row_and_column(invited: Any) -> None:
    walk, invitation = invited
    rows = [_other(1), _other(2, supervisor_email="nobody@customs.example", gender="?"), _other(3, years=71), _other(4, post="#N/A")]
    rows += [_other(5, full_name="N/A", family_name=""), _other(6, email="neighbour@practice.example"), _other(7, family_name="Other")]
    rows += [_other(8, email=SUPERVISOR, family_name="", full_name=walk.world.person("supervisor").full_name), _other(7)]
    faults = _faults(_sent(walk, invitation, *rows))
    assert [fault[:2] for fault in faults] == [
        ("6", "Gender"),
        ("6", "Supervisor&#x27;s e-mail"),
        ("7", "Years in customs"),
        ("8", "Post"),
        ("9", "Full name"),
        ("10", "E-mail"),
        ("11", "Family name"),
        ("12", "Supervisor&#x27;s e-mail"),
        ("13", "Rank"),
        ("13", "E-mail"),
    ]
    assert "supervisor of your" in faults[1][2]
    assert "from 0 to 70" in faults[2][2]
    assert "Nobody releases themselves" in faults[7][2]
    assert not Nomination.objects.filter(invitation=invitation).exists()


def _extent(content: bytes, ref: bytes) -> bytes:
    old, file = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="' + ref + b'"', data) if part == SHEET else data)
    return file.getvalue()


def test_a_sheet_that_misstates_its_extent_loses_nobody(invited: Any) -> None:
    walk, invitation = invited
    content = _filled(invitation, _other(1), _other(2), _other(3))
    for ref in (b"A1:N6", b"A1"):
        sent = workbook.read(io.BytesIO(_extent(content, ref)), invitation.uuid)
        assert [values["rank"] for _, values in sent.rows] == [1, 2, 3]
    assert _send(walk, invitation, _extent(content, b"A1:N6")).status_code == 302
    assert Nomination.objects.filter(invitation=invitation).count() == 3


def test_merged_cells_matter_on_any_sheet_and_only_in_a_nominees_row(invited: Any) -> None:
    walk, invitation = invited

    def behind(book: Any) -> None:
        book.create_sheet("Own notes", 0)["A1"] = "x"
        book[workbook.SHEET].merge_cells("H5:H6")

    faults = _faults(_sent(walk, invitation, _other(1), _other(2), change=behind))
    assert [fault[:2] for fault in faults] == [("5", "Unit"), ("6", "Unit")]
    assert "H5:H6" in faults[0][2]

    def harmless(book: Any) -> None:
        sheet = book[workbook.SHEET]
        sheet.merge_cells("A1:N1")
        sheet.merge_cells("Z5:Z9")
        sheet.title = "Officers"

    assert "2 added" in _told(walk, _sent(walk, invitation, _other(1), _other(2), change=harmless), invitation)


def test_words_below_the_table_are_one_fault(invited: Any) -> None:
    walk, invitation = invited

    def sign(book: Any) -> None:
        book[workbook.SHEET].cell(12, 2, "For the administration")
        book[workbook.SHEET].merge_cells("B12:N12")

    faults = _faults(_sent(walk, invitation, _other(1), change=sign))
    assert [fault[:2] for fault in faults] == [("12", "Full name")]
    assert "names no nominee" in faults[0][2]


def test_boxes_are_read_hidden_rows_told_and_columns_that_are_not_ours_named(invited: Any) -> None:
    walk, invitation = invited

    def change(book: Any) -> None:
        sheet = book[workbook.SHEET]
        sheet.row_dimensions[6].hidden = True
        sheet.cell(HEAD, 15, "Telephone")
        sheet.cell(5, 15, "123")

    text = _told(walk, _sent(walk, invitation, _other(1, consent=True), _other(2, consent="=TRUE()"), change=change), invitation)
    assert "2 added" in text
    assert "Row 6 is hidden in the file. It was read too." in text
    assert "The column “Telephone” was not read" in text
    assert all(Nomination.objects.filter(invitation=invitation).values_list("consent", flat=True))


def test_a_column_that_is_not_there_leaves_what_was_said(invited: Any) -> None:
    walk, invitation = invited
    _sent(walk, invitation, _other(1, unit="Wharf"))
    text = _told(walk, _sent(walk, invitation, change=lambda book: book[workbook.SHEET].delete_cols(8)), invitation)
    assert "1 as before" in text
    assert Nomination.objects.get(invitation=invitation).unit == "Wharf"

    def twice(book: Any) -> None:
        book[workbook.SHEET].cell(HEAD, 15, "Unit")

    assert "Two columns are called Unit" in _sent(walk, invitation, change=twice).content.decode()


def test_addresses_are_cleaned_of_what_nobody_sees(invited: Any) -> None:
    walk, invitation = invited
    rows = [_other(1), _other(2, email="Case1@customs.example\u200b"), _other(3, email="case3@customs.example\u200f")]
    faults = _faults(_sent(walk, invitation, *rows))
    assert [fault[:2] for fault in faults] == [("6", "E-mail")]
    assert "2 added" in _told(walk, _sent(walk, invitation, _other(1, unit="Un\u200fit\u00a0A"), rows[2]), invitation)
    kept = Nomination.objects.filter(invitation=invitation).order_by("rank").values_list("person__email", "unit")
    assert list(kept) == [("case1@customs.example", "Unit A"), ("case3@customs.example", "Wharf")]


def test_a_family_name_is_found_in_any_spelling_and_a_changed_name_is_told(invited: Any) -> None:
    walk, invitation = invited
    rows = [
        _other(1, full_name="Zoe\u0301 Csae", family_name="Zo\u00e9"),
        _other(2, full_name="Case van Losa", family_name="van\u00a0 Losa"),
    ]
    assert "2 added" in _told(walk, _sent(walk, invitation, *rows), invitation)
    text = _told(walk, _sent(walk, invitation, _other(1, full_name="Zoé Case", family_name="Zoé"), rows[1]), invitation)
    assert "2 as before" in text
    assert "Row 5: “Zoé Csae” is kept with this address, not “Zoé Case”." in text
    assert Nomination.objects.get(invitation=invitation, rank=1).person.full_name == "Zoé Csae"


def test_a_rank_that_someone_outside_the_file_holds_says_who(invited: Any) -> None:
    walk, invitation = invited
    _sent(walk, invitation, _other(1, email="csae1@customs.example"), _other(2), _other(3))
    faults = _faults(_send(walk, invitation, _again(invitation, _other(1), _other(2, email="new@customs.example", full_name="New Case"))))
    assert [fault[:2] for fault in faults] == [("5", "Rank"), ("6", "Rank")]
    assert "Losa 1 Case, who is nominated under another address (csae1@customs.example)" in faults[0][2]
    assert "Losa 2 Case (case2@customs.example), who is nominated and not in this file" in faults[1][2]
    form = {
        "what": "nominate",
        "full_name": "By Form",
        "email": "form@customs.example",
        "rank": "2",
        "post": "x",
        "years": "1",
        "consent": "on",
    }
    page = walk.world.browser("coordinator").post(f"/programme/invitations/{invitation.uuid}/", {**form, "language_level": "B2"})
    assert "Rank 2 is given to Losa 2 Case already." in page.content.decode()


def _again(invitation: Any, *rows: list[Any]) -> bytes:
    """The workbook with these rows alone."""
    book = load_workbook(io.BytesIO(workbook.write(invitation)))
    sheet = book[workbook.SHEET]
    sheet.delete_rows(HEAD + 1, 20)
    for at, row in enumerate(rows, HEAD + 1):
        for number, value in enumerate(row, 1):
            sheet.cell(at, number, value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


ODD = ["- weighs", "+1 hour of rest", "'- twice", "=1+1", "@here", "12", "1,5", "TRUE", "_x000D_", " x ", "a\u00a0b", "#N/A", "''", "−3"]
ODD += ["日本", "ไทย", "नमस्ते", "क\u094d\u200dष", "e\u0301", "\u200eleft", "2026-11-05", "12 %", "<b>&amp;</b>", '"quoted"', "🙂", "%(x)s"]


def test_an_unchanged_download_sent_back_changes_nothing(invited: Any) -> None:
    walk, invitation = invited
    by, at = walk.world.principal("coordinator"), walk.world.at
    chance = random.Random(14)

    def words(most: int = 3, between: str = " ") -> str:
        return between.join(chance.choice(ODD) for _ in range(chance.randint(0, most)))

    for n in range(1, 41):
        said = {
            "full_name": f"Anu {words()}",
            "latin_name": f"Anu {words()}",
            "email": f"n{n}@customs.example",
            "rank": n,
            "post": f"{words(1)} officer",
            "unit": words(),
            "duties": words(5, "\r\n"),
            "special_needs": words(4),
            "years": chance.randint(0, 70),
            "language_level": chance.choice(["B1", "C2"]),
            "consent": True,
            "supervisor": walk.world.person("supervisor"),
        }
        actions.nominate(by=by, at=at, invitation=invitation.uuid, values=said)
    before = list(Nomination.objects.filter(invitation=invitation).order_by("pk").values())
    sent = workbook.read(io.BytesIO(workbook.write(invitation)), invitation.uuid)
    assert (sent.remarks, sent.faults) == ([], [])
    taken = actions.nominate_rows(by=by, at=at, invitation=invitation.uuid, rows=sent.rows)
    assert taken == actions.Taken(0, 0, 40)
    assert list(Nomination.objects.filter(invitation=invitation).order_by("pk").values()) == before


def test_a_text_kept_before_it_was_cleaned_is_left_as_it_is(invited: Any) -> None:
    walk, invitation = invited
    _sent(walk, invitation, _other(1))
    one = Nomination.objects.get(invitation=invitation)
    with connection.cursor() as cursor:  # as an older version kept it; nothing of ours writes it any more
        texts = ["- one\r\n\x07 two \u200f", " A\u00a0B ", one.pk]
        cursor.execute("UPDATE training_nomination SET duties = %s, unit = %s WHERE id = %s", texts)
    sent = workbook.read(io.BytesIO(workbook.write(invitation)), invitation.uuid)
    by = walk.world.principal("coordinator")
    taken = actions.nominate_rows(by=by, at=walk.world.at, invitation=invitation.uuid, rows=sent.rows, faults=sent.faults)
    assert taken.unchanged == 1
