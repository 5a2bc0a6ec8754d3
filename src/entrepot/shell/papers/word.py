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
        case Table(head, rows, caption, numbers):
            if caption:
                add.add_paragraph().add_run(caption).bold = True  # type: ignore[attr-defined]
            _table(add, head, rows, numbers)


def _table(document: object, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], numbers: frozenset[int]) -> None:
    columns = len(head) or len(rows[0] if rows else (1, 2))
    table = document.add_table(rows=0, cols=columns)  # type: ignore[attr-defined]
    table.style = "Light List Accent 1" if head else "Normal Table"
    for line in ([head] if head else []) + list(rows):
        cells = table.add_row().cells
        for number, text in enumerate(line):
            cells[number].text = str(text)
            if number in numbers and line is not head:
                cells[number].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
