"""Notices in /api/v1."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router, Schema

from entrepot.ground.keeping.api import page
from entrepot.shell.words import say

from .actions import mark_read
from .models import Notice
from .rules import notice_rules

router = Router(tags=["notices"])


class NoticeOut(Schema):
    """A notice, in the asker's language."""

    uuid: UUID
    kind: str
    title: str
    body: str
    href: str
    at: datetime
    read_at: datetime | None


class NoticesOut(Schema):
    """A page of notices, latest first."""

    rows: list[NoticeOut]
    following: str


def _out(notice: Notice) -> dict[str, Any]:
    plain = {name: getattr(notice, name) for name in ("uuid", "kind", "href", "at", "read_at")}
    return {**plain, "title": say(notice.title), "body": say(notice.body)}


@router.get("/notices", response=NoticesOut, operation_id="list_notices")
def list_notices(
    request: Any, cursor: Annotated[str, Query("", max_length=400)] = "", size: Annotated[int, Query(50, ge=1, le=200)] = 50
) -> Any:
    """The asker's own notices."""
    shown = page(notice_rules.visible_to(request.principal), cursor=cursor, size=size, descending=True)
    return {"rows": [_out(notice) for notice in shown.rows], "following": shown.following}


@router.post("/notices/{uuid}/read", response=NoticeOut, operation_id="read_notice")
def read_notice(request: Any, uuid: UUID) -> Any:
    """Mark a notice read; again changes nothing."""
    notice = mark_read(by=request.principal, at=request.at, uuid=uuid)
    assert notice is not None
    return _out(notice)
