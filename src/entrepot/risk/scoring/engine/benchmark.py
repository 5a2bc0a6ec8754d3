"""`entrepot risk benchmark`: four models on the public data, on the split as given and on folds that share no look-up tuple."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from entrepot.kernel.errors import DomainError
from entrepot.risk.measures.core import Floats, Interval, Ints, Ranked, bootstrap, mean_interval

from ..core import Training, calibrate, sigmoid
from ..core.public import NEEDED, categories, disjoint_folds, encode, plain_numbers, table_rate, tuples
from .boosting import fit_boosting
from .fitting import fit_logistic

SHARES = (0.01, 0.02, 0.05, 0.10)
MODELS = ("lookup", "logistic", "boosting", "blended")
TARGETS = ("Fraud", "Critical Fraud")
HONEST_LIMIT = 0.66
ROUNDS = 150
SMOOTHING = 0.5
SHAPE: dict[str, Any] = {
    "learning_rate": 0.05,
    "min_data_in_leaf": 80,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "lambda_l2": 10.0,
}
LIMITS = (
    "The generator of this data glued HS code, countries, tax, mass and both labels into one value, so the split as given measures "
    "memory: a "
    "dictionary with no model does it. Only the disjoint folds measure whether anything was learnt that holds for goods not seen before.",
    "Entity identifiers carry no signal here, so nothing about importers, declarants, sellers or networks can be shown with this data.",
    "There is no drift between the parts, so nothing about change, exploration or ageing of models can be shown with it.",
    "All rows were inspected ones and no revenue is given, so nothing about selective labels, unbiased estimates or revenue can be shown.",
    "The data is synthetic: no figure here is one of a real administration.",
)


class NotThatData(DomainError):
    """The file is not the public data."""

    code = "not-that-data"


def load_public(path: Path) -> dict[str, Any]:
    """The file's columns as text, `NA` being Namibia. Raises `NotThatData`."""
    try:
        table = pa_csv.read_csv(
            path,
            convert_options=pa_csv.ConvertOptions(strings_can_be_null=False, column_types=dict.fromkeys(_header(path), pa.string())),
            parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        )
        missing = [name for name in NEEDED if name not in table.column_names]
        if missing or not table.num_rows:
            raise NotThatData("%(path)s lacks the columns %(missing)s.", path=path, missing=", ".join(missing) or "and has no rows")
        columns = {name: table[name].to_numpy(zero_copy_only=False).astype(str) for name in table.column_names}
        for name in ("Net Mass", "Item Price", "Tax Rate", "Fraud", "Critical Fraud"):
            columns[name].astype(float)
        columns["Date"].astype("datetime64[D]")
    except (OSError, pa.ArrowException, ValueError) as error:
        raise NotThatData("%(path)s cannot be read as the public data: %(why)s", path=path, why=str(error).splitlines()[0][:200]) from None
    return columns


def _header(path: Path) -> list[str]:
    with pa_csv.open_csv(path) as reader:
        return list(reader.schema.names)


class _Data:
    """All three parts in one, with where each begins."""

    def __init__(self, parts: list[dict[str, Any]]) -> None:
        names = [name for name in parts[0] if all(name in part for part in parts)]
        columns = {name: np.concatenate([part[name] for part in parts]) for name in names}
        self.sizes = [len(part["Fraud"]) for part in parts]
        self.count = sum(self.sizes)
        self.tuples: Ints = tuples(columns)
        self.categories = categories(columns)
        self.plain = plain_numbers(columns)
        self.labels = {
            "Fraud": (columns["Fraud"].astype(float) > 0).astype(float),
            "Critical Fraud": (columns["Critical Fraud"].astype(float) >= 2).astype(float),
        }

    def matrix(self, labels: Floats, train: Ints) -> tuple[tuple[str, ...], Any]:
        """Names and values (n, k) of what a model may see, encoded from the labels of `train` alone."""
        made: dict[str, Any] = dict(self.plain)
        for name, category in self.categories.items():
            made[f"{name}_rate"] = encode(category, labels, train, self.tuples)
            made[f"{name}_count"] = np.log1p(np.bincount(category[train], minlength=int(category.max()) + 1)[category])
        return tuple(made), np.column_stack(list(made.values())).astype(np.float32)


