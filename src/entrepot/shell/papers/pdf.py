"""A paper as an accessible PDF (PDF/UA-1). Words reach Typst as data, never as markup, so nothing that people write is interpreted."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import segno
import typst

from entrepot.kernel.errors import DomainError
from entrepot.kernel.papers import Paper, packed
from entrepot.kernel.texts import gettext_noop

HERE = Path(__file__).parent
FONT_FOLDER: Any = str(HERE / "fonts")


class MissingGlyph(DomainError):
    """A character stands in the paper for which no font has a sign."""

    code = "missing-glyph"
    message = gettext_noop("A character in this paper cannot be printed: no font has a sign for it.")


def to_pdf(paper: Paper) -> bytes:
    """The paper as PDF/UA-1: structure, language, title and reading order are in the file. Raises `MissingGlyph`."""
    plain = asdict(paper)
    plain["blocks"] = [packed(block) for block in paper.blocks]
    plain["qr"] = _qr(paper.code) if paper.code else ""
    try:
        made = typst.compile(
            (HERE / "paper.typ").read_bytes(),
            format="pdf",
            font_paths=[FONT_FOLDER],
            ignore_system_fonts=True,
            sys_inputs={"paper": json.dumps(plain, ensure_ascii=False, default=sorted)},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        if "glyph" in str(error) or "displayed with" in str(error) or "font" in str(error):
            raise MissingGlyph from error
        raise
    assert isinstance(made, bytes)
    return made


def _qr(text: str) -> str:
    file = io.BytesIO()
    segno.make(text, error="m").save(file, kind="svg", scale=4, border=0)
    return file.getvalue().decode()
