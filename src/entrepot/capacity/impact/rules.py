"""Who tells, plans, looks and reads. A story is the regional office's until it is published; a Member backs what is said of it."""

from __future__ import annotations

from dataclasses import replace

from entrepot.capacity.training.api import supervising
from entrepot.ground.keeping.api import Held, Known, Rules
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

from .models import Backing, Finding, Link, Look, Plan, Story

OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})
BACKERS = frozenset({Role.NATIONAL_COORDINATOR, Role.SUPERVISOR})


class StoryRules(Rules[Story]):
    """The office's; everyone signed in reads it once published."""

    model = Story
    thing = "story of what changed"
    scope = "impact"
    verbs = {
        "view": [Held(OFFICE, over="activity__region__lineage"), Known({"published_at__isnull": False})],
        "tell": [Held(OFFICE, over="activity__region__lineage", when={"published_at__isnull": True})],
    }


_BACK = (
    Held(OFFICE, over="story__activity__region__lineage"),
    Held(BACKERS),
    replace(supervising("item__nomination__"), words=gettext_noop("the supervisor of whoever did it, as long as they are one")),
)


class LinkRules(Rules[Link]):
    """Seen and backed at the Member it is about, by the supervisor of whoever did it, and by the office."""

    model = Link
    thing = "link of a story"
    scope = "impact"
    verbs = {
        "view": [*_BACK],
        "back": [*_BACK],
    }


class BackingRules(Rules[Backing]):
    """Seen with the link."""

    model = Backing
    thing = "backing of a link"
    scope = "impact"
    verbs = {"view": [Held(OFFICE, over="link__story__activity__region__lineage"), Held(BACKERS, over="link__place__lineage")]}


class PlanRules(Rules[Plan]):
    """Seen with the story."""

    model = Plan
    thing = "plan of a comparison"
    scope = "impact"
    verbs = {
        "view": [Held(OFFICE, over="story__activity__region__lineage"), Known({"story__published_at__isnull": False})],
        "open": [Held(OFFICE, over="story__activity__region__lineage", when={"story__published_at__isnull": True})],
    }


class LookRules(Rules[Look]):
    """Who looked when is for the office."""

    model = Look
    thing = "look at an analysis"
    scope = "impact"
    verbs = {"view": [Held(OFFICE, over="story__activity__region__lineage")]}


class FindingRules(Rules[Finding]):
    """Seen with the story."""

    model = Finding
    thing = "finding"
    scope = "impact"
    verbs = {"view": [Held(OFFICE, over="plan__story__activity__region__lineage"), Known({"plan__story__published_at__isnull": False})]}


story_rules = StoryRules()
link_rules = LinkRules()
backing_rules = BackingRules()
plan_rules = PlanRules()
look_rules = LookRules()
finding_rules = FindingRules()
