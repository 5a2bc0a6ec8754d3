"""Handing a document to a browser so that nothing in it runs."""

from __future__ import annotations

import logging

from django.http import FileResponse

from entrepot.kernel.errors import NotFound
from entrepot.shell.inert import harmless_type, made_inert

from .models import Document
from .queries import storage

logger = logging.getLogger(__name__)


def serve(document: Document) -> FileResponse:
    """The content as a download, for a caller whose own rule has decided. Raises `NotFound` where it is retired or not there."""
    if document.retired_at:
        raise NotFound
    try:
        content = storage().open(document.stored)
    except FileNotFoundError:
        logger.exception("the content of document %s is not in the storage", document.uuid)
        raise NotFound from None
    kind = harmless_type(document.media_type)
    if kind == "text/plain":
        kind += "; charset=utf-8"  # as it was judged; the other that is taken says so itself by its first two bytes, and those prevail
    response = FileResponse(content, as_attachment=True, filename=document.name, content_type=kind)
    response["Cache-Control"] = "private, no-store"
    response["ETag"] = f'"{document.digest}"'
    return made_inert(response)
