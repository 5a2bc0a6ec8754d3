"""Reading the collection: how a practice stands with its reviewers, where it comes from, who is alike, which centres have told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from entrepot.ground.region.api import in_force, place_rules
from entrepot.ground.region.enums import CentreStatus, StandingKind
from entrepot.kernel.principals import SYSTEM, Principal

from .core import Administration, Likeness, alike, size_of
from .enums import Opinion
from .fields import VERSIONED
from .models import Practice, Review, Round
from .rules import practice_rules


def approvals(practice: Practice) -> int:
    """How many find the text as it is now fit; none where one of them asks for changes."""
    said = Counter(practice.reviews.filter(number=practice.number).values_list("opinion", flat=True))
    return 0 if said[Opinion.CHANGES] else said[Opinion.FIT]


def current_reviews(practice: Practice) -> QuerySet[Review]:
    """The reviews of the text as it is now, said or open."""
    return Review.objects.filter(practice=practice, number=practice.number).select_related("person__home").order_by("asked_at", "id")


def changed_between(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(field, before, after) of what differs between two versions."""
    pairs = ((name, _text(before.get(name)), _text(after.get(name))) for name in VERSIONED)
    return [(name, old, new) for name, old, new in pairs if old != new]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(" | ".join(part for part in (row["claim"], row["source"], row["dated"]) if part) for row in value)
    return str(value or "")


def lineage_of(principal: Principal, practice: Practice) -> tuple[list[Practice], list[Practice]]:
    """(what it grew from, oldest first; what grew from it), as far as this principal sees: an ancestor out of sight ends the line."""
    seen = practice_rules.visible_to(principal).select_related("place")
    above: list[Practice] = []
    key = practice.parent_id
    while key is not None and len(above) < 6:
        found = seen.filter(pk=key).first()
        if found is None:
            break
        above.insert(0, found)
        key = found.parent_id
    return above, list(seen.filter(parent=practice).order_by("drafted_at")[:20])


def administrations(members: Iterable[Any]) -> dict[int, Administration]:
    """What the region room knows of each Member, by its primary key, in one query beyond the Members."""
    members = list(members)
    visible = place_rules.visible_to(SYSTEM).filter(parent__in=[m.pk for m in members], kind="office")
    offices = dict(visible.order_by().values_list("parent_id").annotate(n=Count("id")))
    found = {}
    for member in members:
        above = member.lineage.rstrip("/").rpartition("/")[0] + "/"
        known = Administration(above, size_of(offices.get(member.pk, 0)), member.connectivity, frozenset(member.languages))
        found[member.pk] = known
    return found


def likenesses(member: Any) -> dict[int, tuple[Likeness, ...]]:
    """In what each other Member of the region is like this one, by primary key; those alike in nothing are not in it."""
    region = member.lineage.split("/", 1)[0] + "/"
    others = list(place_rules.visible_to(SYSTEM).filter(kind="member", lineage__under=region))
    known = administrations([*others, member])
    reasons = {other.pk: alike(known[member.pk], known[other.pk]) for other in others if other.pk != member.pk}
    return {key: found for key, found in reasons.items() if found}


@dataclass(frozen=True)
class Centre:
    """A centre in a round: what it has told, if anything."""

    place: Any
    told: Any


def centres_of(one: Round) -> list[Centre]:
    """Every centre that was accredited on the day the round opened or has told since, with what it told."""
    told = {initiative.place_id: initiative for initiative in one.initiatives.select_related("place")}
    standing = in_force(one.opened_at.date(), StandingKind.STATUS).filter(
        place__kind="centre", place__lineage__under=one.region.lineage, status=CentreStatus.ACCREDITED
    )
    places = {status.place_id: status.place for status in standing.select_related("place")}
    places |= {initiative.place_id: initiative.place for initiative in told.values()}
    return [Centre(place, told.get(key)) for key, place in sorted(places.items(), key=lambda pair: pair[1].name)]


def has_to_tell(one: Round, reach: Sequence[str]) -> bool:
    """Whether a centre at one of these lineages, accredited on the day the round opened, has not told yet: `centres_of` in one query."""
    status = in_force(one.opened_at.date(), StandingKind.STATUS).filter(place=OuterRef("pk"), status=CentreStatus.ACCREDITED)
    told = one.initiatives.filter(place=OuterRef("pk"))
    centres = place_rules.visible_to(SYSTEM).filter(kind="centre", lineage__in=reach, lineage__under=one.region.lineage)
    return centres.filter(Exists(status), ~Exists(told)).exists()
