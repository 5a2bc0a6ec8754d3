"""Models: what they compute, that saving loses nothing, and that a file from elsewhere is refused without harm."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from entrepot.kernel.errors import DomainError
from entrepot.risk.scoring.api import (
    KINDS,
    Boosting,
    Calibration,
    Model,
    Scorer,
    Training,
    UnableToFit,
    UntrustedModel,
    WrongColumns,
    calibrate,
    card_text,
    fit,
    fit_boosting,
    fit_logistic,
    fit_lookup,
    load,
    save,
    training_from,
)
from entrepot.risk.scoring.core.neural import loss_and_gradient

NAMES = ("a", "b", "c")


def _training(rows: int = 1500, seed: int = 1, effect: float = 1.5) -> Training:
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 1, (rows, 3)).astype(np.float32)
    values[rng.random((rows, 3)) < 0.05] = np.nan
    filled = np.nan_to_num(values)
    chance = 1 / (1 + np.exp(-(effect * filled[:, 0] + effect * (filled[:, 1] > 0.5) - 2)))
    labels = (rng.random(rows) < chance).astype(float)
    return Training(NAMES, values, labels, labels * rng.lognormal(4, 1, rows), np.ones(rows))


@pytest.fixture(scope="module")
def scorers() -> dict[str, Scorer]:
    training = _training()
    return {kind: fit(kind, training, seed=3) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_every_model_meets_the_interface_and_ranks(kind: str, scorers: dict[str, Scorer]) -> None:
    scorer, other = scorers[kind], _training(seed=9)
    assert isinstance(scorer.model, Model)
    scores = scorer.score(other.values)
    assert scores.shape == (1500,)
    assert np.isfinite(scores).all()
    assert scores[other.labels == 1].mean() > scores[other.labels == 0].mean()
    parts = scorer.model.contributions(other.values)
    assert parts.shape == (1500, 3)
    assert np.isfinite(scorer.score(np.full((2, 3), np.nan, dtype=np.float32))).all()
    for reasons in scorer.reasons(other.values[:50], top=2):
        assert [part for _, _, part in reasons] == sorted((part for _, _, part in reasons), reverse=True)
        assert all(part > 0 for _, _, part in reasons)


@pytest.mark.parametrize("kind", KINDS)
def test_saving_and_loading_loses_nothing(kind: str, scorers: dict[str, Scorer], tmp_path: Path) -> None:
    save(scorers[kind], tmp_path / "m.json")
    again, values = load(tmp_path / "m.json"), _training(seed=9).values
    assert np.array_equal(again.score(values), scorers[kind].score(values))
    assert json.loads(json.dumps(again.card)) == json.loads((tmp_path / "m.json").read_text())["card"]


@pytest.mark.row("R34.3")
def test_the_card_is_made_of_measurements(scorers: dict[str, Scorer]) -> None:
    card = scorers["boosting"].card
    assert card["measured_on"]["rows"] == 150
    assert card["measures"]["auc"]["low"] < card["measures"]["auc"]["value"] < card["measures"]["auc"]["high"]
    assert f"{card['measures']['auc']['value']:.3f}" in card_text(card)


@pytest.mark.row("R36.4")
def test_probabilities_mean_what_they_say() -> None:
    scorer, other = fit("boosting", _training(6000), seed=1), _training(6000, seed=5)
    scores = scorer.score(other.values)
    for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 1.0)):
        inside = (scores >= low) & (scores < high)
        assert scores[inside].mean() == pytest.approx(other.labels[inside].mean(), abs=0.06)


def test_calibration_is_logistic_regression() -> None:
    rng = np.random.default_rng(1)
    margin = rng.normal(0, 2, 3000)
    labels = (rng.random(3000) < 1 / (1 + np.exp(-(0.7 * margin - 1)))).astype(float)
    found = calibrate(margin, labels, np.ones(3000))
    oracle = LogisticRegression(C=np.inf, max_iter=1000).fit(margin[:, None], labels)
    assert (found.slope, found.intercept) == pytest.approx((oracle.coef_[0][0], oracle.intercept_[0]), abs=0.01)
    assert calibrate(-margin, labels, np.ones(3000)).slope > 0


def test_logistic_is_that_of_statsmodels_where_the_ridge_is_nil() -> None:
    training = _training(effect=0.8)
    whole = Training(NAMES, np.nan_to_num(training.values), training.labels, training.revenue, training.weights)
    found = fit_logistic(whole, strength=1e8)
    oracle = sm.Logit(whole.labels, sm.add_constant(found.standardised(whole.values))).fit(disp=0)
    assert np.r_[found.intercept, found.weight] == pytest.approx(oracle.params, abs=2e-3)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 1)), min_size=1, max_size=60))
@settings(max_examples=50)
def test_lookup_is_a_dictionary(rows: list[tuple[int, int, int]]) -> None:
    values = np.array([[a, b] for a, b, _ in rows], dtype=np.float32)
    labels = np.array([label for _, _, label in rows], dtype=float)
    table = fit_lookup(Training(("a", "b"), values, labels, labels, np.ones(len(rows))), (0, 1), levels=(1, 2), smoothing=2.0)
    base = labels.mean()
    for a in range(5):
        for b in range(4):
            coarse = [label for x, _, label in rows if x == a]
            fine = [label for x, y, label in rows if (x, y) == (a, b)]
            above = (sum(coarse) + 2 * base) / (len(coarse) + 2) if a < 4 and coarse else base
            expected = (sum(fine) + 2 * above) / (len(fine) + 2)
            if a in values[:, 0] and b in values[:, 1]:
                assert table.rate(np.array([[a, b]], dtype=np.float32))[0] == pytest.approx(expected)


def test_gradient_of_the_dual_task_is_the_slope() -> None:
    rng = np.random.default_rng(1)
    weights = {
        "W": rng.normal(0, 1, (3, 4)),
        "b": rng.normal(0, 1, 4),
        "u": rng.normal(0, 1, 4),
        "c": np.array(0.1),
        "v": rng.normal(0, 1, 4),
        "d": np.array(0.2),
    }
    inputs, labels, money, sample = rng.normal(0, 1, (30, 3)), rng.integers(0, 2, 30).astype(float), rng.random(30), rng.random(30) + 0.5
    call = lambda w: loss_and_gradient(w, inputs, labels, money, sample, share=0.4, decay=0.01)  # noqa: E731
    gradient = call(weights)[1]
    for name, weight in weights.items():
        for place in np.ndindex(weight.shape):
            up, down = ({key: value.copy() for key, value in weights.items()} for _ in range(2))
            up[name][place] += 1e-6
            down[name][place] -= 1e-6
            assert gradient[name][place] == pytest.approx((call(up)[0] - call(down)[0]) / 2e-6, abs=1e-5), (name, place)


def test_contributions_of_trees_sum_to_the_margin(scorers: dict[str, Scorer]) -> None:
    model, values = scorers["boosting"].model, _training(seed=9).values
    gap = model.margin(values) - model.contributions(values).sum(axis=1)
    assert np.ptp(gap) < 1e-6


def test_revenue_objective_brings_more_revenue_than_findings_do() -> None:
    rng = np.random.default_rng(2)
    values = rng.normal(0, 1, (8000, 3)).astype(np.float32)
    labels = (rng.random(8000) < 1 / (1 + np.exp(-(values[:, 0] - 2)))).astype(float)
    revenue = labels * np.exp(4 + 2 * values[:, 1])
    training = Training(NAMES, values, labels, revenue, np.ones(8000))
    half = slice(4000, None)
    found = {kind: fit(kind, training.part(slice(0, 4000)), seed=1).score(values[half]) for kind in ("boosting", "revenue")}
    taken = {kind: revenue[half][np.argsort(-scores)[:200]].sum() for kind, scores in found.items()}
    assert taken["revenue"] > 1.5 * taken["boosting"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("label", [0.0, 1.0])
def test_where_all_labels_are_alike_every_model_gives_the_general_rate(kind: str, label: float) -> None:
    values = _training(60).values
    scorer = fit(kind, Training(NAMES, values, np.full(60, label), np.zeros(60), np.ones(60)))
    scores = scorer.score(values)
    assert np.ptp(scores) < 1e-9
    if kind != "revenue":
        assert abs(scores[0] - label) < 0.1


def test_too_little_to_learn_from_is_said() -> None:
    with pytest.raises(UnableToFit, match="at least 20"):
        fit("boosting", _training(10))
    with pytest.raises(UnableToFit, match="No row has an outcome"):
        training_from({"outcome": np.full(3, np.nan), "lodged_on": np.arange(3)}, ("a",))
    with pytest.raises(DomainError):
        Training(NAMES, np.zeros((2, 3), dtype=np.float32), np.array([0.0, 2.0]), np.zeros(2), np.ones(2))


def test_wrong_columns_are_refused(scorers: dict[str, Scorer]) -> None:
    with pytest.raises(WrongColumns):
        scorers["boosting"].score(np.zeros((2, 2), dtype=np.float32))


class _Bomb:
    def __reduce__(self) -> tuple:
        return (Path.touch, (Path("/tmp/entrepot-bomb"),))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"[" * 100_000,
        b"{}",
        b'{"format": "entrepot-model", "version": 1}',
        pickle.dumps(_Bomb()),
        b'{"format": "entrepot-model", "version": 1, "kind": "os.system", "digest": "x"}',
        b'{"format": NaN}',
    ],
)
def test_a_file_from_elsewhere_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(content)
    with pytest.raises(UntrustedModel):
        load(tmp_path / "m.json")
    assert not Path("/tmp/entrepot-bomb").exists()


def _forged(path: Path, change) -> None:
    """Change a model file's content and give it the right digest, as whoever can read our source can."""
    from entrepot.risk.scoring.engine.files import _digest

    content = json.loads(path.read_text())
    content.pop("digest")
    change(content)
    path.write_text(json.dumps({**content, "digest": _digest(content)}))


