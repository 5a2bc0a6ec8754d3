"""Keeping the index of words, and of meaning where there is a model: a practice's own text and its cleared translations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from entrepot.ground.keeping.api import writing

from .core import concepts_in, edition, tokens
from .fields import TOLD
from .meaning import note, texts_of, unread
from .models import Mention, Practice, Token

_AT_ONCE = 500
_LOCKED = 50
"""So many practices are indexed anew in one transaction: nobody who saves one waits for longer than a second."""
Texts = Mapping[int, Iterable[Mapping[str, Any]]]
"""By a practice's primary key, the texts of it, original and translations."""


def index(practice: Practice) -> None:
    """Make the words of one practice findable, instead of those that were. Inside the action that changed the text."""
    texts = {practice.pk: texts_of(Practice.objects.prefetch_related("translations").get(pk=practice.pk))}
    write(texts)
    note(texts)


def write(texts: Texts) -> None:
    """The same for several practices: their words, the concepts that they name, and by which edition of these they are indexed."""
    found: dict[tuple[int, str], bool] = {}
    for key, told in texts.items():
        parts: dict[bool, set[str]] = defaultdict(set)
        for values in told:
            for name, text in values.items():
                if name in TOLD and text:
                    parts[name == "title"] |= tokens(str(text))
        title, whole = parts[True], parts[True] | parts[False]
        title |= concepts_in(title)
        found |= {(key, token): token in title for token in whole | concepts_in(whole) | {edition()}}
    every = sorted({token for _, token in found})
    for first in range(0, len(every), _AT_ONCE):
        Token.objects.bulk_create([Token(text=text) for text in every[first : first + _AT_ONCE]], ignore_conflicts=True)
    keys: dict[str, int] = {}
    for first in range(0, len(every), _AT_ONCE):
        keys |= dict(Token.objects.filter(text__in=every[first : first + _AT_ONCE]).values_list("text", "id"))
    Mention.objects.filter(practice_id__in=list(texts)).delete()
    mentions = [Mention(token_id=keys[token], practice_id=key, title=title) for (key, token), title in found.items()]
    Mention.objects.bulk_create(mentions, batch_size=2000)


def catch_up() -> int:
    """Index the practices that are not by the concepts as they stand, and read those that the model of meaning has not read; how many."""
    by_edition = Mention.objects.filter(token__text=edition()).values("practice_id")
    return _anew(Practice.objects.exclude(pk__in=by_edition), write) + _anew(unread(), note)


def _anew(left: QuerySet[Practice], write_down: Callable[[Texts], None]) -> int:
    done = 0
    while True:
        # Read and written under the rows' lock: whoever changes a text meanwhile waits, and is indexed after us.
        with writing(), transaction.atomic():
            some = list(left.order_by("pk").select_for_update(of=("self",)).prefetch_related("translations")[:_LOCKED])
            write_down({practice.pk: texts_of(practice) for practice in some})
        if not some:
            return done
        done += len(some)
