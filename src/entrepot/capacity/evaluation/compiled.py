"""The follow-up over a region and a period, as plain data, read once from all answers.

Answers are streamed and added up, a few thousand at a time; nothing of a person is in the result, and no words: what Members cleared is
read anew whenever it is shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import Count, F, Q

from entrepot.capacity.training.api import activity_rules, attended
from entrepot.ground.region.api import place_rules
from entrepot.kernel.disclosure import FEWEST
from entrepot.kernel.principals import SYSTEM

from .core import Question, Tally, read_questions
from .enums import LATER, OF_PARTICIPANT, FormKind
from .models import ActionItem, Ask, Form
from .queries import Given, by_topic, watched_items

CHUNK = 4000
KINDS = (FormKind.REACTION, *LATER)


def activities_of(compilation: Any) -> Any:
    """The activities closed in its period."""
    begins, ends = (datetime.combine(day, time(), UTC) for day in (compilation.from_on, compilation.to_on))
    found = activity_rules.visible_to(SYSTEM).filter(region=compilation.region_id)
    return found.filter(closed_at__gte=begins, closed_at__lt=ends)


def compile_body(compilation: Any, at: datetime, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Read all answers of the period and add them up; `progress` is told how many of how many are read."""
    activities = activities_of(compilation)
    answered = Ask.objects.filter(form__activity__in=activities, form__kind__in=KINDS, answered_at__isnull=False)
    tallies, given = _added_up(answered, activities, progress)
    return {
        "at": at.isoformat(),
        "answers": given,
        "activities": _by_activity(activities),
        "members": _by_member(activities),
        "questions": tallies,
        "told": _told(activities),
        "plans": [
            {"topic": topic, "at": [asdict(one) for one in shares]}
            for topic, shares in by_topic(watched_items(ActionItem.objects.filter(nomination__activity__in=activities), at))
        ],
    }


def _added_up(answered: Any, activities: Any, progress: Callable[[int, int], None]) -> tuple[list[dict[str, Any]], int]:
    """Each question of each kind with its figures, and how many answers there were. A question is the same in two activities if its key,
    kind and words are."""
    forms = {form.pk: form for form in Form.objects.filter(activity__in=activities, kind__in=KINDS)}
    asked = Counter(dict(Ask.objects.filter(form__in=forms).values_list("form").annotate(n=Count("id"))))
    known: dict[tuple[Any, ...], tuple[str, Question, Tally]] = {}
    of_form: dict[int, list[tuple[str, Question, Tally]]] = {}
    for pk, form in forms.items():
        of_form[pk] = []
        for question in read_questions(form.questions):
            _, first, tally = known.setdefault(_same(form.kind, question), (form.kind, question, Tally()))
            tally.of += asked[pk]
            of_form[pk].append((question.key, first, tally))
    whole, given = answered.count(), 0
    progress(0, whole)
    rows = answered.order_by().values_list("form_id", "answers").iterator(chunk_size=CHUNK)
    for done, (form_id, answers) in enumerate(rows, 1):
        for key, question, tally in of_form[form_id]:
            if key in answers:
                tally.add(question, answers[key])
                given += 1
        if done % (CHUNK * 5) == 0:
            progress(done, whole)
    progress(whole, whole)
    return _in_order(known.values()), given


def _same(kind: str, question: Question) -> tuple[Any, ...]:
    return kind, question.key, question.kind, question.text, question.options, question.rows, question.unit


def _in_order(known: Iterable[tuple[str, Question, Tally]]) -> list[dict[str, Any]]:
    """The questions that anyone answered, by kind of form."""
    order = {kind.value: number for number, kind in enumerate(KINDS)}
    return [_said(*row) for row in sorted(known, key=lambda row: order[row[0]]) if row[2].n]


def _told(activities: Any) -> list[dict[str, Any]]:
    """The same for those who may not read each answer: of each activity what its own pages tell, so that neither a later compilation nor
    those pages taken away leave fewer than five."""
    known: dict[tuple[Any, ...], tuple[str, Question, Tally]] = {}
    for activity in activities.order_by("pk"):
        given, there = Given(activity), attended(activity).count()
        for kind in KINDS:
            for question, tally in given.tallies(kind, of=there if kind in OF_PARTICIPANT else given.asked[kind]):
                _, _, whole = known.setdefault(_same(kind, question), (kind, question, Tally()))
                whole.of += tally.of
                if tally.n >= FEWEST:
                    whole.add_up(tally)
    return _in_order(known.values())


def _said(kind: str, question: Question, tally: Tally) -> dict[str, Any]:
    """A question's figures as plain data."""
    row: dict[str, Any] = {"kind": kind, "key": question.key, "section": question.section, "text": question.text, "is": question.kind}
    row |= {"n": tally.n, "of": tally.of}
    match question.kind:
        case "scale" | "number":
            row["mean"] = asdict(tally.mean())
            row["unit"] = question.unit
        case "yes":
            row["shares"] = [["yes", asdict(tally.shares(2)[1])]]
        case "choice" | "several":
            shares = tally.shares(len(question.options))
            row["shares"] = [[text, asdict(share)] for text, share in zip(question.options, shares, strict=True)]
        case "matrix":
            row["rows"] = [[text, asdict(mean)] for text, mean in zip(question.rows, tally.row_means(len(question.rows)), strict=True)]
    return row


def _by_activity(activities: Any) -> list[dict[str, Any]]:
    counts = _counts(Ask.objects.filter(form__activity__in=activities, form__kind__in=LATER), "form__activity_id")
    rows = activities.order_by("closed_at", "pk").values_list("pk", "uuid", "code", "title", "closed_at")
    return [
        {"uuid": str(uuid), "code": code, "title": title, "closed": closed.date().isoformat(), **counts[pk]}
        for pk, uuid, code, title, closed in rows
    ]


def _by_member(activities: Any) -> list[dict[str, Any]]:
    counts = _counts(Ask.objects.filter(form__activity__in=activities, form__kind__in=LATER, place__isnull=False), "place_id")
    places = place_rules.visible_to(SYSTEM).filter(pk__in=counts).order_by("name").values_list("pk", "uuid", "code", "name")
    return [{"uuid": str(uuid), "code": code, "name": name, **counts[pk]} for pk, uuid, code, name in places]


def _counts(asks: Any, by: str) -> dict[int, dict[str, dict[str, int]]]:
    """{key: {kind: {asked, answered, late}}}."""
    late = Q(answered_at__isnull=False, due_on__isnull=False) & Q(answered_at__date__gt=F("due_on"))
    rows = (
        asks.order_by()
        .values(by, "form__kind")
        .annotate(asked=Count("id"), answered=Count("id", filter=Q(answered_at__isnull=False)), late=Count("id", filter=late))
    )
    found: dict[int, dict[str, dict[str, int]]] = defaultdict(dict)
    for row in rows:
        found[row[by]][row["form__kind"]] = {name: row[name] for name in ("asked", "answered", "late")}
    return defaultdict(dict, found)
