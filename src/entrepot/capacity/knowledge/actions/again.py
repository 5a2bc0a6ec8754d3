"""Asking reviewers about a text that has changed since they read it."""

from __future__ import annotations

from datetime import datetime

from entrepot.kernel.principals import Principal

from .. import letters
from ..models import Practice, Review


def ask_again(practice: Practice, *, by: Principal, at: datetime) -> None:
    """Inside an action: those who were asked about an earlier text are asked about the text as it is now."""
    earlier = Review.objects.filter(practice=practice).exclude(number=practice.number).select_related("person__home").order_by("id")
    for person in dict.fromkeys(review.person for review in earlier):
        kept, new = Review.objects.get_or_create(practice=practice, number=practice.number, person=person, defaults={"asked_at": at})
        if new:
            letters.ask_review(kept, by=by, at=at)
