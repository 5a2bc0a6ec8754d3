"""Keeping the index of words, and of meaning where there is a model: a practice's own text and its cleared translations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .core import tokens
from .fields import TOLD
from .meaning import note, texts_of
from .models import Mention, Practice, Token

_AT_ONCE = 500


def index(practice: Practice) -> None:
    """Make the words of one practice findable, instead of those that were. Inside the action that changed the text."""
    texts = {practice.pk: texts_of(Practice.objects.prefetch_related("translations").get(pk=practice.pk))}
    write(texts)
    note(texts)


def write(texts: Mapping[int, Iterable[Mapping[str, Any]]]) -> None:
    """The same for several practices: by primary key, the texts of each, original and translations."""
    found: dict[tuple[int, str], bool] = {}
    for key, told in texts.items():
        for values in told:
            for name, text in values.items():
                for token in tokens(str(text)) if name in TOLD and text else ():
                    found[key, token] = found.get((key, token), False) or name == "title"
    every = sorted({token for _, token in found})
    for first in range(0, len(every), _AT_ONCE):
        Token.objects.bulk_create([Token(text=text) for text in every[first : first + _AT_ONCE]], ignore_conflicts=True)
    keys: dict[str, int] = {}
    for first in range(0, len(every), _AT_ONCE):
        keys |= dict(Token.objects.filter(text__in=every[first : first + _AT_ONCE]).values_list("text", "id"))
    Mention.objects.filter(practice_id__in=list(texts)).delete()
    mentions = [Mention(token_id=keys[token], practice_id=key, title=title) for (key, token), title in found.items()]
    Mention.objects.bulk_create(mentions, batch_size=2000)
