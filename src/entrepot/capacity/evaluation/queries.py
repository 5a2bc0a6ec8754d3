"""The figures of an activity, each reckoned from rows, with its n."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import Count, Q

from entrepot.capacity.training.api import attended, balance, hours_of, participants
from entrepot.capacity.training.enums import InvitationState, Outcome

from .core import FEWEST, Figure, completed, gain, mean_of, rate, read_questions, side_by_side
from .enums import FOLLOW_UP, FormKind
from .models import ActionItem, Ask, Form


def overdue(asks: Any, day: date) -> Any:
    """Follow-up answers that are due and not there."""
    return asks.filter(answered_at__isnull=True, due_on__lt=day, form__kind__in=FOLLOW_UP)


def response(activity: Any, kind: FormKind, *, of: int) -> Figure:
    """How many answered, of how many could."""
    answered = Ask.objects.filter(form__activity=activity, form__kind=kind, answered_at__isnull=False).count()
    return rate(answered, of) if of >= FEWEST else Figure(None, answered, of)


def scale_means(activity: Any, kind: FormKind, *, of: int) -> list[tuple[str, Figure]]:
    """(question, mean with its n) for each scale question of a form."""
    form = Form.objects.filter(activity=activity, kind=kind).first()
    if form is None:
        return []
    answers = list(Ask.objects.filter(form=form, answered_at__isnull=False).values_list("answers", flat=True))
    scales = [question for question in read_questions(form.questions) if question.kind == "scale"]
    return [(q.text, mean_of([a[q.key] for a in answers if q.key in a], of=of)) for q in scales]


def _scores(activity: Any, kind: FormKind) -> dict[str, float]:
    rows = Ask.objects.filter(form__activity=activity, form__kind=kind, answered_at__isnull=False, of__gt=0)
    return {str(nomination): right / of for nomination, right, of in rows.values_list("nomination_id", "right", "of")}


def pairs(activity: Any, nominations: Any) -> list[dict[str, Any]]:
    """For each participant of `nominations`: both answers to each question of the follow-up, and the action items."""
    forms = {form.kind: form for form in Form.objects.filter(activity=activity, kind__in=FOLLOW_UP)}
    if FormKind.OFFICER not in forms:
        return []
    questions = read_questions(forms[FormKind.OFFICER].questions)
    asks = {(a.nomination_id, a.form.kind): a for a in Ask.objects.filter(form__in=forms.values()).select_related("form")}
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
        for kind in FOLLOW_UP
    }
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
        "gain": gain(_scores(activity, FormKind.PRE), _scores(activity, FormKind.POST), of=n).mean,
        "items": completed([state for state, _, _ in items]),
        "planners": len({nomination for _, nomination, _ in items}),
        "endorsed": sum(endorsed is not None for _, _, endorsed in items),
        "follow_up": {kind.value: rate(row["n"], row["of"]) for kind, row in follow_ups.items()},
        "applied": {kind.value: scale_means(activity, kind, of=follow_ups[kind]["of"]) for kind in FOLLOW_UP},
    }


def report_body(activity: Any) -> dict[str, Any]:
    """What a published report keeps: the figures as plain data, and the activity as it was."""
    found = figures(activity)
    return {"activity": _about(activity), "figures": _plain(found)}


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