def _line(key: str, value: str):
    def change(content: dict) -> None:
        lines = content["state"]["text"].split("\n")
        at = next(number for number, line in enumerate(lines) if line.startswith(f"{key}=") and number > 12)
        lines[at] = f"{key}={value}"
        content["state"]["text"] = "\n".join(lines)

    return change


def _set(*path_and_value):
    *path, value = path_and_value

    def change(content: dict) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _line("left_child", "999999 1 2"),
        _line("split_feature", "77 77 77"),
        _line("num_leaves", "1000000"),
        _line("num_cat", "3"),
        _line("threshold", "nan nan"),
        _line("leaf_value", "1"),
        _set("state", "text", "tree\nversion=v4\n\nend of trees\n"),
        _set("state", "text", 7),
        _set("state", "names", ["a", "b", "__import__('os')"]),
        _set("calibration", "slope", -1.0),
        _set("kind", "logistic"),
        _set("state", {}),
    ],
)
def test_forged_trees_are_refused_before_any_library_reads_them(change, scorers: dict[str, Scorer], tmp_path: Path) -> None:
    save(scorers["boosting"], tmp_path / "m.json")
    _forged(tmp_path / "m.json", change)
    with pytest.raises(UntrustedModel):
        load(tmp_path / "m.json")


def test_a_changed_file_is_known_by_its_digest(scorers: dict[str, Scorer], tmp_path: Path) -> None:
    save(scorers["logistic"], tmp_path / "m.json")
    text = (tmp_path / "m.json").read_text()
    (tmp_path / "m.json").write_text(text.replace('"slope": ', '"slope": 1'))
    with pytest.raises(UntrustedModel, match="changed after"):
        load(tmp_path / "m.json")


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_change_of_a_few_letters_of_the_trees_does_harm(data: st.DataObject) -> None:
    model = fit_boosting(_training(300), seed=1, rounds=3)
    text = list(model.text)
    for _ in range(data.draw(st.integers(1, 4))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.sampled_from(list("0123456789-= \n.ex")))
    try:
        changed = Boosting(NAMES, "".join(text))
    except UntrustedModel:
        return
    assert changed.margin(np.zeros((3, 3), dtype=np.float32)).shape == (3,)


def test_calibration_keeps_the_order() -> None:
    margin = np.linspace(-5, 5, 50)
    assert (np.diff(Calibration(0.3, -1).probability(margin)) > 0).all()
