"""What knowledge contributes: the collection, search, what waits for whom, the last beads of the thread, a person's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.urls import reverse

from entrepot.ground.people.api import person_rules
from entrepot.kernel.offers import (
    Asked,
    Bead,
    BeadState,
    DemoMaker,
    Hit,
    NavOffer,
    NoticeKind,
    Offers,
    PersonData,
    RecurringJob,
    Section,
    WorkItem,
)
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import Text, gettext_noop

from .actions.forgetting import SWEPT, erase
from .demo import remove
from .enums import PRACTICE_KINDS, UNDER_WAY, PracticeKind, PracticeState
from .finding import Wish, best, find
from .models import Initiative, Practice, Question, Review, Translation, Version
from .queries import has_to_tell
from .rules import CENTRE, adoption_rules, practice_rules, question_rules, round_rules

_ASKED = {
    PracticeState.DRAFT: (gettext_noop("Clear a practice for publication: %(title)s"), 4),
    PracticeState.CLEARED: (gettext_noop("Find reviewers for a practice: %(title)s"), 5),
    PracticeState.PUBLISHED: (gettext_noop("Look again at a practice: %(title)s"), 5),
}
_READY = (gettext_noop("Publish a practice, reviewed by two: %(title)s"), 2)
_REVIEW = (gettext_noop("Review a practice: %(title)s"), 15)
_ANSWER = (gettext_noop("Answer a question about “%(title)s”"), 5)
_CLEARING = _ASKED[PracticeState.DRAFT][1]


def _waiting(principal: Principal, day: date) -> Iterable[WorkItem]:
    """What to clear, to have reviewed, to review, to publish, to look at again or to answer, in one query."""
    if principal.person_id is None:
        return
    now = Q(reviews__number=F("number"))
    mine = Review.objects.filter(practice=OuterRef("pk"), number=OuterRef("number"), person_id=principal.person_id, opinion="")
    moves = {verb: practice_rules.visible_to(principal, verb).values("pk") for verb in ("clear", "publish", "renew", "answer")}
    asked = Question.objects.filter(practice=OuterRef("pk"), answered_at__isnull=True)
    found = Practice.objects.annotate(
        open=Count("reviews", filter=now & Q(reviews__opinion=""), distinct=True),
        fit=Count("reviews", filter=now & Q(reviews__opinion="fit"), distinct=True),
        reads=Exists(mine),
        answers=Case(When(pk__in=moves["answer"], then=Exists(asked)), default=False),
        acts=Case(
            When(Q(pk__in=moves["clear"]) | Q(pk__in=moves["publish"]), then=True),
            When(Q(review_by__lte=day) & Q(pk__in=moves["renew"]), then=True),
            default=False,
        ),
    ).filter(Q(acts=True) | Q(answers=True) | Q(reads=True, state=PracticeState.CLEARED))
    for practice in found.order_by("drafted_at")[:40]:
        yield from _items(practice)


def _items(practice: Any) -> Iterable[WorkItem]:
    href = reverse("knowledge:practice", args=[practice.uuid])
    said: list[tuple[tuple[str, int], str, date | None]] = []
    if practice.reads:
        said.append((_REVIEW, "#review", None))
    if practice.answers:
        said.append((_ANSWER, "#questions", None))
    cleared = practice.state == PracticeState.CLEARED
    if practice.acts and cleared and practice.fit >= 2:
        said.append((_READY, "", None))
    elif practice.acts and not (cleared and practice.open + practice.fit >= 2):  # else two are at it: it waits for them
        said.append((_ASKED[PracticeState(practice.state)], "", practice.review_by))
    for (title, minutes), where, due in said:
        yield WorkItem(Text(title, {"title": practice.title}), href + where, due=due, minutes=minutes)


def _asked(lineage: str, begins: datetime, ends: datetime) -> Iterable[Asked]:
    """Drafts and translations by others to clear, practices to review, and questions to answer, by the Member of those who are asked."""
    own = person_rules.visible_to(SYSTEM).filter(home=OuterRef("place"))
    drafts = Practice.objects.filter(drafted_at__gte=begins, drafted_at__lt=ends, place__lineage__under=lineage)
    told = Translation.objects.filter(at__gte=begins, at__lt=ends, practice__place__lineage__under=lineage)
    abroad = person_rules.visible_to(SYSTEM).filter(home=OuterRef("practice__place"))
    reviews = Review.objects.filter(
        asked_at__gte=begins, asked_at__lt=ends, person__home__lineage__under=lineage, person__home__kind="member"
    )
    questions = Question.objects.filter(at__gte=begins, at__lt=ends, practice__place__lineage__under=lineage)
    rows = (
        (drafts.exclude(Exists(own.filter(uuid=OuterRef("drafted_by")))), "place", gettext_noop("practices to clear"), _CLEARING),
        (
            told.exclude(Exists(abroad.filter(uuid=OuterRef("by_uuid")))),
            "practice__place",
            gettext_noop("translations to clear"),
            _CLEARING,
        ),
        (reviews, "person__home", gettext_noop("practices to review"), _REVIEW[1]),
        (questions, "practice__place", gettext_noop("questions to answer"), _ANSWER[1]),
    )
    for asked, where, what, minutes in rows:
        for place, n in asked.order_by().values_list(where).annotate(n=Count("id")):
            yield Asked(place, what, n, n * minutes)


def _of_centre(principal: Principal, day: date) -> Iterable[WorkItem]:
    """What a centre has to tell, and to answer."""
    reach = principal.reaches(*CENTRE)
    if not reach:
        return
    for one in round_rules.visible_to(principal).filter(meeting_on__gte=day).select_related("region")[:5]:
        if has_to_tell(one, reach):
            title = Text(gettext_noop("Tell your initiatives for %(title)s"), {"title": one.title})
            yield WorkItem(title, reverse("knowledge:round", args=[one.uuid]), due=one.due_on, minutes=15)
    asked = question_rules.visible_to(principal, "answer").filter(answered_at__isnull=True, initiative__isnull=False)
    for question in asked.select_related("initiative__round").order_by("at")[:20]:
        assert question.initiative
        path = reverse("knowledge:round", args=[question.initiative.round.uuid])
        yield WorkItem(Text(_ANSWER[0], {"title": question.initiative.title}), path + "#questions", minutes=_ANSWER[1])


def _found(principal: Principal, words: str, limit: int) -> Iterable[Hit]:
    """What one may see, in sight or under way, by the same index as the collection's own search."""
    wish = Wish(words, states=(PracticeState.PUBLISHED, *UNDER_WAY))
    for practice in best(find(principal, wish, look_up=False)).select_related("place")[:limit]:
        href = reverse("knowledge:practice", args=[practice.uuid])
        kind = Text(PRACTICE_KINDS[PracticeKind(practice.kind)].capitalize())
        yield Hit(practice.title, href, kind, practice.place.name, practice.place.invented)


