"""`entrepot lrs validate`: for anyone with a file, without a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from entrepot.desk.cli import main
from tests.capacity.lrs import statement


def test_validate_names_what_is_wrong_and_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "some.json"
    file.write_text(json.dumps([statement(), statement(actor={"mbox": "nobody"}), statement(extra=1)]))
    assert main(["lrs", "validate", str(file)]) == 1
    said = capsys.readouterr()
    assert "statement 2: actor.mbox: has to be mailto:" in said.out
    assert "statement 3: extra: is no property here" in said.out
    assert "3 statements, 1 sound, 2 wrong" in said.err


def test_validate_reads_json_lines_and_says_sound_ones_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text("\n".join(json.dumps(statement()) for _ in range(3)))
    assert main(["lrs", "validate", "--words", str(file)]) == 0
    assert capsys.readouterr().out.count("officer-1 completed 1") == 3


def test_validate_lets_nothing_in_a_statement_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "some.json"
    file.write_text(json.dumps([statement(**{"extra\x1b]52;c;cm0=\x07\u202e": 1})]))
    assert main(["lrs", "validate", str(file)]) == 1
    assert "extra\\x1b]52;c;cm0=\\x07\\u202e: is no property here" in capsys.readouterr().out


@pytest.mark.parametrize(("text", "code"), [("", 2), ("[1, 2", 1), ("\xff", 1), ("[]", 2), ('"a"', 1)])
def test_validate_says_what_it_cannot_read(tmp_path: Path, text: str, code: int) -> None:
    file = tmp_path / "some.json"
    file.write_bytes(text.encode("latin-1"))
    assert main(["lrs", "validate", str(file)]) == code
    assert main(["lrs", "validate", str(tmp_path / "none")]) == 2


def test_validate_needs_neither_django_nor_a_database(tmp_path: Path) -> None:
    file = tmp_path / "some.json"
    file.write_text(json.dumps(statement()))
    check = "import sys; from entrepot.desk.cli import main; code = main(sys.argv[1:]); sys.exit(code or ('django' in sys.modules) * 9)"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ENTREPOT", "DJANGO"))}
    command = [sys.executable, "-c", check, "lrs", "validate", str(file)]
    done = subprocess.run(command, env=kept, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
