"""The figures of an activity, each reckoned from rows, with its n."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from entrepot.capacity.training.api import attended, balance, hours_of, participants
from entrepot.capacity.training.enums import InvitationState, Outcome, Stage

from ..core import (
    FEWEST,
    Figure,
    Question,
    Tally,
    completed,
    gain,
    guarded,
    item_statistics,
    rate,
    read_questions,
    side_by_side,
    tallied,
)
from ..enums import FOLLOW_UP, LATER, OF_OTHERS, TESTS, FormKind
from ..models import ActionItem, Ask, Form

_TESTS_SAID = ("only_before", "only_after", "p_t", "effect", "w", "p_w", "pairs", "rank_effect")


def overdue(asks: Any, day: date) -> Any:
    """Follow-up answers that are due and not there."""
    return asks.filter(answered_at__isnull=True, due_on__lt=day, form__kind__in=LATER)


def waiting(asks: Any) -> Any:
    """Those of `asks` that are still to be answered, and can be."""
    now = Q(form__kind__in=LATER, form__activity__stage=Stage.CLOSED) | Q(form__kind__in=OF_OTHERS)
    return asks.filter(now, answered_at__isnull=True)


def response(activity: Any, kind: FormKind, *, of: int) -> Figure:
    """How many answered, of how many could."""
    answered = Ask.objects.filter(form__activity=activity, form__kind=kind, answered_at__isnull=False).count()
    return rate(answered, of) if of >= FEWEST else Figure(None, answered, of)


def questions_of(activity: Any, kind: FormKind) -> list[tuple[Question, set[int]]]:
    """(question as it stands now, the versions that ask it) of all versions of a form, the latest version's order first."""
    found: dict[str, tuple[Question, set[int]]] = {}
    for form in Form.objects.filter(activity=activity, kind=kind).order_by("-number"):
        for question in read_questions(form.questions):
            found.setdefault(question.key, (question, set()))[1].add(form.pk)
    return list(found.values())


def tallies(activity: Any, kind: FormKind, *, of: int) -> list[tuple[Question, Tally]]:
    """Each question with its answers added up over the versions that ask it; whoever answered a version without it was not asked it."""
    questions = questions_of(activity, kind)
    rows = list(Ask.objects.filter(form__activity=activity, form__kind=kind, answered_at__isnull=False).values_list("form_id", "answers"))
    found = tallied([question for question, _ in questions], [answers for _, answers in rows], of=of)
    for question, versions in questions:
        found[question.key].of -= sum(form not in versions for form, _ in rows)
    return [(question, found[question.key]) for question, _ in questions]


def scale_means(activity: Any, kind: FormKind, *, of: int) -> list[tuple[str, Figure]]:
    """(question, mean with its n) for each scale question of a form."""
    return [(question.text, tally.mean()) for question, tally in tallies(activity, kind, of=of) if question.kind == "scale"]


def _scores(activity: Any, kind: FormKind) -> dict[str, float]:
    rows = Ask.objects.filter(form__activity=activity, form__kind=kind, answered_at__isnull=False, of__gt=0)
    return {str(nomination): right / of for nomination, right, of in rows.values_list("nomination_id", "right", "of")}


def test_items(activity: Any) -> list[dict[str, Any]]:
    """Difficulty and discrimination of each question of the test after, which is the one that people were taught for."""
    form = Form.objects.filter(activity=activity, kind=FormKind.POST).first()
    if form is None:
        return []
    questions = [question for question in read_questions(form.questions) if question.right is not None]
    rows = Ask.objects.filter(form__activity=activity, form__kind=FormKind.POST, answered_at__isnull=False).values_list(
        "answers", flat=True
    )
    rights = [{question.key: answers.get(question.key) == question.right for question in questions} for answers in rows]
    texts = {question.key: question.text for question in questions}
    return [{"text": texts[item.key], **asdict(item)} for item in item_statistics(rights, list(texts))]


def hopes_met(activity: Any) -> list[tuple[str, int | None]]:
    """(what someone hoped for before, how far it came on 1 to 5 or None), without names and in no order of people."""
    hopes = {
        nomination: str(answers.get(question.key, ""))
        for question, _ in questions_of(activity, FormKind.EXPECT)
        if question.kind == "expectation"
        for nomination, answers in _answers(activity, FormKind.EXPECT)
    }
    beside = [question.key for question, _ in questions_of(activity, FormKind.REACTION) if question.beside]
    came = {
        nomination: next((answers[key] for key in beside if key in answers), None)
        for nomination, answers in _answers(activity, FormKind.REACTION)
    }
    return sorted(((hope, came.get(nomination)) for nomination, hope in hopes.items() if hope), key=lambda row: (row[1] or 0, row[0]))


def _answers(activity: Any, kind: FormKind) -> Any:
    return Ask.objects.filter(form__activity=activity, form__kind=kind, answered_at__isnull=False).values_list("nomination_id", "answers")


def learning(activity: Any, *, of: int) -> Any:
    """The gain from the test before to the test after, with its tests and effect sizes."""
    return gain(*(_scores(activity, kind) for kind in TESTS), of=of)


