"""Practices near in meaning to what was asked, though they hold none of its words: an extra beside the search by words.

It stands on a model of static embeddings on the installation's own disk (a folder that `ENTREPOT_MEANING` names, read by the extra
`meaning`): no text leaves it. A practice is one vector, the mean of its texts in all languages in which it is told.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import Count, Max, QuerySet, Sum

from .fields import TOLD
from .models import Meaning, Practice

NEAREST = 5
"""So many are shown."""
CANDIDATES = 200
"""So many of the nearest are asked whether the reader may see them."""
NEAR = 0.35
"""The least cosine of the angle between two vectors that counts as near. Texts about other things stay under it in models of this kind."""


class Model:
    """A model and the name by which its vectors are known: those of another model compare with nothing."""

    def __init__(self, folder: Path) -> None:
        from model2vec import StaticModel  # noqa: PLC0415  # an extra

        if not folder.is_dir():  # what is no folder would be asked for over the network
            raise FileNotFoundError(folder)
        self._model = StaticModel.from_pretrained(folder, force_download=False)
        self.name = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()[:16]

    def vectors(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """One vector of length 1 for each text, as rows; nought where the model knows no word of it."""
        made = np.asarray(self._model.encode(list(texts), use_multiprocessing=False), dtype=np.float32)
        return _unit(np.nan_to_num(made))


def _unit(rows: np.ndarray[Any, np.dtype[np.float32]]) -> np.ndarray[Any, np.dtype[np.float32]]:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


@functools.lru_cache(maxsize=2)
def _loaded(folder: str) -> Model:
    return Model(Path(folder))


def model() -> Model | None:
    """The installation's model; None where it has none."""
    return _loaded(settings.MEANING) if settings.MEANING else None


def note(texts: Mapping[int, Iterable[Mapping[str, Any]]]) -> None:
    """Keep what practices mean, instead of what they meant: by primary key, the texts of each. Inside the action that changed them."""
    by = model()
    if by is None or not texts:
        return
    said = [
        (key, " ".join(str(text) for name, text in values.items() if name in TOLD and text))
        for key, told in texts.items()
        for values in told
    ]
    rows = by.vectors([text for _, text in said])
    keys = np.array([key for key, _ in said])
    Meaning.objects.filter(practice_id__in=list(texts)).delete()
    whole = [(key, _unit(rows[keys == key].mean(axis=0))) for key in texts]
    made = [Meaning(practice_id=key, model=by.name, numbers=row.astype(np.float16).tobytes()) for key, row in whole]
    Meaning.objects.bulk_create(made, batch_size=1000)


def unread() -> QuerySet[Practice]:
    """The practices that the installation's model has not read yet; none where there is no model."""
    by = model()
    return Practice.objects.exclude(pk__in=Meaning.objects.filter(model=by.name).values("practice_id")) if by else Practice.objects.none()


def texts_of(practice: Practice) -> list[Mapping[str, Any]]:
    """What a practice says, in its own language and in those that were cleared."""
    own = {name: getattr(practice, name) for name in TOLD}
    return [own, *(told.values for told in practice.translations.all() if told.cleared_at)]


def nearest(words: str) -> list[int]:
    """Primary keys of the practices nearest to `words`, the nearest first. Not all of them are for every reader."""
    by = model()
    if by is None:
        return []
    stamp = Meaning.objects.filter(model=by.name).aggregate(n=Count("pk"), last=Max("pk"), whole=Sum("pk"))
    keys, rows = _matrix(by.name, stamp["n"], stamp["last"], stamp["whole"])
    if not len(keys):
        return []
    how = rows @ by.vectors([words])[0]
    found = np.argsort(-how, kind="stable")[:CANDIDATES]
    return [int(keys[at]) for at in found if how[at] >= NEAR]


@functools.lru_cache(maxsize=2)
def _matrix(name: str, _n: int, _last: int | None, _whole: int | None) -> tuple[Any, Any]:
    """All vectors of a model, read anew when one was added or taken away: their numbers, which are never given twice, say so."""
    found = list(Meaning.objects.filter(model=name).order_by("practice_id").values_list("practice_id", "numbers"))
    rows = np.array([np.frombuffer(bytes(numbers), dtype=np.float16) for _, numbers in found], dtype=np.float32)
    return np.array([key for key, _ in found]), rows
