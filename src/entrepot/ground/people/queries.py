"""Finding people and postings. Callers start from what the rules let the principal see."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from .core import fold
from .models import NameWord, Person, Posting


def named(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Those of `people` whose names have, for each word of `text`, a word that begins with it."""
    for word in fold(text).split()[:5]:
        people = people.filter(pk__in=NameWord.objects.filter(word__under=word[:60]).values("person_id"))
    return people


def in_force(day: date) -> QuerySet[Posting]:
    """The postings that run on `day`."""
    return Posting.objects.filter(Q(to_on__isnull=True) | Q(to_on__gt=day), from_on__lte=day)


def with_postings(people: QuerySet[Person], day: date) -> QuerySet[Person]:
    """`people` with their home and, as `current`, the postings that run on `day`: two queries whatever their number."""
    running = in_force(day).select_related("place").order_by("role")
    return people.select_related("home").prefetch_related(Prefetch("postings", running, to_attr="current"))


def listed(people: QuerySet[Person]) -> QuerySet[Person]:
    """`people` who are still themselves: neither erased nor merged into another record."""
    return people.filter(erased_at__isnull=True, merged_into__isnull=True)
