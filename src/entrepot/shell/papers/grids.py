"""Tables of a Word file: fine lines, figures to the right, a head that is repeated on each page, bars that are paint and not letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from entrepot.kernel.papers import Table

QUIET = RGBColor(0x4B, 0x5C, 0x68)
SEA, SAND = "0A6A72", "D8CFBE"
WIDTH = Cm(16.4)
"""Of the text on a page."""
BAR = Cm(3.6)
FIGURE = Cm(1.75)


def grid(document: Any, table: Table) -> None:
    """A table under its caption."""
    if table.caption:
        caption = document.add_paragraph()
        caption.add_run(table.caption).bold = True
        caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(8), Pt(2)
        caption.paragraph_format.keep_with_next = True
    head = list(table.head)
    figures = set(table.numbers)
    if table.bars:
        head.insert(1, table.beside)
        figures = {number + 1 if number else 0 for number in figures}
    made = _made(document, _widths(len(head), figures, barred=bool(table.bars)))
    top = made.add_row()
    _mark(top._tr.get_or_add_trPr(), "w:tblHeader")
    for number, title in enumerate(head):
        _write(top.cells[number], title, right=number in figures, quiet=True)
    for at, row in enumerate(table.rows):
        cells = made.add_row().cells
        words = [*row[:1], "", *row[1:]] if table.bars else row
        for number, text in enumerate(words):
            _write(cells[number], text, right=number in figures)
        if table.bars and table.bars[at]:
            _paint(cells[1].paragraphs[0], table.bars[at])
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def pairs(document: Any, rows: Sequence[tuple[str, str]]) -> None:
    """(what, value) beside each other."""
    made = _made(document, [Cm(4.6), WIDTH - Cm(4.6)], ruled=False)
    for name, value in rows:
        cells = made.add_row().cells
        _write(cells[0], name, quiet=True)
        _write(cells[1], value)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _widths(columns: int, figures: set[int], *, barred: bool) -> list[int]:
    """Figures and bars take what they need; what is left is words', the first column's most."""
    words = [number for number in range(columns) if number not in figures and not (barred and number == 1)]
    figure = int(min(FIGURE if len(figures) > 3 else FIGURE * 1.3, WIDTH * 0.7 / max(1, len(figures))))
    left = WIDTH - figure * len(figures) - (BAR if barred else 0)
    share = left / (len(words) + 0.6) if words else 0
    return [
        int(BAR if barred and number == 1 else figure if number in figures else share * (1.6 if number == words[0] else 1))
        for number in range(columns)
    ]


def _made(document: Any, widths: list[int], *, ruled: bool = True) -> Any:
    table = document.add_table(rows=0, cols=len(widths))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    if ruled:
        borders = OxmlElement("w:tblBorders")
        for side in ("w:bottom", "w:insideH"):
            line = OxmlElement(side)
            for name, value in (("w:val", "single"), ("w:sz", "4"), ("w:space", "0"), ("w:color", SAND)):
                line.set(qn(name), value)
            borders.append(line)
        table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    return table


def _write(cell: Any, text: str, *, right: bool = False, quiet: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(text)
    if quiet:
        run.font.color.rgb, run.font.size, run.bold = QUIET, Pt(9), True


def _paint(paragraph: Any, share: float) -> None:
    """Paint the empty line of a cell, as long as `share` of it: nobody has it read out to them, and the figure stands beside it."""
    mark = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", SEA)):
        mark.set(qn(name), value)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(mark, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    paragraph.paragraph_format.right_indent = int((BAR - Cm(0.4)) * (1 - share))


def _mark(properties: Any, name: str) -> None:
    properties.append(OxmlElement(name))
