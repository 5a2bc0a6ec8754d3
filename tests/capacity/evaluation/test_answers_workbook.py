"""The answers' workbook beside people's programs and habits: what goes out comes back, and every fault is told at once where it is."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from entrepot.capacity.evaluation import core, workbook
from entrepot.capacity.evaluation.core import Question
from entrepot.kernel.errors import Invalid

from .test_forms import KEPT, KINDS

ABOUT = {"what": "answer", "thing": "a", "form": "b"}


def _sent(answers: dict[str, Any], change: Callable[[Any], None] | None = None, **cells: Any) -> workbook.Sent:
    book = load_workbook(io.BytesIO(workbook.write("Form", ABOUT, KINDS, answers, [])))
    sheet = book[workbook.ANSWERS]
    for row in sheet.iter_rows(min_row=workbook.HEAD + 1):
        name = str(row[3].value).replace(".", "_")
        if name in cells:
            row[2].value = cells[name]
    if change:
        change(sheet)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return workbook.read(file, ABOUT, KINDS)


texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=20)
odd = st.sampled_from(["- no", "'- no", "=1+1", "1,5", "TRUE", "#N/A", "one\r\n- two", "'tis", "_x000D_"])


@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    why=texts | odd,
    hours=st.floats(0, 100) | st.sampled_from([1.234, 12.0, 0.0]),
    parts=st.sets(st.integers(0, 2)),
    scale=st.integers(1, 2),
    told=st.booleans(),
)
def test_an_unchanged_workbook_holds_the_same_answers(why: str, hours: float, parts: set[int], scale: int, told: bool) -> None:
    answers = core.checked_answers(KINDS, {**KEPT, "useful": scale, "why": why, "hours": hours, "parts": sorted(parts), "told": told})
    sent = _sent(answers)
    assert sent.faults == []
    assert core.checked_answers(KINDS, sent.given) == answers


def test_cells_are_read_as_their_writer_sees_them() -> None:
    cells = {"told": True, "hours": 1.234, "since": datetime(2026, 1, 5, 8, tzinfo=UTC).replace(tzinfo=None), "again": 2, "parts": 3}
    sent = _sent(KEPT, **cells)
    assert core.checked_answers(KINDS, sent.given) == KEPT | {"told": True, "hours": 1.234, "again": 1, "parts": [2]}
    assert core.checked_answers(KINDS, _sent(KEPT, told="=FALSE()").given)["told"] is False


def test_all_faults_come_at_once_with_their_row() -> None:
    def change(sheet: Any) -> None:
        sheet.row_dimensions[4].hidden = True
        sheet["D11"] = None
        sheet["C14"], sheet["D14"] = "3", "useful"
        sheet["C15"], sheet["D15"] = "3", "gone"
        sheet.merge_cells("C6:C7")

    sent = _sent(KEPT, change, useful="9", hours="1,500", told="=A1")
    faults = dict([*sent.faults, *sent.also_wrong(KINDS)])
    assert [str(remark) for remark in sent.remarks] == ["A hidden row was read too: sheet Answers, row 4."]
    assert set(faults) == {
        *(f"sheet Answers, row {row}" for row in (6, 7, 11, 12, 14, 15)),
        "sheet Answers, row 4, Was it useful?",
        "sheet Answers, row 10, Hours saved?",
    }
    assert "merged" in faults["sheet Answers, row 6"]
    assert "formula" in faults["sheet Answers, row 12"]
    assert "earlier row" in faults["sheet Answers, row 14"]
    assert "1500 or 1.5" in faults["sheet Answers, row 10, Hours saved?"]


def test_options_are_known_by_their_own_words_first() -> None:
    choice = (Question("a", "?", "choice", ("2", "yes", "Yes", "none")),)
    for index in range(4):
        content = workbook.write("Form", ABOUT, choice, {"a": index}, [])
        assert core.checked_answers(choice, workbook.read(io.BytesIO(content), ABOUT, choice).given) == {"a": index}


def test_too_many_rows_are_refused_and_none_is_left_out() -> None:
    with pytest.raises(Invalid):
        _sent(KEPT, lambda sheet: [sheet.cell(row, 4, f"x{row}") for row in range(20, 2100)])
    assert len(_sent(KEPT, lambda sheet: sheet.cell(900, 4, "x")).faults) == 1
