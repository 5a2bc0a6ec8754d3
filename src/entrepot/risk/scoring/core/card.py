"""A model's card: what it is, what it was measured on, and how well it did, made from measurements and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np

from entrepot.risk.measures.core import Floats, Ranked, bootstrap, brier, calibration_error, reliability

SHARES = (0.01, 0.02, 0.05, 0.10)


def make_card(
    *,
    kind: str,
    objective: str,
    names: tuple[str, ...],
    labels: Floats,
    scores: Floats,
    fitted_on: dict[str, Any],
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Measurements of `scores` (n,) against `labels` (n,) from rows that the model did not see, as plain JSON.

    With fewer than one finding or one clean row among them there is nothing to measure, and the card says so.
    """
    card: dict[str, Any] = {"kind": kind, "objective": objective, "features": list(names), "fitted_on": fitted_on}
    card["measured_on"] = {"rows": len(labels), "found": int(labels.sum())}
    if not 0 < labels.sum() < len(labels):
        return card | {"measures": None, "note": "no measure: the rows kept for measuring are all alike"}
    ranked = Ranked(labels, scores)
    rows = np.arange(len(labels))
    measures: dict[str, Any] = {}
    wanted: dict[str, Any] = {"auc": ranked.auc, "average_precision": ranked.average_precision}
    for share in SHARES:
        wanted[f"precision_at_{share:g}"] = lambda w, s=share: ranked.precision_at(s, w)
        wanted[f"recall_at_{share:g}"] = lambda w, s=share: ranked.recall_at(s, w)
    for name, measure in wanted.items():
        found = bootstrap(rows, measure, rng, rounds=100)
        measures[name] = {"value": found.estimate, "low": found.low, "high": found.high}
    if objective == "fraud":
        measures["brier"] = {"value": brier(labels, scores)}
        measures["calibration_error"] = {"value": calibration_error(labels, scores)}
        card["reliability"] = [
            {"count": b.count, "score": b.score, "found": b.found.estimate, "low": b.found.low, "high": b.found.high}
            for b in reliability(labels, scores)
        ]
    return card | {"measures": measures}


def card_text(card: dict[str, Any]) -> str:
    """The card as Markdown."""
    fitted = card.get("fitted_on", {})
    lines = [f"# Model card: {card['kind']} for {card['objective']}", "", "All figures are measured; none is copied.", ""]
    lines += [f"- {key.replace('_', ' ')}: {value}" for key, value in fitted.items()]
    seen = card["measured_on"]
    lines += [f"- measured on {seen['rows']:,} later rows that it did not see, {seen['found']:,} of them found", ""]
    if card.get("measures"):
        lines += ["| measure | value | 95 % interval |", "|---|---:|---|"]
        for name, found in card["measures"].items():
            reach = f"{found['low']:.3f} to {found['high']:.3f}" if "low" in found else ""
            lines.append(f"| {name.replace('_', ' ')} | {found['value']:.3f} | {reach} |")
    else:
        lines.append(str(card.get("note", "")))
    lines += [
        "",
        "What it is for: putting declarations in order for inspection. What it is not for: saying that someone is guilty, or acting with "
        "no",
        "officer. Its labels come from past inspections; what nobody inspected is unknown, not clean, so these figures hold for rows like",
        "those inspected. `entrepot risk estimate` gives unbiased ones from the random share.",
        "",
        f"Features ({len(card['features'])}): {', '.join(card['features'])}.",
    ]
    return "\n".join(lines) + "\n"
