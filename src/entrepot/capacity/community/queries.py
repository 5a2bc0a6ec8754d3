"""Finding people by what they say of themselves, and reading a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from entrepot.ground.people.api import named, person_rules
from entrepot.kernel.principals import SYSTEM, Principal

from .enums import Belonging, Sight
from .models import Fellow, Group, Post, Profile
from .rules import fellow_rules, group_rules, post_rules, profile_rules


@dataclass(frozen=True, slots=True)
class Seek:
    """What is looked for: words of a name or a text, a topic's code, a language, a Member's code."""

    words: str = ""
    topic: str = ""
    language: str = ""
    member: str = ""


def listed(principal: Principal, seek: Seek) -> QuerySet[Profile]:
    """The profiles that others have opened to this principal (and one's own, once open), narrowed; each word must stand somewhere in it."""
    found = profile_rules.visible_to(principal).exclude(sight=Sight.PRIVATE).filter(person__is_active=True)
    everyone = person_rules.visible_to(SYSTEM)
    for word in seek.words.split()[:5]:
        texts = Q(headline__icontains=word) | Q(about__icontains=word) | Q(ask_me__icontains=word)
        found = found.filter(texts | Q(person_id__in=named(everyone, word).values("pk")))
    if seek.topic:
        found = found.filter(topics__code=seek.topic)
    if seek.language:
        found = found.filter(tongues__language=seek.language)
    if seek.member:
        found = found.filter(person__home__code=seek.member)
    return found


def shown(found: QuerySet[Profile]) -> QuerySet[Profile]:
    """`found` with what a list shows, to be read in the order of names."""
    return found.select_related("person__home").prefetch_related("topics", "tongues").annotate(name=F("person__sort_name"))


def facets(found: QuerySet[Profile]) -> dict[str, list[tuple[str, str, int]]]:
    """(code, title, how many) by topic, language and Member, the most frequent first: of the profiles that the reader may see anyway."""
    keys = Profile.objects.filter(pk__in=found.values("pk"))

    def counted(code: str, title: str) -> list[tuple[str, str, int]]:
        rows = keys.filter(**{f"{code}__isnull": False}).order_by().values_list(code, title).annotate(n=Count("pk", distinct=True))
        return sorted(((c, t, n) for c, t, n in rows), key=lambda row: (-row[2], row[1]))

    return {
        "topic": counted("topics__code", "topics__title"),
        "language": counted("tongues__language", "tongues__language"),
        "member": counted("person__home__code", "person__home__name"),
    }


def own_profile(principal: Principal) -> QuerySet[Profile]:
    """What one has said of oneself, if anything."""
    return profile_rules.visible_to(principal, "keep", reads=True).select_related("person__home")


def groups_of(principal: Principal) -> QuerySet[Fellow]:
    """One's own places in groups, latest activity first, each with `n`: how many have joined."""
    own = Fellow.objects.filter(pk__in=fellow_rules.visible_to(principal, "belong", reads=True).values("pk"))
    joined = Count("group__fellows", filter=Q(group__fellows__belonging=Belonging.JOINED))
    return own.select_related("group__activity").annotate(n=joined).order_by("-group__activity__starts_on", "pk")


def looked_after(principal: Principal) -> QuerySet[Group]:
    """The groups that one looks after, latest first, with how many joined of how many asked."""
    return (
        group_rules.visible_to(principal, "look after")
        .select_related("activity")
        .annotate(n=Count("fellows", filter=Q(fellows__belonging=Belonging.JOINED)), asked=Count("fellows"))
        .order_by("-activity__starts_on", "pk")
    )


def fellows_of(principal: Principal, group: Group) -> list[Any]:
    """Those who joined, by name, each with `open`: their profile where the reader may see it."""
    joined = fellow_rules.visible_to(principal).filter(group=group, belonging=Belonging.JOINED).select_related("person__home")
    fellows = list(joined.order_by("-taught", "person__sort_name"))
    seen = profile_rules.visible_to(principal).filter(person__in=[fellow.person_id for fellow in fellows]).exclude(sight=Sight.PRIVATE)
    profiles = {profile.person_id: profile for profile in seen}
    for fellow in fellows:
        fellow.open = profiles.get(fellow.person_id)  # type: ignore[attr-defined]
    return fellows


def own_words(principal: Principal, group: Group) -> QuerySet[Post]:
    """What one said oneself and has not taken out: for those who have left."""
    mine = post_rules.visible_to(principal).filter(group=group, person_id=principal.person_id or 0, out_at__isnull=True)
    return mine.select_related("person__home")


def said_in(principal: Principal, group: Group) -> QuerySet[Post]:
    """What was said, to be read latest first, each with its answers in their order as `replies`; no empty place that nobody answered."""
    visible = post_rules.visible_to(principal).select_related("person__home")
    answers = visible.filter(out_at__isnull=True).order_by("at", "pk")
    first = visible.filter(group=group, parent__isnull=True).prefetch_related(Prefetch("answers", answers, to_attr="replies"))
    answered = Post.objects.filter(parent__isnull=False, out_at__isnull=True).values("parent_id")
    return first.filter(Q(out_at__isnull=True) | Q(pk__in=answered) | ~Q(out_because=""))
