"""Damaged files of declarations: rows that are read and lines that are refused are all the lines of the file."""

from __future__ import annotations

import csv
import gzip
import io
import random
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.risk.declarations.api import Unreadable, connect, read, require_whole
from entrepot.risk.declarations.lines import part

from .test_commands import GOOD

TODAY = date(2026, 11, 30)


def _line(number: int, **change: str) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="").writerow((GOOD | {"declaration_id": f"D{number}", "description": "shoes, new"} | change).values())
    return file.getvalue()


HEAD = ",".join([*GOOD, "description"])


def _read(path: Path, lines: list[str], con: Any = None) -> Any:
    path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8", newline="")
    return read(path, today=TODAY, con=con)


def test_an_open_quotation_mark_costs_its_own_line_alone(tmp_path: Path) -> None:
    lines = [_line(number) for number in range(1, 6_001)]
    lines[3_000] = lines[3_000].replace("I1", '"I1')
    checked = _read(tmp_path / "d.csv", lines)
    assert (checked.read, checked.refused) == (6_000, 1)
    (rejected,) = checked.rejected.to_pyarrow().to_pylist()
    assert rejected["row_in_file"] == 3_001
    assert "a quotation mark is not closed" in rejected["reason"]
    assert rejected["content"] == lines[3_000]
    numbers = checked.good.select("row_in_file", "declaration_id").to_pyarrow().to_pylist()
    assert all(row["declaration_id"] == f"D{row['row_in_file']}" for row in numbers), "rows after it keep their number"


def test_a_text_of_several_lines_is_one_row(tmp_path: Path) -> None:
    long = _line(2, description="shoes\nnew, in boxes\n\nof “paper”")
    checked = _read(tmp_path / "d.csv", [_line(1), long, _line(3), 'D4,"', _line(5), _line(6)])
    found = checked.good.select("declaration_id", "description").to_pyarrow().to_pylist()
    assert [row["declaration_id"] for row in found] == ["D1", "D2", "D3", "D5", "D6"]
    assert found[1]["description"] == "shoes\nnew, in boxes\n\nof “paper”"
    assert checked.refused == 1


def test_what_a_line_may_be_is_said_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "d.csv.gz"
    lines = [_line(1), "D2,too,few", _line(3) + ",many", _line(4), _line(5), "", _line(7, description='5" pipe'), _line(8)]
    raw = "\r\n".join([HEAD, *lines]).encode().replace(b"D4", b"D4\x00").replace(b"D5", b"D\xff5")
    path.write_bytes(gzip.compress(raw))
    checked = read(path, today=TODAY)
    assert [row["declaration_id"] for row in checked.good.to_pyarrow().to_pylist()] == ["D1", "D7", "D8"]
    said = {row["row_in_file"]: row["reason"] for row in checked.rejected.to_pyarrow().to_pylist()}
    assert set(said) == {2, 3, 4, 5}
    assert "3 cells, the titles are 9" in said[2]
    assert "NUL" in said[4]
    assert "UTF-8" in said[5]
    assert checked.read == 7


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"{HEAD}\n".encode("utf-16"), "UTF-16"),
        (b'a,"b\n1,2\n', "titles"),
        (b"\x00\x01" * 50, "titles"),
        (b"", "empty"),
        (b"\n\n", "empty"),
    ],
)
def test_a_file_without_a_line_of_titles_is_refused_with_the_reason(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "d.csv").write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / "d.csv", today=TODAY)
    assert words in str(refused.value)


def test_a_file_of_another_command_that_was_damaged_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text('declaration_id,score\n"D1",1\n"D2,1\nD3,1\n')
    with pytest.raises(Unreadable, match="line 3"):
        require_whole(tmp_path / "s.csv")


def _damaged(lines: list[str], chance: random.Random) -> list[str]:
    """The lines with what goes wrong with files: marks, separators and bytes too many or lost."""
    found = list(lines)
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(found))
        where = chance.randrange(len(found[at]) + 1)
        more = chance.choice(['"', '""', ",", '",', '"\x00', " ", ""])
        found[at] = found[at][:where] + more + found[at][where + (more == "") :]
    return found


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_every_line_is_a_row_part_of_one_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    lines = _damaged([_line(number) for number in range(1, chance.randint(2, 9))], chance)
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "d.csv", io.StringIO()
        path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8", newline="")
        rejects = part(path, out, "row")
    rows = list(csv.reader(io.StringIO(out.getvalue())))[1:]
    taken = sum(1 + sum(cell.count("\n") for cell in cells) for cells in rows)
    assert taken + len(rejects.rows) + sum(line == "" for line in lines) == len(lines)
    assert all(len(cells) == len(GOOD) + 2 for cells in rows)


def test_duckdb_reads_as_many_rows_as_there_are_lines(tmp_path: Path) -> None:
    chance, con = random.Random(9), connect()
    for number in range(4):
        lines = _damaged([_line(number) for number in range(1, 40)], chance)
        checked = _read(tmp_path / f"{number}.csv", lines, con)
        out = io.StringIO()
        rejects = part(tmp_path / f"{number}.csv", out, "row")
        assert checked.read == len(rejects.rows) + len(list(csv.reader(io.StringIO(out.getvalue())))) - 1
        assert checked.good.count().to_pyarrow().as_py() == checked.read - checked.refused
        assert checked.rejected.count().to_pyarrow().as_py() == checked.refused
