"""The command line: the work from beginning to end, and whatever a file may hold."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from entrepot.desk.cli import main

PROFILES = [
    {
        "code": "FTA-INDIRECT",
        "title": "Preference claimed, other departure",
        "owner": "ana",
        "basis": "Act 1",
        "status": "active",
        "sunset": "2100-01-01",
        "instruction": "Ask for the certificate.",
        "criteria": {"all": [{"field": "preference", "ge": 1}, {"not": {"field": "departure", "in": ["XA"]}}]},
        "rate": 0.5,
    },
    {
        "code": "JUST-UNDER",
        "basis": "Act 1",
        "status": "active",
        "sunset": "2100-01-01",
        "lane": "yellow",
        "criteria": {"field": "value", "between": [110, 150]},
    },
]
GOOD = {
    "declaration_id": "D1",
    "lodged_on": "2024-03-01",
    "office": "O1",
    "importer": "I1",
    "hs6": "640299",
    "origin": "XA",
    "net_mass": "10",
    "value": "100",
}


def _csv(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*GOOD, "description", "outcome"])
        writer.writeheader()
        writer.writerows({**GOOD, **row} for row in rows)
    return path


def _json(capsys: pytest.CaptureFixture[str], *arguments: Any) -> dict[str, Any]:
    assert main(["risk", *map(str, arguments), "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


@pytest.mark.row("R34.1", "R53.3", "R53.4", "R49.3", "R52.2")
def test_from_making_data_to_estimating_what_it_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("profiles.json").write_text(json.dumps(PROFILES))
    Path("plan.toml").write_text('expected = 0.15\nrandom = 0.04\nexplore = 0.2\nexploration = "uncertainty"\n[capacity]\nO00 = 60\n')
    made = _json(capsys, "generate", "--rows", 12000, "--weeks", 40, "--out", "t.parquet", "--oracle", "truth.parquet", "--seed", 2)
    assert made["found"] > 50
    assert _json(capsys, "check", "t.parquet", "--out", "clean.csv")["refused"] == 0
    fitted = _json(capsys, "fit", "t.parquet", "--out", "m.json", "--card", "card.md", "--plot", "c.svg", "--learning-curve", "l.svg")
    assert fitted["card"]["measures"]["auc"]["value"] > 0.7
    scored = _json(capsys, "score", "m.json", "t.parquet", "--since", "2024-09-02", "--out", "s.parquet", "--plot", "p.png")
    assert 0 < scored["explained"] < scored["rows"] < made["rows"]
    again = _json(capsys, "score", "m.json", "clean.csv", "--since", "2024-09-02", "--out", "s2.parquet")
    assert again["rows"] == scored["rows"]
    one, two = (pq.read_table(name).sort_by("declaration_id") for name in ("s.parquet", "s2.parquet"))
    assert one["score"].to_pylist() == pytest.approx(two["score"].to_pylist(), abs=1e-6)
    call = (
        "select",
        "s.parquet",
        "--declarations",
        "t.parquet",
        "--profiles",
        "profiles.json",
        "--plan",
        "plan.toml",
        "--phases",
        "ph.json",
    )
    chosen = _json(capsys, *call, "--out", "sel.parquet", "--seed", 5)
    assert chosen["lanes"]["red"] > 0.05 * chosen["rows"]
    assert {"criterion", "random", "model", "exploration"} <= set(chosen["grounds"])
    assert Path("ph.json").exists()
    found = _json(
        capsys, "estimate", "sel.parquet", "t.parquet", "--profiles", "profiles.json", "--oracle", "truth.parquet", "--plot", "d.svg"
    )
    truth = {row["declaration_id"]: row["would_find"] for row in pq.read_table("truth.parquet").to_pylist()}
    selected = pq.read_table("sel.parquet")["declaration_id"].to_pylist()
    real = 1 - sum(truth[name] for name in selected) / len(selected)
    assert found["compliance"]["low"] <= real <= found["compliance"]["high"]
    assert found["profiles"]["FTA-INDIRECT"]["estimate"] > 0
    assert main(["risk", "estimate", "sel.parquet", "t.parquet"]) == 1
    assert "no outcome yet" in capsys.readouterr().err
    trial = _json(capsys, "backtest", "profiles.json", "t.parquet")
    assert [one["code"] for one in trial["profiles"]] == ["FTA-INDIRECT", "JUST-UNDER"]
    alerts = _json(capsys, "networks", "t.parquet", "--out", "a.csv")
    assert alerts["alerts"] > 0
    assert "I0000" not in Path("a.csv").read_text()
    _json(capsys, "networks", "t.parquet", "--out", "b.csv", "--reveal")
    assert "I000" in Path("b.csv").read_text()
    for name in ("c.svg", "l.svg", "d.svg"):
        assert Path(name).read_text().startswith("<?xml")
    assert Path("p.png").read_bytes().startswith(b"\x89PNG")
    features = _json(capsys, "features", "t.parquet", "--out", "f.parquet")
    assert features["rows"] == made["rows"]


BAD = {
    "future": ({"lodged_on": "2999-01-01"}, "lies in the future"),
    "no date": ({"lodged_on": "31/12/2024"}, "is no date"),
    "negative mass": ({"net_mass": "-5"}, "-5 is below 0"),
    "no number": ({"value": "ten"}, "ten is no number"),
    "nan": ({"value": "nan"}, "is no number"),
    "infinite": ({"value": "inf"}, "is no number"),
    "unknown country": ({"origin": "QQX"}, "is no country code"),
    "short HS": ({"hs6": "6402"}, "is no six-digit HS code"),
    "chapter 00": ({"hs6": "001234"}, "is no six-digit HS code"),
    "empty": ({"importer": ""}, "importer is empty"),
    "a million characters": ({"description": "x" * 1_000_000}, "longer than 2000 characters"),
    "neither yes nor no": ({"outcome": "perhaps"}, "is neither yes nor no"),
    "formula": ({"hs6": "=cmd|' /C calc'!A0"}, "is no six-digit HS code"),
}


@pytest.mark.row("R49.1")
@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_row_is_refused_with_its_reason_and_the_good_one_stays(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change, reason = BAD[name]
    file = _csv(tmp_path / "d.csv", {}, {"declaration_id": "D2", **change})
    assert main(["risk", "check", str(file), "--rejects", str(tmp_path / "bad.csv"), "--out", str(tmp_path / "good.parquet")]) == 1
    said = capsys.readouterr()
    assert "2 rows read, 1 good, 1 refused" in said.out
    rejects = pa_csv.read_csv(tmp_path / "bad.csv").to_pylist()
    assert [(row["row_in_file"], row["identifier"]) for row in rejects] == [(2, "D2")]
    assert reason in rejects[0]["reason"]
    assert pq.read_table(tmp_path / "good.parquet")["declaration_id"].to_pylist() == ["D1"]


def test_repeated_identifiers_and_several_faults_are_all_named(tmp_path: Path) -> None:
    file = _csv(tmp_path / "d.csv", {}, {"value": "9"}, {"value": "-1", "origin": "??"})
    assert main(["risk", "check", str(file), "--rejects", str(tmp_path / "bad.csv"), "--quiet"]) == 1
    reasons = [row["reason"] for row in pa_csv.read_csv(tmp_path / "bad.csv").to_pylist()]
    assert len(reasons) == 2
    assert all("stands in an earlier row" in reason for reason in reasons)
    assert "below 0" in reasons[1]
    assert "no country" in reasons[1]


def test_lines_that_are_no_csv_are_refused_by_number(tmp_path: Path) -> None:
    good = ",".join(GOOD.values())
    (tmp_path / "d.csv").write_bytes(
        (",".join(GOOD) + "\n" + good + "\n" + "D2,too,few\n" + good.replace("D1", "D3") + ",too,many\n").encode()
        + good.replace("D1", "D\xff4").encode("latin-1")
        + b"\n"
    )
    assert (
        main(["risk", "check", str(tmp_path / "d.csv"), "--rejects", str(tmp_path / "bad.csv"), "--out", str(tmp_path / "good.csv")]) == 1
    )
    assert len(pa_csv.read_csv(tmp_path / "bad.csv")) == 3
    assert len(pa_csv.read_csv(tmp_path / "good.csv")) == 1


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03" * 100, b"a;b\n1;2\n", b"PAR1 but not really", b"declaration_id\nD1\n"])
@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_a_file_that_is_no_file_of_declarations_is_said_in_one_line(
    content: bytes, ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / f"d.{ending}").write_bytes(content)
    assert main(["risk", "check", str(tmp_path / f"d.{ending}")]) == 2
    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1
    assert "Traceback" not in said


def test_columns_called_otherwise_are_read_by_a_layout_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('base = "declarations"\n[source]\nhs6 = "Tariff code"\n')
    (tmp_path / "d.csv").write_text(
        ",".join("Tariff code" if name == "hs6" else name for name in GOOD) + "\n" + ",".join(GOOD.values()) + "\n"
    )
    assert main(["risk", "check", str(tmp_path / "d.csv"), "--layout", str(tmp_path / "mine.toml")]) == 0
    assert main(["risk", "check", str(tmp_path / "d.csv")]) == 2


def test_a_parquet_file_of_other_types_is_read_or_refused(tmp_path: Path) -> None:
    table = pa.table({**{name: [value] for name, value in GOOD.items()}, "outcome": [1], "value": [5]})
    pq.write_table(table, tmp_path / "d.parquet")
    assert main(["risk", "check", str(tmp_path / "d.parquet"), "--out", str(tmp_path / "g.parquet")]) == 0
    assert pq.read_table(tmp_path / "g.parquet")["outcome"].to_pylist() == [True]


@pytest.mark.parametrize(
    "arguments",
    [
        ["generate", "--scenario", "nowhere"],
        ["score", "no-such.json", "no-such.csv", "--out", "x.parquet"],
        ["select", "no-such.parquet", "--out", "x.csv"],
        ["backtest", "no-such.json", "no-such.csv"],
        ["simulate", "--strategies", "magic"],
        ["benchmark", "--train", "a", "--valid", "b", "--test", "c"],
        ["generate", "--out", "same.csv", "--oracle", "same.csv"],
    ],
)
def test_a_wrong_call_is_said_in_one_line_with_exit_code_2(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["risk", *arguments]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_no_good_row_or_no_outcome_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _csv(tmp_path / "d.csv", {"value": "x"})
    assert main(["risk", "fit", str(file), "--out", str(tmp_path / "m.json")]) == 2
    assert "No row has an outcome" in capsys.readouterr().err


BARE = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {names}: raise ModuleNotFoundError(f"No module named {{name}}", name=name.split(".")[0])
sys.meta_path.insert(0, Block())
from entrepot.desk.cli import main
code = main({arguments})
assert not [name for name in sys.modules if name.split(".")[0] in ("django", "ninja")], "Django was imported"
sys.exit(code)
"""


def _alone(names: tuple[str, ...], *arguments: str) -> subprocess.CompletedProcess[str]:
    script = BARE.format(names=names, arguments=["risk", *arguments])
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)


def test_it_runs_with_no_django_and_no_database(tmp_path: Path) -> None:
    done = _alone(
        ("django", "ninja", "psycopg"),
        "generate",
        "--rows",
        "500",
        "--weeks",
        "4",
        "--out",
        str(tmp_path / "d.csv"),
        "--oracle",
        str(tmp_path / "o.csv"),
    )
    assert done.returncode == 0, done.stderr


def test_without_the_extra_it_says_so_in_one_line(tmp_path: Path) -> None:
    done = _alone(("duckdb", "ibis", "numpy"), "check", "x.csv")
    assert done.returncode == 2
    assert "needs the extra `risk`" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert _alone(("duckdb", "ibis", "numpy"), "--help").returncode == 0
