"""The catalogue for programs."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema

from .enums import Group
from .rules import competency_rules

router = Router(tags=["competencies"])


class CompetencyOut(Schema):
    """A competency and its topic."""

    code: str
    topic: str
    group: Group
    title: str


@router.get("", response=list[CompetencyOut], operation_id="list_competencies", auth=None)
def competencies(request: Any) -> Any:
    """The whole catalogue."""
    found = competency_rules.visible_to(request.principal).select_related("topic").order_by("code")
    return [{"code": c.code, "topic": c.topic.code, "group": c.group, "title": c.title} for c in found]
