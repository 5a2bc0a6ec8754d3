"""Who answered a form against who was asked, and what the silence of the others leaves open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from entrepot.capacity.training.api import attended

from ..core import Answered, Bounds, Figure, Question, Weighted, answered_by, bounds_of, mean_of, weighted
from ..enums import OF_PARTICIPANT, FormKind
from ..models import Ask
from .given import Given

SCALE_ENDS = (1, 5)
BANDS = ("0-4", "5-14", "15+")
"""Years of service."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Someone who was asked: by Member, gender and experience, and whether they answered."""

    member: str
    gender: str
    years: str
    nomination: int
    answered: bool


@dataclass(frozen=True, slots=True)
class Leaning:
    """One question: the mean of those who answered, its bounds over all who were asked, and the mean weighted for who answered.

    The last is for those alone who may read each answer: beside the plain mean it is a second equation, of parts with one answer too.
    """

    question: Question
    plain: Figure
    bounds: Bounds | None
    weighted: Weighted | None


def asked_people(activity: Any, kind: FormKind, answers: Given) -> list[Asked]:
    """Everyone who was asked a form of an activity: those who attended for a form of the workshop, else those with an ask."""
    given = {row.nomination for row in answers.answers[kind]}
    there = attended(activity)
    if kind not in OF_PARTICIPANT:
        asks = Ask.objects.filter(form__activity=activity, form__kind=kind, nomination__isnull=False)
        there = activity.nominations.filter(pk__in=asks.values("nomination_id")).select_related("person", "invitation__place")
    return [Asked(n.invitation.place.name, n.person.gender or "-", experience(n.years), n.pk, n.pk in given) for n in there.order_by("pk")]


def experience(years: int) -> str:
    """The band of years of service."""
    return BANDS[(years >= 5) + (years >= 15)]


def silence(activity: Any, kind: FormKind, *, open_cells: bool) -> tuple[dict[str, list[Answered]], list[Leaning]]:
    """(who answered by Member, gender and experience; each scale question's mean, bounds and weighted mean)."""
    answers = Given(activity, whole=open_cells)
    people = asked_people(activity, kind, answers)
    shown = {name: _by([getattr(p, name) for p in people], people, open_cells=open_cells) for name in ("member", "gender", "years")}
    parts = Counter((p.gender, p.years) for p in people) if open_cells else None
    scales = [question for question, _ in answers.questions(kind) if question.kind == "scale"]
    rows = answers.answers[kind]
    told = [{rows[at].nomination: value for at, value in answers.told(kind, question.key, of=len(people)).items()} for question in scales]
    return shown, [_leaning(question, people, values, parts) for question, values in zip(scales, told, strict=True)]


def _by(parts: Sequence[str], people: Sequence[Asked], *, open_cells: bool) -> list[Answered]:
    asked = Counter(sorted(parts, key=lambda part: (BANDS.index(part) if part in BANDS else 0, part)))
    answered = Counter(part for part, person in zip(parts, people, strict=True) if person.answered)
    return answered_by(asked, answered, open_cells=open_cells)


def _leaning(question: Question, people: Sequence[Asked], told: Mapping[Any, Any], parts: Counter[tuple[str, str]] | None) -> Leaning:
    said = [((p.gender, p.years), float(told[p.nomination])) for p in people if p.nomination in told]
    values = [value for _, value in said]
    worst, best = SCALE_ENDS
    of = len(people)
    like = weighted(said, parts) if parts is not None else None
    return Leaning(question, mean_of(values, of=of), bounds_of(values, of=of, worst=worst, best=best), like)
