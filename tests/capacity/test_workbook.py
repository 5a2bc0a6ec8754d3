"""The workbook goes out with lists and checks and comes back in every way that people send one."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from entrepot.capacity.training import workbook
from entrepot.capacity.training.models import Invitation, Nomination

from .walking import Walk

HEAD = workbook.HEAD
ROW = [1, "Tevita Moala", "Moala", "", "tevita@practice.example", "M", "Examination officer", "Wharf", "Parcels", 6, "B2"]


@pytest.fixture
def invited(world: Any) -> tuple[Any, Any]:
    walk = Walk(world)
    uuid = walk.invited("ATN", "HIGH")["ATN"]
    return walk, Invitation.objects.select_related("activity", "place").get(uuid=uuid)


def _filled(invitation: Any, *rows: list[Any], change: Callable[[Any], None] | None = None) -> bytes:
    book = load_workbook(io.BytesIO(workbook.write(invitation)))
    sheet = book[workbook.SHEET]
    for offset, row in enumerate(rows, 1):
        for number, value in enumerate(row, 1):
            sheet.cell(HEAD + offset, number, value)
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _row(**change: Any) -> list[Any]:
    names = [column.name for column in workbook.COLUMNS]
    values = dict(zip(names, [*ROW, "supervisor@practice.example", "", "yes", "", ""], strict=True)) | change
    return [values[name] for name in names]


def _send(walk: Any, invitation: Any, content: bytes) -> Any:
    file = SimpleUploadedFile("back.xlsx", content)
    return walk.world.browser("coordinator").post(f"/programme/invitations/{invitation.uuid}/", {"what": "workbook", "file": file})


def test_it_goes_out_with_lists_and_checks_inside(invited: Any) -> None:
    book = load_workbook(io.BytesIO(workbook.write(invited[1])))
    rules = book[workbook.SHEET].data_validations.dataValidation
    assert {rule.type for rule in rules} == {"list", "whole"}
    assert any("B2" in (rule.formula1 or "") for rule in rules)
    assert book[workbook.ABOUT].sheet_state == "hidden"


def test_the_same_workbook_twice_changes_nothing(invited: Any) -> None:
    walk, invitation = invited
    content = _filled(invitation, _row(), _row(rank=2, full_name="Losa", family_name="", email="losa@practice.example"))
    assert _send(walk, invitation, content).status_code == 302
    before = list(Nomination.objects.filter(invitation=invitation).values_list("pk", "version", "rank"))
    assert len(before) == 2
    assert _send(walk, invitation, content).status_code == 302
    assert list(Nomination.objects.filter(invitation=invitation).values_list("pk", "version", "rank")) == before
    again = workbook.write(invitation)
    sent = workbook.read(io.BytesIO(again), invitation.uuid)
    assert sent.faults == []
    assert [values["full_name"] for _, values in sent.rows] == ["Tevita Moala", "Losa"], "it goes out again with what is there"


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a formula": ({"full_name": "=A1&B1"}, "formula"),
    "a date": ({"post": date(2026, 1, 1)}, "holds a date"),
    "text for a rank": ({"rank": "first"}, "whole number"),
    "an unknown level": ({"language_level": "fluent"}, "is not one of"),
    "no address, and the name of another": ({"email": ""}, "Is this the same person as"),
    "not an address": ({"email": "tevita at wharf"}, "not an e-mail"),
    "a stranger as supervisor": ({"supervisor_email": "neighbour@practice.example"}, "supervisor of your"),
    "a neighbour’s officer": ({"email": "neighbour@practice.example"}, "cannot be used"),
    "too long": ({"unit": "x" * 200}, "At most 120"),
}


@pytest.mark.parametrize("what", sorted(BAD))
def test_a_bad_row_is_said_in_words_and_nothing_is_half_taken(invited: Any, what: str) -> None:
    walk, invitation = invited
    change, words = BAD[what]
    answer = _send(walk, invitation, _filled(invitation, _row(rank=2, email="good@practice.example"), _row(**change)))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "Dorji" not in text
    assert not Nomination.objects.filter(invitation=invitation).exists()


def _moved(book: Any) -> None:
    sheet = book[workbook.SHEET]
    sheet.move_range("A4:N6", cols=2)
    sheet.cell(4, 1, "Our own notes")


def _many_empty(book: Any) -> None:
    sheet = book[workbook.SHEET]
    for number in range(300, 100_300, 1):
        if number % 500 == 0:
            sheet.cell(number, 1, " ")
    sheet.cell(100_300, 2, "")


@pytest.mark.parametrize("change", [_moved, _many_empty])
def test_moved_columns_and_empty_rows_do_no_harm(invited: Any, change: Callable[[Any], None]) -> None:
    walk, invitation = invited
    assert _send(walk, invitation, _filled(invitation, _row(), change=change)).status_code == 302
    assert Nomination.objects.get(invitation=invitation).person.full_name == "Tevita Moala"


def _merged(book: Any) -> None:
    book[workbook.SHEET].merge_cells("B5:B6")


def _no_titles(book: Any) -> None:
    book[workbook.SHEET].delete_rows(HEAD)


def _lost_column(book: Any) -> None:
    book[workbook.SHEET].delete_cols(5)


@pytest.mark.parametrize(
    ("change", "words"),
    [(_merged, "merged"), (_no_titles, "titles of the columns is missing"), (_lost_column, "A column is missing: E-mail")],
)
def test_a_workbook_that_cannot_be_read_says_why(invited: Any, change: Callable[[Any], None], words: str) -> None:
    walk, invitation = invited
    answer = _send(walk, invitation, _filled(invitation, _row(), change=change))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Nomination.objects.filter(invitation=invitation).exists()


def test_a_workbook_of_another_invitation_is_refused_before_a_row_is_read(invited: Any) -> None:
    walk, invitation = invited
    other = Invitation.objects.filter(place__code="ATN").exclude(pk=invitation.pk).select_related("activity", "place").latest("id")
    answer = _send(walk, invitation, _filled(other, _row(full_name="=1+1")))
    assert answer.status_code == 422
    assert "another invitation" in answer.content.decode()
    assert "formula" not in answer.content.decode()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"name;rank\nPele;1\n", b"\xff" * 100])
def test_what_is_no_workbook_is_said_to_be_none(invited: Any, content: bytes) -> None:
    answer = _send(*invited, content)
    assert answer.status_code == 422
    assert b"Traceback" not in answer.content
    assert not Nomination.objects.filter(invitation=invited[1]).exists()


def test_a_name_that_a_spreadsheet_would_run_goes_out_as_text(invited: Any) -> None:
    walk, invitation = invited
    walk.nominate("coordinator", str(invitation.uuid), 1, full_name="=HYPERLINK(1)", email="odd@practice.example")
    sheet = load_workbook(io.BytesIO(workbook.write(invitation)))[workbook.SHEET]
    assert str(sheet.cell(HEAD + 1, 2).value).startswith("'=")


def test_a_title_or_an_answer_that_looks_like_a_formula_stands_as_text(world: Any) -> None:
    from entrepot.capacity.evaluation.core import Question
    from entrepot.capacity.evaluation.workbook import write as write_questions

    invitation = Invitation.objects.select_related("activity", "place").first()
    invitation.activity.title = '=HYPERLINK("https://attacker.example","Values")'
    question = Question(key="a", kind="choice", text="=1+1", options=("=1+1", "+2", "no"))
    for file in (workbook.write(invitation), write_questions("=1+1", {"ask": "x"}, [question], {"a": 0}, [])):
        cells = [cell for sheet in load_workbook(io.BytesIO(file)) for row in sheet.iter_rows() for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f"]
