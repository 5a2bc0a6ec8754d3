"""Finding practices by words, in any language, and by facet, with counts. It starts from what the principal may see, always."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from entrepot.kernel.principals import Principal

from .core import Term, said_elsewhere, wanted
from .enums import IN_SIGHT, UNDER_WAY, PracticeState
from .meaning import NEAREST, nearest
from .models import Mention, Practice, Translation
from .rules import practice_rules


@dataclass(frozen=True)
class Wish:
    """What someone looks for. Empty is everything; `states` says whether the collection or what is under way."""

    words: str = ""
    topic: str = ""
    member: str = ""
    language: str = ""
    kind: str = ""
    used: str = ""
    alike: tuple[int, ...] | None = None
    """Primary keys of the Members that count as similar; None does not ask."""
    activity: Any = None
    states: tuple[str, ...] = (PracticeState.PUBLISHED,)


@dataclass
class Found:
    """The practices found, unordered, and what else was looked for: (phrase, other words for it)."""

    practices: QuerySet[Practice]
    meanings: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)


def find(principal: Principal, wish: Wish) -> Found:
    """The practices that this principal may see and that fit the wish."""
    found = Found(practice_rules.visible_to(principal).filter(state__in=wish.states))
    if wish.words:
        _by_words(found, wish.words)
    narrow = {"topic__code": wish.topic, "place__code": wish.member, "kind": wish.kind, "activity__uuid": wish.activity}
    found.practices = found.practices.filter(**{path: value for path, value in narrow.items() if value})
    if wish.language:
        told = Translation.objects.filter(practice=OuterRef("pk"), language=wish.language, cleared_at__isnull=False)
        found.practices = found.practices.filter(Q(language=wish.language) | Exists(told))
    if wish.used:
        found.practices = found.practices.filter(used__gt=0) if wish.used == "yes" else found.practices.filter(used=0)
    if wish.alike is not None:
        found.practices = found.practices.filter(place_id__in=wish.alike)
    return found


def _by_words(found: Found, words: str) -> None:
    """Each concept by any of its words in any language, each other word as it is; all of them have to be there."""
    found.meanings, rest = said_elsewhere(words)
    units = [[wanted(phrase) for phrase in (said, *others)] for said, others in found.meanings]
    units += [[[term]] for term in wanted(rest)]
    found.terms = [term for unit in units for terms in unit for term in terms]
    for unit in units:
        found.practices = found.practices.filter(reduce(or_, (_all(terms) for terms in unit)))
    if not units:
        found.practices = found.practices.none()  # nothing in it that a text could hold


def _all(terms: list[Term]) -> Q:
    """That every term is mentioned."""
    met = (Q(pk__in=Mention.objects.filter(_token(term)).values("practice_id")) for term in terms)
    return reduce(and_, met) if terms else Q(pk__in=())


def _token(term: Term) -> Q:
    return Q(token__text__under=term.text) if term.beginning else Q(token__text=term.text)


def best(found: Found) -> QuerySet[Practice]:
    """What was found, first where a word stands in the title, then what others used most, then the latest."""
    if not found.terms:
        return found.practices.order_by("-used", "-published_at", "-id")
    named = reduce(or_, (_token(term) for term in found.terms))
    title = Mention.objects.filter(named, practice=OuterRef("pk"), title=True)
    return found.practices.annotate(in_title=Exists(title)).order_by("-in_title", "-used", "-published_at", "-id")


def ranked(found: Found, limit: int, offset: int = 0) -> list[Practice]:
    """A stretch of what was found, best first, with what a list shows of it."""
    keys = list(best(found).values_list("pk", flat=True)[offset : offset + limit])
    rows = {p.pk: p for p in Practice.objects.filter(pk__in=keys).select_related("place", "topic").prefetch_related("translations")}
    return [rows[key] for key in keys]


def near(principal: Principal, wish: Wish, found: Found) -> list[Practice]:
    """The nearest in meaning that fit the rest of the wish and were not found by its words; none without a model."""
    keys = nearest(wish.words) if wish.words else []
    if not keys:
        return []
    others = find(principal, replace(wish, words="")).practices.filter(pk__in=keys).exclude(pk__in=found.practices.values("pk"))
    rows = {row.pk: row for row in others.select_related("place", "topic").prefetch_related("translations")}
    return [rows[key] for key in keys if key in rows][:NEAREST]


@dataclass(frozen=True)
class Facets:
    """How many of what was found have each value: (code, title, n), the most first; and how many there are in all."""

    n: int
    topics: list[tuple[str, str, int]]
    members: list[tuple[str, str, int]]
    languages: list[tuple[str, int]]
    kinds: list[tuple[str, int]]
    used: int


def facets(found: Found) -> Facets:
    """The counts, in two queries whatever is found."""
    rows = found.practices.order_by().values_list("topic_id", "place_id", "language", "kind", "used")
    topics: Counter[int] = Counter()
    members: Counter[int] = Counter()
    languages: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    n = used = 0
    for topic, place, language, kind, times in rows.iterator(chunk_size=5000):
        topics[topic] += 1
        members[place] += 1
        languages[language] += 1
        kinds[kind] += 1
        n += 1
        used += times > 0
    del rows
    return Facets(n, _named("topic", topics), _named("place", members), languages.most_common(), kinds.most_common(), used)


def _named(column: str, counts: Counter[int]) -> list[tuple[str, str, int]]:
    model: Any = Practice._meta.get_field(column).related_model
    title = "title" if column == "topic" else "name"
    named = {key: (code, text) for key, code, text in model._default_manager.filter(pk__in=counts).values_list("pk", "code", title)}
    return [(*named[key], n) for key, n in sorted(counts.items(), key=lambda pair: (-pair[1], named[pair[0]][1]))]


COLLECTION = (PracticeState.PUBLISHED,)
STATES: dict[str, tuple[str, ...]] = {
    "": COLLECTION,
    "retired": (PracticeState.RETIRED,),
    "under_way": UNDER_WAY,
    "all": (*IN_SIGHT, *UNDER_WAY),
}
