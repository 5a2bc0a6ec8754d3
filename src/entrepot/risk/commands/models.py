"""Commands about models: fit, score, benchmark."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from entrepot.risk.declarations.api import write
from entrepot.risk.features.api import FEATURES, compute
from entrepot.risk.measures.api import Bin, Interval, Ranked, bootstrap, plot_calibration, plot_points, plot_precision
from entrepot.risk.scoring.api import Scorer, Training, WrongColumns, benchmark, card_text, fit, load, save, training_from

from .showing import finite, opened, progress, show, table

CURVE = (0.01, 0.02, 0.05, 0.10, 0.15, 0.20, 0.30, 0.50)


def _columns(made: Any) -> dict[str, Any]:
    whole = made.to_pyarrow()
    return {name: whole[name].to_numpy(zero_copy_only=False) for name in whole.column_names}


def _features(options: Any) -> tuple[Any, dict[str, Any]]:
    checked = opened(options)
    with progress(options, "features") as told:
        made = compute(checked.con, checked.good, since=getattr(options, "since", None), progress=told)
    return checked.con, _columns(made)


def fit_model(options: Any) -> int:
    """Fit a model and write it, its card and its plots."""
    _, columns = _features(options)
    columns["outcome"] = np.array([np.nan if value is None else float(value) for value in columns["outcome"]])
    training = training_from(columns, tuple(FEATURES), by_propensity=options.by_propensity)
    with progress(options, f"fitting {options.model}") as told:
        scorer = fit(options.model, training, seed=options.seed, progress=told)
    save(scorer, options.out)
    if options.card:
        options.card.write_text(card_text(scorer.card), encoding="utf-8")
    if options.plot and scorer.card.get("reliability"):
        bins = [Bin(b["count"], b["score"], Interval(b["found"], b["low"], b["high"])) for b in scorer.card["reliability"]]
        plot_calibration(options.plot, bins)
    if options.learning_curve:
        _learning_curve(options, training)
    measures = scorer.card.get("measures") or {}
    lines = [
        f"{options.out}: {options.model}, fitted on {len(training.labels):,} inspected declarations, {int(training.labels.sum()):,} found"
    ]
    if not measures:
        lines.append(str(scorer.card.get("note", "")))
    lines += table(
        ["measure (on later rows it did not see)", "value", "95 % interval"],
        [
            [name.replace("_", " "), f"{m['value']:.3f}", f"{m['low']:.3f} to {m['high']:.3f}" if "low" in m else ""]
            for name, m in measures.items()
        ],
    )
    show(options, {"out": options.out, "card": scorer.card}, lines)
    return 0


def _learning_curve(options: Any, training: Training) -> None:
    """Average precision on the last fifth, by how many of the rows before it the model learnt from."""
    count = len(training.labels)
    cut = int(count * 0.8)
    late = training.part(slice(cut, count))
    points = []
    for part in (0.05, 0.1, 0.25, 0.5, 1.0):
        size = max(40, int(cut * part))
        if size > cut or not late.has_both:
            continue
        some = fit(options.model, training.part(slice(cut - size, cut)), seed=options.seed)
        ranked = Ranked(late.labels, some.score(late.values))
        rows = np.arange(len(late.labels))
        points.append((float(size), bootstrap(rows, ranked.average_precision, np.random.default_rng(options.seed), rounds=100)))
    plot_points(
        options.learning_curve, points, title="What more inspections would teach", x="inspected declarations learnt from",
        y="average precision, 95 % interval", log=True,
    )  # fmt: skip


def score(options: Any) -> int:
    """Score declarations and explain the highest."""
    scorer: Scorer = load(options.model)
    unknown = [name for name in scorer.model.names if name not in FEATURES]
    if unknown:
        raise WrongColumns(needed=", ".join(scorer.model.names), missing=", ".join(unknown))
    con, columns = _features(options)
    values = np.column_stack([columns[name] for name in scorer.model.names]).astype(np.float32)
    scores = scorer.score(values) if len(values) else np.zeros(0)
    order = np.argsort(-scores, kind="stable")[: int(np.ceil(options.reasons * len(scores)))]
    reasons = [""] * len(scores)
    if len(order):
        for row, found in zip(order.tolist(), scorer.reasons(values[order]), strict=True):
            reasons[row] = "; ".join(f"{name} {value:.3g} (+{part:.2f})" for name, value, part in found)
    made = pa.table(
        {
            "declaration_id": pa.array(columns["declaration_id"]),
            "lodged_on": pa.array(columns["lodged_on"].astype("datetime64[D]")),
            "office": pa.array(columns["office"]),
            "value": pa.array(columns["value"]),
            "score": pa.array(scores),
            "reasons": pa.array(reasons),
        }
    )
    con.create_table("scores", made, temp=True, overwrite=True)
    write(con, con.table("scores"), options.out)
    known = np.array([value is not None for value in columns["outcome"]], dtype=bool)
    labels = np.array([bool(value) for value in columns["outcome"]], dtype=float)
    if options.plot and 0 < labels[known].sum() < known.sum():
        _plot_precision(options, labels[known], scores[known])
    lines = [f"{options.out}: {len(scores):,} declarations scored, {len(order):,} of them explained"]
    lines += table(
        ["declaration", "score", "what raises it most"], [[columns["declaration_id"][r], f"{scores[r]:.3f}", reasons[r]] for r in order[:5]]
    )
    show(options, {"rows": len(scores), "explained": len(order), "out": options.out}, lines)
    return 0


def _plot_precision(options: Any, labels: Any, scores: Any) -> None:
    ranked, rng = Ranked(labels, scores), np.random.default_rng(0)
    rows = np.arange(len(labels))
    points = [(share, bootstrap(rows, lambda w, s=share: ranked.precision_at(s, w), rng, rounds=100)) for share in CURVE]
    plot_precision(options.plot, {"model": points}, base=float(labels.mean()))


def run_benchmark(options: Any) -> int:
    """The public data, two ways."""
    with progress(options, "benchmark") as told:
        found = benchmark(options.train, options.valid, options.test, seed=options.seed, progress=told)
    lines: list[str] = []
    words = {"given": "The split as given (memory)", "disjoint": "Folds that share no look-up tuple (what holds for goods not seen before)"}
    for split, targets in found["splits"].items():
        for target, models in targets.items():
            lines += ["", f"{words[split]}: {target}, base rate {found['base_rate'][target]:.1%}"]
            heads = ["model", "AUC", "95 % interval", "AP", *(f"P@{s:g}" for s in (1, 2, 5, 10)), *(f"R@{s:g}" for s in (1, 2, 5, 10))]
            rows = []
            for name, m in models.items():
                auc = m["auc"]
                at = [m[f"{kind}_at_{share:g}"]["value"] for kind in ("precision", "recall") for share in (0.01, 0.02, 0.05, 0.1)]
                rows.append([name, f"{auc['value']:.3f}", f"{auc['low']:.3f}–{auc['high']:.3f}", f"{m['average_precision']['value']:.3f}",
                             *(f"{value:.3f}" for value in at)])  # fmt: skip
            lines += table(heads, rows)
    lines += [
        "",
        *(f"Warning: {words}" for words in found["warnings"]),
        "What this data cannot prove:",
        *(f"- {words}" for words in found["limits"]),
    ]
    lines += ["All intervals and every measure: --json (docs/risk-benchmark.schema.json)."]
    show(options, finite(found), lines[1:])
    return 0
