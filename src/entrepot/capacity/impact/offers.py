"""What this room contributes: its pages, the bead of an activity's thread, what waits to be backed, what can be opened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from entrepot.kernel.offers import Bead, BeadState, DemoMaker, Hit, NavOffer, Offers, PersonData, Section, WorkItem
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .demo import remove
from .enums import VERDICTS, Grade, Verdict
from .forgetting import SWEPT, erase, export, merge
from .queries import verdicts_of
from .rules import OFFICE, link_rules, story_rules


def _sees(principal: Principal) -> bool:
    return bool(principal.person_id)


def _to_back(principal: Principal, _day: date) -> Iterable[WorkItem]:
    """What was said of one's own Member by someone else and that nobody has backed yet, in one query."""
    if not principal.person_id:
        return
    waiting = link_rules.visible_to(principal, "back").filter(grade=Grade.CLAIMED, story__published_at__isnull=True)
    waiting = waiting.exclude(said_by=principal.uuid)
    for link in waiting.select_related("place").order_by("said_at")[:20]:
        title = Text(gettext_noop("Is this so? “%(said)s” (%(place)s)"), {"said": link.said, "place": link.place.name})
        yield WorkItem(title, reverse("impact:link", args=[link.uuid]), minutes=2)


def _to_open(principal: Principal, day: date) -> Iterable[WorkItem]:
    """Stories without a plan, of the office's."""
    if not principal.reaches(*OFFICE):
        return
    del day
    waiting = story_rules.visible_to(principal, "tell").filter(plans__isnull=True)
    n = waiting.count()
    if n:
        title = Text(gettext_noop("%(n)s questions of what changed wait for a plan"), {"n": n})
        yield WorkItem(title, reverse("impact:stories"), minutes=15)


def _found(principal: Principal, words: str, limit: int) -> Iterable[Hit]:
    found = story_rules.visible_to(principal).filter(Q(title__icontains=words) | Q(question__icontains=words))
    for story in found.select_related("activity__region").order_by("-told_at")[:limit]:
        region = story.activity.region
        yield Hit(story.title, reverse("impact:story", args=[story.uuid]), Text(gettext_noop("What changed")), region.name, region.invented)


def _beads(principal: Principal, uuid: UUID, _day: date) -> Iterable[Bead]:
    stories = list(story_rules.visible_to(principal).filter(activity__uuid=uuid).order_by("told_at"))
    if not stories:
        yield Bead(97, Text(gettext_noop("What changed")), BeadState.AHEAD)
        return
    verdicts = verdicts_of(stories)
    first = min(stories, key=lambda story: list(Verdict).index(verdicts[story.pk][0]))
    verdict, opened = verdicts[first.pk]
    words = VERDICTS[verdict] if opened or first.published_at else gettext_noop("asked")
    yield Bead(
        97,
        Text(gettext_noop("What changed")),
        BeadState.DONE if opened or first.published_at else BeadState.NOW,
        figure=Text(words),
        at=(first.published_at or first.told_at).date(),
        href=reverse("impact:story", args=[first.uuid]) if len(stories) == 1 else reverse("impact:stories") + f"?activity={uuid}",
    )


OFFERS = Offers(
    nav=[NavOffer(Section.PROGRAMME, gettext_noop("What changed"), "impact:stories", _sees, order=50)],
    work=[_to_back, _to_open],
    search=[_found],
    thread=[_beads],
    demo=[DemoMaker(78, remove)],
    person=PersonData(export, erase, merge, SWEPT),
    rest=[("/impact", "entrepot.capacity.impact.rest.router")],
)
