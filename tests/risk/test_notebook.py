"""The notebook's cells run in order, as an analyst would run them, and their own assertions hold."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parents[2] / "docs/notebooks/risk.ipynb"


def run_cells(cells: list[dict[str, Any]]) -> list[str]:
    """What each code cell prints."""
    names: dict[str, Any] = {"__name__": "notebook"}
    printed = []
    for number, cell in enumerate(cells):
        if cell["cell_type"] != "code":
            continue
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)  # our own notebook
        printed.append(said.getvalue())
    return printed


@pytest.mark.row("R34.1")
def test_the_notebook_runs_and_prints_what_is_kept_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    printed = run_cells(cells)
    kept = ["".join(line for output in cell["outputs"] for line in output["text"]) for cell in cells if cell["cell_type"] == "code"]
    assert [text.split()[:3] for text in printed] == [text.split()[:3] for text in kept], "run python -m tests.risk.test_notebook"


if __name__ == "__main__":
    import os
    import tempfile

    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    os.chdir(tempfile.mkdtemp())
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    for count, (cell, text) in enumerate(zip(code, run_cells(book["cells"]), strict=True), 1):
        cell["execution_count"] = count
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}] if text else []
    NOTEBOOK.write_text(json.dumps(book, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
