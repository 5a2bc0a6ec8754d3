"""Taking a person out of stories of what changed, and making two records of one person one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from entrepot.ground.journal.api import append
from entrepot.ground.keeping.api import change
from entrepot.ground.people.api import person_rules, traces_of
from entrepot.kernel.principals import SYSTEM

from .enums import Grade
from .models import Backing, Link, Plan, Story
from .queries import digest_of

SWEPT = frozenset({"impact.Story", "impact.Plan"})


def _uuid(person_id: int) -> Any:
    return person_rules.visible_to(SYSTEM).values_list("uuid", flat=True).get(pk=person_id)


def export(person_id: int) -> Mapping[str, Any]:
    """What someone said in stories."""
    uuid = _uuid(person_id)
    return {
        "stories": list(Story.objects.filter(told_by=uuid).order_by("told_at").values("title", "question", "told_at")),
        "links": list(Link.objects.filter(said_by=uuid).order_by("said_at").values("story__title", "step", "said", "said_at")),
        "backings": list(Backing.objects.filter(by_uuid=uuid).order_by("at").values("link__story__title", "said", "at")),
    }


def erase(person_id: int, at: datetime) -> None:
    """Inside the erasure of a person: a published story gets a new digest. A plan keeps the one that it had, as what it promised was
    reckoned from that; the journal says that a name was taken out of its text."""
    looked_for = traces_of(person_id)
    for story in looked_for.among(Story.objects.select_related("activity__region"), "title", "question", "body"):
        was, values = story.digest, {name: looked_for.out_of(getattr(story, name)) for name in ("title", "question", "body")}
        if change(story, values | ({"digest": digest_of(values["body"])} if story.published_at else {}), version=None):
            facts = {"was": was, "is": story.digest}
            append(by=SYSTEM, at=at, verb="impact.story.name_taken_out", thing=story, place=story.activity.region.lineage, facts=facts)
    for plan in looked_for.among(Plan.objects.select_related("story__activity__region"), "body"):
        if change(plan, {"body": looked_for.out_of(plan.body)}, version=None):
            place = plan.story.activity.region.lineage
            append(by=SYSTEM, at=at, verb="impact.plan.name_taken_out", thing=plan, place=place, facts={"digest": plan.digest})


def merge(dropped: int, kept: int, _at: datetime) -> None:
    """A link is backed by a second person: what one human backed of their own, or twice, counts once or not at all."""
    both = [_uuid(dropped), _uuid(kept)]
    for link in Link.objects.filter(backings__by_uuid__in=both).distinct():
        mine = link.backings.filter(by_uuid__in=both).order_by("at")
        first = mine.first()
        gone = mine if link.said_by in both else mine.exclude(pk=first.pk if first else None)
        gone.delete()
        if link.grade == Grade.CORROBORATED and not link.backings.exists():
            change(link, {"grade": Grade.CLAIMED}, version=None)
