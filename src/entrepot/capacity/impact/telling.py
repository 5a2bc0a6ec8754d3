"""A story as plain data: what its page and papers are made of, and what is frozen when it is published."""

from __future__ import annotations

from typing import Any

from entrepot.capacity.training.api import outlays_of
from entrepot.ground.indicators.core import following, read_span, span_text
from entrepot.ground.indicators.enums import Every

from .core import packed, packed_promise
from .models import Link, Story
from .queries import State, state_of


def body_of(story: Story, *, public: bool = False) -> dict[str, Any]:
    """The story as it stands. The only figures of single Members are those of its links, and no mean is of fewer than three.

    `public`: as it is published, with no figure of a single Member, and of the links those that the Member's coordinator has backed.
    """
    state = state_of(story)
    links = links_of(story)
    shown = [link for link in links if not public or any(backing.for_member for backing in link.backings.all())]
    activity, indicator = story.activity, story.indicator
    about = ("code", "title", "definition", "unit", "direction", "every", "source")
    return {
        "story": {"uuid": str(story.uuid), "title": story.title, "question": story.question},
        "activity": {"code": activity.code, "title": activity.title, "region": activity.region.name},
        "indicator": {name: getattr(indicator, name) for name in about},
        "verdict": state.verdict.value,
        "found": packed(state.found),
        "promise": packed_promise(state.promised),
        "plan": _plan(state),
        "periods": _periods(state),
        "cost": _cost(state, activity),
        "links": [_link(link, public=public) for link in shown],
        "aside": len(links) - len(shown),
    }


def links_of(story: Story) -> list[Link]:
    """The links in the order of the chain."""
    found = story.links.select_related("place", "item").prefetch_related("backings").order_by("step", "place__name", "id")
    return list(found)


def _link(link: Link, *, public: bool) -> dict[str, Any]:
    measured = link.measured
    if public and measured:
        measured = {name: {"period": row["period"]} for name, row in measured.items()}
    return {
        "uuid": str(link.uuid),
        "step": link.step,
        "place": link.place.name,
        "said": link.said,
        "said_on": f"{link.said_at:%Y-%m-%d}",
        "grade": link.grade,
        "measured": measured,
        "backed": [{"said": backing.said, "on": f"{backing.at:%Y-%m-%d}"} for backing in link.backings.all()],
        "item": link.item is not None,
    }


def _plan(state: State) -> dict[str, Any]:
    if state.plan is None:
        return {}
    plan = state.plan
    return {
        "number": plan.number,
        "body": plan.body,
        "digest": plan.digest,
        "registered_on": f"{plan.registered_at:%Y-%m-%d}",
        "known_after": plan.known_after,
        "looked_first": plan.looked_first,
        "opened_on": f"{state.finding.reckoned_at:%Y-%m-%d}" if state.finding else "",
    }


def _cost(state: State, activity: Any) -> dict[str, Any]:
    """What the activity cost in the currency of the plan's worth of a unit; nothing where the plan holds no such worth."""
    worth = state.plan.body.get("worth") if state.plan else None
    known = {outlay.currency: outlay for outlay in outlays_of(activity)} if worth else {}
    # In one currency only: what was paid in others is not left out of a division unseen.
    if not worth or set(known) != {worth["currency"]}:
        return {}
    outlay = known[worth["currency"]]
    return {"amount": str(outlay.known), "spent": outlay.spent is not None}


def _periods(state: State) -> list[str]:
    """The periods of the plan, by the index at which its lines have them."""
    if state.plan is None:
        return []
    body = state.plan.body
    every = Every(body["every"])
    began = sorted(read_span(row["since"], every) for row in body["members"] if row["since"])
    first = following(began[0], every, -body["before"])
    return [span_text(following(first, every, step), every) for step in range(len(state.found.lines))]
