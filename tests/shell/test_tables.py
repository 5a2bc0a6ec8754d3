"""Tables as files that an office's spreadsheet opens: nothing that somebody typed runs in it, however it parts its lists."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from entrepot.kernel.sheets import saved
from entrepot.shell.tables import to_csv, to_workbook

RUNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_typed = st.text(st.sampled_from("=+-@＝;,\t\r\n\"' a1|"), max_size=12)


@given(st.lists(st.tuples(_typed, _typed), min_size=1, max_size=4), st.tuples(_typed, _typed))
@example([("tea;=1+1", '"\n=1+1;"')], ('x;"=1+1"', "="))
@example([('";""=1+1', "a")], ("=1", "b\r\n@x"))
def test_no_cell_of_a_csv_file_runs_whichever_sign_parts_its_lists(rows: list[tuple[str, str]], titles: tuple[str, str]) -> None:
    text = to_csv(titles, rows).decode("utf-8-sig")
    for delimiter in ",;\t":
        cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in row]
        cells = [cell.lstrip("\t\r\n") for cell in cells]
        assert not [cell for cell in cells if cell.startswith(RUNS) and not re.fullmatch(r"-\d+(\.\d+)?", cell)]


def test_what_looks_like_no_formula_goes_out_as_it_is() -> None:
    rows = [("a; b", "tea, 5 kg"), ("-3.5", -3), ("line\nline", None)]
    text = to_csv(("One", "Two"), rows).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == [["a; b", "tea, 5 kg"], ["-3.5", "-3"], ["line\nline", ""]]


@pytest.mark.parametrize("typed", ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "＝1+1"])
def test_no_cell_of_a_workbook_is_a_formula_the_first_neither(typed: str) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = typed
    for file in (saved(book), to_workbook(typed, [typed, "b"], [[typed, 1]])):
        read = load_workbook(io.BytesIO(file))
        assert {cell.data_type for row in read.worksheets[0].iter_rows() for cell in row} <= {"s", "n"}