def _beads(principal: Principal, uuid: UUID, _day: date) -> Iterable[Bead]:
    mine = practice_rules.visible_to(principal).filter(activity__uuid=uuid).select_related("place").order_by("drafted_at")
    first = mine.first()
    published = mine.filter(state=PracticeState.PUBLISHED).order_by("published_at").first()
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
        adoption_rules.visible_to(principal)
        .filter(practice__activity__uuid=uuid, practice__state=PracticeState.PUBLISHED)
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


def _signed_in(principal: Principal) -> bool:
    return principal.person_id is not None


def _export(person_id: int) -> Mapping[str, Any]:
    uuid = person_rules.visible_to(SYSTEM).values_list("uuid", flat=True).get(pk=person_id)
    reviews = Review.objects.filter(person_id=person_id).order_by("asked_at")
    questions = Question.objects.filter(person_id=person_id).order_by("at")
    answers = Question.objects.filter(answered_by=uuid).order_by("answered_at")
    return {
        "reviews": list(reviews.values("practice__title", "number", "asked_at", "opinion", "words", "said_at")),
        "questions": list(questions.values("practice__title", "initiative__title", "text", "at", "answer")),
        "answers": list(answers.values("practice__title", "initiative__title", "answer", "answered_at")),
        "written": list(Version.objects.filter(by_uuid=uuid).order_by("at").values("practice__title", "number", "at", "values")),
        "translated": list(Translation.objects.filter(by_uuid=uuid).order_by("at").values("practice__title", "language", "at", "values")),
        "initiatives": list(Initiative.objects.filter(said_by=uuid).order_by("id").values("title", "purpose", "method", "results")),
    }


def _merge(dropped: int, kept: int, _at: datetime) -> None:
    both = Review.objects.filter(person_id=kept).values_list("practice_id", "number")
    for review in Review.objects.filter(person_id=dropped):
        if (review.practice_id, review.number) in set(both):
            review.delete()
    Review.objects.filter(person_id=dropped).update(person_id=kept)
    Question.objects.filter(person_id=dropped).update(person_id=kept)


OFFERS = Offers(
    nav=[
        NavOffer(Section.KNOWLEDGE, gettext_noop("Good practices"), "knowledge:practices", _anyone, order=10),
        NavOffer(Section.KNOWLEDGE, gettext_noop("Initiatives of centres"), "knowledge:rounds", _signed_in, order=30),
    ],
    work=[_waiting, _of_centre],
    asked=[_asked],
    search=[_found],
    thread=[_beads],
    jobs=[
        RecurringJob("knowledge.remind", timedelta(hours=12), "knowledge.remind"),
        RecurringJob("knowledge.index", timedelta(hours=1), "knowledge.catch_up"),
    ],
    person=PersonData(_export, erase, _merge, sweeps=SWEPT),
    notices=[
        NoticeKind("knowledge.clearance", gettext_noop("Practices to clear, and their publication")),
        NoticeKind("knowledge.review", gettext_noop("Practices to review")),
        NoticeKind("knowledge.changes", gettext_noop("Changes asked to your practices")),
        NoticeKind("knowledge.adopted", gettext_noop("Others who use your practices")),
        NoticeKind("knowledge.question", gettext_noop("Questions about practices, and answers")),
        NoticeKind("knowledge.round", gettext_noop("Initiatives to tell before a meeting")),
    ],
    demo=[DemoMaker(80, remove)],
    rest=[("/knowledge", "entrepot.capacity.knowledge.rest.router")],
)
