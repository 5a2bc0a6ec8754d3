"""Model files: JSON with a digest, read without running anything that stands in them."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..core import Calibration, DualTask, Linear, LookUp, Model, Scorer, UntrustedModel
from .boosting import Boosting

FORMAT = "entrepot-model"
VERSION = 1
LARGEST = 200_000_000
"""Bytes beyond which a file is not even opened."""


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()).hexdigest()


def save(scorer: Scorer, path: Path) -> None:
    """Write a scorer. The digest tells an altered file from a whole one; it is no signature."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "kind": scorer.model.kind,
        "objective": scorer.objective,
        "calibration": {"slope": scorer.calibration.slope, "intercept": scorer.calibration.intercept},
        "state": scorer.model.state(),
        "card": _finite(scorer.card),
    }
    path.write_text(json.dumps({**content, "digest": _digest(content)}, allow_nan=False), encoding="utf-8")


def _finite(value: Any) -> Any:
    """JSON has no nan: what could not be measured is null."""
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def load(path: Path) -> Scorer:
    """Read a scorer. Raises `UntrustedModel` for whatever is not a whole file of ours; nothing in the file is ever executed."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            raise UntrustedModel(why="there is no such file, or it is too large")
        content = json.loads(path.read_bytes().decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError, OSError) as error:
        raise UntrustedModel(why=f"it is not JSON ({str(error)[:80]})") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT or content.get("version") != VERSION:
        raise UntrustedModel(why="it does not say that it is one")
    digest = content.pop("digest", "")
    try:
        if digest != _digest(content):
            raise UntrustedModel(why="its digest is not that of its content: it was changed after it was written")
        return _scorer(content)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, RecursionError) as error:
        raise UntrustedModel(why=f"a part is missing or of the wrong kind ({type(error).__name__}: {str(error)[:80]})") from None


def _refuse(word: str) -> float:
    msg = f"{word} is no JSON number"
    raise ValueError(msg)


def _scorer(content: dict[str, Any]) -> Scorer:
    if content["objective"] not in ("fraud", "revenue"):
        raise UntrustedModel(why="its objective is neither fraud nor revenue")
    slope, intercept = float(content["calibration"]["slope"]), float(content["calibration"]["intercept"])
    if not (math.isfinite(slope) and slope > 0 and math.isfinite(intercept)):
        raise UntrustedModel(why="its calibration would turn the order round")
    card = content["card"] if isinstance(content["card"], dict) else {}
    return Scorer(READERS[content["kind"]](content["state"]), Calibration(slope, intercept), content["objective"], card)


def _array(values: Any, shape: tuple[int, ...], *, whole: bool = False) -> Any:
    made = np.asarray(values, dtype=np.int64 if whole else np.float64).reshape(shape)
    if not np.isfinite(made).all():
        raise UntrustedModel(why="a number in it is not finite")
    return made


def _names(values: Any) -> tuple[str, ...]:
    names = tuple(values)
    if not names or not all(isinstance(name, str) and name.isidentifier() for name in names) or len(set(names)) != len(names):
        raise UntrustedModel(why="its features have no proper names")
    return names


def _linear(state: dict[str, Any]) -> Linear:
    names = _names(state["names"])
    shape = (len(names),)
    spread = _array(state["spread"], shape)
    if (spread <= 0).any():
        raise UntrustedModel(why="a spread is not above 0")
    return Linear(names, _array(state["middle"], shape), spread, _array(state["weight"], shape), float(_array(state["intercept"], ())))


def _lookup(state: dict[str, Any]) -> LookUp:
    names = _names(state["names"])
    columns = tuple(int(column) for column in state["columns"])
    levels = tuple(int(level) for level in state["levels"])
    keys = tuple(_array(key, (-1, level), whole=True) for key, level in zip(state["keys"], levels, strict=True))
    hits = tuple(_array(hit, (len(key),)) for hit, key in zip(state["hits"], keys, strict=True))
    counts = tuple(_array(count, (len(key),)) for count, key in zip(state["counts"], keys, strict=True))
    edges = tuple(_array(edge, (-1,)) for edge in state["edges"])
    base, smoothing = float(state["base"]), float(state["smoothing"])
    inside = all(0 <= column < len(names) for column in columns) and all(0 < level <= len(columns) for level in levels)
    if not inside or len(edges) != len(columns) or not (0 <= base <= 1 and smoothing > 0):
        raise UntrustedModel(why="its table does not fit its columns")
    return LookUp(names, columns, edges, levels, keys, hits, counts, base, smoothing)


def _neural(state: dict[str, Any]) -> DualTask:
    scaler = _linear(state["scaler"])
    hidden = len(state["weights"]["b"])
    shapes: dict[str, tuple[int, ...]] = {
        "W": (len(scaler.names), hidden),
        "b": (hidden,),
        "u": (hidden,),
        "c": (),
        "v": (hidden,),
        "d": (),
    }
    weights = {name: _array(state["weights"][name], shape) for name, shape in shapes.items()}
    return DualTask(scaler, weights, float(state["revenue_weight"]))


def _boosting(state: dict[str, Any]) -> Model:
    if not isinstance(state["text"], str):
        raise UntrustedModel(why="its trees are no text")
    return Boosting(_names(state["names"]), state["text"])


READERS: dict[str, Callable[[dict[str, Any]], Model]] = {"logistic": _linear, "lookup": _lookup, "neural": _neural, "boosting": _boosting}
