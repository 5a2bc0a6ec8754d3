"""The five-minute tour: nine pages of the practice region, each opened as the person it belongs to. Only in a demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from entrepot.capacity.impact.api import story_rules
from entrepot.capacity.knowledge.api import practice_rules
from entrepot.capacity.training.api import activity_rules, nomination_rules
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.texts import gettext_noop


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the tour: what is seen, as whom (a part of the cast), where."""

    title: str
    part: str
    who: str
    href: str


def steps() -> list[Step]:
    """The tour, as far as the practice region has what it shows; empty where there is no practice region."""
    every = activity_rules.visible_to(SYSTEM).filter(region__invented=True)
    by_stage = {activity.stage: activity for activity in every.order_by("-created_at")}
    whole, deciding, seated = (by_stage.get(stage) for stage in ("followed_up", "selection", "confirmed"))
    if whole is None or deciding is None or seated is None:
        return []
    mine = nomination_rules.visible_to(SYSTEM).filter(activity=whole, person__email="officer@practice.example").first()
    practice = practice_rules.visible_to(SYSTEM).filter(activity=whole, state="published").first()
    manager, coordinator = gettext_noop("programme manager"), gettext_noop("national coordinator")
    found = [
        Step(
            gettext_noop("The thread: from a need to a practice that others use"),
            "manager",
            manager,
            reverse("training:activity", args=[whole.uuid]),
        ),
        Step(
            gettext_noop("A selection with reasons, and one let in by name"),
            "manager",
            manager,
            reverse("training:selection", args=[deciding.uuid]),
        ),
        Step(
            gettext_noop("A seat came free and went down the line"), "manager", manager, reverse("training:selection", args=[seated.uuid])
        ),
        Step(gettext_noop("One list of asks, on a phone"), "coordinator", coordinator, reverse("desk:today")),
        Step(
            gettext_noop("Officer and supervisor, side by side, months later"),
            "manager",
            manager,
            reverse("evaluation:after", args=[whole.uuid]),
        ),
        Step(
            gettext_noop("The report, frozen, with the rows behind it"),
            "head",
            gettext_noop("head of office"),
            reverse("evaluation:report", args=[whole.uuid]),
        ),
    ]
    told = story_rules.visible_to(SYSTEM).filter(activity=whole, published_at__isnull=False).first()
    if told:
        words = gettext_noop("What changed, beside Members that did not take part")
        found.append(Step(words, "head", gettext_noop("head of office"), reverse("impact:story", args=[told.uuid])))
    if mine:
        plan = reverse("evaluation:plan", args=[mine.uuid])
        found.insert(4, Step(gettext_noop("An officer’s action plan"), "officer", gettext_noop("officer"), plan))
    if practice:
        page = reverse("knowledge:practice", args=[practice.uuid])
        found.insert(-1, Step(gettext_noop("A practice that worked for one Member and not for another"), "neighbour", coordinator, page))
    return found
