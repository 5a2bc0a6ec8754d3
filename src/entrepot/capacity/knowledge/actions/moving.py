"""Clearing, publishing, renewing, retiring, withdrawing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entrepot.ground.journal.api import action, append
from entrepot.ground.keeping.api import change
from entrepot.kernel.errors import Conflict, Invalid
from entrepot.kernel.periods import months_after
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import gettext_noop

from .. import introductions, letters
from ..enums import PracticeState, RetiredBecause, Sight
from ..fields import missing
from ..models import Practice
from ..queries import approvals
from .again import ask_again
from .drafting import held

REVIEW_MONTHS = 24
REVIEWERS = 2


class NotReviewed(Conflict):
    """Too few have reviewed the text as it is now, or one of them asked for changes."""

    code = "not-reviewed"
    message = gettext_noop("Two reviewers find this text fit before it is published; so far %(n)s do.")


def _said(words: str, name: str = "words") -> str:
    words = words.strip()
    if not words or len(words) > 4000:
        raise Invalid({name: gettext_noop("Say why, in up to 4,000 characters.")})
    return words


@action
def clear(*, by: Principal, at: datetime, uuid: UUID, sight: Sight = Sight.PUBLIC) -> Practice:
    """The Member agrees that this may be published, and says how far it may be seen. Whoever reviewed an earlier text is asked again."""
    practice = held(by, uuid, "clear")
    empty = missing(practice)
    if empty:
        raise Invalid({name: gettext_noop("Please answer this.") for name in empty})
    change(practice, {"state": PracticeState.CLEARED, "cleared_at": at, "cleared_by": by.uuid, "sight": sight}, version=None)
    append(by=by, at=at, verb="knowledge.practice.cleared", thing=practice, place=practice.place.lineage, facts={"sight": sight})
    if sight != Sight.PUBLIC:
        for told in introductions.taken_back:
            told(practice, by, at)
    ask_again(practice, by=by, at=at)
    return practice


@action
def publish(*, by: Principal, at: datetime, uuid: UUID) -> Practice:
    """The regional office publishes what two have found fit, for two years until somebody looks again. Raises `NotReviewed`."""
    practice = held(by, uuid, "publish")
    n = approvals(practice)
    if n < REVIEWERS:
        raise NotReviewed(None, n=n)
    review_by = months_after(at.date(), REVIEW_MONTHS)
    change(practice, {"state": PracticeState.PUBLISHED, "published_at": at, "review_by": review_by}, version=None)
    facts = {"number": practice.number, "review_by": review_by}
    append(by=by, at=at, verb="knowledge.practice.published", thing=practice, place=practice.place.lineage, facts=facts)
    letters.tell_published(practice, by=by, at=at)
    return practice


@action
def renew(*, by: Principal, at: datetime, uuid: UUID) -> Practice:
    """Someone has looked again: it still holds, for two more years."""
    practice = held(by, uuid, "renew")
    review_by = months_after(at.date(), REVIEW_MONTHS)
    change(practice, {"review_by": review_by}, version=None)
    append(by=by, at=at, verb="knowledge.practice.renewed", thing=practice, place=practice.place.lineage, facts={"review_by": review_by})
    return practice


@action
def retire(*, by: Principal, at: datetime, uuid: UUID, because: RetiredBecause, words: str) -> Practice:
    """Take a practice out of the collection. It stays readable, marked, with the reason; those who used it stay on record."""
    practice = held(by, uuid, "retire")
    gone = {"state": PracticeState.RETIRED, "retired_at": at, "retired_because": because, "retired_words": _said(words)}
    change(practice, gone, version=None)
    append(by=by, at=at, verb="knowledge.practice.retired", thing=practice, place=practice.place.lineage, facts={"because": because})
    return practice


@action
def withdraw(*, by: Principal, at: datetime, uuid: UUID, words: str) -> Practice:
    """The Member takes its clearance back: out of public sight at once, and out of everything that was compiled from it."""
    practice = held(by, uuid, "withdraw")
    gone = {"state": PracticeState.WITHDRAWN, "withdrawn_at": at, "withdrawn_words": _said(words), "cleared_at": None, "cleared_by": None}
    change(practice, gone, version=None)
    append(by=by, at=at, verb="knowledge.practice.withdrawn", thing=practice, place=practice.place.lineage)
    for told in introductions.taken_back:
        told(practice, by, at)
    letters.tell_withdrawn(practice, by=by, at=at)
    return practice


@action
def reopen(*, by: Principal, at: datetime, uuid: UUID) -> Practice:
    """Back to a draft, to be changed: it is then cleared, reviewed and published anew. What was compiled of it stays as it was."""
    practice = held(by, uuid, "reopen")
    was = practice.state
    back = {"state": PracticeState.DRAFT, "cleared_at": None, "cleared_by": None, "withdrawn_at": None, "withdrawn_words": ""}
    change(practice, back | {"retired_at": None, "retired_because": "", "retired_words": ""}, version=None)
    append(by=by, at=at, verb="knowledge.practice.reopened", thing=practice, place=practice.place.lineage, facts={"was": was})
    letters.ask_clearance(practice, by=by, at=at)
    return practice
