"""Keeping the index of words: what stands in a practice's own text and in its cleared translations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .core import tokens
from .fields import TOLD
from .models import Mention, Practice, Token

_AT_ONCE = 500


def index(practice: Practice) -> None:
    """Make the words of one practice findable, instead of those that were. Inside the action that changed the text."""
    texts = [{name: getattr(practice, name) for name in TOLD}]
    texts += list(practice.translations.filter(cleared_at__isnull=False).values_list("values", flat=True))
    write({practice.pk: texts})


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