def pairs(activity: Any, nominations: Any) -> list[dict[str, Any]]:
    """For each participant of `nominations`: both answers to each question of the follow-up, and the action items."""
    questions = [question for question, _ in questions_of(activity, FormKind.OFFICER)]
    asked = Ask.objects.filter(form__activity=activity, form__kind__in=FOLLOW_UP, nomination__in=[n.pk for n in nominations])
    asks = {(a.nomination_id, a.form.kind): a for a in asked.select_related("form")}
    items: dict[int, list[ActionItem]] = {}
    for item in ActionItem.objects.filter(nomination__activity=activity).order_by("due_on"):
        items.setdefault(item.nomination_id, []).append(item)
    found = []
    for nomination in nominations:
        both = [asks.get((nomination.pk, kind)) for kind in FOLLOW_UP]
        if not any(both):
            continue
        officer, supervisor = [ask.answers if ask and ask.answered_at else None for ask in both]
        rows = side_by_side([q.key for q in questions], officer, supervisor)
        texts = {q.key: q for q in questions}
        found.append({"nomination": nomination, "rows": [(texts[row.key], row) for row in rows], "items": items.get(nomination.pk, [])})
    return found


def figures(activity: Any) -> dict[str, Any]:
    """All figures of an activity's report. Shares and means carry n; under five people they are not said."""
    invited = activity.invitations.filter(sent_at__isnull=False).aggregate(
        asked=Count("id"),
        answered=Count("id", filter=Q(state=InvitationState.ANSWERED)),
        declined=Count("id", filter=Q(state=InvitationState.DECLINED)),
    )
    named = activity.nominations.filter(withdrawn_at__isnull=True).aggregate(
        nominated=Count("id"), seats=Count("id", filter=Q(outcome=Outcome.SEAT)), overridden=Count("id", filter=~Q(override=""))
    )
    seated = list(participants(activity))
    there = list(attended(activity))
    hours = hours_of(activity)
    n = len(there)
    by_member = Counter(nomination.invitation.place.name for nomination in there)
    items = list(ActionItem.objects.filter(nomination__activity=activity).values_list("state", "nomination_id", "endorsed_at"))
    follow_ups = {
        kind: Ask.objects.filter(form__activity=activity, form__kind=kind).aggregate(
            of=Count("id"), n=Count("id", filter=Q(answered_at__isnull=False))
        )
        for kind in LATER
    }
    learnt = learning(activity, of=n)
    planners = len({nomination for _, nomination, _ in items})
    return {
        **invited,
        **named,
        "confirmed": len(seated),
        "attended": n,
        "members": len(by_member),
        "by_member": sorted(by_member.items()),
        "balance": balance(there),
        "hours": round(sum(hours.get(nomination.pk, 0.0) for nomination in there), 2),
        "certificates": activity.nominations.filter(certificate__isnull=False, certificate__revoked_at__isnull=True).count(),
        "reaction": response(activity, FormKind.REACTION, of=n),
        "reactions": scale_means(activity, FormKind.REACTION, of=n),
        "gain": learnt.mean,
        "learning": {name: getattr(learnt, name) for name in _TESTS_SAID},
        "test_items": test_items(activity),
        "items": completed([state for state, _, _ in items]) if planners >= FEWEST else Figure(None, len(items), len(items)),
        "planners": planners,
        "endorsed": sum(endorsed is not None for _, _, endorsed in items),
        "follow_up": {kind.value: rate(row["n"], row["of"]) for kind, row in follow_ups.items()},
        "applied": {kind.value: scale_means(activity, kind, of=follow_ups[kind]["of"]) for kind in LATER},
        "cost": _cost(activity),
    }


def _cost(activity: Any) -> list[tuple[str, str]]:
    """(currency, amount planned) of the activity's budget."""
    lines = activity.budget.values("currency").annotate(amount=Sum("amount")).order_by("currency")
    return [(line["currency"], str(line["amount"])) for line in lines]


def report_body(activity: Any) -> dict[str, Any]:
    """What a published report keeps: the figures as plain data, and the activity as it was."""
    return {"activity": _about(activity), "figures": _plain(for_everyone(figures(activity)))}


def for_everyone(found: dict[str, Any]) -> dict[str, Any]:
    """The figures without cells under five, and without what gives them away: a report is read by those who may not see the people."""
    members = guarded({(name,): n for name, n in found["by_member"]}) if found["by_member"] else {}
    sides = ("women", "men", "other", "not_said")
    balance = guarded({(side,): found["balance"][side] for side in sides})
    there, earned = found["attended"], found["certificates"]
    certified = guarded({("yes",): min(earned, there), ("no",): max(0, there - earned)})
    return {
        **found,
        "by_member": [(name, members[name,]) for name, _ in found["by_member"]],
        "balance": {**{side: balance[side,] for side in sides}, "seated": found["balance"]["seated"]},
        "certificates": certified["yes",],
    }


def _about(activity: Any) -> dict[str, Any]:
    names = ("code", "title", "objectives", "outcomes", "target_group", "mode", "language", "level", "version_label", "seats")
    kept = {name: getattr(activity, name) for name in names}
    days = {name: value.isoformat() if (value := getattr(activity, name)) else None for name in ("starts_on", "ends_on")}
    host = activity.host.name if activity.host else ""
    trainers = [person.full_name for person in activity.trainers.order_by("sort_name")]
    return {**kept, **days, "host": host, "competency": activity.competency.title, "region": activity.region.name, "trainers": trainers}


def _plain(value: Any) -> Any:
    if isinstance(value, Figure):
        return {name: round(part, 6) if isinstance(part, float) else part for name, part in asdict(value).items()}
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
