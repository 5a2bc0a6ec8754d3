"""Finding practices by words, in any language, and by facet, with counts. It starts from what the principal may see, always."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When

from entrepot.kernel.principals import Principal

from .core import Term, said_elsewhere, wanted
from .enums import IN_SIGHT, UNDER_WAY, PracticeState
from .meaning import NEAREST, nearest
from .models import Mention, Practice, Token, Translation
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
    found.terms = list(dict.fromkeys(term for unit in units for terms in unit for term in terms))
    # On SQLite a sum, so that it walks the narrow index of practices beside what is mentioned, not the wide rows one by one.
    found.practices = found.practices.annotate(key=F("pk") + 0 if connection.vendor == "sqlite" else F("pk"))
    for unit in units:
        found.practices = found.practices.filter(key__in=_any(unit))
    if not units:
        found.practices = found.practices.none()  # nothing in it that a text could hold


def _any(unit: list[list[Term]]) -> QuerySet[Mention, int]:
    """The practices that mention one of these phrases, all terms of it. Phrases of one term are asked for together."""
    alone = [terms[0] for terms in unit if len(terms) == 1]
    several = [_together(terms) for terms in unit if len(terms) > 1]
    asked = [*([_mentions(alone)] if alone else []), *several]
    return asked[0].union(*asked[1:]) if len(asked) > 1 else asked[0]


def _together(terms: list[Term]) -> QuerySet[Mention, int]:
    """The practices that mention all of `terms`: counted in one walk where none is a beginning, as the grams of a phrase are."""
    if not any(term.beginning for term in terms):
        return _mentions(terms).annotate(n=Count("token")).filter(n=len(terms)).values_list("practice_id", flat=True)
    return _mentions(terms[:1]).filter(reduce(and_, (Q(practice_id__in=_mentions([term])) for term in terms[1:])))


def _mentions(terms: list[Term], **more: Any) -> QuerySet[Mention, int]:
    told = reduce(or_, (Q(text__under=term.text) if term.beginning else Q(text=term.text) for term in terms))
    mentions = Mention.objects.filter(token__in=Token.objects.filter(told).values("pk"), **more)
    return mentions.order_by().values_list("practice_id", flat=True)


def best(found: Found) -> QuerySet[Practice]:
    """What was found, first where a word stands in the title, then what others used most, then the latest."""
    if not found.terms:
        return found.practices.order_by("-used", "-published_at", "-id")
    in_title = Case(When(key__in=_mentions(found.terms, title=True), then=1), default=0)
    return found.practices.annotate(in_title=in_title).order_by("-in_title", "-used", "-published_at", "-id")


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
    """The counts, in three queries whatever is found."""
    is_used = Case(When(used__gt=0, then=1), default=0)
    rows = found.practices.order_by().values_list("topic_id", "place_id", "language", "kind", is_used).annotate(n=Count("pk"))
    topics: Counter[int] = Counter()
    members: Counter[int] = Counter()
    languages: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    whole = used = 0
    for topic, place, language, kind, by_others, n in rows:
        topics[topic] += n
        members[place] += n
        languages[language] += n
        kinds[kind] += n
        whole += n
        used += n * by_others
    return Facets(whole, _named("topic", topics), _named("place", members), languages.most_common(), kinds.most_common(), used)


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
