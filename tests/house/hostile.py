"""The worst small inputs of each kind, and the reader that gets them: `python -m tests.house.hostile NAME` tries those of one reader.

Nothing here is large: what each would become, if it were let, is.
"""

from __future__ import annotations

import base64
import gzip
import io
import math
import re
import resource
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

SECONDS = 6


class Case(NamedTuple):
    """A reader, the modules that it stands for, and what it gets: (what is bad about it, how to make it)."""

    modules: tuple[str, ...]
    read: Callable[[Any], object]
    inputs: tuple[tuple[str, Callable[[], Any]], ...]


def _archive(*entries: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            packed.writestr(name, content)
    return file.getvalue()


_NOTHING = "c-nJ{%CIzaj8qGb<l}sFpE17Af#CoH1BU{GL4&WG(*o6%Tn*Dl<wxa5<%hex%&a5F8QyC+FaqUSz$(sguF70BsmW}qr=y(Sldgh=3YMmweE^2aMEU"
"""What bzip2 makes of 1.5 GB of nothing, packed."""


def _overpacked(method: int) -> bytes:
    """An archive whose parts say that they hold thirty bytes, and hold a gigabyte or two of nothing."""
    names = ("mimetype", "kit.json", "xl/workbook.xml")
    if method == zipfile.ZIP_BZIP2:
        packed = zlib.decompress(base64.b85decode(_NOTHING))
    else:
        # What ends in a full flush can be said again.
        deflate = zlib.compressobj(9, wbits=-15)
        packed = (deflate.compress(bytes(1_000_000)) + deflate.flush(zlib.Z_FULL_FLUSH)) * 2400
    crc, parts, contents = zlib.crc32(bytes(30)), b"", b""
    for name in names:
        said = struct.pack("<5H3L2H", 46, 0, method, 0, 33, crc, len(packed), 30, len(name), 0)
        contents += struct.pack("<4sH", b"PK\1\2", 46) + said + struct.pack("<3H2L", 0, 0, 0, 0, len(parts)) + name.encode()
        parts += b"PK\3\4" + said + name.encode() + packed
    return parts + contents + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(names), len(names), len(contents), len(parts), 0)


