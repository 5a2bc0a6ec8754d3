"""Asking for reviews, and giving them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change
from entrepot.ground.people.api import person_rules
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed
from entrepot.kernel.lineages import is_under, region_of
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import gettext_noop

from .. import letters
from ..enums import Opinion, PracticeState
from ..models import Practice, Review
from .drafting import held


class UnableToReview(NotAllowed):
    """Whoever wrote it, or belongs to the Member whose practice it is, does not review it."""

    code = "unable-to-review"
    message = gettext_noop("A practice is reviewed by people who did not write it and are not of the Member concerned.")


def may_review(practice: Practice, person: Any) -> bool:
    """Whether this person stands apart from the practice: wrote none of its versions, is of the region and not of the Member."""
    wrote = practice.drafted_by == person.uuid or practice.versions.filter(by_uuid=person.uuid).exists()
    home = person.home.lineage
    apart = not is_under(home, practice.place.lineage) and region_of(home) == region_of(practice.place.lineage)
    of_member = person.postings.filter(place__lineage__under=practice.place.lineage).exists()
    return apart and not wrote and not of_member


@action
def ask_review(*, by: Principal, at: datetime, uuid: UUID, people: Iterable[Any]) -> list[Review]:
    """The regional office asks people to review the text as it is now. Raises `UnableToReview` for one who stands too near."""
    practice = held(by, uuid, "publish")
    asked = []
    for person in people:
        if not may_review(practice, person):
            raise UnableToReview
        kept, new = Review.objects.get_or_create(practice=practice, number=practice.number, person=person, defaults={"asked_at": at})
        if new:
            letters.ask_review(kept, by=by, at=at)
            asked.append(kept)
    if not asked:
        nothing_done()
        return []
    append(
        by=by,
        at=at,
        verb="knowledge.review.asked",
        thing=practice,
        place=practice.place.lineage,
        facts={"people": [str(r.person.uuid) for r in asked]},
    )
    return asked


@action
def review(*, by: Principal, at: datetime, uuid: UUID, opinion: Opinion, words: str) -> Review:
    """Say whether the text as it is now is fit, and why. "Changes asked" sends it back to the Member with the words.

    Raises `UnableToReview`, `Conflict`, `Invalid`.
    """
    practice = held(by, uuid, "review")
    person = person_rules.visible_to(SYSTEM).select_related("home").filter(pk=by.person_id or 0).first()
    if person is None or not may_review(practice, person):
        raise UnableToReview
    words = words.strip()
    if len(words) < 10 or len(words) > 4000:
        raise Invalid({"words": gettext_noop("Say in words what you find, in 10 to 4,000 characters: the Member reads it.")})
    kept, _ = Review.objects.select_for_update().get_or_create(
        practice=practice, number=practice.number, person=person, defaults={"asked_at": at}
    )
    if kept.opinion:
        raise Conflict(gettext_noop("You have reviewed this text already."))
    change(kept, {"opinion": opinion, "words": words, "said_at": at}, version=None)
    facts = {"opinion": opinion, "number": practice.number}
    append(by=by, at=at, verb="knowledge.review.said", thing=practice, place=practice.place.lineage, facts=facts)
    if opinion == Opinion.CHANGES:
        change(practice, {"state": PracticeState.DRAFT, "cleared_at": None, "cleared_by": None}, version=None)
        letters.tell_changes(kept, by=by, at=at)
    return kept
