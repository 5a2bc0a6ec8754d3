"""Documents in /api/v1."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import FileResponse
from ninja import Query, Router, Schema

from entrepot.ground.keeping.api import page
from entrepot.kernel.errors import NotFound

from .models import Document
from .queries import current
from .rules import document_rules
from .serving import serve

router = Router(tags=["documents"])


class DocumentOut(Schema):
    """What is kept of a document, beside its content."""

    uuid: UUID
    place: str
    about: UUID
    title: str
    name: str
    media_type: str
    size: int
    sha256: str
    visibility: str
    kept_at: datetime


class DocumentsOut(Schema):
    """A page of documents."""

    rows: list[DocumentOut]
    following: str


def _out(document: Document) -> dict[str, Any]:
    plain = {name: getattr(document, name) for name in DocumentOut.model_fields if name not in ("place", "sha256")}
    return {**plain, "place": document.place.code, "sha256": document.digest}


def _document(request: Any, uuid: UUID) -> Document:
    found = current(document_rules.visible_to(request.principal)).select_related("place").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


@router.get("/documents", response=DocumentsOut, operation_id="list_documents")
def list_documents(
    request: Any, cursor: Annotated[str, Query("", max_length=400)] = "", size: Annotated[int, Query(50, ge=1, le=200)] = 50
) -> Any:
    """The documents in use that this principal may see."""
    shown = page(current(document_rules.visible_to(request.principal)).select_related("place"), cursor=cursor, size=size)
    return {"rows": [_out(document) for document in shown.rows], "following": shown.following}


@router.get("/documents/{uuid}", response=DocumentOut, operation_id="read_document")
def read_document(request: Any, uuid: UUID) -> Any:
    """What is kept of one document."""
    return _out(_document(request, uuid))


@router.get("/documents/{uuid}/content", operation_id="read_document_content")
def read_document_content(request: Any, uuid: UUID) -> FileResponse:
    """The content, as it was handed in."""
    return serve(_document(request, uuid))
