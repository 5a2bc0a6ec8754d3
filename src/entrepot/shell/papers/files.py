"""A paper as a download."""

from __future__ import annotations

from django.http import HttpResponse

from entrepot.kernel.papers import Paper

from .pdf import to_pdf
from .word import to_word

FORMS = {
    "pdf": ("application/pdf", to_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", to_word),
}


def as_file(paper: Paper, form: str, name: str) -> HttpResponse:
    """The paper as a file to keep; `form` is `pdf` or `docx`, `name` goes without it."""
    kind, make = FORMS[form]
    return HttpResponse(make(paper), content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'})
