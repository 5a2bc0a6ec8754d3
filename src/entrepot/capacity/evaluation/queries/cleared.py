"""What Members let the region publish of their answers, read anew each time, so that a clearance taken back is gone at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ..core import SECTIONS, read_questions
from ..enums import FormKind
from ..models import Ask


@dataclass(frozen=True, slots=True)
class Cleared:
    """One answer of a Member, cleared for publication. `answer` is as it is kept, `words` as text in the form's language."""

    activity: UUID
    activity_title: str
    member: UUID
    member_name: str
    section: str
    question: str
    text: str
    answer: Any
    words: str
    cleared_at: datetime
    ask: UUID


def cleared_answers(activities: Any) -> Iterator[Cleared]:
    """The cleared answers of Members about `activities` (a queryset), in the order of the sections. Without clearance, nothing."""
    asks = Ask.objects.filter(form__activity__in=activities, form__kind=FormKind.MEMBER, cleared_at__isnull=False).exclude(cleared=[])
    rows = [row for ask in asks.select_related("form__activity", "place").order_by("place__name", "id") for row in _of(ask)]
    order = list(SECTIONS)
    yield from sorted(rows, key=lambda row: order.index(row.section) if row.section in order else len(order))


def _of(ask: Ask) -> Iterator[Cleared]:
    assert ask.cleared_at
    assert ask.place
    about = ask.form.activity
    for question in read_questions(ask.form.questions):
        if question.key in ask.cleared and question.key in ask.answers:
            answer = ask.answers[question.key]
            yield Cleared(
                about.uuid,
                about.title,
                ask.place.uuid,
                ask.place.name,
                question.section,
                question.key,
                question.text,
                answer,
                question.in_words(answer),
                ask.cleared_at,
                ask.uuid,
            )