def _listing(number: int) -> bytes:
    """An archive that is nothing but its list of contents."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 46, 46, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    return entry * number + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, len(entry) * number, 0, 0)


_OVERPACKED = (
    ("a kilobyte that is 1.5 GB", lambda: _overpacked(zipfile.ZIP_BZIP2)),
    ("2 MB that are 2 GB and say thirty bytes", lambda: _overpacked(zipfile.ZIP_DEFLATED)),
    ("400,000 entries and nothing else", lambda: _listing(400_000)),
)


def _kit(**more: Any) -> Any:
    import msgspec

    from entrepot.capacity.training.core.kits import FORM, Kit, Source

    texts = dict.fromkeys(("language", "version_label", "objectives", "target_group"), "")
    numbers = dict.fromkeys(("seats", "seats_per_member", "follow_up_months", "days"), 1)
    lists: dict[str, Any] = {name: [] for name in ("outcomes", "lessons", "costs", "papers", "results")}
    source = Source("", "", "", "", "", "", invented=True)
    values = {"form": FORM, "source": source, "competency": "VAL-1", "level": "trained", "mode": "in_person", "criteria": {}, "parts": {}}
    values |= texts | numbers | lists
    return msgspec.json.encode(Kit(**(values | more)))


def _swelling_kit() -> bytes:
    from hashlib import sha256

    from entrepot.capacity.training.core.kits import Paper

    nothing = bytes(20_000_000)
    papers = [Paper(f"papers/{number}", f"{number}.txt", "x", sha256(nothing).hexdigest()) for number in range(60)]
    return _archive(("kit.json", _kit(papers=papers)), *((paper.entry, nothing) for paper in papers))


def _many_lessons() -> bytes:
    from entrepot.capacity.training.core.kits import Lesson

    return _archive(("kit.json", _kit(lessons=[Lesson("x", 1, "09:00", 60)] * 20_000)))


def _read_kit(file: bytes) -> object:
    from entrepot.capacity.training.core.kits import MOST_SESSIONS, unpack

    kit, _ = unpack(file, largest=20_000_000)
    assert len(kit.lessons) <= MOST_SESSIONS, "its sessions are written one by one, under a lock"
    return kit


def _difference(texts: tuple[str, str]) -> object:
    from entrepot.capacity.knowledge.core.differences import difference

    return difference(*texts)


def _document(content: bytes) -> object:
    from entrepot.ground.documents.core import judge

    return judge("x.odt" if b"mimetype" in content else "x.zip", io.BytesIO(content))


def _print(text: str) -> object:
    import django

    django.setup()
    from entrepot.kernel.papers import Paper, Para
    from entrepot.shell.papers import to_pdf

    return to_pdf(Paper("x", (Para(text),)))


def _test(text: str) -> object:
    from entrepot.capacity.evaluation.core import read_test

    return read_test(text)


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TEXTS_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def _workbook(rows: str = "", *, behind: str = "", texts: str = "", styles: str = "", strings: str = "xl/", sheets: int = 1) -> bytes:
    """A workbook with these rows, texts and styles as XML; its texts in a folder, and one sheet under so many names."""
    from openpyxl import Workbook

    made = io.BytesIO()
    Workbook().save(made)
    with zipfile.ZipFile(made) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{behind}</worksheet>'.encode()
    if texts:
        parts[f"{strings}sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{texts}</sst>'.encode()
        named = f'<Override PartName="/{strings}sharedStrings.xml" ContentType="{_TEXTS_KIND}"/></Types>'.encode()
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", named)
    if sheets > 1:
        one = re.search(rb'<sheet [^>]*name="Sheet"[^>]*/>', parts["xl/workbook.xml"])[0]  # type: ignore[index]
        every = b"".join(one.replace(b'"Sheet"', b'"S%d"' % number) for number in range(sheets))
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(one, every)
    if styles:
        parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"</cellXfs>", styles.encode() + b"</cellXfs>")
    return _archive(*parts.items())


def _cell(name: str, text: str = "x") -> str:
    return f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>'


_A1 = f"<row>{_cell('A1')}</row>"
_MERGED = '<mergeCell ref="A1:A2"/>'


_NAMES = '<c t="s"><v>0</v></c>'
_NAMED, _NAMED_BY_ALL = f"<row>{_NAMES}</row>" * 400, f"<row>{_NAMES * 200}</row>" * 6000
_SHARED = f'<row r="1"><c r="A1"><f t="shared" si="0">{"A1+" * 300_000}A1</f></c></row>' + "".join(
    f'<row r="{n}"><c r="A{n}"><f t="shared" si="0"/></c></row>' for n in range(2, 400)
)


def _merged_everywhere() -> bytes:
    rows = "".join(f'<row r="{n}">{_cell(f"A{n}")}{_cell(f"T{n}")}</row>' for n in range(1, 19_000))
    return _workbook(rows, behind="<mergeCells>" + '<mergeCell ref="U1:Z1048576"/>' * 100 + "</mergeCells>")


def _table(content: bytes) -> object:
    from entrepot.kernel.sheets import read_table

    return len(list(read_table(content)))


def _packed_body(body: bytes) -> object:
    import django

    django.setup()
    from django.test import RequestFactory

    from entrepot.capacity.records.web.xapi.wire import Refused, _unpacked
    from entrepot.kernel.errors import Invalid

    try:
        return _unpacked(
            RequestFactory().post("/xapi/statements", body, content_type="application/json", headers={"Content-Encoding": "gzip"})
        )
    except Refused as refused:
        raise Invalid({"body": refused.message}) from None


def _text(text: str) -> object:
    from entrepot.ground.people.core import fold
    from entrepot.kernel.characters import clean_text

    return fold(clean_text(text))


CASES = {
    "text of a form": Case(
        (),
        _text,
        (
            ("marks above and below in turn", lambda: "a" + "\u0301\u0323" * 600_000),
            ("the same, with what is removed between them", lambda: "a" + "\u0301\u200b\u0323\u2060" * 300_000),
            ("marks that are taken apart", lambda: "\u0f73\u0344\u0323" * 400_000),
            ("marks of half width", lambda: "ｶ" + "\uff9e\u0301" * 600_000),
            ("joiners between pictures", lambda: "👩\u200d" * 300_000),
            ("joiners between letters", lambda: "ب\u200c" * 500_000),
        ),
    ),
    "packed statements": Case(
        ("capacity/records/web/xapi/wire.py",),
        _packed_body,
        (
            ("4 GB of nothing", lambda: gzip.compress(bytes(400_000_000)) * 10),
            ("half a million empty members", lambda: gzip.compress(b"") * 500_000),
        ),
    ),
    "table": Case(
        ("kernel/sheets.py", "kernel/workbooks.py"),
        _table,
        (
            ("one far cell", lambda: _workbook(f'<row r="1048576">{_cell("XFD1048576")}</row>')),
            ("a million empty rows", lambda: _workbook("<row/>" * 1_000_000)),
            ("a row of 400,000 cells", lambda: _workbook(f"<row>{'<c/>' * 400_000}</row>")),
            ("merged a hundred times over all rows", _merged_everywhere),
            ("merged 500,000 times", lambda: _workbook(behind=f"<mergeCells>{_MERGED * 500_000}</mergeCells>")),
            ("four million rows of CSV", lambda: b"a,b\n" + b"\n" * 4_000_000),
            ("350,000 rows of CSV", lambda: b"a,b\n" + b"\n" * 350_000),
            ("2.4 million marks", lambda: b'a,b\n"' + b'""' * 2_400_000),
            ("one row of 4.9 million cells", lambda: b"," * 4_900_000),
        ),
    ),
    "parts of a workbook": Case(
        ("kernel/workbooks.py",),
        _table,
        (
            ("a million texts", lambda: _workbook(_A1, texts="<si><t/></si>" * 1_000_000)),
            ("250,000 texts", lambda: _workbook(_A1, texts="<si><t/></si>" * 250_000)),
            ("100,000 styles", lambda: _workbook(_A1, styles="<xf/>" * 100_000)),
            (
                "two million texts filed among the sheets",
                lambda: _workbook(_A1, texts="<si><t/></si>" * 2_000_000, strings="xl/worksheets/"),
            ),
            ("one text of many line ends that 400 cells name", lambda: _workbook(_NAMED, texts=f"<si><t>{'_x000D_' * 500_000}</t></si>")),
            ("one long text that 1.2 million cells name", lambda: _workbook(_NAMED_BY_ALL, texts=f"<si><t>'{'=x' * 15_000}</t></si>")),
            ("half a million pieces of one text", lambda: _workbook(f'<row><c t="inlineStr"><is>{"<r><t/></r>" * 500_000}</is></c></row>')),
            ("a long formula that many cells share", lambda: _workbook(_SHARED)),
            ("20,000 names for one sheet", lambda: _workbook(_A1, sheets=20_000)),
            *_OVERPACKED,
            ("a text that grows by entities", lambda: _workbook(f"<row>{_cell('A1', '&a;')}</row>")),
        ),
    ),
    "kit": Case(
        ("capacity/training/core/kits.py",),
        _read_kit,
        (("1.2 MB that unpack to 1.2 GB", _swelling_kit), ("20,000 sessions", _many_lessons), *_OVERPACKED),
    ),
    "difference of two texts": Case(
        ("capacity/knowledge/core/differences.py",),
        _difference,
        (
            ("one letter repeated", lambda: ("一" * 3000, "二一" * 1500)),
            ("two words repeated", lambda: ("a b " * 3000, "b a a " * 2000)),
            ("nothing in common", lambda: ("x " * 10_000, "y " * 10_000)),
            (
                "blocks moved",
                lambda: ("".join(map(chr, range(0x4E00, 0x4E00 + 10_000))), "".join(map(chr, range(0x4E00 + 9_999, 0x4DFF, -1)))),
            ),
        ),
    ),
    "uploaded archive": Case(
        ("ground/documents/core/contents.py", "kernel/archives.py"),
        _document,
        (
            ("ten thousand entries", lambda: _archive(*((f"{number}.txt", b"") for number in range(10_000)))),
            ("swells", lambda: _archive(*((f"{number}.txt", bytes(40_000_000)) for number in range(30)))),
            *_OVERPACKED,
        ),
    ),
    "paper": Case(
        (),
        _print,
        (
            ("every character differs and none can be drawn", lambda: "".join(map(chr, range(0x20000, 0x20000 + 8000)))),
            ("one word of 8,000 letters", lambda: "W" * 8000),
            ("one syllable of 8,000 letters", lambda: "क्" * 4000),
        ),
    ),
    "test as text": Case(
        (),
        _test,
        (("40,000 questions", lambda: "q\n* a\n- b\n\n" * 40_000), ("one of 40,000 answers", lambda: "q\n* a\n" + "- b\n" * 40_000)),
    ),
}


def main(name: str) -> None:
    """Give a reader its inputs, and print for each whether it was taken or refused; any other end is a fault."""
    from entrepot.kernel.errors import DomainError

    case = CASES[name]
    for words, make in case.inputs:
        given = make()
        # What this one may take; the processor's time so far went into the others and into making it.
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + SECONDS, resource.RLIM_INFINITY))
        try:
            case.read(given)
        except DomainError as error:
            print(words, "refused:", error, flush=True)
        else:
            print(words, "taken", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
