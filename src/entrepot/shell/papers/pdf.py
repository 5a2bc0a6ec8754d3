"""A paper as an accessible PDF (PDF/UA-1). Words reach Typst as data, never as markup, so nothing that people write is interpreted."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils.translation import gettext

from entrepot.kernel.errors import DomainError
from entrepot.kernel.papers import Paper, packed
from entrepot.kernel.texts import gettext_noop

from .glyphs import BOX, Missing, without_missing

HERE = Path(__file__).parent
FONT_FOLDER: Any = str(HERE / "fonts")
_NOT_DISPLAYED = re.compile(r"the text `(.+)` could not be displayed", re.DOTALL)
NAMED = 12
"""So many missing characters are named in the paper; further ones are counted."""
LATIN = 0x24F
"""The last letter of those that every font has."""
_MARKS = "".join(chr(n) for n in range(0x900, 0xD80) if unicodedata.category(chr(n)) in ("Mn", "Mc"))
_JOINING = "".join(mark for mark in _MARKS if unicodedata.combining(mark) in (7, 9)) + "\u200c\u200d"
_ENDLESS = re.compile(f"(?:[{_MARKS}\u1cd0-\u1cff\u200c\u200d\ua8e0-\ua8ff]|(?<=[{_JOINING}])[\u0900-\u0d7f]){{100}}")
"""A hundred letters of an Indic script that are one syllable: marks, and letters joined by viramas. Typst's shaper counts those of one
syllable in a byte, and panics where there are more; no word has twenty."""


class Unprintable(DomainError):
    """Typst gave up on a paper."""

    code = "unprintable"
    message = gettext_noop(
        "No PDF can be made of this: some writing in it cannot be set. Change that place, or take the Word file where there is one."
    )


def to_pdf(paper: Paper) -> bytes:
    """The paper as PDF/UA-1: structure, language, title and reading order are in the file.

    A character that no font has a sign for stands as a box, and a line at the end names it: one character never stops a paper.
    """
    plain = asdict(paper)
    plain["blocks"] = [packed(block) for block in paper.blocks]
    plain["qr"] = _qr(paper.code) if paper.code else ""
    plain = _printable(plain)
    try:
        return _compiled(plain, ())
    except typst.TypstError as error:
        if not _NOT_DISPLAYED.search(str(error)):
            raise
    # Rare, so the fonts are read only now. A font can have signs that it cannot draw together: those are found one by one.
    also, marked = "", plain
    for _ in range(NAMED):
        marked, missing = without_missing(plain, also)
        try:
            return _compiled(marked, missing)
        except typst.TypstError as error:
            found = _NOT_DISPLAYED.search(str(error))
            if not found:
                raise
            also += _unescaped(found[1])
    return _compiled(*without_missing(plain, "".join(char for char in json.dumps(plain, ensure_ascii=False) if ord(char) > LATIN)))


def _compiled(plain: dict[str, Any], missing: tuple[Missing, ...]) -> bytes:
    """Typst's PDF. Raises `Unprintable` where Typst panics, which is no `Exception` and would pass by whoever asked."""
    try:
        made = typst.compile(
            (HERE / "paper.typ").read_bytes(),
            format="pdf",
            font_paths=[FONT_FOLDER],
            ignore_system_fonts=True,
            sys_inputs={"paper": json.dumps({**plain, "missing": _named(missing)}, ensure_ascii=False, default=sorted)},
            pdf_standards=["ua-1"],
        )
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Unprintable from error
    assert isinstance(made, bytes)
    return made


def _named(missing: tuple[Missing, ...]) -> list[str]:
    lines = [
        gettext("%(box)s in “%(where)s” is %(code)s (%(name)s): there is no font for it here.")
        % {"box": BOX, "where": one.where, "code": f"U+{ord(one.char):04X}", "name": one.name}
        for one in missing[:NAMED]
    ]
    if len(missing) > NAMED:
        lines.append(gettext("%(n)s more characters have no font here.") % {"n": len(missing) - NAMED})
    return lines


def _unescaped(text: str) -> str:
    """What Typst means by `"\\u{20bb7}"`."""
    inner = text[1:-1] if text.startswith('"') else text
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), inner)


def _printable(value: Any) -> Any:
    """Without control characters, which JSON can hold and a page cannot; a syllable without an end may part."""
    if isinstance(value, str):
        return _ENDLESS.sub("\\g<0>\u200b", re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", value))
    if isinstance(value, dict):
        return {name: _printable(one) for name, one in value.items()}
    return [_printable(one) for one in value] if isinstance(value, list | tuple) else value


def _qr(text: str) -> str:
    file = io.BytesIO()
    segno.make(text, error="m").save(file, kind="svg", scale=4, border=0)
    return file.getvalue().decode()
