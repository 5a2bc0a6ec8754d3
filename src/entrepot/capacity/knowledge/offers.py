"""What knowledge contributes: the collection, search, what waits to be cleared or reviewed, the last beads of the thread."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from entrepot.kernel.offers import Bead, BeadState, DemoMaker, Hit, NavOffer, NoticeKind, Offers, Section, WorkItem
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .demo import make, remove
from .enums import PracticeState
from .models import Adoption, Practice
from .rules import practice_rules

_ASKED = {
    PracticeState.DRAFT: (gettext_noop("Clear a practice for publication: %(title)s"), 4),
    PracticeState.CLEARED: (gettext_noop("Review a practice: %(title)s"), 10),
    PracticeState.PUBLISHED: (gettext_noop("Look again at a practice: %(title)s"), 5),
}


def _waiting(principal: Principal, day: date) -> Iterable[WorkItem]:
    """What to clear, to review, or to look at again, in one query."""
    due = practice_rules.visible_to(principal, "retire").filter(review_by__lte=day)
    waiting = practice_rules.visible_to(principal, "clear") | practice_rules.visible_to(principal, "publish") | due
    for practice in waiting.order_by("drafted_at")[:40]:
        words, minutes = _ASKED[PracticeState(practice.state)]
        href = reverse("knowledge:practice", args=[practice.uuid])
        yield WorkItem(Text(words, {"title": practice.title}), href, due=practice.review_by, minutes=minutes)


def _found(principal: Principal, words: str, limit: int) -> Iterable[Hit]:
    found = practice_rules.visible_to(principal).filter(Q(title__icontains=words) | Q(problem__icontains=words) | Q(done__icontains=words))
    for practice in found.select_related("place").order_by("-drafted_at")[:limit]:
        href = reverse("knowledge:practice", args=[practice.uuid])
        yield Hit(practice.title, href, Text(gettext_noop("Good practice")), practice.place.name, practice.place.invented)


def _beads(principal: Principal, uuid: UUID, _day: date) -> Iterable[Bead]:
    mine = practice_rules.visible_to(principal).filter(activity__uuid=uuid).select_related("place").order_by("drafted_at")
    first = mine.first()
    published = Practice.objects.filter(activity__uuid=uuid, state=PracticeState.PUBLISHED).order_by("published_at").first()
    href = reverse("knowledge:practices") + f"?activity={uuid}" if first else ""
    state = BeadState.DONE if published else BeadState.NOW if first else BeadState.AHEAD
    figure = Text(gettext_noop("%(n)s here"), {"n": mine.count()}) if first else None
    at = (published or first or Practice()).published_at or (first.drafted_at if first else None)
    yield Bead(
        100,
        Text(gettext_noop("Good practice")),
        state,
        figure=figure,
        at=at.date() if at else None,
        href=href,
        who=first.place.name if first else "",
    )
    used = (
        Adoption.objects.filter(practice__activity__uuid=uuid, practice__state=PracticeState.PUBLISHED)
        .select_related("place", "practice")
        .order_by("at")
    )
    taken = list(used[:50])
    yield Bead(
        110,
        Text(gettext_noop("Used by others")),
        BeadState.DONE if taken else BeadState.AHEAD,
        figure=Text(gettext_noop("%(n)s Members"), {"n": len(taken)}) if taken else None,
        at=taken[0].at.date() if taken else None,
        href=reverse("knowledge:practice", args=[taken[0].practice.uuid]) + "#used" if taken else "",
        who=taken[0].place.name if len(taken) == 1 else "",
    )


def _anyone(_principal: Principal) -> bool:
    return True


OFFERS = Offers(
    nav=[NavOffer(Section.KNOWLEDGE, gettext_noop("Good practices"), "knowledge:practices", _anyone, order=10)],
    work=[_waiting],
    search=[_found],
    thread=[_beads],
    notices=[
        NoticeKind("knowledge.clearance", gettext_noop("Practices to clear")),
        NoticeKind("knowledge.adopted", gettext_noop("Others who use your practices")),
    ],
    demo=[DemoMaker(80, make, remove)],
    rest=[("/knowledge", "entrepot.capacity.knowledge.rest.router")],
)
