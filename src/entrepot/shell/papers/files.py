"""A paper as a download."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from django.core.cache import caches
from django.http import HttpResponse

from entrepot import __version__
from entrepot.kernel.papers import Paper, packed

from .pdf import to_pdf
from .word import to_word

FORMS = {
    "pdf": ("application/pdf", to_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", to_word),
}


def as_file(paper: Paper, form: str, name: str, *, frozen: bool = False) -> HttpResponse:
    """The paper as a file to keep; `form` is `pdf` or `docx`, `name` goes without it. A `frozen` one is made once and kept."""
    kind, make = FORMS[form]
    content = made_once(paper, form, make) if frozen else make(paper)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'})


def made_once(paper: Paper, form: str, make: Callable[[Paper], bytes]) -> bytes:
    """What `make` makes of a paper, kept by all that the paper says, so that nobody waits for it twice and no change is missed."""
    said = json.dumps([asdict(paper), [packed(block) for block in paper.blocks]], sort_keys=True, default=sorted)
    look = (Path(__file__).parent / "paper.typ").read_bytes()
    key = hashlib.sha256(b"\0".join([__version__.encode(), form.encode(), look, said.encode()])).hexdigest()
    kept = caches["prints"]
    content = kept.get(key)
    if content is None:
        content = make(paper)
        kept.set(key, content)
    return content


def forget_prints() -> None:
    """Throw away every file that was kept: someone's name may stand in one. They are made again when asked for."""
    caches["prints"].clear()
