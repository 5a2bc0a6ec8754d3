"""Taking a person out of practices: what they said as a reviewer or asker, and their name in what others wrote, wherever it is found by."""

from __future__ import annotations

from datetime import datetime

from entrepot.ground.journal.api import append
from entrepot.ground.keeping.api import change
from entrepot.ground.people.api import traces_of
from entrepot.kernel.principals import SYSTEM

from ..core import tokens
from ..fields import TOLD
from ..indexing import index
from ..models import Practice, Question, Review, Token, Translation, Version

SWEPT = frozenset({"knowledge.Practice", "knowledge.Version", "knowledge.Translation", "knowledge.Token"})


def erase(person_id: int, at: datetime) -> None:
    """Inside the erasure of a person. An opinion counts on; words can name someone. Nobody waits for a review that will not come."""
    Review.objects.filter(person_id=person_id, opinion="").delete()
    Review.objects.filter(person_id=person_id).exclude(words="").update(words="—")
    Question.objects.filter(person_id=person_id).update(text="—")
    looked_for = traces_of(person_id)
    touched: dict[int, Practice] = {}
    for practice in looked_for.among(Practice.objects.select_related("place"), *TOLD, "contact", "claims", "demonstration", *_WORDS):
        fields = (*TOLD, "contact", "claims", "demonstration", *_WORDS)
        after = {name: looked_for.out_of(getattr(practice, name)) for name in fields}
        if change(practice, after, version=None):
            touched[practice.pk] = practice
    for model in (Version, Translation):
        for row in looked_for.among(model.objects.select_related("practice__place"), "values"):  # type: ignore[attr-defined]
            if change(row, {"values": looked_for.out_of(row.values)}, version=None):
                touched[row.practice_id] = row.practice
    for practice in touched.values():
        index(practice)
        append(by=SYSTEM, at=at, verb="knowledge.practice.name_taken_out", thing=practice, place=practice.place.lineage)
    words = {token for name in (*looked_for.names, *looked_for.addresses) for token in tokens(name)}
    Token.objects.filter(text__in=words, mentions__isnull=True).delete()


_WORDS = ("retired_words", "withdrawn_words")
