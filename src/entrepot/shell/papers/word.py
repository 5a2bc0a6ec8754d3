"""A paper as a Word file that people can go on writing in: real headings, lists and tables."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from entrepot.kernel.papers import Block, Details, Figures, Heading, Listing, Paper, Para, Remark, Table

from .grids import QUIET, grid, pairs

TYPE = "Calibri"
INK, DEEP = RGBColor(0x14, 0x23, 0x2D), RGBColor(0x0A, 0x6A, 0x72)


def to_word(paper: Paper) -> bytes:
    """The paper as .docx."""
    document = Document()
    document.core_properties.title = paper.title
    document.core_properties.language = paper.language
    _dress(document)
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


def _dress(document: Any) -> None:
    """A4 and the house's type and colours, as styles, so that whoever goes on writing gets them too."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.3)
    for name, size, colour in (
        ("Normal", 10.5, None),
        ("Title", 26, INK),
        ("Heading 1", 20, INK),
        ("Heading 2", 13, DEEP),
        ("Heading 3", 11, INK),
    ):
        style = document.styles[name]
        style.font.size, style.font.name = Pt(size), TYPE
        # Headings take their type from the theme unless told otherwise.
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        if colour is not None:
            style.font.color.rgb = colour


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


def _block(document: Any, block: Block) -> None:
    match block:
        case Figures(rows):
            for value, label, note in rows:
                line = document.add_paragraph()
                _said(line, value, Pt(20), bold=True)
                _said(line, f"  {label}", Pt(10.5), bold=True)
                _said(line, f"  {note}", Pt(9), quiet=True)
        case Details(rows):
            pairs(document, rows)
        case Table() as table:
            grid(document, table)
        case _:
            _words(document, block)


def _words(document: Any, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(text, level=level)
        case Para(text):
            document.add_paragraph(text)
        case Listing(items, ordered):
            for item in items:
                document.add_paragraph(item, style="List Number" if ordered else "List Bullet")
        case Remark(text):
            document.add_paragraph().add_run(text).italic = True


def _said(line: Any, text: str, size: Any, *, bold: bool = False, quiet: bool = False) -> None:
    run = line.add_run(text)
    run.font.size, run.bold = size, bold
    if quiet:
        run.font.color.rgb = QUIET
