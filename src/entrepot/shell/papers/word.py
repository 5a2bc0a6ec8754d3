"""A paper as a Word file that people can go on writing in: real headings, lists and tables."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from entrepot.kernel.papers import Details, Figures, Heading, Listing, Paper, Para, Remark, Table

QUIET = RGBColor(0x4B, 0x5C, 0x68)
SEA = "0A6A72"
BAR = "\N{NO-BREAK SPACE}"
LONGEST = 24
"""Spaces in the longest bar."""


def to_word(paper: Paper) -> bytes:
    """The paper as .docx."""
    document = Document()
    document.core_properties.title = paper.title
    document.core_properties.language = paper.language
    document.styles["Normal"].font.size = Pt(10.5)
    if paper.cover:
        _cover(document, paper)
    else:
        if paper.over:
            document.add_paragraph().add_run(paper.over).font.color.rgb = QUIET
        document.add_heading(paper.title, level=1)
    for block in paper.blocks:
        _block(document, block)
    footer = document.sections[0].footer.paragraphs[0]
    if paper.invented:
        footer.add_run(paper.marks.get("invented", "practice region, invented") + "  ")
    if paper.running:
        document.sections[0].header.paragraphs[0].add_run(paper.running).font.color.rgb = QUIET
        _field(footer, "PAGE")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _cover(document: Any, paper: Paper) -> None:
    """A title page, then the contents, which Word fills when the file is opened."""
    assert paper.cover
    document.sections[0].different_first_page_header_footer = True
    document.add_paragraph().add_run(paper.cover.series.upper()).bold = True
    document.add_paragraph().add_run(paper.cover.under).font.color.rgb = QUIET
    document.add_paragraph(paper.title, style="Title")
    for line in (*paper.cover.lines, *([paper.marks.get("invented", "")] if paper.invented else [])):
        document.add_paragraph().add_run(line).font.color.rgb = QUIET
    document.add_page_break()
    if paper.contents:
        document.add_paragraph().add_run(paper.contents).bold = True
        _field(document.add_paragraph(), 'TOC \\o "1-2" \\h \\z')


def _field(paragraph: Any, instruction: str) -> None:
    """A field that Word reckons itself: the page number, the contents."""
    for kind, text in (("begin", None), (None, instruction), ("separate", None), (None, ""), ("end", None)):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif text:
            words = OxmlElement("w:instrText")
            words.set(qn("xml:space"), "preserve")
            words.text = text
            run._r.append(words)


def _block(document: object, block: object) -> None:
    add = document  # python-docx has no types
    match block:
        case Heading(text, level):
            add.add_heading(text, level=level)  # type: ignore[attr-defined]
        case Para(text):
            add.add_paragraph(text)  # type: ignore[attr-defined]
        case Listing(items, ordered):
            for item in items:
                add.add_paragraph(item, style="List Number" if ordered else "List Bullet")  # type: ignore[attr-defined]
        case Remark(text):
            add.add_paragraph().add_run(text).italic = True  # type: ignore[attr-defined]
        case Details(rows) | Figures(rows):
            _table(add, (), rows, frozenset())
        case Table() as table:
            _captioned(document, table)


def _captioned(document: Any, table: Table) -> None:
    """A table under its caption, its bars in a column of their own."""
    if table.caption:
        document.add_paragraph().add_run(table.caption).bold = True
    if not table.bars:
        _table(document, table.head, table.rows, table.numbers)
        return
    rows = tuple((row[0], BAR * round(share * LONGEST), *row[1:]) for row, share in zip(table.rows, table.bars, strict=True))
    _table(document, (table.head[0], table.beside, *table.head[1:]), rows, frozenset(number + 1 for number in table.numbers))


def _shade(run: Any) -> None:
    """Paint behind spaces: a bar that nobody has read out to them, and that keeps its length when the table is changed."""
    mark = OxmlElement("w:shd")
    mark.set(qn("w:val"), "clear")
    mark.set(qn("w:fill"), SEA)
    run._r.get_or_add_rPr().append(mark)


def _table(document: object, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], numbers: frozenset[int]) -> None:
    columns = len(head) or len(rows[0] if rows else (1, 2))
    table = document.add_table(rows=0, cols=columns)  # type: ignore[attr-defined]
    table.style = "Light List Accent 1" if head else "Normal Table"
    for line in ([head] if head else []) + list(rows):
        cells = table.add_row().cells
        for number, text in enumerate(line):
            cells[number].text = str(text)
            if text.startswith(BAR):
                _shade(cells[number].paragraphs[0].runs[0])
            if number in numbers and line is not head:
                cells[number].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
