"""Finding practices by words, in any language, and by facet, with counts. It starts from what the principal may see, always."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from entrepot.kernel.principals import Principal

from .core import Concept, Term, said_elsewhere, wanted
from .enums import IN_SIGHT, UNDER_WAY, PracticeState
from .meaning import NEAREST, nearest
from .models import Mention, Practice, Token, Translation
from .rules import practice_rules

Tokens = list[int] | QuerySet[Token, Any]
"""Keys of tokens, or how to find them where there are too many to name."""


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
    """The practices found, unordered, the concepts that were looked for in all languages, and the tokens of each thing asked for."""

    practices: QuerySet[Practice]
    meanings: list[Concept] = field(default_factory=list)
    asked: list[Tokens] = field(default_factory=list)


def find(principal: Principal, wish: Wish, *, look_up: bool = True) -> Found:
    """The practices that this principal may see and that fit the wish.

    `look_up`: ask for the tokens beforehand, a query more, as the database then knows how common they are and what it had best begin with:
    worth it where all that is found is sorted and counted.
    """
    found = Found(practice_rules.visible_to(principal).filter(state__in=wish.states))
    if wish.words:
        _by_words(found, wish.words, look_up=look_up)
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


MOST_TOKENS = 400
"""How many tokens are named one by one in a query; a short beginning stands for more, and for them the query is told how to find them."""


def _by_words(found: Found, words: str, *, look_up: bool) -> None:
    """Each concept, and each other word; all of them have to be there."""
    found.meanings, rest = said_elsewhere(words)
    terms = list(dict.fromkeys([*(Term(concept.token) for concept in found.meanings), *wanted(rest)]))
    found.asked = _tokens(terms, look_up=look_up)
    for asked in found.asked:
        found.practices = found.practices.filter(pk__in=_mentions(asked))
    if not terms or [] in found.asked:
        found.practices = found.practices.none()  # nothing that a text could hold, or a word that none does


def _tokens(terms: list[Term], *, look_up: bool) -> list[Tokens]:
    """The tokens that each term stands for."""
    said = [Q(text__under=term.text) if term.beginning else Q(text=term.text) for term in terms]
    rows = list(Token.objects.filter(reduce(or_, said)).values_list("text", "pk")[: MOST_TOKENS + 1]) if said and look_up else []
    if len(rows) > MOST_TOKENS or not look_up:
        return [Token.objects.filter(one).values("pk") for one in said]
    return [[key for text, key in rows if text == term.text or (term.beginning and text.startswith(term.text))] for term in terms]


def _mentions(*asked: Tokens, **more: Any) -> QuerySet[Mention, int]:
    """The practices that mention one of these tokens."""
    named = [key for tokens in asked if isinstance(tokens, list) for key in tokens]
    told = [Q(token__in=named), *(Q(token__in=tokens) for tokens in asked if not isinstance(tokens, list))]
    return Mention.objects.filter(reduce(or_, told), **more).order_by().values_list("practice_id", flat=True)


def best(found: Found) -> QuerySet[Practice]:
    """What was found, first where a word stands in the title, then what others used most, then the latest."""
    if not found.asked:
        return found.practices.order_by("-used", "-published_at", "-id")
    in_title = Case(When(pk__in=_mentions(*found.asked, title=True), then=1), default=0)
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
