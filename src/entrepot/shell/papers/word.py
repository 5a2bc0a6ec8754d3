"""A paper as a Word file that people can go on writing in: real headings, lists and tables."""

from __future__ import annotations

import io

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor

from entrepot.kernel.papers import Details, Heading, Listing, Paper, Para, Table

QUIET = RGBColor(0x4B, 0x5C, 0x68)


def to_word(paper: Paper) -> bytes:
    """The paper as .docx."""
    document = Document()
    document.core_properties.title = paper.title
    document.core_properties.language = paper.language
    document.styles["Normal"].font.size = Pt(10.5)
    if paper.over:
        document.add_paragraph().add_run(paper.over).font.color.rgb = QUIET
    document.add_heading(paper.title, level=1)
    for block in paper.blocks:
        _block(document, block)
    if paper.invented:
        document.sections[0].footer.paragraphs[0].text = paper.marks.get("invented", "practice region, invented")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _block(document: object, block: object) -> None:
    add = document  # python-docx has no types
    match block:
        case Heading(text):
            add.add_heading(text, level=2)  # type: ignore[attr-defined]
        case Para(text):
            add.add_paragraph(text)  # type: ignore[attr-defined]
        case Listing(items):
            for item in items:
                add.add_paragraph(item, style="List Bullet")  # type: ignore[attr-defined]
        case Details(rows):
            _table(add, (), rows, frozenset())
        case Table(head, rows, caption, numbers):
            if caption:
                add.add_paragraph().add_run(caption).bold = True  # type: ignore[attr-defined]
            _table(add, head, rows, numbers)


def _table(document: object, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], numbers: frozenset[int]) -> None:
    columns = len(head) or 2
    table = document.add_table(rows=0, cols=columns)  # type: ignore[attr-defined]
    table.style = "Light List Accent 1" if head else "Normal Table"
    for line in ([head] if head else []) + list(rows):
        cells = table.add_row().cells
        for number, text in enumerate(line):
            cells[number].text = str(text)
            if number in numbers and line is not head:
                cells[number].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
