"""The figures of an activity, each reckoned from rows, with its n."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import Count, Q

from entrepot.capacity.training.api import attended, balance, hours_of, outlays_of, participants
from entrepot.capacity.training.enums import InvitationState, Outcome, Stage
from entrepot.kernel.disclosure import FEWEST, guarded

from ..core import Figure, completed, rate, read_questions, side_by_side
from ..enums import FOLLOW_UP, LATER, OF_OTHERS, FormKind
from ..models import ActionItem, Ask, Form
from .given import Given

_TESTS_SAID = ("only_before", "only_after", "p_t", "effect", "w", "p_w", "pairs", "rank_effect")


def overdue(asks: Any, day: date) -> Any:
    """Follow-up answers that are due, not there, and still taken: once an activity is followed up nobody can give them any more."""
    return waiting(asks).filter(due_on__lt=day, form__kind__in=LATER)


def waiting(asks: Any) -> Any:
    """Those of `asks` that are still to be answered, and can be."""
    now = Q(form__kind__in=LATER, form__activity__stage=Stage.CLOSED) | Q(form__kind__in=OF_OTHERS)
    return asks.filter(now, answered_at__isnull=True)


def pairs(activity: Any, nominations: Any) -> list[dict[str, Any]]:
    """For each participant of `nominations`: both answers to each question of the follow-up."""
    questions: dict[str, Any] = {}
    for form in Form.objects.filter(activity=activity, kind=FormKind.OFFICER).order_by("-number"):
        questions = {question.key: question for question in read_questions(form.questions)} | questions
    asked = Ask.objects.filter(form__activity=activity, form__kind__in=FOLLOW_UP, nomination__in=[n.pk for n in nominations])
    asks = {(a.nomination_id, a.form.kind): a for a in asked.select_related("form")}
    found = []
    for nomination in nominations:
        both = [asks.get((nomination.pk, kind)) for kind in FOLLOW_UP]
        if not any(both):
            continue
        officer, supervisor = [ask.answers if ask and ask.answered_at else None for ask in both]
        rows = side_by_side(list(questions), officer, supervisor)
        found.append({"nomination": nomination, "rows": [(questions[row.key], row) for row in rows]})
    return found


def figures(activity: Any, given: Given | None = None) -> dict[str, Any]:
    """All figures of an activity's report, `given` its answers where they are read already. Shares and means carry n; under five people
    they are not said."""
    given = given or Given(activity)
    invited = activity.invitations.filter(sent_at__isnull=False).aggregate(
        asked=Count("id"),
        answered=Count("id", filter=Q(state=InvitationState.ANSWERED)),
        declined=Count("id", filter=Q(state=InvitationState.DECLINED)),
    )
    named = activity.nominations.filter(withdrawn_at__isnull=True).aggregate(
        nominated=Count("id"), seats=Count("id", filter=Q(outcome=Outcome.SEAT)), overridden=Count("id", filter=~Q(override=""))
    )
    seated = participants(activity).count()
    there = list(attended(activity))
    hours = hours_of(activity)
    n = len(there)
    by_member = Counter(nomination.invitation.place.name for nomination in there)
    items = list(ActionItem.objects.filter(nomination__activity=activity).values_list("state", "nomination_id", "endorsed_at"))
    endorsed = [nomination for _, nomination, at in items if at is not None]
    learnt = given.learning(of=n)
    planners = len({nomination for _, nomination, _ in items})
    return {
        **invited,
        **named,
        "confirmed": seated,
        "attended": n,
        "members": len(by_member),
        "by_member": sorted(by_member.items()),
        "balance": balance(there),
        "hours": round(sum(hours.get(nomination.pk, 0.0) for nomination in there), 2),
        "certificates": activity.nominations.filter(certificate__isnull=False, certificate__revoked_at__isnull=True).count(),
        "reaction": given.response(FormKind.REACTION, of=n),
        "reactions": given.scale_means(FormKind.REACTION, of=n),
        "gain": learnt.mean,
        "learning": {name: getattr(learnt, name) for name in _TESTS_SAID},
        "test_items": given.test_items(of=n),
        "items": completed([state for state, _, _ in items]) if planners >= FEWEST else Figure(None, len(items), len(items)),
        "planners": planners,
        "endorsed": len(endorsed),
        "endorsed_for": len(set(endorsed)),
        "follow_up": {kind.value: rate(len(given.answers[kind]), given.asked[kind]) for kind in LATER},
        "applied": {kind.value: given.scale_means(kind, of=given.asked[kind]) for kind in LATER},
        "return": _return(activity, given),
    }


def _return(activity: Any, given: Given) -> dict[str, Any]:
    """What the activity cost, and what those who answered for their administration or as sponsors say its results are worth in a year.

    Claims of the two are not added up: both speak of the same results. A claim is divided by the cost where both are in one currency.
    """
    costs = outlays_of(activity)
    # All costs in one currency, or nothing is divided: what was paid in others would be left out unseen.
    known = {outlay.currency: float(outlay.known) for outlay in costs} if len(costs) == 1 else {}
    said = [(kind, claim) for kind in (FormKind.MEMBER, FormKind.SPONSOR) for claim in given.worth(kind)]
    return {
        "outlays": [{"currency": o.currency, "planned": str(o.planned), "spent": None if o.spent is None else str(o.spent)} for o in costs],
        "claims": [{"who": kind.value, **asdict(claim), "for_one": claim.against(known.get(claim.currency))} for kind, claim in said],
    }


def report_body(activity: Any) -> dict[str, Any]:
    """What a published report keeps: the figures as plain data, and the activity as it was."""
    return {"activity": _about(activity), "figures": _plain(for_everyone(figures(activity)))}


def for_everyone(found: dict[str, Any]) -> dict[str, Any]:
    """The figures without cells under five, and without what gives them away: a report is read by those who may not see the people."""
    members = guarded({(name,): n for name, n in found["by_member"]}) if found["by_member"] else {}
    sides = ("women", "men", "other", "not_said")
    balance = guarded({(side,): found["balance"][side] for side in sides})
    there, planners = found["attended"], found["planners"]
    few = 0 < planners < FEWEST
    return {
        **{name: value for name, value in found.items() if name != "endorsed_for"},
        "by_member": [(name, members[name,]) for name, _ in found["by_member"]],
        "balance": {**{side: balance[side,] for side in sides}, "seated": found["balance"]["seated"]},
        "certificates": _part(found["certificates"], of=there),
        "overridden": _part(found["overridden"], of=found["nominated"]),
        "learning": {**found["learning"], **_only_one_test(found)},
        "planners": _part(planners, of=there),
        # So many items are of so many people at most.
        "items": None if few else found["items"],
        "endorsed": None if few or _part(found["endorsed_for"], of=planners) is None else found["endorsed"],
    }


def _part(n: int, *, of: int) -> int | None:
    """How many of a number that is said; None where those or the others are fewer than five."""
    return guarded({("yes",): min(n, of), ("no",): max(0, of - n)})["yes",]


def _only_one_test(found: dict[str, Any]) -> dict[str, int | None]:
    """How many took one test only, beside those who took both, whose number is said with the gain."""
    one: dict[tuple[str, ...], int] = {(name,): found["learning"][name] for name in ("only_before", "only_after")}
    rest = max(found["gain"].of - found["gain"].n, sum(one.values()))
    kept = guarded({**one, ("neither",): rest - sum(one.values())})
    return {name: None if 0 < rest < FEWEST else kept[name,] for (name,) in one}


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