def _scores(data: _Data, labels: Floats, train: Ints, test: Ints, seed: int) -> dict[str, Floats]:
    """What each of the four says for `test`, having seen `train`."""
    names, values = data.matrix(labels, train)
    # A tuple that stands there a hundred times is one fact, not a hundred: each row counts one over the root of its tuple's rows.
    seen = np.bincount(data.tuples[train], minlength=int(data.tuples.max()) + 1)
    weights = 1.0 / np.sqrt(seen[data.tuples[train]])
    training = Training(names, values[train], labels[train], np.zeros(len(train)), weights)
    boosted = fit_boosting(training, seed=seed, rounds=ROUNDS, **SHAPE)
    margin = boosted.margin(values)
    made = {"logistic": fit_logistic(training).margin(values[test]), "boosting": margin[test]}
    fitted = calibrate(margin[train], labels[train], weights)
    prior = sigmoid(fitted.slope * margin + fitted.intercept)
    base = np.full(data.count, float(labels[train].mean()))
    made["lookup"] = table_rate(data.tuples, labels, train, base, smoothing=SMOOTHING)[test]
    made["blended"] = table_rate(data.tuples, labels, train, prior, smoothing=SMOOTHING)[test]
    return {name: made[name] for name in MODELS}


def _measures(labels: Floats, scores: Floats) -> dict[str, Callable[[Floats | None], float]]:
    ranked = Ranked(labels, scores)
    made: dict[str, Callable[[Floats | None], float]] = {"auc": ranked.auc, "average_precision": ranked.average_precision}
    for share in SHARES:
        made[f"precision_at_{share:g}"] = lambda w, s=share: ranked.precision_at(s, w)  # type: ignore[misc]
        made[f"recall_at_{share:g}"] = lambda w, s=share: ranked.recall_at(s, w)  # type: ignore[misc]
    return made


def _plain(found: Interval) -> dict[str, float | None]:
    def kept(value: float) -> float | None:
        return None if np.isnan(value) else round(float(value), 4)

    return {"value": kept(found.estimate), "low": kept(found.low), "high": kept(found.high)}


def benchmark(
    train: Path, valid: Path, test: Path, *, seed: int = 0, progress: Callable[[int, int], None] | None = None, rounds: int = 200
) -> dict[str, Any]:
    """Everything that `entrepot risk benchmark` reports, as the JSON that docs/risk-benchmark.schema.json describes.

    On the split as given the four learn from `train` and `valid` and are measured on `test`, with intervals from drawing whole tuples
    again; on the disjoint folds they are measured on each of five folds of all three files, with Student's interval over the folds.
    """
    data = _Data([load_public(path) for path in (train, valid, test)])
    given = np.arange(data.count - data.sizes[2])
    held = np.arange(data.count - data.sizes[2], data.count)
    folds = disjoint_folds(data.tuples, np.random.default_rng(seed))
    steps, done = len(TARGETS) * (1 + int(folds.max()) + 1), 0
    splits: dict[str, Any] = {"given": {}, "disjoint": {}}
    for target in TARGETS:
        labels = data.labels[target]
        rng = np.random.default_rng(seed)
        scores = _scores(data, labels, given, held, seed)
        groups = np.unique(data.tuples[held], return_inverse=True)[1].ravel()
        splits["given"][target] = {
            name: {key: _plain(bootstrap(groups, measure, rng, rounds=rounds)) for key, measure in _measures(labels[held], said).items()}
            for name, said in scores.items()
        }
        done += 1
        found: dict[str, dict[str, list[float]]] = {name: {} for name in MODELS}
        for fold in range(int(folds.max()) + 1):
            if progress:
                progress(done, steps)
            inside = np.flatnonzero(folds == fold)
            for name, said in _scores(data, labels, np.flatnonzero(folds != fold), inside, seed).items():
                for key, measure in _measures(labels[inside], said).items():
                    found[name].setdefault(key, []).append(measure(None))
            done += 1
        splits["disjoint"][target] = {
            name: {key: _plain(mean_interval(values)) for key, values in measures.items()} for name, measures in found.items()
        }
    if progress:
        progress(steps, steps)
    return _report(data, splits, given, held, seed)


def _report(data: _Data, splits: dict[str, Any], given: Ints, held: Ints, seed: int) -> dict[str, Any]:
    warnings = [
        f"On the disjoint folds {name} reaches an area under the curve of {found['auc']['value']} for {target}: "
        f"far above {HONEST_LIMIT} is leakage until it is explained."
        for target, models in splits["disjoint"].items()
        if target == "Fraud"
        for name, found in models.items()
        if found["auc"]["value"] and found["auc"]["value"] > HONEST_LIMIT
    ]
    return {
        "schema": "entrepot-risk-benchmark/1",
        "seed": seed,
        "rows": dict(zip(("train", "valid", "test"), data.sizes, strict=True)),
        "base_rate": {target: round(float(labels.mean()), 4) for target, labels in data.labels.items()},
        "tuples": {
            "distinct": int(data.tuples.max()) + 1,
            "test_rows_seen_before": round(float(np.isin(data.tuples[held], data.tuples[given]).mean()), 4),
        },
        "splits": splits,
        "warnings": warnings,
        "limits": list(LIMITS),
    }
