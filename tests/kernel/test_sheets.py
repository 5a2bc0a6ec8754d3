"""Rows of files: every row that is there is read or named, whatever the file says of itself and whoever made it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from entrepot.kernel.sheets import UnreadableTable, UnreadCell, bare, cell_text, inert, put, read_table
from entrepot.kernel.workbooks import ErrorValue, Formula, Sheet, open_book

NOON = datetime(2026, 11, 5, 12, tzinfo=UTC).replace(tzinfo=None)
SHEET = "xl/worksheets/sheet1.xml"


def _book(*rows: list[Any], change: Callable[[Any], None] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    old, file = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if name in (part, "*") else old.read(part))
    return file.getvalue()


def _sheet(content: bytes) -> Sheet:
    with open_book(content) as book:
        return book.sheet(book.names[0])


def _rows(content: bytes) -> list[tuple[int, dict[int, Any]]]:
    return [(line.number, dict(line.cells)) for line in _sheet(content).lines]


THREE = [["a", 1], ["b", 2], ["c", 3]]
READ = [(1, {0: "a", 1: 1}), (2, {0: "b", 1: 2}), (3, {0: "c", 1: 3})]


@pytest.mark.parametrize("extent", [b'<dimension ref="A1"/>', b'<dimension ref="A1:B2"/>', b'<dimension ref="A1:XFD1048576"/>', b""])
def test_a_wrong_extent_loses_no_row(extent: bytes) -> None:
    assert _rows(_part(_book(*THREE), SHEET, lambda xml: re.sub(rb"<dimension[^>]*/>", extent, xml))) == READ


def test_rows_without_numbers_out_of_order_or_far_away_are_read() -> None:
    bald = _part(_book(*THREE), SHEET, lambda xml: re.sub(rb' r="[A-Z]*\d+"', b"", xml))
    assert _rows(bald) == READ
    turned = _part(_book(*THREE), SHEET, lambda xml: re.sub(rb'(<row r="2".*?</row>)(<row r="3".*?</row>)', rb"\2\1", xml))
    assert sorted(_rows(turned)) == READ
    far = _rows(_book(*THREE, change=lambda book: book.active.cell(900_000, 3, "far")))
    assert far == [*READ, (900_000, {2: "far"})]


def test_cells_come_as_their_writer_sees_them() -> None:
    def change(book: Any) -> None:
        sheet = book.active
        sheet["A1"] = True
        sheet["B1"], sheet["C1"], sheet["D1"] = "=TRUE()", "=1+1", "#N/A"
        sheet["E1"], sheet["E1"].number_format = 0.125, "0.0%"
        sheet["F1"], sheet["G1"] = "12", 3.0
        sheet["H1"] = NOON
        put(sheet["I1"], "=1+1")
        put(sheet["J1"], "_x0041_\x07")
        sheet["K1"] = "one_x000D_\ntwo"

    ((_, cells),) = _rows(_book(change=change))
    shown = [True, True, Formula("=1+1"), ErrorValue("#N/A"), "12.5 %", "12", 3.0, NOON, "'=1+1", "_x0041_", "one\r\ntwo"]
    assert list(cells.values()) == shown
    assert [cell_text(cells[at]) for at in (0, 4, 5, 6, 8)] == ["yes", "12.5 %", "12", "3", "=1+1"]
    for at in (2, 3, 7):
        with pytest.raises(UnreadCell):
            cell_text(cells[at])


def test_both_calendars_shared_texts_hidden_rows_and_merged_cells_are_understood() -> None:
    def change(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904
        book.active["A1"] = NOON
        book.active["A2"], book.active["A3"] = "x", "y"
        book.active.row_dimensions[2].hidden = True
        book.active.merge_cells("B2:C3")

    sheet = _sheet(_book(change=change))
    assert sheet.lines[0].cells[0] == NOON
    assert [line.hidden for line in sheet.lines] == [False, True, False]
    assert [at for at in range(4) if sheet.merged_at(3, at)] == [1, 2]
    assert sheet.merged_at(4, 1) is None
    texts = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>na</t></r><r><t>me</t></r></si></sst>'
    shared = _part(_book(["a"]), SHEET, lambda xml: xml.replace(b't="inlineStr"><is><t>a</t></is>', b't="s"><v>0</v>'))
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    named = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    with_part = io.BytesIO(_part(shared, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", named)))
    with zipfile.ZipFile(with_part, "a") as packed:
        packed.writestr("xl/sharedStrings.xml", texts)
    assert _rows(with_part.getvalue()) == [(1, {0: "name"})]


def _zip(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
_MAIN, _LINKS = b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"schemas.openxmlformats.org/officeDocument/2006/relationships"
OTHERS = {
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "locked by a password"),
    "old": (OLE + "Workbook".encode("utf-16-le"), "(.xls)"),
    "strict": (
        _part(
            _book(["a"]),
            "*",
            lambda xml: xml.replace(_MAIN, b"purl.oclc.org/ooxml/spreadsheetml/main").replace(_LINKS, b"purl.oclc.org/ooxml/relationships"),
        ),
        "Strict Open XML",
    ),
    "open": (_zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_xml=b"<a/>"), "OpenDocument"),
    "binary": (_zip(xl__workbook_bin=b"x"), ".xlsb"),
    "numbers": (_zip(Index__Document_iwa=b"x"), "Numbers"),
    "zip": (_zip(a_txt=b"x"), "not an Excel workbook"),
    "cut": (_book(["a"])[:-400], "not an Excel workbook"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_a_file_of_another_kind_is_named_with_what_to_do(kind: str) -> None:
    content, words = OTHERS[kind]
    with pytest.raises(UnreadableTable) as refused, open_book(content):
        pass
    assert words in str(refused.value.faults["file"])
    with pytest.raises(UnreadableTable):
        list(read_table(content))


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
leading = st.one_of(
    texts, st.tuples(st.text("'=+-@\t", max_size=3), texts).map("".join), st.sampled_from(["#N/A", "=1", "'", "-3", "_x0041_"])
)


@settings(max_examples=60, deadline=None)
@given(written=st.lists(leading, min_size=1, max_size=30))
def test_every_text_that_goes_out_comes_back(written: list[str]) -> None:
    assert [bare(inert(text)) for text in written] == written
    kept = [text for text in written if text.isprintable() and text == text.strip() and text.strip("'")]
    book = Workbook()
    for row, text in enumerate(kept, 1):
        put(book.active.cell(row, 1), text)
    file = io.BytesIO()
    book.save(file)
    assert [cell_text(line.cells[0]) for line in _sheet(file.getvalue()).lines] == kept
    assert not any(cell.data_type == "f" for row in load_workbook(io.BytesIO(file.getvalue())).active.iter_rows() for cell in row)


def _refused(text: bytes) -> dict[str, str]:
    with pytest.raises(UnreadableTable) as refused:
        list(read_table(text))
    return {name: str(fault) for name, fault in refused.value.faults.items()}


def test_a_csv_is_read_in_its_usual_dialects() -> None:
    wanted = [(1, ["a", "b"]), (2, ["1,5", "x;y"]), (3, ["", "z"])]
    for text in ('a;b\n1,5;"x;y"\n;z\n', 'a\tb\r\n"1,5"\tx;y\r\n\tz\r\n', 'a,b\r"1,5",x;y\r,z\r', 'a;b;;\n1,5;"x;y";;\n\n;z;;\n'):
        read = [(number, cells[:2]) for number, cells in read_table(text.encode())]
        assert [cells for _, cells in read] == [cells for _, cells in wanted]
    assert list(read_table(b"sep=|\na|b\n1|2\n")) == [(2, ["a", "b"]), (3, ["1", "2"])]
    assert list(read_table("a;b\nñ;2\n".encode("utf-16"))) == [(1, ["a", "b"]), (2, ["ñ", "2"])]
    assert list(read_table(b"a;b\n=1+1;'=x\n")) == [(1, ["a", "b"]), (2, [Formula("=1+1"), "=x"])]


def test_a_damaged_csv_names_its_rows() -> None:
    assert "after row 2" in _refused(b'a,b\n1,2\n"3,4\n5,6\n')["file"]
    assert "after row 1" in _refused(b'a,b\n"1"x,2\n')["file"]
    assert set(_refused(b"a,b,c\n1,2,3\n1,5,2,3\n1,2\n4,5,6\n")) == {"row 3", "row 4"}
    assert "whole rows" in _refused(b'a,b\n1,2\n3,"4\n5,6"\n')["row 3"]
    assert set(_refused(b'a,b\n1,"2\n3,4\n5",6\n')) == {"row 2"}
    assert "UTF-8" in _refused("a,b\né,1\n".encode("cp1252"))["file"]
    assert "neither" in _refused(b"a,b\n\x00,1\n")["file"]
    assert len(_refused(b"a,b\n" + b"1,2,3\n" * 50)) == 21


plain_cells = st.text(st.sampled_from("abc 1'"), min_size=1, max_size=4).filter(str.strip)
tables = st.integers(2, 5).flatmap(lambda width: st.lists(st.lists(plain_cells, min_size=width, max_size=width), min_size=3, max_size=12))


@settings(max_examples=150, deadline=None)
@given(table=tables, hits=st.lists(st.integers(0, 400), max_size=3), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_no_row_of_a_damaged_csv_is_lost_in_silence(table: list[list[str]], hits: list[int], quoting: Any) -> None:
    file = io.StringIO()
    csv.writer(file, quoting=quoting, lineterminator="\n").writerows(table)
    text = file.getvalue()
    for hit in hits:
        at = hit % len(text)
        text = text[:at] + '"' + text[at:]
    try:
        read = list(read_table(text.encode()))
    except UnreadableTable as refused:
        assert refused.faults  # noqa: PT017
        return
    assert len(read) == len(table), "a row that is read is one line of the file"


@pytest.mark.parametrize(
    "entities",
    [
        b'<!ENTITY x SYSTEM "file:///etc/hostname">',
        b'<!ENTITY % y SYSTEM "file:///etc/hostname"> %y; <!ENTITY x "z">',
        b'<!ENTITY a "'
        + b"a" * 1000
        + b'">'
        + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 100) for c in range(98, 105))
        + b'<!ENTITY x "&h;">',
    ],
    ids=["a file", "a file of entities", "entities without end"],
)
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_entities_of_a_workbook_bring_nothing_in(entities: bytes, part: str) -> None:
    def planted(xml: bytes) -> bytes:
        kind = b"root" if part != SHEET else b"worksheet"
        head, _, rest = xml.partition(b"?>") if xml.startswith(b"<?xml") else (b"<?xml version='1.0'", b"", xml)
        return head + b"?><!DOCTYPE " + kind + b" [" + entities + b"]>" + rest.replace(b">a<", b">&x;<")

    host = Path("/etc/hostname").read_text().strip() if Path("/etc/hostname").exists() else "nowhere"
    try:
        read = str([row for _, row in read_table(_part(_book(*THREE), part, planted))])
    except UnreadableTable:
        return
    assert host not in read
    assert len(read) < 10_000
